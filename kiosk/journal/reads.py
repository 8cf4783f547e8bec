"""What is read from the journal's tables. Called on the writer thread, which owns the connection."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlite_utils import Database

from hardware.clock.clock import WRONGLY_AHEAD, KnownTime
from sync.wire import Bundle, Entry, QueueState

log = structlog.get_logger()


class Recorded(NamedTuple):
    """An entry as the journal has it. `state` is `waiting`, `accepted`, `review` or `rejected`."""

    entry: Entry
    state: str
    detail: str | None


class Unanswered(NamedTuple):
    """Entries that the register has not answered for or could not take, the newest first."""

    records: list[Recorded]
    total: int
    """How many there are, listed or not."""
    undone: frozenset[UUID]
    """Which entries of the journal have been taken back."""


@dataclass(frozen=True, slots=True)
class KeptBundle:
    """The school as it was last received, and the tag that the register gave it."""

    bundle: Bundle
    etag: str


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How much waits to be answered for, and the last number given."""

    queue: QueueState
    last_seq: int


def state(db: Database) -> OutboxState:
    """How the outbox stands."""
    waiting, dead = db.execute(
        "SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'rejected')"
        " FROM entries WHERE state IN ('waiting', 'rejected')"
    ).fetchone()
    oldest = db.execute("SELECT body FROM entries WHERE state = 'waiting' ORDER BY seq LIMIT 1").fetchone()
    [last_seq] = db.execute("SELECT last_seq FROM counter").fetchone()
    first = _readable(oldest[0]) if oldest else None
    oldest_at = first.at if first else None
    return OutboxState(QueueState(waiting=waiting, oldest_at=oldest_at, dead=dead), last_seq)


def waiting(db: Database, limit: int) -> list[tuple[str, str]]:
    """The entries that the register has not answered for as (id, JSON), oldest first."""
    return db.execute(
        "SELECT id, body FROM entries WHERE state = 'waiting' ORDER BY seq LIMIT ?", [limit]
    ).fetchall()


def unanswered(db: Database, other_than: str, limit: int) -> Unanswered:
    """What is `waiting` or `rejected`, of any school date but that one; voids are not among them."""
    where = "state IN ('waiting', 'rejected') AND voids IS NULL AND date <> ?"
    [total] = db.execute(f"SELECT count(*) FROM entries WHERE {where}", [other_than]).fetchone()  # noqa: S608
    voids = db.execute("SELECT voids FROM entries WHERE voids IS NOT NULL")
    undone = frozenset(UUID(entry) for (entry,) in voids)
    newest = f"seq IN (SELECT seq FROM entries WHERE {where} ORDER BY seq DESC LIMIT {limit:d})"  # noqa: S608
    return Unanswered(recorded(db, newest, other_than)[::-1], total, undone)


def one(db: Database, entry: UUID) -> Recorded | None:
    """One entry by its id."""
    return next(iter(recorded(db, "id = ?", str(entry))), None)


def recorded(db: Database, where: str, value: str | int) -> list[Recorded]:
    """The entries that a condition (ours, never typed by anybody) picks by a value, in order."""
    rows = db.execute(
        f"SELECT body, state, detail FROM entries WHERE {where} ORDER BY seq",  # noqa: S608  ours, no input
        [value],
    )
    return [
        Recorded(entry, state, detail)
        for body, state, detail in rows
        if (entry := _readable(body)) is not None
    ]


def _readable(body: str) -> Entry | None:
    """The entry, or None (and a line in the log) for one that a later or earlier version wrote otherwise.

    It stays in the journal and in the queue as it is: the register reads what this version cannot.
    """
    try:
        return Entry.model_validate_json(body)
    except ValueError:
        log.error("journal.unreadable_entry")
        return None


def doubted(db: Database, boot_id: str) -> list[Entry]:
    """The entries of that boot whose time is still to be set right, in order."""
    rows = db.execute(
        "SELECT body FROM entries WHERE doubted_in = ?"
        " AND id NOT IN (SELECT corrects FROM entries WHERE corrects IS NOT NULL)"
        " AND id NOT IN (SELECT voids FROM entries WHERE voids IS NOT NULL) ORDER BY seq",
        [boot_id],
    )
    return [entry for (body,) in rows if (entry := _readable(body)) is not None]


def newest_trusted(db: Database) -> datetime | None:
    """The latest instant (UTC) of an entry whose time was trusted (see `Journal.newest_trusted`)."""
    # A correction is of an instant before it was made: nothing follows from the place where it stands.
    rows = db.execute(
        "SELECT body FROM entries WHERE doubted_in IS NULL AND corrects IS NULL AND voids IS NULL"
        " ORDER BY seq DESC LIMIT 20"
    )
    newest: datetime | None = None
    for (body,) in rows:
        entry = _readable(body)
        if entry is not None and (newest is None or newest < entry.at <= newest + WRONGLY_AHEAD):
            newest = entry.at
    return newest


def known_time(db: Database) -> KnownTime | None:
    """When the clock was last known to be right."""
    row = db.execute("SELECT at, monotonic_ns, boot_id FROM known_time").fetchone()
    return KnownTime(datetime.fromisoformat(row[0]), row[1], row[2]) if row else None


def bundle(db: Database) -> KeptBundle | None:
    """The school as last received."""
    row = db.execute("SELECT body, etag FROM bundle").fetchone()
    if row is None:
        return None
    try:
        return KeptBundle(Bundle.model_validate_json(row[0]), row[1])
    except ValueError:
        log.error("journal.unreadable_bundle")  # of another version: the register is asked for a new one
        return None


def pin_tries(db: Database) -> tuple[int, int, str] | None:
    """Wrong PINs since the last right one, when the last was (monotonic, ns), and in which boot."""
    row = db.execute("SELECT wrong, at_ns, boot_id FROM pin_tries").fetchone()
    return (row[0], row[1], row[2]) if row else None
