"""The download of price lists from a server on loopback: it goes on where it stopped, and follows nothing elsewhere."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pricing.errors import ImportFailed
from pricing.imports.offer_download import Host, fetch
from pricing.imports.offer_index import Listed
from pricing.imports.offer_sync import sync
from pricing.imports.offers import read_offers
from tests.helpers.offer_files import Offer, sqs
from tests.helpers.offer_import import TODAY, Import
from tests.helpers.price_server import ROOT, price_server

QUEUE = Offer("AWSQueueService", [sqs("0.5")])
IRELAND = Offer("AWSQueueService", [sqs("0.6", region="eu-west-1", sku="IRELAND000000001")])
KNOWN = {"AWSLambda", "AWSQueueService"}


@pytest.fixture
def offers(tmp_path):
    return Import(tmp_path)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with price_server() as running:
        yield running


@pytest.fixture
def host(server, tmp_path):
    return Host(server.url, tmp_path / "downloads", timeout_s=5, attempts=3, pause=lambda _: None)


def ask(host, *regions, services=("AWSQueueService",), **given):
    return sync(host, services, regions or ["us-east-1"], known=KNOWN, **given)


def left(host):
    """What is kept, without what was asked of it."""
    return sorted(path.name for path in host.folder.rglob("*") if path.is_file())


def test_offer_files_are_found_by_the_indexes_and_imported(server, host, offers):
    server.offer(QUEUE, "us-east-1")
    server.offer(IRELAND, "eu-west-1")
    files = ask(host, "us-east-1", "eu-west-1", "us-east-1")
    assert [(file.code, file.region) for file in files] == [
        ("AWSQueueService", "us-east-1"),
        ("AWSQueueService", "eu-west-1"),
    ]
    taken = read_offers(files, into=offers.into, today=TODAY, data=offers.data)
    assert [str(change) for change in taken.changes] == [
        "sqs_queue.requests us-east-1: no price -> $0.5, effective 2026-08-01",
        "sqs_queue.requests eu-west-1: no price -> $0.6, effective 2026-08-01",
    ]


def test_csv_stands_beside_json(server, host, offers):
    server.offer(QUEUE, "us-east-1", form="csv", size=1, sha256="of the JSON file")
    (file,) = ask(host, form="csv")
    assert file.path.name == "index.csv"
    assert len(read_offers([file], into=offers.into, today=TODAY, data=offers.data).changes) == 1


def test_the_file_for_all_places_is_the_current_one(server, host):
    server.offer(QUEUE, "us-east-1")
    server.files[f"{ROOT}/AWSQueueService/current/index.json"] = QUEUE.json().encode()
    (file,) = ask(host, "global")
    assert (file.region, file.path.parts[-2:]) == ("", ("current", "index.json"))


def test_what_is_there_and_unchanged_is_not_sent_again(server, host):
    path = server.offer(QUEUE, "us-east-1")
    first = ask(host)
    sent = server.files[path]
    server.files[path] = b""
    server.troubles[path] = [("status", 304)]
    assert ask(host) == first
    assert first[0].path.read_bytes() == sent
    server.files[path] = sent + b" "
    assert ask(host)[0].path.read_bytes() == sent + b" "


def test_a_download_that_is_cut_goes_on_where_it_stopped(server, host):
    path = server.offer(QUEUE, "us-east-1")
    server.troubles[path] = [("cut", 100), ("cut", 50), ("status", 503)]
    (file,) = ask(host)
    assert file.path.read_bytes() == server.files[path]
    assert server.asked_for(path) == [None, "bytes=100-", "bytes=150-", "bytes=150-"]
    assert not [name for name in left(host) if "part" in name]


def test_attempts_that_bring_something_are_not_counted(server, host):
    path = server.offer(QUEUE, "us-east-1")
    server.troubles[path] = [("cut", 10)] * 20
    assert ask(host)[0].path.read_bytes() == server.files[path]


def test_what_came_is_kept_for_the_next_call(server, host):
    path = server.offer(QUEUE, "us-east-1")
    server.troubles[path] = [("cut", 100), *[("status", 500)] * 3]
    with pytest.raises(
        ImportFailed, match="HTTP 500 Internal Server Error; gave up after 3 attempts, what came is kept"
    ):
        ask(host)
    assert "index.json.part" in left(host)
    assert ask(host)[0].path.read_bytes() == server.files[path]
    assert server.asked_for(path)[-1] == "bytes=100-"


def test_a_file_that_changed_meanwhile_starts_anew(server, host):
    path = server.offer(QUEUE, "us-east-1")
    server.troubles[path] = [("cut", 100), *[("status", 500)] * 3]
    with pytest.raises(ImportFailed):
        ask(host)
    server.files[path] = IRELAND.json().encode()
    assert ask(host)[0].path.read_bytes() == server.files[path]


@pytest.mark.parametrize("lacking", ["ranges", "tags"])
def test_without_ranges_or_tags_a_file_starts_anew(server, host, lacking):
    setattr(server, lacking, False)
    path = server.offer(QUEUE, "us-east-1")
    server.troubles[path] = [("cut", 100)]
    assert ask(host)[0].path.read_bytes() == server.files[path]
    assert server.asked_for(path) == [None, "bytes=100-" if lacking == "ranges" else None]


def test_another_range_than_asked_for_is_not_taken(server, host):
    path = server.offer(QUEUE, "us-east-1")
    server.troubles[path] = [("cut", 100), ("other range", None)]
    assert ask(host)[0].path.read_bytes() == server.files[path]


def test_a_part_that_is_longer_than_the_file_is_thrown_away(server, host):
    path = server.offer(QUEUE, "us-east-1")
    part = host.file(path).with_name("index.json.part")
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * 99_999)
    tag = hashlib.md5(server.files[path]).hexdigest()
    part.with_name("index.json.part.etag").write_text(f'"{tag}"')
    assert ask(host)[0].path.read_bytes() == server.files[path]
    assert server.asked_for(path) == ["bytes=99999-", None]


def test_a_size_that_is_never_reached_is_refused(server, host):
    path = server.offer(QUEUE, "us-east-1")
    server.troubles[path] = [("wrong size", 5)] * 9
    server.tags = False
    size = len(server.files[path])
    with pytest.raises(ImportFailed, match=f"expected {size + 5} bytes, got {size}; gave up"):
        ask(host)
    assert "index.json" not in [p.name for p in host.file(path).parent.iterdir()]


def test_a_size_that_is_too_small_gives_a_file_that_cannot_be_read(server, host, offers):
    path = server.offer(QUEUE, "us-east-1")
    server.troubles[path] = [("wrong size", -50)]
    files = ask(host)
    with pytest.raises(ImportFailed, match="expected complete JSON"):
        read_offers(files, into=offers.into, today=TODAY, data=offers.data)


def test_a_file_without_a_size_is_taken(server, host):
    path = server.offer(QUEUE, "us-east-1")
    server.troubles[path] = [("no size", None)]
    assert ask(host)[0].path.read_bytes() == server.files[path]


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_what_is_refused_for_good_is_not_asked_again(server, host, status):
    path = server.offer(QUEUE, "us-east-1")
    server.troubles[path] = [("status", status)] * 3
    with pytest.raises(ImportFailed, match=f"us-east-1/index.json: HTTP {status}"):
        ask(host)
    assert server.asked_for(path) == [None]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_other_refusals_are_tried_again_with_growing_pauses(server, host, status):
    pauses = []
    path = server.offer(QUEUE, "us-east-1")
    server.troubles[path] = [("status", status)] * 3
    ask(replace(host, attempts=4, pause=pauses.append))
    assert pauses == [1, 2, 4]


def test_no_server_is_tried_again_and_said(host, server):
    pauses = []
    closed = replace(host, base="http://127.0.0.1:1", pause=pauses.append)
    with pytest.raises(ImportFailed, match="refused"):
        fetch(closed, Listed("/x.json"))
    assert pauses == [1, 2]


def test_a_server_that_says_nothing_is_given_up(tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        waiting = Host(url, tmp_path, timeout_s=0.05, attempts=2, pause=lambda _: None)
        with pytest.raises(ImportFailed, match="timed out; gave up after 2 attempts"):
            fetch(waiting, Listed("/x.json"))


def test_redirects_are_not_followed(server, host):
    path = server.offer(QUEUE, "us-east-1")
    with price_server() as other:
        other.files[path] = server.files[path]
        server.troubles[path] = [("redirect", f"{other.url}{path}")]
        with pytest.raises(ImportFailed, match=r"HTTP 302 Found to 'http://127\.0\.0\.1:.*', not followed"):
            ask(host)
        assert other.asked == []


@pytest.mark.parametrize(
    "address", ["http://elsewhere.example/x.json", "//elsewhere.example/x.json", "https://127.0.0.1/x"]
)
def test_addresses_of_other_hosts_in_an_index_are_refused(server, host, address):
    server.offer(QUEUE, "us-east-1")
    path = f"{ROOT}/AWSQueueService/current/region_index.json"
    index = json.loads(server.files[path])
    index["regions"]["us-east-1"]["currentVersionUrl"] = address
    server.files[path] = json.dumps(index).encode()
    with pytest.raises(ImportFailed, match="no other host is followed"):
        ask(host)


@pytest.mark.parametrize(
    "address", ["/../../etc/passwd", "/a/..", "/a//b", "/a?b=c", "/a#b", "/a%2e", "/.ssh", "/a b", ""]
)
def test_addresses_that_are_no_plain_paths_are_refused(tmp_path, address):
    with pytest.raises(ImportFailed, match="expected a plain path"):
        Host("https://prices.example", tmp_path).file(address)


@pytest.mark.parametrize(
    "base", ["file:///etc", "ftp://x", "prices.example", "https://", "https://me:pw@x", "https://x?y=1"]
)
def test_only_plain_http_addresses_are_bases(tmp_path, base):
    with pytest.raises(ImportFailed, match="expected an address such as https://host"):
        fetch(Host(base, tmp_path), Listed("/x.json"))


def test_an_absolute_address_of_the_same_host_is_fine(server, host):
    path = server.offer(QUEUE, "us-east-1")
    assert fetch(host, Listed(f"{server.url}{path}")).read_bytes() == server.files[path]


def test_files_of_several_hosts_are_kept_apart(tmp_path):
    one, two = (Host(f"http://127.0.0.1:{port}", tmp_path).file("/a/b.json") for port in (1, 2))
    assert one != two
    assert one.is_relative_to(tmp_path)


@pytest.mark.parametrize("wrong", [{"size": 7}, {"sha256": "0" * 64}])
def test_size_and_sha_of_the_index_must_be_those_of_the_file(server, host, wrong):
    path = server.offer(QUEUE, "us-east-1", **wrong)
    with pytest.raises(ImportFailed, match=f"expected {next(iter(wrong.values()))}, as the index says, not"):
        ask(host)
    assert not host.file(path).exists()
    content = server.files[path]
    server.offer(QUEUE, "us-east-1", size=len(content), sha256=hashlib.sha256(content).hexdigest())
    assert ask(host)[0].path.read_bytes() == content


def test_services_and_regions_that_do_not_exist_are_all_said(server, host):
    server.offer(QUEUE, "us-east-1")
    server.offer(Offer("AWSLambda", []), "eu-west-1")
    with pytest.raises(
        ImportFailed, match="no meter is priced by AmazonX, AmazonY; there are AWSLambda, AWSQueueService"
    ):
        ask(host, services=["AmazonX", "AWSLambda", "AmazonY"])
    with pytest.raises(ImportFailed) as refused:
        ask(host, "us-east-1", "eu-west-1", "mars-1", services=["AWSQueueService", "AWSLambda"])
    assert str(refused.value).splitlines() == [
        "AWSQueueService: not sold in eu-west-1, mars-1; it is in us-east-1",
        "AWSLambda: not sold in us-east-1, mars-1; it is in eu-west-1",
    ]


def test_a_service_that_the_index_lacks_is_said(server, host):
    server.offer(QUEUE, "us-east-1")
    with pytest.raises(ImportFailed, match="expected the services AWSLambda"):
        ask(host, services=["AWSLambda"])


@pytest.mark.parametrize(
    ("index", "said"),
    [
        ("[]", "expected a table of offers"),
        ("{", "expected an index in JSON"),
        ('{"offers": {"AWSQueueService": 1}}', "expected a table of offers"),
        ('{"offers": {"AWSQueueService": {}}}', "expected an address under currentRegionIndexUrl"),
        ('{"offers": {"AWSQueueService": {"currentRegionIndexUrl": "/x", "size": "1"}}}', "expected a size in bytes"),
    ],
)
def test_an_index_of_another_shape_is_refused(server, host, index, said):
    server.files[f"{ROOT}/index.json"] = index.encode()
    with pytest.raises(ImportFailed, match=said):
        ask(host)


def test_the_wrong_regions_file_is_found_out(server, host, offers):
    path = server.offer(QUEUE, "us-east-1")
    server.files[path] = IRELAND.json().encode()
    with pytest.raises(ImportFailed, match="expected prices of us-east-1, found those of eu-west-1"):
        read_offers(ask(host), into=offers.into, today=TODAY, data=offers.data)


def test_progress_is_told_from_where_a_download_goes_on(server, host):
    heard = []
    path = server.offer(QUEUE, "us-east-1")
    server.troubles[path] = [("cut", 100)]
    ask(replace(host, progress=lambda *told: heard.append(told)))
    size = len(server.files[path])
    name = next(told[0] for told in heard if told[0].endswith("us-east-1/index.json"))
    assert [told[1:] for told in heard if told[0] == name] == [(100, size), (size, size)]


def test_a_folder_that_cannot_be_made_is_said(host, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ImportFailed, match="cannot keep downloads"):
        fetch(replace(host, folder=Path(tmp_path / "file")), Listed("/x.json"))
