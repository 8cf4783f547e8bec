"""The journal's open file. For the writer thread only."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import structlog
from sqlite_utils import Database

from kiosk.disk_faults import DiskFault, fault_of, has_room
from kiosk.disk_key import DiskKey
from kiosk.errors import DiskKeyError
from kiosk.journal.connection import DATABASE_ERRORS, connect
from kiosk.journal.damage.check import is_damage
from kiosk.journal.damage.files import read_bytes, wal_of
from kiosk.journal.damage.page_cipher import plain_image
from kiosk.journal.damage.scratch import IN_MEMORY, scratch_folder
from kiosk.journal.opening import open_file
from kiosk.journal.reads import DamagedRowsError

log = structlog.get_logger()

ResultT = TypeVar("ResultT")


class JournalFile:
    """Opens the file, saves it when damage shows, and reads it from memory while the disk is full.

    Args:
        path: the file; it is created if missing.
        now: the current instant (aware, UTC).
        key: the key of an encrypted journal.

    Raises:
        DiskKeyError: it was encrypted with another key.
        sqlite3.Error, OSError: the file cannot be opened or created.
    """

    def __init__(self, path: Path, now: Callable[[], datetime], key: DiskKey | None = None) -> None:
        self._path = path
        self._key = key
        self._now = now
        self._full: Exception | None = None
        """Why the file could not be opened: the disk is full, and `db` is a copy in memory."""
        try:
            self.db = open_file(path, now(), key)
        except (sqlite3.Error, OSError) as error:
            if fault_of(error, path.parent) is not DiskFault.FULL:
                raise
            self.db = self._copy_in_memory(error)
            self._full = error

    @property
    def is_in_memory(self) -> bool:
        """Whether the file could not be opened, because the disk was full, and is read from memory."""
        return self._full is not None

    def read(self, work: Callable[[Database], ResultT]) -> ResultT:
        """What the work reads. When it shows damage, that is saved first."""
        try:
            return work(self.db)
        except DamagedRowsError as error:
            if self._save(error):
                return self.read(work)
            return error.sound_rows  # type: ignore[return-value]
        except DATABASE_ERRORS as error:
            if is_damage(error) and self._save(error):
                return work(self.db)
            raise

    def write(self, work: Callable[[Database], ResultT]) -> ResultT:
        """What the work returns, once it is on the disk.

        Raises:
            sqlite3.Error, OSError: the disk does not take it.
        """
        if self._full is not None:
            self._open_again(self._full)
        try:
            return work(self.db)
        except DATABASE_ERRORS as error:
            if is_damage(error) and self._save(error):
                return work(self.db)
            raise

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def _save(self, shown: Exception) -> bool:
        """Save what can be read of the file into a new one; returns whether that was done."""
        if self._full is not None:
            return False
        log.error("journal.damage_seen", error=type(shown).__name__)
        try:
            self.db.close()
        except DATABASE_ERRORS as error:  # the damage may show here, too
            log.error("journal.not_closed", error=type(error).__name__)
        try:
            self.db = open_file(self._path, self._now(), self._key)
        except (*DATABASE_ERRORS, OSError, DiskKeyError) as error:
            # No room for a new file now, or no page is left that shows its key: go on with what is readable.
            log.error("journal.not_saved", error=type(error).__name__)
            self.db = Database(connect(self._path, self._key))
            self.db.execute("PRAGMA synchronous = FULL")
            return False
        return True

    def _copy_in_memory(self, cause: Exception) -> Database:
        """The journal's contents in memory, saved from damage if need be."""
        if not IN_MEMORY.is_dir():
            raise cause
        with scratch_folder(self._path) as folder:
            copy = folder / self._path.name
            for of in (lambda path: path, wal_of):
                if of(self._path).exists():
                    of(copy).write_bytes(read_bytes(of(self._path)))
            open_file(copy, self._now(), self._key).close()  # which writes the log into the database
            memory = Database(connect(Path(":memory:")))
            memory.conn.deserialize(plain_image(copy, self._key))
        log.error("journal.disk_full", folder=str(self._path.parent))
        return memory

    def _open_again(self, cause: Exception) -> None:
        """Open the file if there is room again.

        Raises:
            Exception: why it could not be opened at first; there is still no room.
        """
        if not has_room(self._path.parent):
            raise cause
        opened = open_file(self._path, self._now(), self._key)
        self.db.close()
        self.db, self._full = opened, None
        log.info("journal.opened")
