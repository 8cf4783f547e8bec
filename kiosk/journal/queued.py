"""What a journal has no answer for, or was refused: read from its file, also while a kiosk runs on it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple


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
        sqlite3.Error: it cannot be read.
    """
    if not path.exists():
        raise FileNotFoundError(path)
    with _reading(path) as connection:
        rows = connection.execute(
            "SELECT seq, id, state, detail, committed_at, body FROM entries"
            " WHERE state IN ('waiting', 'rejected') ORDER BY seq"
        )
        return [Queued(*row) for row in rows]


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that neither writes nor checkpoints: the journal has one writer, not this one."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        yield connection
