"""Detects a damaged journal file and salvages the rows that can still be read.

The damaged file itself is set aside and never deleted, since more may be recovered from it later.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import structlog
from sqlite_utils import Database

from kiosk.pins import FREE_TRIES

log = structlog.get_logger()

_COLUMNS = (
    *("seq", "id", "date", "body", "state", "detail"),
    *("committed_at", "settled_at", "doubted_in", "corrects", "voids", "enrolment"),
)

_SMALL_TABLES = {
    "taps": ("id", "pupil", "at", "trust", "boot_id", "monotonic_ns", "unlisted", "brought_by"),
    "requests": ("id", "body"),
}
"""The columns of the tables that hold what is under way: taps that are no entries yet, and requests for
release with what the office has refused."""

Tries = tuple[int, int, str]
"""Number of wrong PINs, monotonic time of the last in nanoseconds, and its boot id."""

_LOCKED: Tries = (FREE_TRIES, 0, "")
"""Assumed when the tries cannot be read: enough to lock the pad, in an unknown boot. A damaged file must not
give new tries; the lock costs a member of staff some seconds."""


class SalvagedJournal(NamedTuple):
    """The contents that could be read from a damaged journal."""

    entries: list[tuple[object, ...]]
    last_seq: int
    pin_tries: Tries | None
    """`None` when no wrong PIN was recorded."""
    small: dict[str, list[tuple[object, ...]]]
    """The rows of `_SMALL_TABLES`, by table."""


def is_sound(path: Path) -> bool:
    """Whether SQLite's quick check finds no damage in the file.

    Raises:
        sqlite3.OperationalError: the file cannot be checked (locked, no permission, no disk).
    """
    try:
        with closing(sqlite3.connect(path)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.OperationalError:
        raise  # the file itself may be sound
    except sqlite3.DatabaseError:
        return False


def salvage(path: Path) -> SalvagedJournal:
    """Read what can still be read: entries, the last `seq` used, and the PIN tries."""
    entries: list[tuple[object, ...]] = []
    last_seq = 0
    with closing(sqlite3.connect(path)) as connection:
        try:
            # A file from an older version has fewer columns.
            existing = {row[1] for row in connection.execute("PRAGMA table_info(entries)")}
            columns = ", ".join(name if name in existing else "NULL" for name in _COLUMNS)
            for row in connection.execute(f"SELECT {columns} FROM entries ORDER BY seq"):  # noqa: S608  ours
                entries.append(row)
        except sqlite3.DatabaseError as error:
            log.error("journal.salvage_ended", entries=len(entries), error=type(error).__name__)
        try:
            [last_seq] = connection.execute("SELECT last_seq FROM counter").fetchone()
        except (sqlite3.DatabaseError, TypeError) as error:
            log.error("journal.salvage_ended", of="counter", error=type(error).__name__)
        tries = _pin_tries(connection)
        small = {table: _rows(connection, table) for table in _SMALL_TABLES}
    highest = max((int(str(row[0])) for row in entries), default=0)
    return SalvagedJournal(entries, max(last_seq, highest), tries, small)


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    """The rows of a small table that can still be read; none if the file is from a version without it."""
    rows: list[tuple[object, ...]] = []
    try:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone() is None:
            return []
        existing = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        columns = ", ".join(name if name in existing else "NULL" for name in _SMALL_TABLES[table])
        for row in connection.execute(f"SELECT {columns} FROM {table}"):  # noqa: S608  ours
            rows.append(row)
    except sqlite3.DatabaseError as error:
        log.error("journal.salvage_ended", of=table, rows=len(rows), error=type(error).__name__)
    return rows


def _pin_tries(connection: sqlite3.Connection) -> Tries | None:
    try:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if "entries" in tables and "pin_tries" not in tables:
            return None  # from a version without PINs
        row = connection.execute("SELECT wrong, at_ns, boot_id FROM pin_tries").fetchone()
    except sqlite3.DatabaseError as error:
        log.error("journal.salvage_ended", of="pin_tries", error=type(error).__name__)
        return _LOCKED
    return (row[0], row[1], row[2]) if row else None


def restore(db: Database, salvaged: SalvagedJournal) -> None:
    """Write the salvaged rows into a new journal, and continue `seq` after the last one used."""
    columns, places = ", ".join(_COLUMNS), ", ".join("?" for _ in _COLUMNS)
    with db.atomic():
        db.conn.executemany(f"INSERT INTO entries ({columns}) VALUES ({places})", salvaged.entries)  # noqa: S608
        db.execute("UPDATE counter SET last_seq = ?", [salvaged.last_seq])
        if salvaged.pin_tries is not None:
            db.execute("INSERT INTO pin_tries VALUES (1, ?, ?, ?)", salvaged.pin_tries)
        for table, rows in salvaged.small.items():
            names = ", ".join(_SMALL_TABLES[table])
            marks = ", ".join("?" for _ in _SMALL_TABLES[table])
            db.conn.executemany(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608  ours
    log.warning("journal.salvaged", entries=len(salvaged.entries), last_seq=salvaged.last_seq)
