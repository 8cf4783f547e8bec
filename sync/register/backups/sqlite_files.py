"""SQLite databases as files: copied, checked, put aside and swapped, so that a power cut at any step loses
nothing."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sync.register.errors import BackupError

WAL, SHARED_MEMORY, JOURNAL = "-wal", "-shm", "-journal"
"""The files that SQLite keeps beside a database in WAL mode. The first may hold committed content."""

MOST_FAULTS = 3
"""How many faults of a damaged database a message names."""


def copy_whole(source: Path, target: Path) -> None:
    """Copy a database that may be in use, with SQLite's backup API, into one file without a WAL.

    Raises:
        sqlite3.Error: the source is damaged, or the target cannot be written.
    """
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
        # The copy would be in WAL mode too, and whoever opens it would leave files beside it.
        other.execute("PRAGMA journal_mode=DELETE")


def stage(source: Path, target: Path) -> None:
    """Copy a backup, to be checked and restored from there: nothing is ever written beside the backup itself.

    If a WAL lies beside it, because the file of a database was copied instead of a backup made, its content
    is taken in.

    Raises:
        OSError: it cannot be read, or the copy not written.
        sqlite3.Error: it is not a database.
    """
    remove(target)
    for suffix in ("", WAL):
        if (part := _beside(source, suffix)).exists():
            shutil.copyfile(part, _beside(target, suffix))
    target.chmod(0o600)
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def faults(file: Path) -> str:
    """What is damaged in a database that no register serves, in a few words; empty if nothing is.

    SQLite's `integrity_check` looks at pages and indexes but not at what the texts contain, so every row is
    read, too.
    """
    try:
        with closing(_read_only(file)) as connection:
            found = [row for (row,) in connection.execute(f"PRAGMA integrity_check({MOST_FAULTS})")]
            if found != ["ok"]:
                return "; ".join(" ".join(str(each).split()) for each in found)
            for table in tables(connection):
                for _ in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 -- SQLite's own names
                    pass
    except sqlite3.OperationalError as error:
        # "Could not decode to UTF-8 column 'x' with text '…'": the text is a pupil's.
        return str(error).partition(" with text ")[0]
    except sqlite3.Error as error:
        return str(error)
    return ""


def tables(connection: sqlite3.Connection) -> list[str]:
    """The names of a database's tables."""
    return [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads, and takes texts as bytes, so that a damaged one is no obstacle."""
    with closing(_read_only(file)) as connection:
        connection.text_factory = bytes
        yield connection


def put_aside(file: Path, kept: Path) -> None:
    """Copy a damaged database byte for byte, with its logs, under another name; a folder is moved there.

    Raises:
        BackupError: there is a file of that name already.
        OSError: a copy cannot be written.
    """
    for suffix in ("", WAL, JOURNAL, SHARED_MEMORY):
        part, copy = _beside(file, suffix), _beside(kept, suffix)
        if not part.exists() or (suffix == SHARED_MEMORY and part.is_file()):
            continue
        if copy.exists():
            raise BackupError(f"{copy} exists already; move it to another folder")
        if part.is_dir():
            part.rename(copy)
            continue
        with part.open("rb") as reader, copy.open("xb") as writer:
            copy.chmod(0o600)
            shutil.copyfileobj(reader, writer)
            writer.flush()
            os.fsync(writer.fileno())
    _sync_folder(kept.parent)


def swap(staged: Path, file: Path) -> None:
    """Let a complete database take the place of another, whose content has been kept elsewhere.

    Raises:
        OSError: the folder cannot be written.
    """
    sync(staged)
    # The old logs first: SQLite would apply them to the new database.
    for suffix in (WAL, SHARED_MEMORY, JOURNAL):
        _beside(file, suffix).unlink(missing_ok=True)
    _sync_folder(file.parent)
    staged.replace(file)
    _sync_folder(file.parent)


def fold(file: Path) -> None:
    """Move the content of the WAL into the database itself.

    Raises:
        sqlite3.Error: it cannot be written.
    """
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def has_content(file: Path) -> bool:
    """Whether there is anything in a database's files."""
    return any(part.exists() and part.stat().st_size for part in (file, _beside(file, WAL)))


def remove(file: Path) -> None:
    """Delete an incomplete copy and what SQLite has written beside it."""
    for suffix in ("", WAL, SHARED_MEMORY, JOURNAL):
        _beside(file, suffix).unlink(missing_ok=True)


def sync(file: Path) -> None:
    """Force a complete file, and its name, onto the disk."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
    _sync_folder(file.parent)


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)
