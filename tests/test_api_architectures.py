"""Saved architectures over HTTP: kept as sent, and never changed or deleted by who has not seen the last change."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.helpers.serving import DOCUMENT, make_app

SAVED = "/api/v1/architectures"


@pytest.fixture
def app(tmp_path):
    return make_app(tmp_path)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def saved(client):
    """A saved architecture: its path and its ETag."""
    response = client.post(SAVED, json={"document": DOCUMENT})
    return response.headers["Location"], response.headers["ETag"]


def test_saving_answers_where_it_is(client):
    response = client.post(SAVED, json={"document": DOCUMENT})
    assert response.status_code == 201
    path = response.headers["Location"]
    assert path == f"{SAVED}/{response.json['id']}"
    read = client.get(path)
    assert read.json == response.json
    assert read.headers["ETag"] == response.headers["ETag"] == '"1"'
    assert read.json["document"] == DOCUMENT
    assert (read.json["name"], read.json["version"]) == ("orders", 1)
    assert read.json["created"] == read.json["updated"]
    assert read.json["created"].endswith("Z")


def test_a_document_is_kept_as_it_was_sent(client):
    text = (
        '{"components": [{"messages": 3e7, "type": "sqs_queue", "fifo": false, "name": "\\u00fc", "message_kb": '
        '0.10000000000000001}], "region": "us-east-1"}'
    )
    path = client.post(SAVED, data=f'{{"document": {text}}}', content_type="application/json").headers["Location"]
    kept = client.get(path).json["document"]
    assert json.dumps(kept) == json.dumps(json.loads(text)), "same keys in the same order, nothing filled in"


def test_the_name_is_the_users_the_documents_or_none(client):
    unnamed = {key: value for key, value in DOCUMENT.items() if key != "name"}
    names = [
        client.post(SAVED, json=body).json["name"]
        for body in ({"document": DOCUMENT, "name": "mine"}, {"document": DOCUMENT}, {"document": unnamed})
    ]
    assert names == ["mine", "orders", "architecture"]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/document"]),
        ([], [""]),
        ({"document": None}, ["/document"]),
        ({"document": {"region": "us-east-1"}}, ["/document/components"]),
        ({"document": DOCUMENT | {"colour": "red"}}, ["/document/colour"]),
        ({"document": DOCUMENT, "colour": "red"}, ["/colour"]),
        ({"document": DOCUMENT, "name": ""}, ["/name"]),
        ({"document": DOCUMENT, "name": "a" * 201}, ["/name"]),
        ({"document": DOCUMENT, "name": "a\n"}, ["/name"]),
        ({"document": DOCUMENT, "name": None}, ["/name"]),
        ({"document": DOCUMENT, "name": 7}, ["/name"]),
    ],
    ids=lambda value: json.dumps(value)[-40:],
)
def test_what_cannot_be_computed_is_not_saved(client, saved, body, pointers):
    path, etag = saved
    for response in (client.post(SAVED, json=body), client.put(path, json=body, headers={"If-Match": etag})):
        assert (response.status_code, response.content_type) == (422, "application/problem+json")
        assert [fault["pointer"] for fault in response.json["errors"]] == pointers
    assert client.get(SAVED).json["total"] == 1
    assert client.get(path).headers["ETag"] == etag


def test_the_list_comes_in_pages(client):
    for number in range(5):
        client.post(SAVED, json={"document": DOCUMENT, "name": f"number {number}"})
    page = client.get(f"{SAVED}?limit=2&offset=3").json
    assert [saved["name"] for saved in page["items"]] == ["number 3", "number 4"]
    assert page["total"] == 5
    assert "document" not in page["items"][0]
    assert len(client.get(SAVED).json["items"]) == 5


def test_a_change_makes_a_new_version(client, saved):
    path, etag = saved
    changed = client.put(path, json={"document": DOCUMENT, "name": "renamed"}, headers={"If-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] == '"2"'
    read = client.get(path)
    assert read.json == changed.json
    assert (read.json["name"], read.json["version"]) == ("renamed", 2)
    assert read.json["updated"] > read.json["created"]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_change_must_say_what_it_was_made_from(client, saved, method):
    response = client.open(saved[0], method=method, json={"document": DOCUMENT})
    assert (response.status_code, response.content_type) == (428, "application/problem+json")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("stale", ['"1"', '"3"', 'W/"2"', '"a"', "2", '"' + "9" * 400 + '"', '"²"', '""', ","])
def test_a_change_of_another_version_is_refused(client, saved, method, stale):
    path, etag = saved
    client.put(path, json={"document": DOCUMENT, "name": "second"}, headers={"If-Match": etag})
    response = client.open(path, method=method, json={"document": DOCUMENT}, headers={"If-Match": stale})
    assert (response.status_code, response.content_type) == (412, "application/problem+json")
    assert client.get(path).json["name"] == "second"


@pytest.mark.parametrize("allowed", ["*", '"7", "1"', '"1"'])
def test_one_of_several_versions_may_be_changed(client, saved, allowed):
    path, _ = saved
    assert client.put(path, json={"document": DOCUMENT}, headers={"If-Match": allowed}).status_code == 200
    assert client.delete(path, headers={"If-Match": '"2"'}).status_code == 204


def test_what_is_deleted_is_gone(client, saved):
    path, etag = saved
    gone = client.delete(path, headers={"If-Match": etag})
    assert (gone.status_code, gone.data) == (204, b"")
    for response in (
        client.get(path),
        client.delete(path, headers={"If-Match": "*"}),
        client.put(path, json={"document": DOCUMENT}, headers={"If-Match": etag}),
    ):
        assert (response.status_code, response.content_type) == (404, "application/problem+json")


def test_what_is_known_is_not_sent_again(client, saved):
    path, etag = saved
    known = client.get(path, headers={"If-None-Match": etag})
    assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", etag)
    client.put(path, json={"document": DOCUMENT}, headers={"If-Match": etag})
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_of_writers_at_the_same_time_one_wins(app, saved):
    path, etag = saved
    writers = 8
    ready = Barrier(writers)

    def write(number):
        ready.wait()
        body = {"document": DOCUMENT, "name": f"writer {number}"}
        return app.test_client().put(path, json=body, headers={"If-Match": etag})

    with ThreadPoolExecutor(writers) as pool:
        answers = list(pool.map(write, range(writers)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * (writers - 1)
    [winner] = [answer for answer in answers if answer.status_code == 200]
    read = app.test_client().get(path)
    assert (read.json["name"], read.headers["ETag"]) == (winner.json["name"], '"2"')


def test_without_a_database_it_says_so(client, app):
    with app.extensions["stackmeter.store"].sessions() as session:
        session.connection().exec_driver_sql("DROP TABLE architectures")
        session.commit()
    for response in (client.get(SAVED), client.post(SAVED, json={"document": DOCUMENT})):
        assert (response.status_code, response.content_type) == (503, "application/problem+json")
    assert client.get("/healthz").status_code == 503
    assert client.post("/api/v1/estimates", json=DOCUMENT).status_code == 200, "an estimate needs no database"
