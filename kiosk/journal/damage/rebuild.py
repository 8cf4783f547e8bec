"""Writes what was saved of a damaged journal into a new file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import structlog
from sqlite_utils import Database

from kiosk.disk_key import DiskKey
from kiosk.journal.connection import connect
from kiosk.journal.damage.collect import SavedJournal
from kiosk.journal.damage.reading import COLUMNS
from kiosk.journal.damage.records import Value
from kiosk.journal.damage.rows import DamagedRow, row_data
from kiosk.journal.damage.small_tables import SEALED
from kiosk.journal.schema import migrations
from kiosk.journal.seals import seal
from kiosk.journal.told import Salvage, note_salvage
from kiosk.journal.transactions import transaction

log = structlog.get_logger()


def rebuild(target: Path, saved: SavedJournal, salvage: Salvage | None, key: DiskKey | None) -> None:
    """Write a new journal with everything that was saved. It is whole and on the disk when this returns.

    Args:
        target: a file that does not exist.
        saved: what was saved.
        salvage: what the staff and the office learn of it; `None` if there is nothing to tell.
        key: the key of an encrypted journal.

    Raises:
        sqlite3.Error, OSError: the file cannot be written.
    """
    target.touch(mode=0o600)
    with closing(Database(connect(target, key))) as db:
        db.execute("PRAGMA synchronous = EXTRA")
        migrations.apply(db)
        with transaction(db):
            number = _continue_counter(db, saved)
            for entry in saved.entries.values():
                _insert(db, "entries", entry, seal(number, entry.body))
            for table, rows in saved.small.rows.items():
                for columns in rows:
                    sealed = SEALED.get(table)
                    _insert(db, table, columns, seal(number, *sealed(columns)) if sealed else None)
            for row in (*saved.damaged, *saved.small.damaged):
                _keep_damaged(db, row)
            if salvage is not None:
                note_salvage(db, salvage)


def _continue_counter(db: Database, saved: SavedJournal) -> int:
    """Continue the old journal's numbers; returns the number by which it calls itself."""
    db.execute("UPDATE counter SET last_seq = ?1, accounted = ?1", [saved.last_seq])
    if saved.number is not None:
        db.execute("UPDATE counter SET journal = ?, mark = ?", [saved.number, saved.mark])
        db.execute(f"PRAGMA application_id = {saved.number:d}")
    [number] = db.execute("SELECT journal FROM counter").fetchone()
    return int(number)


def _insert(db: Database, table: str, columns: tuple[Value | str, ...], sealed: int | None) -> None:
    values = [*columns, sealed] if COLUMNS[table][-1] == "seal" else [*columns]
    names = ", ".join(f'"{name}"' for name in COLUMNS[table])
    marks = ", ".join("?" for _ in values)
    try:
        # Another version of the row that came first is the newer one.
        db.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608  ours
    except sqlite3.IntegrityError as error:
        log.error("journal.row_refused", table=table, error=type(error).__name__)
        _keep_damaged(db, DamagedRow(table, 0, row_data(columns)))


def _keep_damaged(db: Database, row: DamagedRow) -> None:
    db.execute("INSERT INTO damaged_rows (of, number, data) VALUES (?, ?, ?)", row)
