"""Backups of the register's database in one file, and restoring them.

SQLite's are made with its backup API while the register runs, and are SQLite files themselves. PostgreSQL's
are made with its own `pg_dump`, and restored with `pg_restore` and `psql`.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from sync.register.backups import postgres_tools, sqlite_files
from sync.register.backups.missing import contents, contents_of_file, missing
from sync.register.errors import BackupError, DatabaseError
from sync.register.server.upgrade import bring_up_to_date
from sync.register.storage.database import Database

NOT_EMPTY = "this database is not empty; --force replaces it by the backup and keeps a copy of its content"


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """The result of a restore."""

    kept: str | None
    """Where the previous content is; `None` when there was none."""
    damage: str
    """What was damaged in the previous content; empty if nothing was."""
    missing: tuple[str, ...]
    """What the register lacks now, a sentence each."""


def backup(database: Database, to: Path) -> None:
    """Write the database to a new file that only this user can read: it contains pupils' names.

    The database is copied as it is, without migrating it, so that a backup before an update changes nothing.

    Raises:
        BackupError: the file exists or cannot be written, the database is empty or damaged, or its tool
            fails.
    """
    beside = to.with_name(to.name + ".part")  # an incomplete backup must never look like one
    if to.exists():
        raise BackupError(f"{to} exists already; choose another name")
    _require_content(database)
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        if database.file is not None:
            _copy_sqlite(database.file, beside)
        else:
            postgres_tools.dump(database, beside)
        sqlite_files.sync(beside)
        beside.rename(to)
        sqlite_files.sync(to)
    except OSError as error:
        raise BackupError(f"{to} cannot be written: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)


def restore(database: Database, source: Path, *, force: bool, now: datetime) -> RestoreResult:
    """Replace the database by a backup. No register may be running on it.

    The current content is never lost, even if it is damaged: it is first kept under a name with the time. The
    backup is copied, checked and migrated beside the database and takes its place at the end; interrupted at
    any step, the restore can be repeated.

    Args:
        database: the target.
        source: a backup of the same kind of database.
        force: replace a database that is not empty.
        now: the instant, UTC.

    Raises:
        BackupError: the file is not a backup of this kind or is damaged, the database is not empty and
            `force` not given, or its content cannot be kept.
        DatabaseError: a register is running on it, or a newer Latebook made the backup.
    """
    if not source.is_file():
        raise BackupError(f"there is no file {source}")
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    with database.replacing():
        if database.file is not None:
            return _restore_sqlite(database, database.file, source, force=force, stamp=stamp)
        restored = _restore_postgres(database, source, force=force, stamp=stamp)
    bring_up_to_date(database)
    return restored


# --- SQLite --------------------------------------------------------------------------------------


def _restore_sqlite(
    database: Database, file: Path, source: Path, *, force: bool, stamp: str
) -> RestoreResult:
    with _staged(source, file.with_name(file.name + ".restoring")) as staged:
        damage = sqlite_files.faults(file) if sqlite_files.has_content(file) else ""
        empty = not damage and _is_empty(file)
        if not (empty or force):
            raise BackupError(
                f"this database is damaged ({damage}); --force puts its file aside and restores the backup"
                if damage
                else NOT_EMPTY
            )
        kept = file.with_name(f"{file.stem}-replaced-{stamp}{file.suffix}")
        before = contents_of_file(file)
        after = contents_of_file(staged)
        try:
            if damage:
                sqlite_files.put_aside(file, kept)
            elif not empty:
                backup(database, kept)
                database.engine.dispose()
                sqlite_files.fold(file)
            database.engine.dispose()
            sqlite_files.swap(staged, file)
        except (OSError, sqlite3.Error) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise BackupError(f"the database {file} cannot be replaced: {why}") from error
    return RestoreResult(None if empty else str(kept), damage, () if empty else tuple(missing(before, after)))


@contextmanager
def _staged(source: Path, copy: Path) -> Iterator[Path]:
    """A checked and migrated copy of a backup, deleted at the end unless it has been moved."""
    if copy.is_dir():
        raise BackupError(
            f"the backup is copied to {copy} first, and there is a folder of that name; remove it"
        )
    try:
        try:
            sqlite_files.stage(source, copy)
            _require_register(copy)
        except OSError as error:
            raise BackupError(f"{source} cannot be copied beside the database: {error.strerror}") from error
        except sqlite3.Error as error:
            raise BackupError(f"{source} is not a backup of a SQLite register: {error}") from error
        if found := sqlite_files.faults(copy):
            raise BackupError(f"{source} is damaged ({found}); restore an older backup")
        _migrate(copy, source)
        yield copy
    finally:
        sqlite_files.remove(copy)
        for suffix in (".lock", ".serving"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)


def _migrate(copy: Path, source: Path) -> None:
    database = Database(f"sqlite:///{copy}")
    try:
        bring_up_to_date(database)
    except DatabaseError as error:
        raise BackupError(f"{source} cannot be used: {str(error).replace(str(copy), source.name)}") from error
    finally:
        database.close()
    sqlite_files.fold(copy)


def _require_register(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("SELECT version_num FROM alembic_version").fetchone()


def _is_empty(file: Path) -> bool:
    with sqlite_files.reading(file) as connection:
        return not sqlite_files.tables(connection)


def _copy_sqlite(file: Path, to: Path) -> None:
    try:
        sqlite_files.copy_whole(file, to)
    except sqlite3.OperationalError as error:
        raise BackupError(f"{to} cannot be written: {error}") from error
    except sqlite3.Error as error:
        raise BackupError(_damaged(file, str(error))) from error
    if found := sqlite_files.faults(to):
        raise BackupError(_damaged(file, found))


def _damaged(file: Path, found: str) -> str:
    return (
        f"the database {file} is damaged ({found}), and a backup of it would be too; keep the earlier backups"
        " and restore the newest with: latebook register restore FILE --force"
    )


def _require_content(database: Database) -> None:
    try:
        empty = database.is_empty
    except DBAPIError as error:
        if database.file is None or not isinstance(error.orig, sqlite3.DatabaseError):
            raise
        raise BackupError(_damaged(database.file, str(error.orig))) from error
    if empty:
        raise BackupError("there is no register in this database; check [database] url")


# --- PostgreSQL ----------------------------------------------------------------------------------


def _restore_postgres(database: Database, source: Path, *, force: bool, stamp: str) -> RestoreResult:
    postgres_tools.check_is_dump(source)
    if database.is_empty:
        postgres_tools.replace(database, source)
        return RestoreResult(None, "", ())
    if not force:
        raise BackupError(NOT_EMPTY)
    before = contents(database)
    kept, schema = source.with_name(f"register-replaced-{stamp}"), f"replaced_{stamp.lower()}"
    damage = _keep_postgres(database, kept)
    postgres_tools.replace(database, source, aside=schema if damage else None)
    where = f"the database's schema {schema}" if damage else str(kept)
    return RestoreResult(where, damage, tuple(missing(before, contents(database))))


def _keep_postgres(database: Database, kept: Path) -> str:
    """Write the content to a file, unless it is damaged; returns what is damaged.

    Raises:
        BackupError: it is not damaged, and cannot be written.
    """
    try:
        backup(database, kept)
    except BackupError:
        if found := postgres_tools.faults(database):
            return found
        raise
    return ""
