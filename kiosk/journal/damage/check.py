"""Finds out whether a journal is as it was written: its structure, its numbers and every row."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from kiosk.disk_key import DiskKey
from kiosk.journal.connection import DATABASE_ERRORS, connect
from kiosk.journal.damage.reading import COLUMNS
from kiosk.journal.damage.small_tables import SEALED
from kiosk.journal.seals import is_intact

DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
READ_FAILED = (
    sqlite3.SQLITE_IOERR_READ,
    sqlite3.SQLITE_IOERR_SHORT_READ,
    sqlite3.SQLITE_IOERR_CORRUPTFS,
    sqlite3.SQLITE_IOERR,
)
"""The disk cannot give a page back: the rest of the file may be readable. The last is all that SQLCipher
says, also of a write that failed; what follows opens the file again, and changes nothing of a sound one."""


REPEATED = {"id", "date", "corrects", "voids", "doubted_in"}
"""The columns of an entry that repeat a part of its text."""


def is_damage(error: BaseException) -> bool:
    """Whether an error of the database says that its file is damaged, not that it cannot be used now."""
    if isinstance(error, UnicodeDecodeError):  # the message of an error quotes the damaged schema
        return True
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in DAMAGE or code in READ_FAILED


def is_sound(path: Path, key: DiskKey | None = None) -> bool:
    """Whether nothing in the file has changed since it was written.

    `PRAGMA quick_check` would not look at indexes, and neither it nor `integrity_check` at what a text says.

    Raises:
        sqlite3.Error, OSError: the file cannot be checked (locked, no permission, no disk).
    """
    if path.stat().st_size == 0:
        return False
    try:
        with closing(connect(path, key)) as connection:
            if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                return False
            connection.text_factory = bytes
            tables = {name.decode() for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if "entries" not in tables or "counter" not in tables:
                return False
            if "damaged_rows" not in tables:
                return _rows_of_older_version_are_readable(connection)
            return _numbers_fit(connection) and _rows_are_sealed(connection)
    except DATABASE_ERRORS as error:
        if is_damage(error):
            return False
        raise


def _rows_of_older_version_are_readable(connection: sqlite3.Connection) -> bool:
    rows = connection.execute("SELECT body FROM entries WHERE state IN ('waiting', 'rejected')")
    return all(_is_json(body) for (body,) in rows)


def _numbers_fit(connection: sqlite3.Connection) -> bool:
    """Whether the counter is the highest number that was used, and both copies of the journal's number are
    alike."""
    counter = connection.execute("SELECT last_seq, accounted, journal FROM counter").fetchall()
    if len(counter) != 1:
        return False
    [(last_seq, accounted, journal)] = counter
    [highest] = connection.execute("SELECT coalesce(max(seq), 0) FROM entries").fetchone()
    [copy] = connection.execute("PRAGMA application_id").fetchone()
    return bool(last_seq == max(highest, accounted) and journal == copy)


def _rows_are_sealed(connection: sqlite3.Connection) -> bool:
    [journal] = connection.execute("SELECT journal FROM counter").fetchone()
    columns = {name.decode() for _, name, *_ in connection.execute("PRAGMA table_info(entries)")}
    parts = " OR ".join(f"instr(body, {name}) = 0" for name in sorted(REPEATED & columns))
    if connection.execute(f"SELECT 1 FROM entries WHERE seal IS NOT NULL AND ({parts})").fetchone():  # noqa: S608
        return False
    for body, sealed in connection.execute("SELECT body, seal FROM entries"):
        if not (is_intact(sealed, journal, body) and (sealed is not None or _is_json(body))):
            return False
    for table, sealed_columns in SEALED.items():
        names = ", ".join(f'"{name}"' for name in COLUMNS[table])
        for *columns, sealed in connection.execute(f"SELECT {names} FROM {table}"):  # noqa: S608
            if not is_intact(sealed, journal, *sealed_columns(tuple(columns))):
                return False
    return True


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body.decode("utf-8"))
    except ValueError:
        return False
    return True
