"""The commands `stackmeter prices import` and `stackmeter prices sync`."""

import csv
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from calculator.command.main import main
from calculator.command.prices import prices
from tests.helpers.offer_files import Offer, sqs
from tests.helpers.price_server import price_server

NOW = datetime.now(UTC)
PUBLISHED = {"published": f"{NOW:%Y-%m-%d}T00:00:00Z", "version": f"{NOW:%Y%m%d}000000"}
QUEUE = Offer("AWSQueueService", [sqs("7.5", effective=f"{NOW:%Y-%m-01}")], **PUBLISHED)


@pytest.fixture
def run(tmp_path):
    main.add_command(prices)

    def run(*arguments):
        return CliRunner().invoke(main, ["prices", *map(str, arguments)])

    return run


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "index.json"
    path.write_text(QUEUE.json())
    return path


def newest(into):
    with (into / "rates" / "sqs_queue.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["meter"], row["region"]) == ("requests", "us-east-1")]
    return rows[-1]


def test_import_writes_a_folder_and_says_what_changed(run, file, tmp_path):
    done = run("import", file, "--into", tmp_path / "a" / "b")
    assert done.exit_code == 0, done.output
    assert "sqs_queue.requests us-east-1: $" in done.output
    assert f" -> $7.5, effective {NOW:%Y}" in done.output
    assert f"written: {tmp_path / 'a' / 'b' / 'rates' / 'sqs_queue.csv'}\n" in done.output
    row = newest(tmp_path / "a" / "b")
    assert (row["price"], row["checked"], row["source"]) == (
        "7.5",
        f"{NOW:%Y-%m-%d}",
        f"AWSQueueService-{NOW:%Y%m%d}000000",
    )


def test_a_dry_run_says_the_same_and_writes_nothing(run, file, tmp_path):
    done = run("import", file, "--into", tmp_path / "a", "--dry-run")
    assert done.exit_code == 0, done.output
    assert " -> $7.5, effective" in done.output
    assert done.output.endswith("dry run: nothing is written\n")
    assert not (tmp_path / "a").exists()
    assert run("import", file, "--dry-run").exit_code == 0


def test_it_must_be_said_where_to_write(run, file):
    done = run("import", file)
    assert (done.exit_code, "say --into FOLDER, or --dry-run" in done.stderr) == (2, True)


def test_faults_are_lines_and_exit_code_2(run, tmp_path):
    path = tmp_path / "index.csv"
    path.write_text(Offer("AWSQueueService", [sqs("-1"), sqs("NaN", sku="A\x1b[31m")], **PUBLISHED).csv())
    done = run("import", path, "--into", tmp_path / "a")
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 2
    assert f"{path}, line 7: price: expected a finite number of 0 or more, not '-1'" in done.stderr
    assert "\x1b" not in done.stderr
    assert not (tmp_path / "a").exists()


def test_sync_downloads_and_imports(run, tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with price_server() as server:
        server.offer(QUEUE, "us-east-1")
        given = ["--services", "AWSQueueService", "--regions", " us-east-1,", "--base-url", server.url]
        given += ["--downloads", tmp_path / "downloads", "--into", tmp_path / "a"]
        done = run("sync", *given, "--dry-run")
        assert (done.exit_code, (tmp_path / "a").exists()) == (0, False), done.output
        assert "us-east-1/index.json: 0.0 of 0.0 MB" in done.stderr
        done = run("sync", *given)
        assert done.exit_code == 0, done.output
        assert "MB" not in done.stderr
        assert newest(tmp_path / "a")["price"] == "7.5"
        done = run("sync", *given[:2], "--regions", "mars-1", *given[4:])
        assert (done.exit_code, done.stderr) == (2, "AWSQueueService: not sold in mars-1; it is in us-east-1\n")


def test_the_commands_load_the_importer_only_when_they_run():
    program = (
        "import sys, calculator.command.prices\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('ijson', 'urllib', 'pricing')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = done.stdout
    assert "ijson" not in loaded
    assert "pricing.imports.offer" not in loaded
    assert "urllib.request" not in loaded
