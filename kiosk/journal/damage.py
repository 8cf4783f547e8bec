"""A journal file that is damaged: noticed, and whatever can still be read of it saved.

The damaged file itself is put aside and never deleted; somebody may read more from it one day.
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


Tries = tuple[int, int, str]
"""Wrong PINs, when the last was (monotonic, ns), and in which boot."""

_AS_IF_TRIED: Tries = (FREE_TRIES, 0, "")
"""Where it cannot be read how often a PIN was tried: as often as locks, in no boot that is known. A file that
somebody has damaged must not give them their tries back; a member of staff waits for some seconds."""


class Saved(NamedTuple):
    """What could be read."""

    entries: list[tuple[object, ...]]
    last_seq: int
    pin_tries: Tries | None
    """None: there were none."""


def is_sound(path: Path) -> bool:
    """Whether SQLite finds nothing wrong with the file.

    Raises:
        sqlite3.OperationalError: it cannot be looked at (locked, no permission, no disk).
    """
    try:
        with closing(sqlite3.connect(path)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.OperationalError:
        raise  # nothing is said of the file itself
    except sqlite3.DatabaseError:
        return False


def salvage(path: Path) -> Saved:
    """The entries that can still be read, the last number given and the PINs tried, as far as it is known."""
    entries: list[tuple[object, ...]] = []
    last_seq = 0
    with closing(sqlite3.connect(path)) as connection:
        try:
            # A file of an older version has fewer columns.
            there = {row[1] for row in connection.execute("PRAGMA table_info(entries)")}
            columns = ", ".join(name if name in there else "NULL" for name in _COLUMNS)
            for row in connection.execute(f"SELECT {columns} FROM entries ORDER BY seq"):  # noqa: S608  ours
                entries.append(row)
        except sqlite3.DatabaseError as error:
            log.error("journal.salvage_ended", entries=len(entries), error=type(error).__name__)
        try:
            [last_seq] = connection.execute("SELECT last_seq FROM counter").fetchone()
        except (sqlite3.DatabaseError, TypeError) as error:
            log.error("journal.salvage_ended", of="counter", error=type(error).__name__)
        tries = _pin_tries(connection)
    highest = max((int(str(row[0])) for row in entries), default=0)
    return Saved(entries, max(last_seq, highest), tries)


def _pin_tries(connection: sqlite3.Connection) -> Tries | None:
    try:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if "entries" in tables and "pin_tries" not in tables:
            return None  # of a version that knew no PINs
        row = connection.execute("SELECT wrong, at_ns, boot_id FROM pin_tries").fetchone()
    except sqlite3.DatabaseError as error:
        log.error("journal.salvage_ended", of="pin_tries", error=type(error).__name__)
        return _AS_IF_TRIED
    return (row[0], row[1], row[2]) if row else None


def restore(db: Database, saved: Saved) -> None:
    """Put what was saved into a new journal, and go on counting where the old one stopped."""
    columns, places = ", ".join(_COLUMNS), ", ".join("?" for _ in _COLUMNS)
    with db.atomic():
        db.conn.executemany(f"INSERT INTO entries ({columns}) VALUES ({places})", saved.entries)  # noqa: S608
        db.execute("UPDATE counter SET last_seq = ?", [saved.last_seq])
        if saved.pin_tries is not None:
            db.execute("INSERT INTO pin_tries VALUES (1, ?, ?, ?)", saved.pin_tries)
    log.warning("journal.salvaged", entries=len(saved.entries), last_seq=saved.last_seq)
