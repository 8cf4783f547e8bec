"""What a power cut left of the last transaction in the log.

SQLite drops a transaction that is not whole. No screen has said that it was recorded; but where its entry can
be read, the entry is kept: it is what the pupil has chosen.
"""

from datetime import datetime

import structlog
from sqlite_utils import Database

from kiosk.journal.damage.image import JournalFiles
from kiosk.journal.damage.rebuild import insert_entry
from kiosk.journal.damage.rows import saved_entry
from kiosk.journal.transactions import transaction

log = structlog.get_logger()


def complete_last_transaction(db: Database, files: JournalFiles, now: datetime) -> None:
    """Store an entry of the last transaction that can be read and is not in the journal.

    Args:
        db: the open journal.
        files: its files, as they were before it was opened.
        now: the current instant (aware, UTC).
    """
    [last_seq] = db.execute("SELECT last_seq FROM counter").fetchone()
    for row in files.unseen:
        entry = saved_entry(row, files.numbers, now)
        if entry is not None and entry.seq > last_seq:
            with transaction(db):
                insert_entry(db, entry)
                db.execute("UPDATE counter SET last_seq = ?", [entry.seq])
                db.execute("DELETE FROM taps WHERE id = ?", [entry.id])
            log.warning("journal.entry_completed", seq=entry.seq)
