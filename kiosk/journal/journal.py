"""The journal: durable storage of this kiosk's entries, with a single writer.

An entry counts as recorded once its transaction is on the disk (SQLite in WAL mode, synchronous=FULL). Only
then does the future of `commit` have a result, and only then may a screen say that it is recorded. An entry
and its place in the outbox are one row, so that a power cut cannot separate them.

One thread, the writer, owns the connection; callers on any thread get futures. All instants are stored in
UTC.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

import structlog
from sqlite_utils import Database

from hardware.clock.clock import KnownTime
from kiosk.disk_key import DiskKey
from kiosk.journal import least_data, reads, told, waiting_requests, writes
from kiosk.journal.journal_file import JournalFile
from kiosk.journal.reads import JournalRecord, OutboxState, StoredBundle, StoredTap, UnansweredEntries
from kiosk.journal.told import Salvage
from sync.wire import Bundle, Entry, EntryResult

log = structlog.get_logger()

KEEP_SETTLED = timedelta(days=7)
"""How long an entry is kept after the register has answered it. The register keeps it for six years."""

__all__ = [
    "KEEP_SETTLED",
    "Journal",
    "JournalRecord",
    "OutboxState",
    "Salvage",
    "StoredBundle",
    "StoredTap",
    "UnansweredEntries",
]

ResultT = TypeVar("ResultT")
ArgsP = ParamSpec("ArgsP")


class Journal:
    """The journal in one SQLite file. Every method passes its work to the writer thread and returns a future.

    The future raises what the work raised, such as `sqlite3.Error`; its transaction is then rolled back.

    Args:
        path: the file; it is created if missing. A damaged file is salvaged and set aside, never deleted.
        now: the current instant (aware, UTC), for the times of commit and settlement.
        key: the key of an encrypted journal.

    Raises:
        DiskKeyError: it was encrypted with another key; nothing was changed.
        sqlite3.Error, OSError: the file cannot be opened or created.
    """

    def __init__(self, path: Path, now: Callable[[], datetime], key: DiskKey | None = None) -> None:
        self.on_commit: Callable[[], None] = lambda: None
        """Called on the writer thread after each commit of an entry; must return quickly."""
        self._now = now
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        try:
            self._file = self._writer.submit(JournalFile, path, now, key).result()
        except BaseException:
            self._writer.shutdown()
            raise

    @property
    def is_disk_full(self) -> bool:
        """Whether the disk had no room for the file to be opened, and no write has succeeded since."""
        return self._file.is_in_memory

    def commit(self, entry_with: Callable[[int], Entry]) -> Future[Entry]:
        """Commit the entry that `entry_with` makes for the next `seq`. The future is done once it is on the
        disk. A tap with the entry's id goes in the same transaction: it has become this entry."""
        commit = self._write(writes.commit, entry_with, self._now)
        commit.add_done_callback(self._announce)
        return commit

    def keep_tap(self, tap: StoredTap) -> Future[None]:
        """Store or replace a pupil's tap until it is an entry. The future is done once it is on the disk."""
        return self._write(writes.keep_tap, tap)

    def drop_tap(self, tap: UUID) -> Future[None]:
        """Delete a tap that is not an arrival after all."""
        return self._write(writes.drop_tap, tap)

    def taps(self) -> Future[list[StoredTap]]:
        """The taps that have not become entries, oldest first."""
        return self._read(reads.taps)

    def try_write(self) -> Future[None]:
        """Write to the disk and change nothing; the future raises what a commit would raise now."""
        return self._write(writes.try_write)

    def waiting(self, limit: int) -> Future[list[tuple[str, str]]]:
        """At most `limit` entries that the register has not answered, as (id, JSON), oldest first."""
        return self._read(reads.waiting, limit)

    def settle(self, results: Sequence[EntryResult], enrolment: str) -> Future[None]:
        """Store the register's answers with the enrolment under which it gave them.

        A rejected entry (dead letter) stays in the journal and is not sent again until `retry`.
        """
        return self._write(writes.settle, results, enrolment, self._now())

    def send_again(self, numbers: Sequence[tuple[int, int]], enrolment: str) -> Future[list[str]]:
        """Queue entries again that the register accepted and then lost. Returns their ids.

        Args:
            numbers: first and last `seq` of each run of entries.
            enrolment: only entries accepted under it are queued; another school's or a trial's register may
                have accepted the others.
        """
        return self._write(writes.send_again, numbers, enrolment)

    def retry(self, ids: Sequence[str]) -> Future[int]:
        """Queue rejected entries again. Returns the number of entries."""
        return self._write(writes.retry, ids)

    def state(self) -> Future[OutboxState]:
        """The state of the outbox."""
        return self._read(reads.state)

    def on(self, day: date) -> Future[list[JournalRecord]]:
        """The entries of a school date, in order of `seq`."""
        return self._read(reads.records, "date = ?", day.isoformat())

    def of_day(self, day: date) -> Future[list[JournalRecord]]:
        """The entries of a school date, with the entries that they correct, in order of `seq`.

        A correction takes the place of the entry that it corrects, so both are needed to know the order in
        which things happened.
        """
        where = "date = ?1 OR id IN (SELECT corrects FROM entries WHERE date = ?1 AND corrects IS NOT NULL)"
        return self._read(reads.records, where, day.isoformat())

    def newest(self, most: int) -> Future[list[JournalRecord]]:
        """The newest `most` entries of any date, in order of `seq`; used while the date is unknown."""
        return self._read(reads.records, "seq > (SELECT last_seq FROM counter) - ?", most)

    def unanswered(self, other_than: date, limit: int) -> Future[UnansweredEntries]:
        """The newest `limit` entries that the register has not answered, or has rejected, and their total
        number; without those of the school date `other_than`."""
        return self._read(reads.unanswered, other_than.isoformat(), limit)

    def untrusted_entries(self, boot_id: str) -> Future[list[Entry]]:
        """The entries of a boot whose untrusted time must be corrected, in order; without voided ones."""
        return self._read(reads.untrusted_entries, boot_id)

    def newest_trusted(self) -> Future[datetime | None]:
        """The latest instant (UTC) of an entry with a trusted time; any earlier time is wrong.

        An entry far ahead of a later one is ignored: its time has since been shown to be wrong (see
        `hardware.clock`).
        """
        return self._read(reads.newest_trusted)

    def keep_known_time(self, known: KnownTime) -> Future[None]:
        """Store the instant at which the clock was last trusted."""
        return self._write(writes.keep_known_time, known)

    def doubt_known_time(self) -> Future[None]:
        """Withdraw the trust of the stored time after a jump of the clock.

        Neither the stored time nor a battery clock, which may have been set with it, confirms the clock after
        a restart. The instant itself stays as a lower bound.
        """
        return self._write(writes.doubt_known_time)

    def known_time(self) -> Future[KnownTime | None]:
        """The instant at which the clock was last trusted, or `None`."""
        return self._read(reads.known_time)

    def pin_tries(self) -> Future[tuple[int, int, str] | None]:
        """Number of wrong PINs since the last right one, monotonic time of the last in nanoseconds, and its
        boot id; `None` when there was none."""
        return self._read(reads.pin_tries)

    def keep_pin_tries(self, wrong: int, at_ns: int, boot_id: str) -> Future[None]:
        """Store the PIN tries; see `pin_tries`."""
        return self._write(writes.keep_pin_tries, wrong, at_ns, boot_id)

    def keep_request(self, request: UUID, text: str) -> Future[None]:
        """Keep or replace a request for release that waits."""
        return self._write(waiting_requests.keep, request, text)

    def forget_request(self, request: UUID) -> Future[None]:
        """Delete a request for release."""
        return self._write(waiting_requests.forget, request)

    def requests(self) -> Future[list[str]]:
        """The requests for release that waited when the kiosk stopped, oldest first."""
        return self._read(waiting_requests.kept)

    def find(self, entry: UUID) -> Future[JournalRecord | None]:
        """The entry with this id, or `None`."""
        return self._read(reads.by_id, entry)

    def keep_bundle(self, bundle: Bundle, etag: str) -> Future[None]:
        """Replace the stored bundle."""
        return self._write(writes.keep_bundle, bundle, etag, self._now())

    def bundle(self) -> Future[StoredBundle | None]:
        """The bundle last received; `None` before the first."""
        return self._read(reads.bundle)

    def drop_appointments(self, before: date) -> Future[None]:
        """Remove the appointments of days before that one from the stored bundle: they are of no more use."""
        return self._write(least_data.drop_appointments, before)

    def purge(self, boot_id: str) -> Future[int]:
        """Delete entries that the register answered more than `KEEP_SETTLED` ago. Returns their number.

        Keeps rejected entries, and entries of this boot whose time is still to be corrected. Call it only
        while the clock is trusted: a jump could make every entry look old.
        """
        return self._write(writes.purge, boot_id, self._now() - KEEP_SETTLED)

    def put_aside(self) -> Future[Salvage | None]:
        """The newest journal, or part of one, that was damaged and put aside; `None` if there is none."""
        return self._read(told.newest_salvage)

    def close(self) -> None:
        """Finish the work in progress and close the file."""
        self._writer.submit(self._file.close).result()
        self._writer.shutdown()

    @property
    def _db(self) -> Database:
        return self._file.db

    def _read(
        self, work: Callable[Concatenate[Database, ArgsP], ResultT], *args: ArgsP.args, **kwargs: ArgsP.kwargs
    ) -> Future[ResultT]:
        return self._writer.submit(self._file.read, lambda db: work(db, *args, **kwargs))

    def _write(
        self, work: Callable[Concatenate[Database, ArgsP], ResultT], *args: ArgsP.args, **kwargs: ArgsP.kwargs
    ) -> Future[ResultT]:
        return self._writer.submit(self._file.write, lambda db: work(db, *args, **kwargs))

    def _announce(self, commit: Future[Entry]) -> None:
        """Report a commit. Runs after the future is done, so that a failure here cannot make a recorded entry
        look unrecorded."""
        if commit.exception() is None:
            entry = commit.result()
            log.info("entry.committed", id=str(entry.id), seq=entry.seq, kind=entry.kind.value)
            self.on_commit()
