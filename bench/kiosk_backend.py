"""The kiosk behind its window, without a register: desk, journey, journal and PINs, on a manual clock."""

import queue
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from uuid6 import uuid7

from demo.school import card_name, oak_lane
from demo.seed import PIN
from hardware.clock.clock import Reading
from kiosk.desk import Desk
from kiosk.journal.journal import Journal
from kiosk.journey import Journey, Parts
from kiosk.pins import Pins
from kiosk.school.school import School
from kiosk.views import Frame, Link, LinkStatus, ReleaseState
from sync.register.hashing import hash_pin
from sync.wire import Bundle, DepartureRequest, StaffMember

FIRST_MORNING = datetime(2026, 11, 2, 9, 7, tzinfo=UTC)
"""A Monday in the demo school's term, seven minutes after pupils begin to be late."""


LEAVING_ALONE = ("12", "13")
"""The years whose pupils may sign themselves out."""


class ManualClock:
    """A clock that moves only when the bench moves it; a `hardware.clock.clock.Clock`."""

    is_demo = False

    def __init__(self) -> None:
        self._at = FIRST_MORNING
        self._seconds = 0.0

    def now(self) -> datetime:
        """The instant (UTC)."""
        return self._at

    def reading(self) -> Reading:
        """The instant, marked as synchronised."""
        return Reading(self._at, "synced", "bench", self.monotonic_ns())

    def record_event(self, at: datetime) -> None:
        """Ignored: entries do not move this clock."""

    def monotonic(self) -> float:
        """Monotonic time in seconds."""
        return self._seconds

    def monotonic_ns(self) -> int:
        """Monotonic time in nanoseconds."""
        return int(self._seconds * 1e9)

    def advance(self, seconds: float) -> None:
        """Move the clock forward by `seconds`."""
        self._at += timedelta(seconds=seconds)
        self._seconds += seconds

    def next_morning(self) -> None:
        """Move to the morning of the next weekday."""
        day = self._at + timedelta(days=3 if self._at.weekday() == 4 else 1)
        morning = day.replace(hour=9, minute=7, second=0, microsecond=0)
        self.advance((morning - self._at).total_seconds())


class UnreachableOffice:
    """A register that cannot be reached: requests stay offline."""

    def __init__(self) -> None:
        self.report: Callable[[UUID, ReleaseState], None]

    def ask(self, request_id: UUID, request: DepartureRequest) -> None:
        """Report that the register is offline."""
        self.report(request_id, ReleaseState.OFFLINE)

    def withdraw(self, request_id: UUID) -> None:
        """Nothing to do: the request was never sent."""


class KioskBackend:
    """Desk, journey and journal at Oak Lane School.

    Args:
        folder: for the journal.
        show: draws a frame.
        soon: schedules `do_all` on the UI thread; safe to call from any thread.
    """

    def __init__(self, folder: Path, show: Callable[[Frame], None], soon: Callable[[], None]) -> None:
        self.clock = ManualClock()
        self.school = oak_lane()
        self._soon = soon
        self._todo: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.journal = Journal(folder / "soak.db", self.clock.now)
        self._desk = Desk(self.journal, self.clock, uuid7, self._later)
        office = UnreachableOffice()
        self._pins = Pins(
            self.journal, None, boot_id="bench", monotonic_ns=self.clock.monotonic_ns, later=self._later
        )
        self.journey = Journey(
            self._desk, show, self.clock.monotonic, Parts(releaser=office, pins=self._pins)
        )
        office.report = lambda request, state: self._later(
            lambda: self.journey.request_changed(request, state)
        )

    def open(self) -> None:
        """Open the school once the window exists."""
        member = StaffMember(id="S1", name="Jo Office", position="Attendance officer", pin=hash_pin(PIN))
        school = self.school
        bundle = Bundle(
            version="bench",
            school=school.school,
            policy={**school.policy, "leaves_alone": LEAVING_ALONE},
            calendar=school.calendar,
            pupils=list(school.pupils),
            cards=school.cards,
            staff=[member],
        )
        self._desk.open(School.of(bundle))
        self.journey.school_changed()
        self.journey.reader_changed(ready=True)
        self.journey.link_changed(LinkStatus(Link.OFFLINE, 3))

    def tap(self, pupil: str) -> None:
        """Hold the pupil's card to the reader."""
        self.journey.card([card_name(self.school.printed[pupil])], self.clock.reading())

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass and tick the journey."""
        self.clock.advance(seconds)
        self.journey.tick()

    def do_all(self) -> None:
        """Run the callbacks queued by other threads."""
        while not self._todo.empty():
            self._todo.get()()

    def close(self) -> None:
        """Stop every thread."""
        self._pins.close()
        self.journal.close()

    def _later(self, do: Callable[[], None]) -> None:
        self._todo.put(do)
        self._soon()
