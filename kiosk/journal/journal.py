"""The journal: the one writer of what happened at this kiosk.

An entry is in the journal when the transaction that holds it is on the disk (WAL, synchronous=FULL), and
not before; only then does its future have a result. An entry and its place in the outbox are one row.
"""

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlite_utils import Database

from hardware.clock import KnownTime
from kiosk.journal.damage import is_sound, restore, salvage
from kiosk.journal.schema import migrations
from sync.wire import Bundle, Entry, EntryResult, QueueState, Status, Trust

log = structlog.get_logger()

KEEP_SETTLED = timedelta(days=7)
"""How long an entry stays here after the register has answered for it. The register keeps it six years."""

_STATE_OF = {
    Status.ACCEPTED: "accepted",
    Status.DUPLICATE: "accepted",
    Status.REVIEW: "review",
    Status.REJECTED: "rejected",
}


class Recorded(NamedTuple):
    """An entry as the journal has it. `state` is `waiting`, `accepted`, `review` or `rejected`."""

    entry: Entry
    state: str
    detail: str | None


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


class Journal:
    """The journal in one SQLite file. Every method hands its work to the writer thread and returns a future.

    Args:
        path: the file; made where there is none. One that is damaged is put aside, never deleted.
        now: the clock, for when an entry was committed and settled (UTC).

    Raises:
        sqlite3.Error, OSError: the file cannot be opened or made.
    """

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self.on_commit: Callable[[], None] = lambda: None
        """Called on the writer thread after each commit of an entry; hands over and returns."""
        self._path = path
        self._now = now
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        try:
            self._db = self._writer.submit(self._open).result()
        except BaseException:
            self._writer.shutdown()
            raise

    def commit(self, entry_with: Callable[[int], Entry]) -> Future[Entry]:
        """Commit the entry that `entry_with` makes of the next `seq`. The future is done after the commit."""
        commit = self._writer.submit(self._commit, entry_with)
        commit.add_done_callback(self._announce)
        return commit

    def waiting(self, limit: int) -> Future[list[tuple[str, str]]]:
        """The entries that the register has not answered for as (id, JSON), oldest first."""
        return self._writer.submit(_waiting, self._db, limit)

    def settle(self, results: Sequence[EntryResult]) -> Future[None]:
        """Note the register's answers. A rejected entry stays, visible, and is not sent again."""
        return self._writer.submit(self._settle, results)

    def state(self) -> Future[OutboxState]:
        """How the outbox stands."""
        return self._writer.submit(_state, self._db)

    def on(self, day: date) -> Future[list[Recorded]]:
        """What was entered for that school date, in order."""
        return self._writer.submit(_recorded, self._db, "date = ?", day.isoformat())

    def doubted(self, boot_id: str) -> Future[list[Entry]]:
        """The entries of that boot whose time was not trusted and has not been corrected, in order."""
        return self._writer.submit(_doubted, self._db, boot_id)

    def newest_trusted(self) -> Future[datetime | None]:
        """The latest instant (UTC) of an entry whose time was trusted; time before it is wrong."""
        return self._writer.submit(_newest_trusted, self._db)

    def keep_known_time(self, known: KnownTime) -> Future[None]:
        """Keep when the clock was last known to be right."""
        return self._writer.submit(self._keep_known_time, known)

    def forget_known_time(self) -> Future[None]:
        """The clock has jumped: that it was right before says nothing of it now."""
        return self._writer.submit(self._forget_known_time)

    def known_time(self) -> Future[KnownTime | None]:
        """When the clock was last known to be right."""
        return self._writer.submit(_known_time, self._db)

    def find(self, entry: UUID) -> Future[Recorded | None]:
        """One entry by its id."""
        return self._writer.submit(_one, self._db, entry)

    def keep_bundle(self, bundle: Bundle, etag: str) -> Future[None]:
        """Put the school as received in the place of the one before, whole."""
        return self._writer.submit(self._keep_bundle, bundle, etag)

    def bundle(self) -> Future[KeptBundle | None]:
        """The school as last received; None before the first."""
        return self._writer.submit(_bundle, self._db)

    def purge(self, boot_id: str) -> Future[int]:
        """Take out what the register has long answered for. Returns how many.

        Rejected entries stay, and so do those of this boot whose time is still to be set right. Only to be
        called when the clock is to be trusted: a leap of it must not make everything look old.
        """
        return self._writer.submit(self._purge, boot_id)

    def close(self) -> None:
        """Finish what was handed in and close the file."""
        self._writer.submit(self._db.close).result()
        self._writer.shutdown()

    # --- on the writer thread --------------------------------------------------------------------

    def _open(self) -> Database:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        saved = None
        if self._path.exists() and not is_sound(self._path):
            saved = salvage(self._path)
            self._put_aside()
        self._path.touch(mode=0o600)  # before SQLite does: its -wal and -shm take over the file's mode
        self._path.chmod(0o600)
        db = Database(sqlite3.connect(self._path, check_same_thread=True))
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        migrations.apply(db)
        if saved is not None:
            restore(db, saved)
        return db

    def _put_aside(self) -> None:
        stamp = self._now().strftime("%Y%m%dT%H%M%SZ")
        for suffix in ("", "-wal", "-shm"):
            part = self._path.with_name(self._path.name + suffix)
            if part.exists():
                part.rename(part.with_name(f"{part.name}.damaged-{stamp}"))
        log.error("journal.damaged", put_aside=f"{self._path.name}.damaged-{stamp}")

    def _commit(self, entry_with: Callable[[int], Entry]) -> Entry:
        with self._db.atomic():
            [seq] = self._db.execute(
                "UPDATE counter SET last_seq = last_seq + 1 RETURNING last_seq"
            ).fetchone()
            entry = entry_with(seq)
            self._db.execute(
                "INSERT INTO entries (seq, id, date, body, committed_at, doubted_in, corrects)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    seq,
                    str(entry.id),
                    entry.date.isoformat(),
                    entry.model_dump_json(),
                    _text(self._now()),
                    entry.clock.boot_id if entry.clock.trust is Trust.UNKNOWN else None,
                    str(entry.corrects) if entry.corrects else None,
                ],
            )
        return entry

    def _announce(self, commit: Future[Entry]) -> None:
        """Apart from the commit itself: whatever fails here, the entry is on the disk and said to be."""
        if commit.exception() is None:
            entry = commit.result()
            log.info("entry.committed", id=str(entry.id), seq=entry.seq, kind=entry.kind.value)
            self.on_commit()

    def _settle(self, results: Sequence[EntryResult]) -> None:
        settled_at = _text(self._now())
        with self._db.atomic():
            for result in results:
                self._db.execute(
                    "UPDATE entries SET state = ?, detail = ?, settled_at = ?"
                    " WHERE id = ? AND state = 'waiting'",
                    [_STATE_OF[result.status], result.detail, settled_at, result.id],
                )

    def _keep_bundle(self, bundle: Bundle, etag: str) -> None:
        with self._db.atomic():
            self._db.execute(
                "INSERT OR REPLACE INTO bundle VALUES (1, ?, ?, ?)",
                [etag, bundle.model_dump_json(), _text(self._now())],
            )

    def _keep_known_time(self, known: KnownTime) -> None:
        with self._db.atomic():
            self._db.execute(
                "INSERT OR REPLACE INTO known_time VALUES (1, ?, ?, ?)",
                [_text(known.at), known.monotonic_ns, known.boot_id],
            )

    def _forget_known_time(self) -> None:
        with self._db.atomic():
            self._db.execute("DELETE FROM known_time")

    def _purge(self, boot_id: str) -> int:
        before = _text(self._now() - KEEP_SETTLED)
        with self._db.atomic():
            return self._db.execute(
                "DELETE FROM entries WHERE state IN ('accepted', 'review') AND settled_at < ?"
                " AND (doubted_in IS NULL OR doubted_in <> ?"
                " OR id IN (SELECT corrects FROM entries WHERE corrects IS NOT NULL))",
                [before, boot_id],
            ).rowcount


def _state(db: Database) -> OutboxState:
    waiting, dead = db.execute(
        "SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'rejected')"
        " FROM entries WHERE state IN ('waiting', 'rejected')"
    ).fetchone()
    oldest = db.execute("SELECT body FROM entries WHERE state = 'waiting' ORDER BY seq LIMIT 1").fetchone()
    [last_seq] = db.execute("SELECT last_seq FROM counter").fetchone()
    first = _readable(oldest[0]) if oldest else None
    oldest_at = first.at if first else None
    return OutboxState(QueueState(waiting=waiting, oldest_at=oldest_at, dead=dead), last_seq)


def _waiting(db: Database, limit: int) -> list[tuple[str, str]]:
    return db.execute(
        "SELECT id, body FROM entries WHERE state = 'waiting' ORDER BY seq LIMIT ?", [limit]
    ).fetchall()


def _one(db: Database, entry: UUID) -> Recorded | None:
    return next(iter(_recorded(db, "id = ?", str(entry))), None)


def _recorded(db: Database, where: str, value: str) -> list[Recorded]:
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


def _doubted(db: Database, boot_id: str) -> list[Entry]:
    rows = db.execute(
        "SELECT body FROM entries WHERE doubted_in = ?"
        " AND id NOT IN (SELECT corrects FROM entries WHERE corrects IS NOT NULL) ORDER BY seq",
        [boot_id],
    )
    return [entry for (body,) in rows if (entry := _readable(body)) is not None]


def _newest_trusted(db: Database) -> datetime | None:
    rows = db.execute("SELECT body FROM entries WHERE doubted_in IS NULL ORDER BY seq DESC LIMIT 20")
    return max((entry.at for (body,) in rows if (entry := _readable(body)) is not None), default=None)


def _known_time(db: Database) -> KnownTime | None:
    row = db.execute("SELECT at, monotonic_ns, boot_id FROM known_time").fetchone()
    return KnownTime(datetime.fromisoformat(row[0]), row[1], row[2]) if row else None


def _bundle(db: Database) -> KeptBundle | None:
    row = db.execute("SELECT body, etag FROM bundle").fetchone()
    if row is None:
        return None
    try:
        return KeptBundle(Bundle.model_validate_json(row[0]), row[1])
    except ValueError:
        log.error("journal.unreadable_bundle")  # of another version: the register is asked for a new one
        return None


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
