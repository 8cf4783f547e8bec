"""The connection to the register's database: one door to read, one door to write."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

BUSY_MS = 10_000
"""How long SQLite waits for another process before it gives up."""


class DatabaseError(ValueError):
    """A database that cannot be used; the text says which and what to do."""


class Database:
    """The register's database.

    On SQLite every write takes one lock, in this process and across processes, and begins with
    `BEGIN IMMEDIATE`: two requests never work from the same old mark, and no two connections ever
    write or checkpoint at once, which SQLite before 3.51.3 can answer with a corrupt WAL.
    """

    def __init__(self, url: str) -> None:
        """Open the database at an SQLAlchemy URL; a SQLite file is made where there is none.

        Raises:
            DatabaseError: the URL is not one, or the file's folder cannot be made.
        """
        self.engine = _engine(url)
        self._reader = self.engine.execution_options(latebook_reads_only=True)
        self._write_lock = _WriteLock(_file_of(self.engine))

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that reads one consistent state and writes nothing."""
        with Session(self._reader) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction. Committed when the block ends, rolled back when it raises.

        Whoever answers a kiosk does so after this block, never inside it.
        """
        with self._write_lock, Session(self.engine) as session, session.begin():
            yield session

    def migrate(self) -> None:
        """Bring the tables to this version's form; does nothing where they have it.

        Raises:
            DatabaseError: it cannot be opened or written, or a newer version of Latebook made it.
        """
        config = Config()
        config.set_main_option("script_location", "sync.register.storage:migrations")
        where = self.engine.url.render_as_string(hide_password=True)
        try:
            with self._write_lock, self.engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except DBAPIError as error:
            raise DatabaseError(f"the database {where} cannot be used: {error.orig}") from error
        except CommandError as error:
            raise DatabaseError(
                f"the database {where} was made by a newer Latebook; update this one"
            ) from error

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        self._write_lock.close()


class _WriteLock:
    """One writer at a time: threads by a lock, other processes by a lock file beside a SQLite file."""

    def __init__(self, database_file: Path | None) -> None:
        self._threads = threading.Lock()
        self._file = None
        if database_file is not None:
            beside = database_file.with_name(database_file.name + ".lock")
            try:
                self._file = beside.open("ab")
            except OSError as error:
                raise DatabaseError(f"the database's {beside} cannot be written: {error.strerror}") from error

    def __enter__(self) -> None:
        if self._file is None:  # PostgreSQL locks rows itself
            return
        self._threads.acquire()
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            self._threads.release()
            raise

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
            self._threads.release()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _file_of(engine: Engine) -> Path | None:
    if engine.dialect.name != "sqlite" or engine.url.database is None:
        return None
    return Path(engine.url.database)


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseError(
            "the database's address is not a URL; write for example sqlite:////var/lib/latebook/register.db"
        ) from error
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite:
        _make_folder(parsed.database)
    # Parameters are names and tokens' hashes: they stay out of errors, and so out of logs.
    engine = create_engine(parsed, hide_parameters=True)
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(database: str | None) -> None:
    if not database or database == ":memory:":
        raise DatabaseError("the register's SQLite database must be a file, so that it survives a restart")
    folder = Path(database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(f"the database's folder {folder} cannot be made: {error.strerror}") from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = (
        None  # transactions begin where _begin_sqlite says, not where the driver guesses
    )
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")  # NORMAL may lose a commit at power loss in WAL mode
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("latebook_reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
