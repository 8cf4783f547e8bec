"""What a journal has no answer for, or was refused: read from its file, also while a kiosk runs on it."""

from pathlib import Path
from typing import NamedTuple

from kiosk.journal.read_only import reading


class Queued(NamedTuple):
    """An entry that is `waiting` or `rejected`, as it is written down."""

    seq: int
    id: str
    state: str
    detail: str | None
    """Why it was rejected, as the register said it."""
    committed_at: str
    """UTC, ISO 8601."""
    body: str
    """The entry in JSON, exactly as it is sent."""


def queued(path: Path) -> list[Queued]:
    """The queue of a journal, oldest first; nothing is written.

    Raises:
        FileNotFoundError: there is no journal.
        sqlite3.Error, OSError: it cannot be read.
    """
    with reading(path) as connection:
        rows = connection.execute(
            "SELECT seq, id, state, detail, committed_at, body FROM entries"
            " WHERE state IN ('waiting', 'rejected') ORDER BY seq"
        )
        return [Queued(*row) for row in rows]
