"""Lists the entries that wait for the register or were rejected, also while a kiosk is running."""

from pathlib import Path
from typing import NamedTuple

from kiosk.disk_key import DiskKey
from kiosk.journal.read_only import open_read_only


class QueuedEntry(NamedTuple):
    """An entry that is `waiting` or `rejected`, as stored."""

    seq: int
    id: str
    state: str
    detail: str | None
    """The register's reason for rejecting it."""
    committed_at: str
    """UTC, ISO 8601."""
    body: str
    """The entry as JSON, exactly as sent to the register."""


def queued_entries(path: Path, key: DiskKey | None = None) -> list[QueuedEntry]:
    """The queue of a journal, oldest first. Does not write to the file.

    Raises:
        FileNotFoundError: there is no journal at the path.
        DiskKeyError: it was encrypted with another key.
        sqlite3.Error, OSError: the journal cannot be read.
    """
    with open_read_only(path, key) as connection:
        rows = connection.execute(
            "SELECT seq, id, state, detail, committed_at, body FROM entries"
            " WHERE state IN ('waiting', 'rejected') ORDER BY seq"
        )
        return [QueuedEntry(*row) for row in rows]
