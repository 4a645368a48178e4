"""The commands `stackmeter prices`: take the prices of AWS's own price lists into the rates."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pricing.imports.offers import OfferFile

PRICE_LISTS = "https://pricing.us-east-1.amazonaws.com"
FOLDER = click.Path(file_okay=False, path_type=Path)

_into = click.option(
    "--into", type=FOLDER, help="Folder to write: rates/TYPE.csv and rates/sources.json, with all rates of the types."
)
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would change and write nothing.")


@click.group("prices")
def prices() -> None:
    """Import prices from the AWS Price List."""


@prices.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_into
@_dry_run
def import_command(files: tuple[Path, ...], into: Path | None, dry_run: bool) -> None:
    """Take the prices of offer FILES, JSON or CSV as AWS publishes them, into the rates.

    A price that differs from the newest known one becomes a new rate with its date; of equal ones only the day moves on
    which they were checked. If anything in any file is wrong, nothing is written.
    """
    _require_folder(into, dry_run=dry_run)
    from pricing.imports.offers import OfferFile

    _take([OfferFile(path) for path in files], None if dry_run else into, known=into)


@prices.command("sync")
@click.option("--services", required=True, help="Offer codes, with commas: AWSLambda,AWSQueueService.")
@click.option("--regions", required=True, help="Regions, with commas: us-east-1,eu-west-1; global: the file for all.")
@click.option("--base-url", default=PRICE_LISTS, show_default=True, help="Where the price lists are.")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@click.option("--downloads", type=FOLDER, help="Folder that keeps the files, so that a download can be continued.")
@_into
@_dry_run
def sync_command(services: str, regions: str, *, into: Path | None, dry_run: bool, **given: Any) -> None:
    """Download the newest offer files from AWS and take their prices into the rates.

    A download that was interrupted goes on where it stopped.
    """
    _require_folder(into, dry_run=dry_run)
    from pricing.imports.offer_download import Host
    from pricing.imports.offer_map import read_maps
    from pricing.imports.offer_sync import sync

    folder = given["downloads"] or Path(click.get_app_dir("stackmeter")) / "price-lists"
    host = Host(given["base_url"], folder, progress=_progress())
    files = sync(host, _names(services), _names(regions), known=read_maps().keys(), form=given["form"])
    _take(files, None if dry_run else into, known=into)


def _require_folder(into: Path | None, *, dry_run: bool) -> None:
    if into is None and not dry_run:
        raise click.UsageError("say --into FOLDER, or --dry-run to see what would change")


def _take(files: "list[OfferFile]", into: Path | None, *, known: Path | None) -> None:
    from pricing.catalogue.catalogue import DATA
    from pricing.imports.offers import read_offers, report, write_offers

    offers = read_offers(files, into=known or DATA, today=datetime.now(UTC).date())
    if into is not None:
        write_offers(offers)
    click.echo(report(offers))
    if into is None:
        click.echo("dry run: nothing is written")
    for path in offers.texts if into is not None else ():
        click.echo(f"written: {path}")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _progress() -> Callable[[str, int, int | None], None]:
    """Tell each tenth of a download on standard error, or each 100 MB where its size is not known."""
    told: dict[str, int] = {}

    def tell(name: str, received: int, total: int | None) -> None:
        step = 10 * received // total if total else received // 100_000_000
        if told.get(name) != step:
            told[name] = step
            of = f" of {total / 1e6:.1f}" if total else ""
            click.echo(f"{name}: {received / 1e6:.1f}{of} MB", err=True)

    return tell
