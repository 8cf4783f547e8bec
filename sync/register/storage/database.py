"""The connection to the register's database: sessions that read and sessions that write."""

import fcntl
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from sync.register.errors import DatabaseError
from sync.register.storage.engine import file_of, make_engine, parse
from sync.register.storage.locks import lock_name
from sync.register.storage.serving import not_served, serving

log = structlog.get_logger()

TRIES = 5
RETRIABLE = {"40001", "40P01", "23505"}
"""PostgreSQL's SQLSTATEs for a transaction that lost a race and may be retried: serialization failure,
deadlock, and a unique key that another transaction has written."""

ResultT = TypeVar("ResultT")


class Database:
    """The register's database.

    On SQLite every write takes one lock, in this process and across processes, and begins with
    `BEGIN IMMEDIATE`: two requests never decide from the same old mark, and two connections never
    write or checkpoint at once, which SQLite before 3.51.3 can answer with a corrupt WAL.

    On PostgreSQL writes run concurrently. Code that decides from rows locks them first
    (`sync.register.storage.locks`); `transact` retries a transaction that still loses a race.
    """

    def __init__(self, url: str) -> None:
        """Open the database at an address; creates a SQLite file that does not exist.

        Raises:
            DatabaseError: the address is invalid, or the file's folder cannot be created.
        """
        self.engine = make_engine(parse(url))
        self._reader = _reader(self.engine)
        self._write_lock = _WriteLock(file_of(self.engine))

    @property
    def file(self) -> Path | None:
        """The SQLite file; `None` for PostgreSQL."""
        return file_of(self.engine)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A read-only session on one consistent snapshot."""
        with Session(self._reader) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises.

        Answer a kiosk after this block, never inside it: only then is its data durable.
        """
        with self._write_lock, Session(self.engine) as session, session.begin():
            yield session

    def transact(self, work: Callable[[Session], ResultT]) -> ResultT:
        """Run `work` in a transaction as by `write`; retry it from the start when it loses a race.

        Args:
            work: takes the session; it may run more than once, and only its last run is committed.
        """
        for attempt in range(1, TRIES):
            try:
                with self.write() as session:
                    return work(session)
            except DBAPIError as error:
                if not lost_race(error):
                    raise
                log.info("database.retry", attempt=attempt, sqlstate=getattr(error.orig, "sqlstate", None))
            time.sleep(random.uniform(0, 0.02 * attempt))  # noqa: S311 -- jitter, not a secret
        with self.write() as session:
            return work(session)

    def migrate(self) -> None:
        """Migrate the tables to this version's schema; does nothing when they have it.

        Raises:
            DatabaseError: the database cannot be opened or written, or was made by a newer Latebook.
        """
        config = _migrations()
        where = self.engine.url.render_as_string(hide_password=True)
        try:
            with self._write_lock, self.engine.begin() as connection:
                lock_name(connection, "migrate")  # several workers may start at once
                if _revision(connection) != _newest_revision():
                    config.attributes["connection"] = connection
                    command.upgrade(config, "head")
        except DBAPIError as error:
            why = " ".join(str(error.orig).split())
            raise DatabaseError(f"the database {where} cannot be used: {why}") from error
        except CommandError as error:
            raise DatabaseError(
                f"the database {where} was made by a newer Latebook; update this one"
            ) from error

    @property
    def is_empty(self) -> bool:
        """Whether the database has no tables."""
        return not inspect(self._reader).get_table_names()

    @property
    def is_newest(self) -> bool:
        """Whether the tables have this version's schema."""
        with self._reader.connect() as connection:
            return _revision(connection) == _newest_revision()

    def serving(self) -> AbstractContextManager[None]:
        """Held while a register serves this database: `replacing` is refused meanwhile.

        Raises:
            DatabaseError: the database is being replaced by another.
        """
        return serving(self.file)

    @contextmanager
    def replacing(self) -> Iterator[None]:
        """Held while the database's content is replaced: no register serves it, and on SQLite there are no
        other writers. PostgreSQL's own tools lock what they replace.

        Raises:
            DatabaseError: a register runs on this database.
        """
        with not_served(self.engine, self.file), self._write_lock:
            yield

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        self._write_lock.close()


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", "sync.register.storage:migrations")
    return config


def _revision(connection: Connection) -> str | None:
    """The revision of the last migration that ran; `None` when there are no tables."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _newest_revision() -> str | None:
    return ScriptDirectory.from_config(_migrations()).get_current_head()


def lost_race(error: DBAPIError) -> bool:
    """Whether a transaction failed because it lost a race, so that a retry may succeed."""
    return getattr(error.orig, "sqlstate", None) in RETRIABLE


def _reader(engine: Engine) -> Engine:
    """The same connections for reading: each transaction sees one snapshot."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(latebook_reads_only=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


class _WriteLock:
    """One writer at a time on SQLite: a lock between threads, a lock file between processes."""

    def __init__(self, database_file: Path | None) -> None:
        self._threads = threading.Lock()
        self._file = None
        if database_file is not None:
            beside = database_file.with_name(database_file.name + ".lock")
            try:
                flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY
                self._file = os.fdopen(os.open(beside, flags, 0o600), "ab")
            except OSError as error:
                raise DatabaseError(f"the database's {beside} cannot be written: {error.strerror}") from error

    def __enter__(self) -> None:
        if self._file is None:  # PostgreSQL locks rows instead
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
