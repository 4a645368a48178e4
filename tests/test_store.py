"""The store on a real SQLite file: what is saved comes back, and of two writers none loses a change."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import update

from api.store import Base, SavedArchitecture, StaleVersion, StoreUnavailable, migrate, open_store
from pricing.errors import NotFound

DOCUMENT = '{"region": "us-east-1", "components": []}'


@pytest.fixture
def url(tmp_path):
    url = f"sqlite:///{tmp_path / 'store 100%.db'}"
    migrate(url)
    return url


@pytest.fixture
def store(url):
    store = open_store(url)
    yield store
    store.sessions.kw["bind"].dispose()


def test_what_is_saved_comes_back(store):
    before = datetime.now(UTC)
    saved = store.add("orders", DOCUMENT)
    found = store.find(saved.id)
    assert (found.name, found.document, found.version) == ("orders", DOCUMENT, 1)
    assert before <= found.created == found.updated <= datetime.now(UTC)
    assert found.created.tzinfo is UTC


def test_pages_in_the_order_of_saving(store):
    names = [f"architecture {number}" for number in range(7)]
    for name in names:
        store.add(name, DOCUMENT)
    first, total = store.page(limit=3, offset=0)
    last, _ = store.page(limit=3, offset=6)
    assert [saved.name for saved in first] == names[:3]
    assert [saved.name for saved in last] == names[6:]
    assert total == 7
    assert store.page(limit=3, offset=10**9) == ([], 7)


def test_a_change_needs_an_expected_version(store):
    saved = store.add("orders", DOCUMENT)
    changed = store.replace(saved.id, "orders 2", "{}", expected={1, 9})
    assert (changed.name, changed.document, changed.version, changed.created) == ("orders 2", "{}", 2, saved.created)
    assert changed.updated > saved.updated
    with pytest.raises(StaleVersion, match="version 2"):
        store.replace(saved.id, "late", "{}", expected={1})
    with pytest.raises(StaleVersion):
        store.replace(saved.id, "blind", "{}", expected=set())
    assert store.find(saved.id).name == "orders 2"
    assert store.replace(saved.id, "whichever", "{}", expected=None).version == 3


def test_a_removal_needs_an_expected_version(store):
    saved = store.add("orders", DOCUMENT)
    with pytest.raises(StaleVersion):
        store.remove(saved.id, expected={2})
    store.remove(saved.id, expected={1})
    for gone in (
        lambda: store.find(saved.id),
        lambda: store.remove(saved.id, expected=None),
        lambda: store.replace(saved.id, "x", "{}", expected={1}),
    ):
        with pytest.raises(NotFound):
            gone()


def test_an_unknown_id_is_not_found(store):
    with pytest.raises(NotFound):
        store.find(uuid4())


def test_concurrent_writers_lose_no_change(store):
    """Every thread adds its entries, and reads again whenever another was faster: at the end all are there."""
    saved = store.add("log", "[]")
    writers, entries = 8, 5
    ready = Barrier(writers)

    def write(writer):
        ready.wait()
        refused = 0
        for entry in range(entries):
            while True:
                current = store.find(saved.id)
                document = json.dumps([*json.loads(current.document), [writer, entry]])
                try:
                    store.replace(saved.id, "log", document, expected={current.version})
                    break
                except StaleVersion:
                    refused += 1
        return refused

    with ThreadPoolExecutor(writers) as pool:
        refused = sum(pool.map(write, range(writers)))
    end = store.find(saved.id)
    assert sorted(json.loads(end.document)) == [[w, e] for w in range(writers) for e in range(entries)]
    assert end.version == 1 + writers * entries
    assert refused > 0


def test_the_migrations_make_the_tables_of_the_models(store):
    with store.sessions.kw["bind"].connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_migrating_again_changes_nothing(url, store):
    saved = store.add("orders", DOCUMENT)
    migrate(url)
    assert store.find(saved.id).document == DOCUMENT


def test_sqlite_lets_readers_pass_the_writer(store):
    with store.sessions() as session:
        assert session.connection().exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert session.connection().exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000


def test_a_database_that_is_not_there(tmp_path):
    lost = open_store(f"sqlite:///{tmp_path / 'no such folder' / 'store.db'}")
    assert not lost.reachable()
    with pytest.raises(StoreUnavailable):
        lost.page(limit=1, offset=0)


def test_a_database_without_tables_is_not_ready(tmp_path):
    empty = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    assert not empty.reachable()
    empty.sessions.kw["bind"].dispose()


def test_what_was_saved_at_one_time_stands_once_on_its_pages(store):
    saved = [store.add(f"architecture {number}", DOCUMENT).id for number in range(20)]
    with store.sessions.begin() as session:
        session.execute(update(SavedArchitecture).values(created=datetime(2026, 9, 1, tzinfo=UTC)))
    pages = [store.page(limit=3, offset=offset)[0] for offset in range(0, 20, 3)]
    assert [one.id for page in pages for one in page] == sorted(saved)
