"""The journal as the uplink's outbox: entries to send, the register's answers, and the heartbeat."""

import time
from collections.abc import Callable, Sequence
from importlib.metadata import version

from hardware.clock.clock import Clock
from kiosk.journal.journal import Journal
from kiosk.school.school import School
from kiosk.views import Progress
from sync.wire import (
    Bundle,
    ClockReading,
    DiskState,
    EntryResult,
    EntryStatus,
    Heartbeat,
    HeldBack,
    SeqRange,
    Trust,
)

MOST_LOST = 0.1
"""A roster that loses more than this share of its pupils is held back until the office has confirmed it."""

_PROGRESS = {
    EntryStatus.ACCEPTED: Progress.SENT,
    EntryStatus.DUPLICATE: Progress.SENT,
    EntryStatus.REVIEW: Progress.WITH_OFFICE,
    EntryStatus.REJECTED: Progress.REJECTED,
}

_PROGRESS_OF_STATE = {
    "waiting": Progress.SAVED,
    "accepted": Progress.SENT,
    "review": Progress.WITH_OFFICE,
    "rejected": Progress.REJECTED,
}


def progress_of(status: EntryStatus) -> Progress:
    """The progress to show at the kiosk for the register's answer."""
    return _PROGRESS[status]


def progress_of_state(state: str) -> Progress:
    """The progress to show at the kiosk for an entry's state in the journal."""
    return _PROGRESS_OF_STATE[state]


class JournalOutbox:
    """Implements the outbox of `sync.uplink`. For the uplink's thread; every call blocks on the journal.

    Args:
        journal: the kiosk's journal.
        clock: the clock, for the heartbeat.
        readers: returns the state of each reader, by port.
        school_changed: receives a new school once it is stored; called on the uplink's thread.
        etag: the ETag of the bundle in use, if any.
        enrolment: the enrolment under which entries are settled (`kiosk.enrolment.enrolment_of`).
        on_queued_again: receives, on the uplink's thread, the ids of entries queued again.
        printer: returns the slip printer's state; `None` without a printer.
        storage: looks at the disk and at what was put aside of it; `None` if the disk does not answer.
    """

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        readers: Callable[[], dict[str, str]],
        school_changed: Callable[[School], None],
        etag: str | None,
        *,
        enrolment: str,
        on_queued_again: Callable[[Sequence[str]], None] = lambda _ids: None,
        printer: Callable[[], str | None] = lambda: None,
        storage: Callable[[], DiskState | None] = lambda: None,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._readers = readers
        self._school_changed = school_changed
        self._etag = etag
        self._enrolment = enrolment
        self._on_queued_again = on_queued_again
        self._printer = printer
        self._storage = storage
        self._held_back: HeldBack | None = None
        self._started = time.monotonic()

    def waiting(self, limit: int) -> list[tuple[str, str]]:
        """Entries without an answer from the register, as (id, JSON), oldest first."""
        return self._journal.waiting(limit).result()

    def settle(self, results: Sequence[EntryResult]) -> None:
        """Store the register's answers; they are on the disk when this returns."""
        self._journal.settle(results, self._enrolment).result()

    def send_again(self, missing: Sequence[SeqRange]) -> int:
        """Queue again the entries that this register had accepted and has lost; return their number."""
        numbers = [(each.first, each.last) for each in missing]
        ids = self._journal.send_again(numbers, self._enrolment).result()
        if ids:
            self._on_queued_again(ids)
        return len(ids)

    def vitals(self) -> Heartbeat:
        """The kiosk's heartbeat."""
        state = self._journal.state().result()
        reading = self._clock.reading()
        return Heartbeat(
            queue=state.queue,
            clock=ClockReading(
                trust=Trust(reading.trust), boot_id=reading.boot_id, monotonic_ns=reading.monotonic_ns
            ),
            readers=self._readers(),
            printer=self._printer(),
            version=version("latebook"),
            uptime_s=int(time.monotonic() - self._started),
            last_seq=state.last_seq,
            held_back=self._held_back,
            at=reading.at,
            disk=self._storage(),
        )

    def bundle_etag(self) -> str | None:
        """The ETag of the bundle in use."""
        return self._etag

    def keep_bundle(self, bundle: Bundle, etag: str) -> None:
        """Store a new bundle and use its school; if this raises, the current one stays in use.

        Raises:
            ValueError: the bundle's policy, calendar or time zone is not valid, or the office must first
                confirm how few pupils it has.
        """
        school = School.of(bundle)
        self._held_back = self._too_small(bundle)
        if self._held_back is not None:
            raise ValueError(
                f"the roster has {self._held_back.pupils} pupils and had {self._held_back.before}:"
                " the office must confirm it first"
            )
        reading = self._clock.reading()
        if reading.trust != Trust.UNKNOWN:
            bundle = bundle.without_past(reading.at.date())
        self._journal.keep_bundle(bundle, etag).result()
        self._etag = etag
        self._school_changed(school)

    def _too_small(self, bundle: Bundle) -> HeldBack | None:
        stored = self._journal.bundle().result()
        before, now = len(stored.bundle.pupils) if stored else 0, len(bundle.pupils)
        if now >= before * (1 - MOST_LOST) or _is_confirmed(bundle):
            return None
        return HeldBack(version=bundle.version, pupils=now, before=before)


def _is_confirmed(bundle: Bundle) -> bool:
    """Whether the office has confirmed this number of pupils.

    It may differ a little from the confirmed number, as pupils join and leave (`MOST_LOST`).
    """
    if bundle.agreed_pupils is None:
        return False
    return abs(len(bundle.pupils) - bundle.agreed_pupils) <= bundle.agreed_pupils * MOST_LOST
