"""Whether a register serves a database: checked before the database is replaced."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from sync.register.errors import DatabaseError

OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND usesysid IS NOT NULL"  # PostgreSQL's own workers have no user
)


@contextmanager
def serving(file: Path | None) -> Iterator[None]:
    """Hold a shared lock that shows that a register serves this SQLite file.

    Several registers may hold it. PostgreSQL (`None`) needs no lock: its connections show it.

    Raises:
        DatabaseError: the database is being replaced by another.
    """
    if file is None:
        yield
        return
    with _locked(file, fcntl.LOCK_SH, "this database is being replaced; wait until that has finished"):
        yield


@contextmanager
def not_served(engine: Engine, file: Path | None) -> Iterator[None]:
    """Check that no register serves the database and, on SQLite, that none starts within this block.

    Raises:
        DatabaseError: a register serves the database; on PostgreSQL, a program is connected to it.
    """
    if file is not None:
        with _locked(file, fcntl.LOCK_EX, "a register runs on this database; stop it first"):
            yield
        return
    engine.dispose()  # our own pooled connections would be counted
    with engine.connect() as connection:
        others = connection.scalar(OTHERS)
    engine.dispose()
    if others:
        raise DatabaseError(
            f"a register runs on this database, or another program ({others} connected); stop it first"
        )
    yield


@contextmanager
def _locked(file: Path, mode: int, refusal: str) -> Iterator[None]:
    beside = file.with_name(file.name + ".serving")
    try:
        descriptor = os.open(beside, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise DatabaseError(f"the database's {beside} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise DatabaseError(refusal) from None
    try:
        yield
    finally:
        os.close(descriptor)  # releases the lock
