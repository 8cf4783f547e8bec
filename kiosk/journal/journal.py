"""The journal: durable storage of this kiosk's entries, with a single writer.

An entry counts as recorded once its transaction is on the disk (SQLite in WAL mode, synchronous=FULL). Only
then does the future of `commit` have a result, and only then may a screen say that it is recorded. An entry
and its place in the outbox are one row, so that a power cut cannot separate them.

One thread, the writer, owns the connection; callers on any thread get futures. All instants are stored in
UTC.
"""

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import structlog
from sqlite_utils import Database

from hardware.clock.clock import TRUST_LOST, KnownTime
from kiosk.journal import reads, waiting_requests
from kiosk.journal.damage import is_sound, restore, salvage
from kiosk.journal.reads import JournalRecord, OutboxState, StoredBundle, StoredTap, UnansweredEntries
from kiosk.journal.schema import migrations
from sync.wire import Bundle, Entry, EntryResult, EntryStatus, Kind, Trust

log = structlog.get_logger()

KEEP_SETTLED = timedelta(days=7)
"""How long an entry is kept after the register has answered it. The register keeps it for six years."""

__all__ = [
    "KEEP_SETTLED",
    "Journal",
    "JournalRecord",
    "OutboxState",
    "StoredBundle",
    "StoredTap",
    "UnansweredEntries",
]

_STATE_OF = {
    EntryStatus.ACCEPTED: "accepted",
    EntryStatus.DUPLICATE: "accepted",
    EntryStatus.REVIEW: "review",
    EntryStatus.REJECTED: "rejected",
}


class Journal:
    """The journal in one SQLite file. Every method passes its work to the writer thread and returns a future.

    The future raises what the work raised, such as `sqlite3.Error`; its transaction is then rolled back.

    Args:
        path: the file; it is created if missing. A damaged file is salvaged and set aside, never deleted.
        now: the current instant (aware, UTC), for the times of commit and settlement.

    Raises:
        sqlite3.Error, OSError: the file cannot be opened or created.
    """

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self.on_commit: Callable[[], None] = lambda: None
        """Called on the writer thread after each commit of an entry; must return quickly."""
        self._path = path
        self._now = now
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        try:
            self._db = self._writer.submit(self._open).result()
        except BaseException:
            self._writer.shutdown()
            raise

    def commit(self, entry_with: Callable[[int], Entry]) -> Future[Entry]:
        """Commit the entry that `entry_with` makes for the next `seq`. The future is done once it is on the
        disk. A tap with the entry's id goes in the same transaction: it has become this entry."""
        commit = self._writer.submit(self._commit, entry_with)
        commit.add_done_callback(self._announce)
        return commit

    def keep_tap(self, tap: StoredTap) -> Future[None]:
        """Store or replace a pupil's tap until it is an entry. The future is done once it is on the disk."""
        return self._writer.submit(self._keep_tap, tap)

    def drop_tap(self, tap: UUID) -> Future[None]:
        """Delete a tap that is not an arrival after all."""
        return self._writer.submit(self._drop_tap, tap)

    def taps(self) -> Future[list[StoredTap]]:
        """The taps that have not become entries, oldest first."""
        return self._writer.submit(reads.taps, self._db)

    def try_write(self) -> Future[None]:
        """Write to the disk and change nothing; the future raises what a commit would raise now."""
        return self._writer.submit(self._try_write)

    def waiting(self, limit: int) -> Future[list[tuple[str, str]]]:
        """At most `limit` entries that the register has not answered, as (id, JSON), oldest first."""
        return self._writer.submit(reads.waiting, self._db, limit)

    def settle(self, results: Sequence[EntryResult], enrolment: str) -> Future[None]:
        """Store the register's answers with the enrolment under which it gave them.

        A rejected entry (dead letter) stays in the journal and is not sent again until `retry`.
        """
        return self._writer.submit(self._settle, results, enrolment)

    def send_again(self, numbers: Sequence[tuple[int, int]], enrolment: str) -> Future[list[str]]:
        """Queue entries again that the register accepted and then lost. Returns their ids.

        Args:
            numbers: first and last `seq` of each run of entries.
            enrolment: only entries accepted under it are queued; another school's or a trial's register may
                have accepted the others.
        """
        return self._writer.submit(self._send_again, numbers, enrolment)

    def retry(self, ids: Sequence[str]) -> Future[int]:
        """Queue rejected entries again. Returns the number of entries."""
        return self._writer.submit(self._retry, ids)

    def state(self) -> Future[OutboxState]:
        """The state of the outbox."""
        return self._writer.submit(reads.state, self._db)

    def on(self, day: date) -> Future[list[JournalRecord]]:
        """The entries of a school date, in order of `seq`."""
        return self._writer.submit(reads.records, self._db, "date = ?", day.isoformat())

    def of_day(self, day: date) -> Future[list[JournalRecord]]:
        """The entries of a school date, with the entries that they correct, in order of `seq`.

        A correction takes the place of the entry that it corrects, so both are needed to know the order in
        which things happened.
        """
        where = "date = ?1 OR id IN (SELECT corrects FROM entries WHERE date = ?1 AND corrects IS NOT NULL)"
        return self._writer.submit(reads.records, self._db, where, day.isoformat())

    def newest(self, most: int) -> Future[list[JournalRecord]]:
        """The newest `most` entries of any date, in order of `seq`; used while the date is unknown."""
        return self._writer.submit(reads.records, self._db, "seq > (SELECT last_seq FROM counter) - ?", most)

    def unanswered(self, other_than: date, limit: int) -> Future[UnansweredEntries]:
        """The newest `limit` entries that the register has not answered, or has rejected, and their total
        number; without those of the school date `other_than`."""
        return self._writer.submit(reads.unanswered, self._db, other_than.isoformat(), limit)

    def untrusted_entries(self, boot_id: str) -> Future[list[Entry]]:
        """The entries of a boot whose untrusted time must be corrected, in order; without voided ones."""
        return self._writer.submit(reads.untrusted_entries, self._db, boot_id)

    def newest_trusted(self) -> Future[datetime | None]:
        """The latest instant (UTC) of an entry with a trusted time; any earlier time is wrong.

        An entry far ahead of a later one is ignored: its time has since been shown to be wrong (see
        `hardware.clock`).
        """
        return self._writer.submit(reads.newest_trusted, self._db)

    def keep_known_time(self, known: KnownTime) -> Future[None]:
        """Store the instant at which the clock was last trusted."""
        return self._writer.submit(self._keep_known_time, known)

    def doubt_known_time(self) -> Future[None]:
        """Withdraw the trust of the stored time after a jump of the clock.

        Neither the stored time nor a battery clock, which may have been set with it, confirms the clock after
        a restart. The instant itself stays as a lower bound.
        """
        return self._writer.submit(self._doubt_known_time)

    def known_time(self) -> Future[KnownTime | None]:
        """The instant at which the clock was last trusted, or `None`."""
        return self._writer.submit(reads.known_time, self._db)

    def pin_tries(self) -> Future[tuple[int, int, str] | None]:
        """Number of wrong PINs since the last right one, monotonic time of the last in nanoseconds, and its
        boot id; `None` when there was none."""
        return self._writer.submit(reads.pin_tries, self._db)

    def keep_pin_tries(self, wrong: int, at_ns: int, boot_id: str) -> Future[None]:
        """Store the PIN tries; see `pin_tries`."""
        return self._writer.submit(self._keep_pin_tries, wrong, at_ns, boot_id)

    def keep_request(self, request: UUID, text: str) -> Future[None]:
        """Keep or replace a request for release that waits."""
        return self._writer.submit(waiting_requests.keep, self._db, request, text)

    def forget_request(self, request: UUID) -> Future[None]:
        """Delete a request for release."""
        return self._writer.submit(waiting_requests.forget, self._db, request)

    def requests(self) -> Future[list[str]]:
        """The requests for release that waited when the kiosk stopped, oldest first."""
        return self._writer.submit(waiting_requests.kept, self._db)

    def find(self, entry: UUID) -> Future[JournalRecord | None]:
        """The entry with this id, or `None`."""
        return self._writer.submit(reads.by_id, self._db, entry)

    def keep_bundle(self, bundle: Bundle, etag: str) -> Future[None]:
        """Replace the stored bundle."""
        return self._writer.submit(self._keep_bundle, bundle, etag)

    def bundle(self) -> Future[StoredBundle | None]:
        """The bundle last received; `None` before the first."""
        return self._writer.submit(reads.bundle, self._db)

    def purge(self, boot_id: str) -> Future[int]:
        """Delete entries that the register answered more than `KEEP_SETTLED` ago. Returns their number.

        Keeps rejected entries, and entries of this boot whose time is still to be corrected. Call it only
        while the clock is trusted: a jump could make every entry look old.
        """
        return self._writer.submit(self._purge, boot_id)

    def close(self) -> None:
        """Finish the work in progress and close the file."""
        self._writer.submit(self._db.close).result()
        self._writer.shutdown()

    # --- on the writer thread --------------------------------------------------------------------

    def _open(self) -> Database:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        salvaged = None
        if self._path.exists() and not is_sound(self._path):
            salvaged = salvage(self._path)
            self._set_aside()
        self._path.touch(mode=0o600)  # first, because SQLite gives -wal and -shm the mode of this file
        self._path.chmod(0o600)
        db = Database(sqlite3.connect(self._path, check_same_thread=True))
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        migrations.apply(db)
        if salvaged is not None:
            restore(db, salvaged)
        return db

    def _set_aside(self) -> None:
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
                    entry.clock.boot_id if _awaits_correction(entry) else None,
                    str(entry.corrects) if entry.corrects else None,
                    str(entry.voids) if entry.voids else None,
                ],
            )
            self._db.execute("DELETE FROM taps WHERE id = ?", [str(entry.id)])
        return entry

    def _keep_tap(self, tap: StoredTap) -> None:
        at, trust, boot_id, monotonic_ns = tap.reading
        unlisted = tap.unlisted.model_dump_json() if tap.unlisted else None
        with self._db.atomic():
            self._db.execute(
                "INSERT INTO taps SELECT ?, ?, ?, ?, ?, ?, ?, ?"
                " WHERE NOT EXISTS (SELECT 1 FROM entries WHERE id = ?1)"  # tried again, it may be an entry
                " ON CONFLICT (id) DO UPDATE"
                " SET unlisted = excluded.unlisted, brought_by = excluded.brought_by",
                [
                    *(str(tap.id), tap.pupil, at.astimezone(UTC).isoformat(), trust, boot_id, monotonic_ns),
                    *(unlisted, tap.brought_by),
                ],
            )

    def _drop_tap(self, tap: UUID) -> None:
        with self._db.atomic():
            self._db.execute("DELETE FROM taps WHERE id = ?", [str(tap)])

    def _try_write(self) -> None:
        with self._db.atomic():
            self._db.execute("UPDATE counter SET last_seq = last_seq")

    def _announce(self, commit: Future[Entry]) -> None:
        """Report a commit. Runs after the future is done, so that a failure here cannot make a recorded entry
        look unrecorded."""
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
            self._db.execute("UPDATE known_time SET boot_id = ?", [TRUST_LOST])

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


def _awaits_correction(entry: Entry) -> bool:
    """Whether the entry's time must be corrected once the clock is right. A void's time is never used."""
    return entry.clock.trust is Trust.UNKNOWN and entry.kind is not Kind.VOID
