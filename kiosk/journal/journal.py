"""The journal: the one writer of what happened at this kiosk.

An entry is in the journal when the transaction that holds it is on the disk (WAL, synchronous=FULL), and
not before; only then does its future have a result. An entry and its place in the outbox are one row.
"""

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import structlog
from sqlite_utils import Database

from hardware.clock.clock import DOUBTED, KnownTime
from kiosk.journal import reads
from kiosk.journal.damage import is_sound, restore, salvage
from kiosk.journal.reads import KeptBundle, OutboxState, Recorded, Unanswered
from kiosk.journal.schema import migrations
from sync.wire import Bundle, Entry, EntryResult, EntryStatus, Kind, Trust

log = structlog.get_logger()

KEEP_SETTLED = timedelta(days=7)
"""How long an entry stays here after the register has answered for it. The register keeps it six years."""

__all__ = ["KEEP_SETTLED", "Journal", "KeptBundle", "OutboxState", "Recorded", "Unanswered"]

_STATE_OF = {
    EntryStatus.ACCEPTED: "accepted",
    EntryStatus.DUPLICATE: "accepted",
    EntryStatus.REVIEW: "review",
    EntryStatus.REJECTED: "rejected",
}


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
        return self._writer.submit(reads.waiting, self._db, limit)

    def settle(self, results: Sequence[EntryResult], enrolment: str) -> Future[None]:
        """Note the register's answers, and under which enrolment they were given. A rejected entry stays,
        visible, and is not sent again."""
        return self._writer.submit(self._settle, results, enrolment)

    def send_again(self, numbers: Sequence[tuple[int, int]], enrolment: str) -> Future[list[str]]:
        """Put entries, by the first and last `seq` of each run, back into the queue, which a register has
        taken and lost. Returns their ids.

        Only those that were taken under this enrolment: what another school's register has, or that of a
        trial, is nothing to this one.
        """
        return self._writer.submit(self._send_again, numbers, enrolment)

    def retry(self, ids: Sequence[str]) -> Future[int]:
        """Put rejected entries back into the queue, to be sent once more. Returns how many there were."""
        return self._writer.submit(self._retry, ids)

    def state(self) -> Future[OutboxState]:
        """How the outbox stands."""
        return self._writer.submit(reads.state, self._db)

    def on(self, day: date) -> Future[list[Recorded]]:
        """What was entered for that school date, in order."""
        return self._writer.submit(reads.recorded, self._db, "date = ?", day.isoformat())

    def of_day(self, day: date) -> Future[list[Recorded]]:
        """The same, with the entries made in doubt of the clock that some of them correct: by their places it
        is known in which order all of it happened."""
        where = "date = ?1 OR id IN (SELECT corrects FROM entries WHERE date = ?1 AND corrects IS NOT NULL)"
        return self._writer.submit(reads.recorded, self._db, where, day.isoformat())

    def lately(self, most: int) -> Future[list[Recorded]]:
        """The last that was entered, in order, whatever its date: for a clock that does not know the day."""
        return self._writer.submit(reads.recorded, self._db, "seq > (SELECT last_seq FROM counter) - ?", most)

    def unanswered(self, other_than: date, limit: int) -> Future[Unanswered]:
        """The last entries that the register has not answered for or could not take, of any school date but
        that one, and how many there are."""
        return self._writer.submit(reads.unanswered, self._db, other_than.isoformat(), limit)

    def doubted(self, boot_id: str) -> Future[list[Entry]]:
        """The entries of that boot whose time was not trusted and has not been corrected, in order.

        Those that were taken back are not among them.
        """
        return self._writer.submit(reads.doubted, self._db, boot_id)

    def newest_trusted(self) -> Future[datetime | None]:
        """The latest instant (UTC) of an entry whose time was trusted; time before it is wrong.

        An entry far ahead of one that was made after it does not count: a clock that was kept right has
        shown meanwhile that it was made at a wrong time (see `hardware.clock`).
        """
        return self._writer.submit(reads.newest_trusted, self._db)

    def keep_known_time(self, known: KnownTime) -> Future[None]:
        """Keep when the clock was last known to be right."""
        return self._writer.submit(self._keep_known_time, known)

    def doubt_known_time(self) -> Future[None]:
        """The clock has jumped: that it was right before says nothing of it now, nor does a battery clock,
        which may have been set with it. The instant is kept, as one before which it cannot be."""
        return self._writer.submit(self._doubt_known_time)

    def known_time(self) -> Future[KnownTime | None]:
        """When the clock was last known to be right."""
        return self._writer.submit(reads.known_time, self._db)

    def pin_tries(self) -> Future[tuple[int, int, str] | None]:
        """How many wrong PINs were typed since the last right one, and when the last was: the monotonic time
        in nanoseconds, and the boot that it is of. None: none ever was."""
        return self._writer.submit(reads.pin_tries, self._db)

    def keep_pin_tries(self, wrong: int, at_ns: int, boot_id: str) -> Future[None]:
        """Keep that, durably."""
        return self._writer.submit(self._keep_pin_tries, wrong, at_ns, boot_id)

    def find(self, entry: UUID) -> Future[Recorded | None]:
        """One entry by its id."""
        return self._writer.submit(reads.one, self._db, entry)

    def keep_bundle(self, bundle: Bundle, etag: str) -> Future[None]:
        """Put the school as received in the place of the one before, whole."""
        return self._writer.submit(self._keep_bundle, bundle, etag)

    def bundle(self) -> Future[KeptBundle | None]:
        """The school as last received; None before the first."""
        return self._writer.submit(reads.bundle, self._db)

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
                "INSERT INTO entries (seq, id, date, body, committed_at, doubted_in, corrects, voids)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    seq,
                    str(entry.id),
                    entry.date.isoformat(),
                    entry.model_dump_json(),
                    _text(self._now()),
                    entry.clock.boot_id if _to_be_corrected(entry) else None,
                    str(entry.corrects) if entry.corrects else None,
                    str(entry.voids) if entry.voids else None,
                ],
            )
        return entry

    def _announce(self, commit: Future[Entry]) -> None:
        """Apart from the commit itself: whatever fails here, the entry is on the disk and said to be."""
        if commit.exception() is None:
            entry = commit.result()
            log.info("entry.committed", id=str(entry.id), seq=entry.seq, kind=entry.kind.value)
            self.on_commit()

    def _settle(self, results: Sequence[EntryResult], enrolment: str) -> None:
        settled_at = _text(self._now())
        with self._db.atomic():
            for result in results:
                self._db.execute(
                    "UPDATE entries SET state = ?, detail = ?, settled_at = ?, enrolment = ?"
                    " WHERE id = ? AND state = 'waiting'",
                    [_STATE_OF[result.status], result.detail, settled_at, enrolment, result.id],
                )

    def _send_again(self, numbers: Sequence[tuple[int, int]], enrolment: str) -> list[str]:
        with self._db.atomic():
            return [
                entry
                for first, last in numbers
                for (entry,) in self._db.execute(
                    "UPDATE entries SET state = 'waiting', detail = NULL, settled_at = NULL"
                    " WHERE seq BETWEEN ? AND ? AND state IN ('accepted', 'review') AND enrolment = ?"
                    " RETURNING id",
                    [first, last, enrolment],
                ).fetchall()
            ]

    def _retry(self, ids: Sequence[str]) -> int:
        with self._db.atomic():
            return sum(
                self._db.execute(
                    "UPDATE entries SET state = 'waiting', detail = NULL, settled_at = NULL"
                    " WHERE id = ? AND state = 'rejected'",
                    [entry],
                ).rowcount
                for entry in ids
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

    def _keep_pin_tries(self, wrong: int, at_ns: int, boot_id: str) -> None:
        with self._db.atomic():
            self._db.execute("INSERT OR REPLACE INTO pin_tries VALUES (1, ?, ?, ?)", [wrong, at_ns, boot_id])

    def _doubt_known_time(self) -> None:
        with self._db.atomic():
            self._db.execute("UPDATE known_time SET boot_id = ?", [DOUBTED])

    def _purge(self, boot_id: str) -> int:
        before = _text(self._now() - KEEP_SETTLED)
        with self._db.atomic():
            return self._db.execute(
                "DELETE FROM entries WHERE state IN ('accepted', 'review') AND settled_at < ?"
                " AND (doubted_in IS NULL OR doubted_in <> ?"
                " OR id IN (SELECT corrects FROM entries WHERE corrects IS NOT NULL))",
                [before, boot_id],
            ).rowcount


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _to_be_corrected(entry: Entry) -> bool:
    """Whether it waits for a clock that is right. When something was taken back changes nothing."""
    return entry.clock.trust is Trust.UNKNOWN and entry.kind is not Kind.VOID
