"""Copies of the register's database in one file, and back.

SQLite's is made with its backup API while the register runs; it is a SQLite file itself. PostgreSQL's is
made with its own `pg_dump`, and read back with `pg_restore`.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect

from sync.register.storage.database import Database
from sync.register.storage.engine import driver_address


class BackupError(RuntimeError):
    """A backup that cannot be made or read back; the text says why and what to do."""


def backup(database: Database, to: Path) -> None:
    """Write the database to a new file, readable by nobody else: pupils' names are in it.

    Raises:
        BackupError: the file is there already or cannot be written, or the database's tool fails.
    """
    beside = to.with_name(to.name + ".part")  # half a backup must never look like one
    if to.exists():
        raise BackupError(f"{to} is there already; choose another name")
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


def restore(database: Database, source: Path, *, force: bool) -> None:
    """Put a backup in the place of the database. Stop the register first.

    Args:
        database: where to; it is brought to this version's form afterwards.
        source: a backup of the same kind of database.
        force: also where there is something already; that is lost.

    Raises:
        BackupError: the file is no backup of this kind, or the database is not empty and `force` not given.
    """
    if not source.is_file():
        raise BackupError(f"there is no file {source}")
    if not force and inspect(database.engine).get_table_names():
        raise BackupError("this database is not empty; --force puts the backup in its place, and it is lost")
    if database.file is not None:
        _check_sqlite(source)
        _copy(source, database.file)
    else:
        if source.read_bytes()[:5] != b"PGDMP":
            raise BackupError(f"{source} is not a backup of a PostgreSQL register")
        _run(
            "pg_restore",
            database,
            "--clean",
            "--if-exists",
            "--no-owner",
            "--single-transaction",
            str(source),
        )
    database.migrate()


def _copy(source: Path, target: Path) -> None:
    """By SQLite's backup API: one consistent state, whoever writes meanwhile."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def _check_sqlite(source: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as connection:
            (said,) = connection.execute("PRAGMA quick_check").fetchone()
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{source} is not a backup of a SQLite register: {error}") from error
    if said != "ok":
        raise BackupError(f"{source} is damaged: {said}")


def _run(program: str, database: Database, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise BackupError(f"{program} is missing; install it with: apt-get install postgresql-client")
    url = database.engine.url
    # The password goes by the environment: a command line can be read by everybody on the machine.
    address = driver_address(url.set(password=None))
    environ = {**os.environ, "PGPASSWORD": url.password} if url.password else None
    done = subprocess.run(  # noqa: S603 -- PostgreSQL's own tool, no shell
        [program, "--no-password", f"--dbname={address}", *arguments],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupError(f"{program} failed: {' '.join(done.stderr.split())}")
