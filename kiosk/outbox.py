"""The journal as the uplink sees it: what waits, what was answered, how the kiosk is."""

import time
from collections.abc import Callable, Sequence
from importlib.metadata import version

from hardware.clock import Clock
from kiosk.journal.journal import Journal
from kiosk.school import School
from kiosk.views import Progress
from sync.wire import Bundle, ClockReading, EntryResult, Heartbeat, Status, Trust

_PROGRESS = {
    Status.ACCEPTED: Progress.SENT,
    Status.DUPLICATE: Progress.SENT,
    Status.REVIEW: Progress.WITH_OFFICE,
    Status.REJECTED: Progress.REJECTED,
}

_PROGRESS_OF_STATE = {
    "waiting": Progress.SAVED,
    "accepted": Progress.SENT,
    "review": Progress.WITH_OFFICE,
    "rejected": Progress.REJECTED,
}


def progress_of(status: Status) -> Progress:
    """What the register's answer means for whoever stands at the kiosk."""
    return _PROGRESS[status]


def progress_of_state(state: str) -> Progress:
    """What an entry's state in the journal means for whoever stands at the kiosk."""
    return _PROGRESS_OF_STATE[state]


class JournalOutbox:
    """Satisfies `sync.uplink.Outbox`. Used on the uplink's thread; every call waits for the journal.

    Args:
        journal: the kiosk's.
        clock: for the heartbeat.
        readers: how each reader stands, by port.
        school_changed: handed a new school once it is kept; called on the uplink's thread.
        etag: the tag of the bundle that is in use, if there is one.
    """

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        readers: Callable[[], dict[str, str]],
        school_changed: Callable[[School], None],
        etag: str | None,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._readers = readers
        self._school_changed = school_changed
        self._etag = etag
        self._started = time.monotonic()

    def waiting(self, limit: int) -> list[tuple[str, str]]:
        """Entries not yet answered for as (id, JSON), oldest first."""
        return self._journal.waiting(limit).result()

    def settle(self, results: Sequence[EntryResult]) -> None:
        """Note the register's answers, durably."""
        self._journal.settle(results).result()

    def vitals(self) -> Heartbeat:
        """How the kiosk is."""
        state = self._journal.state().result()
        reading = self._clock.reading()
        return Heartbeat(
            queue=state.queue,
            clock=ClockReading(
                trust=Trust(reading.trust), boot_id=reading.boot_id, monotonic_ns=reading.monotonic_ns
            ),
            readers=self._readers(),
            version=version("latebook"),
            uptime_s=int(time.monotonic() - self._started),
            last_seq=state.last_seq,
        )

    def bundle_etag(self) -> str | None:
        """The tag of the bundle that is in use."""
        return self._etag

    def keep_bundle(self, bundle: Bundle, etag: str) -> None:
        """Take a new school, whole or not at all.

        Raises:
            ValueError: the policy or the time zone in it cannot be understood; the one in use stays.
        """
        school = School.of(bundle)
        self._journal.keep_bundle(bundle, etag).result()
        self._etag = etag
        self._school_changed(school)
