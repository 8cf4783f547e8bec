"""Turns a plain journal into an encrypted one, so that an interruption at any step loses nothing.

The encrypted file is built beside the plain one, compared with it row by row, and forced to the disk before
it gets its name; only then does the plain one go. What was interrupted is completed by the next call.
"""

import sqlite3
from contextlib import closing
from datetime import datetime
from itertools import zip_longest
from pathlib import Path

from kiosk.disk_key import DiskKey
from kiosk.errors import DiskKeyError
from kiosk.journal.connection import connect
from kiosk.journal.damage.check import is_sound
from kiosk.journal.damage.files import journal_of, shm_of, sync_file, wal_of
from kiosk.journal.opening import open_file
from kiosk.journal.place import ENCRYPTED, PLAIN


def encrypt_journal(state: Path, key: DiskKey, now: datetime) -> int | None:
    """Encrypt the journal in a kiosk's folder. The kiosk does not run.

    Args:
        state: the kiosk's folder.
        key: the key.
        now: the current instant (aware, UTC), should the plain journal be damaged and saved first.

    Returns:
        The number of its entries; `None` if there is no plain journal.

    Raises:
        DiskKeyError: there is an encrypted journal, and it is not a copy of the plain one.
        sqlite3.Error, OSError: a file cannot be read or written. The plain journal is then still there.
    """
    plain, encrypted = state / PLAIN, state / ENCRYPTED
    if not plain.exists():
        return None
    open_file(plain, now).close()  # whatever state it is in; its log is then empty
    if not encrypted.exists():
        _build(plain, encrypted, key)
    elif not _is_copy(plain, encrypted, key):
        raise DiskKeyError(
            f"{plain} and {encrypted} are both there, and are not the same; move the one away that the kiosk"
            " does not use. Nothing was changed"
        )
    with closing(connect(encrypted, key)) as connection:
        [entries] = connection.execute("SELECT count(*) FROM entries").fetchone()
    for part in (wal_of(plain), shm_of(plain), plain):
        part.unlink(missing_ok=True)
    sync_file(state)
    return int(entries)


def plain_remains(state: Path) -> list[str]:
    """The names of other files with entries that are not encrypted: journals that were damaged."""
    return sorted(path.name for path in state.glob(f"{PLAIN}*"))


def _build(plain: Path, encrypted: Path, key: DiskKey) -> None:
    from kiosk.journal.encrypted_connection import export_encrypted  # a large library

    building = encrypted.with_name(f"{encrypted.name}.building")
    for part in (building, journal_of(building), wal_of(building), shm_of(building)):
        part.unlink(missing_ok=True)
    building.touch(mode=0o600)
    export_encrypted(plain, building, key)
    if not (is_sound(building, key) and _is_copy(plain, building, key)):
        raise OSError(f"{building} is not what was written; check the disk with: latebook doctor")
    sync_file(building)
    building.rename(encrypted)
    sync_file(encrypted.parent)


def _is_copy(plain: Path, encrypted: Path, key: DiskKey) -> bool:
    """Whether both have the same rows in the same tables."""
    with closing(connect(plain)) as one, closing(connect(encrypted, key)) as other:
        tables = _tables(one)
        if tables != _tables(other):
            return False
        return all(
            mine == its
            for table in tables
            for mine, its in zip_longest(
                *(each.execute(f'SELECT * FROM "{table}" ORDER BY rowid') for each in (one, other))  # noqa: S608
            )
        )


def _tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [name for (name,) in rows]
