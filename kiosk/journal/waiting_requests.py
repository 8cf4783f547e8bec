"""The requests for release that wait, as text. Called on the writer thread, which owns the connection."""

from uuid import UUID

from sqlite_utils import Database

from kiosk.journal.seals import seal
from kiosk.journal.transactions import number_of, transaction


def keep(db: Database, request: UUID, text: str) -> None:
    """Keep or replace a request."""
    columns = (str(request), text)
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO requests (id, body, seal) VALUES (?, ?, ?)",
            [*columns, seal(number_of(db), *columns)],
        )


def forget(db: Database, request: UUID) -> None:
    """Delete a request."""
    with transaction(db):
        db.execute("DELETE FROM requests WHERE id = ?", [str(request)])


def kept(db: Database) -> list[str]:
    """All requests, the oldest first: their ids are UUIDv7."""
    return [text for (text,) in db.execute("SELECT body FROM requests ORDER BY id")]
