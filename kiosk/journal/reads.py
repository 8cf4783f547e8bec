"""Queries of the journal's tables. Called on the writer thread, which owns the connection."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlite_utils import Database

from hardware.clock.clock import WRONGLY_AHEAD, KnownTime, Reading
from kiosk.journal.seals import is_intact
from kiosk.journal.transactions import number_of
from sync.wire import Bundle, Entry, QueueState, Unlisted

log = structlog.get_logger()


class JournalRecord(NamedTuple):
    """An entry with its state: `waiting`, `accepted`, `review` or `rejected`."""

    entry: Entry
    state: str
    detail: str | None
    """The register's remark, such as why it rejected the entry."""


class UnansweredEntries(NamedTuple):
    """Entries that the register has not answered, or has rejected, newest first."""

    records: list[JournalRecord]
    total: int
    """Number of such entries, listed or not."""
    undone: frozenset[UUID]
    """Ids of all entries in the journal that were voided."""


class StoredTap(NamedTuple):
    """A pupil's card, or a name that was typed and confirmed, that has not become an entry yet."""

    id: UUID
    """Also the id of the entry that it becomes."""
    pupil: str
    """The pupil's id."""
    reading: Reading
    """The clock at the card's first byte, or at the first touch."""
    unlisted: Unlisted | None = None
    """The name and form that the pupil typed, if they are not on the roster."""
    brought_by: str | None = None
    """The adult who brought the pupil, if any."""


@dataclass(frozen=True, slots=True)
class StoredBundle:
    """The bundle last received, with the register's ETag for it."""

    bundle: Bundle
    etag: str


@dataclass(frozen=True, slots=True)
class OutboxState:
    """The queue's length and age, and the last `seq` used."""

    queue: QueueState
    last_seq: int


class DamagedRowsError(Exception):
    """Some of the rows are not as they were written.

    Args:
        sound_rows: the others.
    """

    def __init__(self, sound_rows: list[tuple[str, str]]) -> None:
        super().__init__("rows of the journal are damaged")
        self.sound_rows = sound_rows


def state(db: Database) -> OutboxState:
    """The state of the outbox."""
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
    """The entries that the register has not answered, as (id, JSON), oldest first.

    Raises:
        DamagedRowsError: an entry's text is not as it was recorded. It never keeps the others back.
    """
    journal, damaged = number_of(db), False
    found: list[tuple[str, str]] = []
    rows = db.execute("SELECT id, body, seal FROM entries WHERE state = 'waiting' ORDER BY seq")
    for entry, body, sealed in rows:
        if len(found) == limit:
            break
        if is_intact(sealed, journal, body):
            found.append((entry, body))
        else:
            damaged = True
    rows.close()
    if damaged:
        raise DamagedRowsError(found)
    return found


def unanswered(db: Database, other_than: str, limit: int) -> UnansweredEntries:
    """The newest `limit` entries that are `waiting` or `rejected`, of any school date but one, without
    voids."""
    where = "state IN ('waiting', 'rejected') AND voids IS NULL AND date <> ?"
    [total] = db.execute(f"SELECT count(*) FROM entries WHERE {where}", [other_than]).fetchone()  # noqa: S608
    voids = db.execute("SELECT voids FROM entries WHERE voids IS NOT NULL")
    undone = frozenset(entry for (text,) in voids if (entry := _uuid(text)) is not None)
    newest = f"seq IN (SELECT seq FROM entries WHERE {where} ORDER BY seq DESC LIMIT {limit:d})"  # noqa: S608
    return UnansweredEntries(records(db, newest, other_than)[::-1], total, undone)


def by_id(db: Database, entry: UUID) -> JournalRecord | None:
    """The entry with this id, or `None`."""
    return next(iter(records(db, "id = ?", str(entry))), None)


def records(db: Database, where: str, value: str | int) -> list[JournalRecord]:
    """The entries that match a condition with one parameter, in order of `seq`.

    `where` is SQL from this package, never from input.
    """
    rows = db.execute(
        f"SELECT body, state, detail FROM entries WHERE {where} ORDER BY seq",  # noqa: S608  not from input
        [value],
    )
    return [
        JournalRecord(entry, state, detail)
        for body, state, detail in rows
        if (entry := _readable(body)) is not None
    ]


def _readable(body: str) -> Entry | None:
    """The entry; `None`, with a line in the log, when another version wrote it in an unknown form.

    Such an entry stays in the journal and in the queue, since the register can read it.
    """
    try:
        return Entry.model_validate_json(body)
    except ValueError:
        log.error("journal.unreadable_entry")
        return None


def untrusted_entries(db: Database, boot_id: str) -> list[Entry]:
    """The entries of one boot whose untrusted time has not been corrected, in order of `seq`."""
    rows = db.execute(
        "SELECT body FROM entries WHERE doubted_in = ?"
        " AND id NOT IN (SELECT corrects FROM entries WHERE corrects IS NOT NULL)"
        " AND id NOT IN (SELECT voids FROM entries WHERE voids IS NOT NULL) ORDER BY seq",
        [boot_id],
    )
    return [entry for (body,) in rows if (entry := _readable(body)) is not None]


def newest_trusted(db: Database) -> datetime | None:
    """The latest instant (UTC) of an entry whose time was trusted (see `Journal.newest_trusted`)."""
    # A correction records an earlier instant than the entries before it, so it is left out.
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
    """The instant at which the clock was last trusted; `None` also when the row cannot be read."""
    row = db.execute("SELECT at, monotonic_ns, boot_id FROM known_time").fetchone()
    at = _instant(row[0]) if row else None
    return KnownTime(at, row[1], row[2]) if at is not None else None


def taps(db: Database) -> list[StoredTap]:
    """The taps that have not become entries, oldest first. One that is not as it was written is left out, and
    stays in the file: whose it was cannot be trusted."""
    journal = number_of(db)
    rows = db.execute(
        "SELECT id, pupil, at, trust, boot_id, monotonic_ns, unlisted, brought_by, seal FROM taps"
        " ORDER BY rowid"
    )
    kept = []
    for *columns, sealed in rows:
        tap, pupil, at, trust, boot_id, monotonic_ns, unlisted, brought_by = columns
        entry, instant = _uuid(tap), _instant(at)
        if entry is None or instant is None or not is_intact(sealed, journal, *columns):
            log.error("journal.unreadable_tap")
            continue
        typed = _typed(unlisted) if unlisted else None
        kept.append(
            StoredTap(entry, pupil, Reading(instant, trust, boot_id, monotonic_ns), typed, brought_by)
        )
    return kept


def _typed(text: str) -> Unlisted | None:
    """The name that was typed; `None`, with a line in the log, when another version wrote it."""
    try:
        return Unlisted.model_validate_json(text)
    except ValueError:
        log.error("journal.unreadable_tap")
        return None


def bundle(db: Database) -> StoredBundle | None:
    """The bundle last received, or `None`."""
    row = db.execute("SELECT body, etag FROM bundle").fetchone()
    if row is None:
        return None
    try:
        return StoredBundle(Bundle.model_validate_json(row[0]), row[1])
    except ValueError:
        # Written by another version; a new bundle is requested from the register.
        log.error("journal.unreadable_bundle")
        return None


def pin_tries(db: Database) -> tuple[int, int, str] | None:
    """Number of wrong PINs since the last right one, monotonic time of the last (ns), and its boot id."""
    row = db.execute("SELECT wrong, at_ns, boot_id FROM pin_tries").fetchone()
    return (row[0], row[1], row[2]) if row else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _instant(text: str) -> datetime | None:
    """An aware instant; `None` if the text is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
