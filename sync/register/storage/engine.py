"""Connections to the register's database: SQLite in a file, or PostgreSQL, by one address."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from sync.register.errors import DatabaseError

BUSY_MS = 10_000
"""How long a write waits for a lock before it fails, in ms. The kiosk then retries."""
POOL = 5
POOL_OVERFLOW = 10
POOL_TIMEOUT_S = 10
"""A worker's connections to PostgreSQL: at most 15, so that six workers stay below its default of 100."""
CONNECT_TIMEOUT_S = 5

POSTGRES = "postgresql+psycopg"
POSTGRES_NAMES = {"postgresql", "postgres", POSTGRES}
POSTGRES_OPTIONS = f"-c timezone=UTC -c lock_timeout={BUSY_MS} -c idle_in_transaction_session_timeout=60000"


def parse(url: str) -> URL:
    """Parse a database's address: `sqlite:///…`, `postgresql://…` or `postgres://…`.

    Raises:
        DatabaseError: the address is not a URL, or has another scheme. The text does not repeat it, since it
            may contain a password.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseError(
            "the database's address is not a URL; examples: sqlite:////var/lib/latebook/register.db, "
            "postgresql://latebook:password@localhost/latebook"
        ) from error
    if parsed.drivername in POSTGRES_NAMES:
        return parsed.set(drivername=POSTGRES)
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        return parsed
    raise DatabaseError(
        f"the database's address begins with {parsed.drivername}://; Latebook supports sqlite:// and "
        "postgresql://"
    )


def make_engine(url: URL) -> Engine:
    """Create an engine for an address from `parse`; does not connect yet.

    Raises:
        DatabaseError: a SQLite file's folder cannot be created, or PostgreSQL's driver is not installed.
    """
    # Parameters hold names and token hashes, which must not reach errors and logs.
    if url.drivername == POSTGRES:
        return _postgres(url)
    _make_file(url.database)
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def file_of(engine: Engine) -> Path | None:
    """The file of a SQLite database; `None` for PostgreSQL."""
    if engine.dialect.name != "sqlite" or engine.url.database is None:
        return None
    return Path(engine.url.database)


def driver_address(url: URL) -> str:
    """A PostgreSQL address in the form that the driver accepts. It contains the password."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _postgres(url: URL) -> Engine:
    from_url = url.query.get("options", "")
    extra = " ".join(from_url) if isinstance(from_url, tuple) else from_url
    options: dict[str, Any] = {
        "options": f"{POSTGRES_OPTIONS} {extra}".strip(),
        "application_name": url.query.get("application_name", "latebook"),
        "connect_timeout": url.query.get("connect_timeout", CONNECT_TIMEOUT_S),
    }
    try:
        return create_engine(
            url.difference_update_query(options),
            connect_args=options,
            hide_parameters=True,
            pool_size=POOL,
            max_overflow=POOL_OVERFLOW,
            pool_timeout=POOL_TIMEOUT_S,
            pool_pre_ping=True,  # reconnects after a restart of PostgreSQL without failing a request
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise DatabaseError("PostgreSQL's driver is missing; install it with: pip install psycopg") from error


def _make_file(database: str | None) -> None:
    """Create the file, readable by its owner only: it will hold pupils' names. SQLite's WAL gets the same
    mode."""
    if not database or database == ":memory:":
        raise DatabaseError("the register's SQLite database must be a file, so that it survives a restart")
    folder = Path(database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise DatabaseError(f"the database's folder {folder} cannot be created: {error.strerror}") from error
    with suppress(OSError):  # SQLite reports the fault better, when the file is used
        os.close(os.open(database, os.O_CREAT | os.O_RDWR, 0o600))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # _begin_sqlite begins transactions, not the driver
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")  # NORMAL may lose a commit at power loss in WAL mode
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("latebook_reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
