"""The requests for release that wait, as text. Called on the writer thread, which owns the connection."""

from uuid import UUID

from sqlite_utils import Database


def keep(db: Database, request: UUID, text: str) -> None:
    """Keep or replace a request."""
    with db.atomic():
        db.execute("INSERT OR REPLACE INTO requests VALUES (?, ?)", [str(request), text])


def forget(db: Database, request: UUID) -> None:
    """Delete a request."""
    with db.atomic():
        db.execute("DELETE FROM requests WHERE id = ?", [str(request)])


def kept(db: Database) -> list[str]:
    """All requests, the oldest first: their ids are UUIDv7."""
    return [text for (text,) in db.execute("SELECT body FROM requests ORDER BY id")]
