"""Opens a journal's file, whatever state it is in: completes what was interrupted, saves what is damaged."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlite_utils import Database

from kiosk.disk_key import DiskKey
from kiosk.journal.connection import connect
from kiosk.journal.damage.check import is_sound
from kiosk.journal.damage.collect import SavedJournal, collect
from kiosk.journal.damage.files import journal_of, new_of, shm_of, sync_file, wal_of
from kiosk.journal.damage.identity import WalOwner
from kiosk.journal.damage.image import read_files
from kiosk.journal.damage.page_cipher import check_key
from kiosk.journal.damage.rebuild import rebuild
from kiosk.journal.damage.swap import (
    begin,
    name_for_damaged,
    put_foreign_aside,
    put_other_things_aside,
    resume,
    swap,
)
from kiosk.journal.least_data import drop_contacts
from kiosk.journal.schema import migrations
from kiosk.journal.told import Salvage, few_runs, note_salvage
from kiosk.journal.transactions import transaction

log = structlog.get_logger()


def open_file(path: Path, now: datetime, key: DiskKey | None = None) -> Database:
    """Open a journal's file, and create it if there is none.

    A damaged file, and what is no file, is put aside and never deleted; what can be read of a file is in the
    one that takes its place.

    Args:
        path: the file.
        now: the current instant (aware, UTC).
        key: the key of an encrypted journal.

    Raises:
        DiskKeyError: the file was encrypted with another key; nothing was changed.
        sqlite3.Error, OSError: the file cannot be opened, or what is damaged cannot be saved now. Nothing is
            lost by that: the next call tries again.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    foreign = put_other_things_aside(path, _stamp(now))
    for part in (path, wal_of(path), shm_of(path)):
        if part.exists():
            part.chmod(0o600)
    if key is not None:
        check_key(path, key)
    if resume(path):
        log.warning("journal.salvage_resumed")
    if journal_of(path).exists():  # which a journal never has; SQLite would write its pages over this one's
        foreign = put_foreign_aside(path, journal_of(path), _stamp(now))
    files = read_files(path, key) if wal_of(path).exists() else None
    if files is not None and files.owner is WalOwner.FOREIGN:
        foreign = put_foreign_aside(path, wal_of(path), _stamp(now))
    elif files is not None and files.is_log_hidden:
        _save(path, now, key, is_torn=files.is_torn)
    if not path.exists():
        _create(path, key)
    elif not is_sound(path, key):
        _save(path, now, key)
    db = open_sound(path, key)
    if foreign is not None:
        log.error("journal.foreign_file", put_aside=foreign)
        with transaction(db):
            note_salvage(db, Salvage(now, foreign, saved=0, unreadable=0, missing=()))
    return db


def _create(path: Path, key: DiskKey | None) -> None:
    """Create an empty journal. It is whole as soon as it has its name."""
    new = new_of(path)
    for part in (new, journal_of(new)):
        part.unlink(missing_ok=True)
    new.touch(mode=0o600)
    with closing(Database(connect(new, key))) as db:
        migrations.apply(db)
    sync_file(new)
    new.rename(path)
    sync_file(path.parent)


def open_sound(path: Path, key: DiskKey | None = None) -> Database:
    """Open the file as it is.

    Raises:
        sqlite3.Error, OSError: the file cannot be opened.
    """
    path.chmod(0o600)  # SQLite gives -wal and -shm the mode of this file
    db = Database(connect(path, key))
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten with zeros
        migrations.apply(db)
        drop_contacts(db)
        # From here on the database has its number and mark, by which its log is known.
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except BaseException:
        db.close()
        raise
    return db


def _save(path: Path, now: datetime, key: DiskKey | None, *, is_torn: bool = False) -> None:
    """Save what can be read, and put the files aside.

    Args:
        path: the journal.
        now: the current instant (aware, UTC).
        key: the key of an encrypted journal.
        is_torn: whether nothing is damaged, and only the last transaction was being written when the power
            was cut; then nothing has to be told unless something is missing after all.
    """
    saved = collect(path, now, key)
    aside = name_for_damaged(path, _stamp(now))
    salvage = Salvage(
        at=now,
        put_aside=aside.name,
        saved=len(saved.entries),
        unreadable=len(saved.damaged) + len(saved.small.damaged),
        missing=few_runs(saved.missing),
    )
    is_told = not is_torn or bool(salvage.missing) or salvage.unreadable > 0
    rebuild(begin(aside), saved, salvage if is_told else None, key)
    swap(path, aside)
    if is_told:
        _tell(saved, salvage)
    else:
        log.warning("journal.last_transaction_completed", last_seq=saved.last_seq)


def _tell(saved: SavedJournal, salvage: Salvage) -> None:
    unsent = sum(entry.is_unsent for entry in saved.entries.values())
    log.error(
        "journal.damaged",
        put_aside=salvage.put_aside,
        saved=salvage.saved,
        unsent=unsent,
        unreadable=salvage.unreadable,
        missing=[list(run) for run in salvage.missing],
    )


def _stamp(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
