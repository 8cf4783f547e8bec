"""The connection to the register's database: one door to read, one door to write."""

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
PASSING = {"40001", "40P01", "23505"}
"""PostgreSQL's SQLSTATEs for a transaction that lost to another and may look again: serialization failure,
deadlock, and a unique key that somebody else was quicker to write."""

ResultT = TypeVar("ResultT")


class Database:
    """The register's database.

    On SQLite every write takes one lock, in this process and across processes, and begins with
    `BEGIN IMMEDIATE`: two requests never work from the same old mark, and no two connections ever
    write or checkpoint at once, which SQLite before 3.51.3 can answer with a corrupt WAL.

    On PostgreSQL writes go on side by side. Whoever decides from what stands there locks it first
    (`sync.register.storage.locks`); what still loses a race is done again by `transact`.
    """

    def __init__(self, url: str) -> None:
        """Open the database at an address; a SQLite file is made where there is none.

        Raises:
            DatabaseError: the address is not one, or the file's folder cannot be made.
        """
        self.engine = make_engine(parse(url))
        self._reader = _reader(self.engine)
        self._write_lock = _WriteLock(file_of(self.engine))

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for PostgreSQL."""
        return file_of(self.engine)

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

    def transact(self, work: Callable[[Session], ResultT]) -> ResultT:
        """One transaction as by `write`, done again from the start where it lost a race to another.

        Args:
            work: is given the session; it may be called more than once, and only its last call counts.
        """
        for attempt in range(1, TRIES):
            try:
                with self.write() as session:
                    return work(session)
            except DBAPIError as error:
                if not lost_race(error):
                    raise
                log.info("database.again", attempt=attempt, sqlstate=getattr(error.orig, "sqlstate", None))
            time.sleep(random.uniform(0, 0.02 * attempt))  # noqa: S311 -- apart from the other, no secret
        with self.write() as session:
            return work(session)

    def migrate(self) -> None:
        """Bring the tables to this version's form; does nothing where they have it.

        Raises:
            DatabaseError: it cannot be opened or written, or a newer version of Latebook made it.
        """
        config = _migrations()
        where = self.engine.url.render_as_string(hide_password=True)
        try:
            with self._write_lock, self.engine.begin() as connection:
                lock_name(connection, "migrate")  # several workers may start at once
                if _form(connection) != _newest_form():
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
        """Whether there is nothing in it, not even tables."""
        return not inspect(self._reader).get_table_names()

    @property
    def is_newest(self) -> bool:
        """Whether its tables have this version's form."""
        with self._reader.connect() as connection:
            return _form(connection) == _newest_form()

    def serving(self) -> AbstractContextManager[None]:
        """For as long as a register serves this database: `replacing` is refused meanwhile.

        Raises:
            DatabaseError: another database is being put in the place of this one.
        """
        return serving(self.file)

    @contextmanager
    def replacing(self) -> Iterator[None]:
        """While something else is put in the place of what is in it: no register serves it, and on SQLite
        nobody else writes. PostgreSQL's own tools lock what they replace.

        Raises:
            DatabaseError: a register runs on it.
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


def _form(connection: Connection) -> str | None:
    """The migration that made the tables what they are; None: there are none."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _newest_form() -> str | None:
    return ScriptDirectory.from_config(_migrations()).get_current_head()


def lost_race(error: DBAPIError) -> bool:
    """Whether a transaction failed because another was quicker, so that it may go well the next time."""
    return getattr(error.orig, "sqlstate", None) in PASSING


def _reader(engine: Engine) -> Engine:
    """The same connections, for reading: one state throughout, whatever is written meanwhile."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(latebook_reads_only=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


class _WriteLock:
    """One writer at a time: threads by a lock, other processes by a lock file beside a SQLite file."""

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
