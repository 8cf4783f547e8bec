"""Whether a register serves a database: to be known before another is put in its place."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from sync.register.errors import DatabaseError

OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND usesysid IS NOT NULL"  # PostgreSQL's own workers are nobody's
)


@contextmanager
def serving(file: Path | None) -> Iterator[None]:
    """Let it be known for as long as this lasts that a register serves the SQLite database in that file.

    Several may. Of PostgreSQL (None) it is known by their connections.

    Raises:
        DatabaseError: another database is being put in the place of this one.
    """
    if file is None:
        yield
        return
    with _locked(file, fcntl.LOCK_SH, "another database is being put in the place of this one; wait"):
        yield


@contextmanager
def not_served(engine: Engine, file: Path | None) -> Iterator[None]:
    """Make sure that no register serves the database, and on SQLite that none begins before this ends.

    Raises:
        DatabaseError: one does; on PostgreSQL, somebody is connected to it.
    """
    if file is not None:
        with _locked(file, fcntl.LOCK_EX, "a register runs on this database; stop it first"):
            yield
        return
    engine.dispose()  # connections of our own that wait to be used again would be counted
    with engine.connect() as connection:
        others = connection.scalar(OTHERS)
    engine.dispose()
    if others:
        raise DatabaseError(
            f"a register runs on this database, or another program ({others} connected); stop it first"
        )
    yield


@contextmanager
def _locked(file: Path, how: int, otherwise: str) -> Iterator[None]:
    beside = file.with_name(file.name + ".serving")
    try:
        descriptor = os.open(beside, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise DatabaseError(f"the database's {beside} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise DatabaseError(otherwise) from None
    try:
        yield
    finally:
        os.close(descriptor)  # which lets it go
