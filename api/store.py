"""What users saved: architectures with a version, so that of two people who change one at once none loses a change."""

from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    String,
    Text,
    TypeDecorator,
    Uuid,
    create_engine,
    delete,
    event,
    func,
    select,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from pricing.errors import Conflict, NotFound, StackmeterError

MIGRATIONS = Path(__file__).parent / "migrations"
NAME_LENGTH = 200
# Any of these versions may be changed; None: whichever it is (the caller said `If-Match: *`).
Expected = Set[int] | None


class StoreUnavailable(StackmeterError):
    """The database does not answer."""


class StaleVersion(Conflict):
    """The saved thing is no longer in the version that the caller read."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no time zone, so it is put on again when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The moment as written, in UTC."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Base(DeclarativeBase):
    """The tables of the store."""


class SavedArchitecture(Base):
    """An architecture as a user sent it: `document` is its JSON text, `version` counts its changes."""

    __tablename__ = "architectures"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    document: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    created: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    updated: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Store:
    """The database of saved architectures."""

    sessions: sessionmaker[Session]

    def add(self, name: str, document: str) -> SavedArchitecture:
        """Save a new architecture."""
        now = datetime.now(UTC)
        saved = SavedArchitecture(name=name, document=document, created=now, updated=now)
        with self._transaction() as session:
            session.add(saved)
        return saved

    def find(self, wanted: UUID) -> SavedArchitecture:
        """The saved architecture of that id. Raises NotFound."""
        with self._transaction() as session:
            return _existing(session, wanted)

    def page(self, *, limit: int, offset: int) -> tuple[Sequence[SavedArchitecture], int]:
        """Some of the saved architectures, the oldest first, and how many there are."""
        oldest_first = select(SavedArchitecture).order_by(SavedArchitecture.created, SavedArchitecture.id)
        with self._transaction() as session:
            total = session.scalar(select(func.count()).select_from(SavedArchitecture)) or 0
            return session.scalars(oldest_first.limit(limit).offset(offset)).all(), total

    def replace(self, wanted: UUID, name: str, document: str, *, expected: Expected) -> SavedArchitecture:
        """Change a saved architecture that is still in an expected version. Raises NotFound, StaleVersion."""
        # One statement compares and writes: between a SELECT and an UPDATE another writer would fit.
        change = update(SavedArchitecture).where(SavedArchitecture.id == wanted)
        if expected is not None:
            change = change.where(SavedArchitecture.version.in_(expected))
        change = change.values(
            name=name, document=document, version=SavedArchitecture.version + 1, updated=datetime.now(UTC)
        )
        with self._transaction() as session:
            changed = session.scalars(change.returning(SavedArchitecture)).one_or_none()
            return changed or _refuse(session, wanted)

    def remove(self, wanted: UUID, *, expected: Expected) -> None:
        """Delete a saved architecture that is still in an expected version. Raises NotFound, StaleVersion."""
        removal = delete(SavedArchitecture).where(SavedArchitecture.id == wanted)
        if expected is not None:
            removal = removal.where(SavedArchitecture.version.in_(expected))
        with self._transaction() as session:
            if session.scalar(removal.returning(SavedArchitecture.id)) is None:
                _refuse(session, wanted)

    def reachable(self) -> bool:
        """Whether the database answers and has its tables."""
        try:
            with self._transaction() as session:
                session.execute(select(SavedArchitecture.id).limit(1))
        except StoreUnavailable:
            return False
        return True

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        try:
            with self.sessions.begin() as session:
                yield session
        except OperationalError as error:
            raise StoreUnavailable("the database does not answer; try again") from error


def open_store(url: str) -> Store:
    """The store at a database URL such as "sqlite:///stackmeter.db". Connects when first used."""
    return Store(sessionmaker(_engine(url), expire_on_commit=False))


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest tables; a new SQLite file is made."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def _existing(session: Session, wanted: UUID) -> SavedArchitecture:
    saved = session.get(SavedArchitecture, wanted)
    if saved is None:
        raise NotFound(f"no architecture {wanted}")
    return saved


def _refuse(session: Session, wanted: UUID) -> SavedArchitecture:
    version = _existing(session, wanted).version
    raise StaleVersion(f"architecture {wanted} is in version {version} by now: read it again")


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    if make_url(url).get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """Readers do not wait for the writer (WAL); a second writer waits for the first instead of failing."""
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 5000", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
