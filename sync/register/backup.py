"""Backups of the register's database in one file, and restoring them.

SQLite's are made with its backup API while the register runs, and are SQLite files themselves. PostgreSQL's
are made with its own `pg_dump`, and restored with `pg_restore` and `psql`.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sync.register.errors import BackupError
from sync.register.server.upgrade import bring_up_to_date
from sync.register.storage.database import Database
from sync.register.storage.engine import driver_address

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


def backup(database: Database, to: Path) -> None:
    """Write the database to a new file that only this user can read: it contains pupils' names.

    The database is copied as it is, without migrating it, so that a backup before an update changes nothing.

    Raises:
        BackupError: the file exists or cannot be written, the database is empty, or its tool fails.
    """
    beside = to.with_name(to.name + ".part")  # an incomplete backup must never look like one
    if to.exists():
        raise BackupError(f"{to} exists already; choose another name")
    if database.is_empty:
        raise BackupError("there is no register in this database; check [database] url")
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        if database.file is not None:
            _copy(database.file, beside)
        else:
            _run("pg_dump", database, "--format=custom", "--no-owner", f"--file={beside}")
        beside.rename(to)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{to} cannot be written: {error}") from error
    finally:
        beside.unlink(missing_ok=True)


def restore(database: Database, source: Path, *, force: bool, now: datetime) -> Path | None:
    """Replace the database by a backup. No register may be running on it.

    The current content is never lost: it is first written to a file of its own, named after the time.

    Args:
        database: the target, which is migrated afterwards.
        source: a backup of the same kind of database.
        force: replace a database that is not empty.
        now: the instant, UTC.

    Returns:
        The file with the previous content: beside a SQLite database's file, or beside `source` for
            PostgreSQL. `None` when the database was empty.

    Raises:
        BackupError: the file is not a backup of this kind, or the database is not empty and `force` not
            given, or its content cannot be copied first.
        DatabaseError: a register is running on it.
    """
    _check(database, source)
    with database.replacing():
        empty = database.is_empty
        if not empty and not force:
            raise BackupError(
                "this database is not empty; --force replaces it by the backup and keeps a copy of its"
                " content"
            )
        kept = None if empty else _replaced_file(database, source, now)
        if kept is not None:
            backup(database, kept)
        _replace(database, source)
    bring_up_to_date(database)
    return kept


def _replaced_file(database: Database, source: Path, now: datetime) -> Path:
    """The file for the previous content, which the program never deletes: it may hold six years of marks."""
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if database.file is not None:
        return database.file.with_name(f"{database.file.stem}-replaced-{stamp}{database.file.suffix}")
    return source.with_name(f"register-replaced-{stamp}")


def _check(database: Database, source: Path) -> None:
    if not source.is_file():
        raise BackupError(f"there is no file {source}")
    if database.file is not None:
        _check_sqlite(source)
        return
    try:
        with source.open("rb") as file:
            begins = file.read(5)
    except OSError as error:
        raise BackupError(f"{source} cannot be read: {error.strerror}") from error
    if begins != b"PGDMP":
        raise BackupError(f"{source} is not a backup of a PostgreSQL register")


def _replace(database: Database, source: Path) -> None:
    if database.file is None:
        _replace_postgres(database, source)
        return
    try:
        _copy(source, database.file)
    except sqlite3.Error as error:  # SQLite does it in one transaction: the old content is intact
        raise BackupError(f"the database {database.file} cannot be written: {error}") from error


def _replace_postgres(database: Database, source: Path) -> None:
    """Restore in one transaction: the old content stays unless the whole backup is restored."""
    # The script is complete before any of it runs. Its file has no name, so no other user can open it.
    with tempfile.TemporaryFile() as script:
        _run("pg_restore", None, "--no-owner", "--file=-", str(source), stdout=script)
        script.seek(0)
        once = ("--single-transaction", "--set=ON_ERROR_STOP=1", f"--command={_EMPTY}", "--file=-")
        _run("psql", database, "--no-psqlrc", "--quiet", "--output=/dev/null", *once, stdin=script)


def _copy(source: Path, target: Path) -> None:
    """Copy with SQLite's backup API: a consistent state even while others write."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def _check_sqlite(source: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check").fetchone()
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{source} is not a backup of a SQLite register: {error}") from error
    if verdict != "ok":
        raise BackupError(f"{source} is damaged: {verdict}")


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
