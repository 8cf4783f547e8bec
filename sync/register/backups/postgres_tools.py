"""PostgreSQL's own tools: `pg_dump`, `pg_restore` and `psql`."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO

from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from sync.register.errors import BackupError
from sync.register.storage.database import Database
from sync.register.storage.engine import driver_address

MAGIC = b"PGDMP"
"""A backup of `pg_dump` in its custom format begins so."""

_EMPTY = """
DO $$
DECLARE
    tables text := (
        SELECT string_agg(oid::regclass::text, ', ') FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
    );
    functions text := (
        SELECT string_agg(oid::regprocedure::text, ', ') FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND prorettype = 'trigger'::regtype
    );
BEGIN
    IF tables IS NOT NULL THEN EXECUTE 'DROP TABLE ' || tables; END IF;
    IF functions IS NOT NULL THEN EXECUTE 'DROP FUNCTION ' || functions; END IF;
END $$
"""
"""Drops every table and the functions of its triggers, of any version: `pg_restore --clean` drops only what
is in the backup, and newer tables refer to it. The schema itself stays, since it need not be ours, and
there is no CASCADE: objects that others have built on the tables are reported and left alone."""


_ASIDE = """
CREATE SCHEMA {schema};
DO $$
DECLARE
    each text;
BEGIN
    FOR each IN
        SELECT oid::regclass::text FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
    LOOP EXECUTE 'ALTER TABLE ' || each || ' SET SCHEMA {schema}'; END LOOP;
    FOR each IN
        SELECT oid::regprocedure::text FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND prorettype = 'trigger'::regtype
    LOOP EXECUTE 'ALTER FUNCTION ' || each || ' SET SCHEMA {schema}'; END LOOP;
END $$
"""
"""Moves every table, with its indexes and sequences, and the functions of its triggers into a schema of their
own. No row is read, so it works on tables that cannot be read."""


def dump(database: Database, to: Path) -> None:
    """Write the database to a file.

    Raises:
        BackupError: `pg_dump` is missing or fails.
    """
    _run("pg_dump", database, "--format=custom", "--no-owner", f"--file={to}")


def check_is_dump(source: Path) -> None:
    """Check that a file is a backup, and complete: `pg_restore` reads all of it.

    Raises:
        BackupError: it is not.
    """
    try:
        with source.open("rb") as file:
            begins = file.read(len(MAGIC))
    except OSError as error:
        raise BackupError(f"{source} cannot be read: {error.strerror}") from error
    if begins != MAGIC:
        raise BackupError(f"{source} is not a backup of a PostgreSQL register")


def faults(database: Database) -> str:
    """What PostgreSQL says of the first table that cannot be read; empty if all can be read."""
    for table in inspect(database.engine).get_table_names():
        try:
            with database.engine.connect() as connection:
                rows = connection.execution_options(stream_results=True).execute(
                    select(text(f'"{table}".*')).select_from(text(f'"{table}"'))
                )
                for _ in rows:
                    pass
        except DBAPIError as error:
            return " ".join(str(error.orig).split())
    return ""


def replace(database: Database, source: Path, *, aside: str | None = None) -> None:
    """Restore in one transaction: the old content stays unless the whole backup is restored.

    Args:
        database: the target.
        source: the backup.
        aside: the schema into which the old content moves; `None` deletes it.

    Raises:
        BackupError: a tool is missing or fails.
    """
    # The script is complete before any of it runs. Its file has no name, so no other user can open it.
    first = _EMPTY if aside is None else _ASIDE.format(schema=aside)
    with tempfile.TemporaryFile() as script:
        _run("pg_restore", None, "--no-owner", "--file=-", str(source), stdout=script)
        script.seek(0)
        once = ("--single-transaction", "--set=ON_ERROR_STOP=1", f"--command={first}", "--file=-")
        _run("psql", database, "--no-psqlrc", "--quiet", "--output=/dev/null", *once, stdin=script)


def _run(
    program: str,
    database: Database | None,
    *arguments: str,
    stdin: IO[bytes] | None = None,
    stdout: IO[bytes] | None = None,
) -> None:
    """Run one of PostgreSQL's programs, with a database if it needs one.

    Raises:
        BackupError: it is missing, or it fails; the text includes its own message.
    """
    if shutil.which(program) is None:
        raise BackupError(f"{program} is missing; install it with: apt-get install postgresql-client")
    done = subprocess.run(  # noqa: S603 -- PostgreSQL's own tool, no shell
        [program, *(_connection(database) if database else ()), *arguments],
        env=_environment(database) if database else None,
        stdin=stdin or subprocess.DEVNULL,
        stdout=stdout or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupError(f"{program} failed: {' '.join(done.stderr.split())}")


def _connection(database: Database) -> tuple[str, str]:
    address = driver_address(database.engine.url.set(password=None))
    return "--no-password", f"--dbname={address}"


def _environment(database: Database) -> dict[str, str] | None:
    """Pass the password in the environment: every user of the machine can read command lines."""
    password = database.engine.url.password
    return {**os.environ, "PGPASSWORD": password} if password else None
