"""A folder with a few component types and their rates, into which a test imports offer files."""

import csv
import shutil
from datetime import date

from pricing.catalogue.catalogue import DATA
from pricing.imports.offers import OfferFile, read_offers, write_offers
from pricing.prices.pricelist import HEADER

TODAY = date(2026, 9, 1)
TYPES = ["dynamodb_table", "http_api", "lambda_function", "rest_api", "sns_topic", "sqs_queue", "websocket_api"]
FORMS = ["json", "csv"]


class Import:
    """The folders of an import: `data`, as in the package, and `into`, which is written."""

    def __init__(self, path, types=TYPES):
        self.path, self.data, self.into = path, path / "data", path / "into"
        (self.data / "offers").mkdir(parents=True)
        for name in types:
            for file in (f"{name}.toml", f"offers/{name}.toml"):
                shutil.copy(DATA / file, self.data / file)
        self.count = 0

    def know(self, type_name, *rows, folder=None):
        """Write rates: rows as meter,region,effective,above,price,source,checked,rate_code."""
        file = (folder or self.data) / "rates" / f"{type_name}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join([",".join(HEADER), *rows]) + "\n")

    def save(self, text, name=""):
        self.count += 1
        path = self.path / (name or f"offer{self.count}")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def read(self, *texts, region="", code="", today=TODAY):
        files = [OfferFile(self.save(text), code, region) for text in texts]
        return read_offers(files, into=self.into, today=today, data=self.data)

    def take(self, *texts, **given):
        offers = self.read(*texts, **given)
        write_offers(offers)
        return offers

    def rates(self, type_name):
        """The rates that were written, without source and rate code."""
        with (self.into / "rates" / f"{type_name}.csv").open(newline="") as file:
            header, *rows = csv.reader(file)
        assert header == HEADER
        return [",".join([*row[:5], row[6]]) for row in rows]


def said(offers, kind):
    """What was remarked of a kind whose name starts so."""
    return {what: n for name, seen in offers.remarks.items() if name.startswith(kind) for what, n in seen.items()}
