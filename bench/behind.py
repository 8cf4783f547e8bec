"""All that is behind the kiosk's window, without a register: desk, journey, journal, PINs, and a clock that
the bench turns."""

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
"""A Monday in the demo school's term, seven minutes after the register's time of lateness."""


LEAVING_ALONE = ("12", "13")
"""The years that may sign themselves out here."""


class TurnedClock:
    """A clock that goes on only when it is told to. Satisfies `hardware.clock.Clock`."""

    is_demo = False

    def __init__(self) -> None:
        self._at = FIRST_MORNING
        self._seconds = 0.0

    def now(self) -> datetime:
        """The instant (UTC)."""
        return self._at

    def reading(self) -> Reading:
        """The instant, to be believed."""
        return Reading(self._at, "synced", "bench", self.monotonic_ns())

    def happened(self, at: datetime) -> None:
        """What has happened moves no clock of a bench."""

    def monotonic(self) -> float:
        """Seconds that only ever go forward."""
        return self._seconds

    def monotonic_ns(self) -> int:
        """The same in nanoseconds."""
        return int(self._seconds * 1e9)

    def passes(self, seconds: float) -> None:
        """So much time goes by."""
        self._at += timedelta(seconds=seconds)
        self._seconds += seconds

    def next_morning(self) -> None:
        """The morning of the next weekday."""
        day = self._at + timedelta(days=3 if self._at.weekday() == 4 else 1)
        morning = day.replace(hour=9, minute=7, second=0, microsecond=0)
        self.passes((morning - self._at).total_seconds())


class NoOffice:
    """A register that cannot be reached: requests are neither answered nor refused."""

    def __init__(self) -> None:
        self.asking: Callable[[UUID, ReleaseState], None]

    def ask(self, request_id: UUID, request: DepartureRequest) -> None:
        """There is nobody to be asked."""
        self.asking(request_id, ReleaseState.OFFLINE)

    def withdraw(self, request_id: UUID) -> None:
        """It never left."""


class Behind:
    """Desk, journey and journal at Oak Lane School.

    Args:
        folder: for the journal, on the disk that counts.
        show: draws a frame.
        soon: has `do_all` called on the screens' thread; callable from any thread.
    """

    def __init__(self, folder: Path, show: Callable[[Frame], None], soon: Callable[[], None]) -> None:
        self.clock = TurnedClock()
        self.school = oak_lane()
        self._soon = soon
        self._todo: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.journal = Journal(folder / "soak.db", self.clock.now)
        self._desk = Desk(self.journal, self.clock, uuid7, self._later)
        office = NoOffice()
        self._pins = Pins(
            self.journal, None, boot_id="bench", monotonic_ns=self.clock.monotonic_ns, later=self._later
        )
        self.journey = Journey(
            self._desk, show, self.clock.monotonic, Parts(releaser=office, pins=self._pins)
        )
        office.asking = lambda request, asked: self._later(
            lambda: self.journey.request_changed(request, asked)
        )

    def open(self) -> None:
        """The window is there: show the school."""
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
        """That pupil's card is held to the reader."""
        self.journey.card([card_name(self.school.printed[pupil])], self.clock.reading())

    def waits(self, seconds: float) -> None:
        """So much time goes by, and the kiosk notices."""
        self.clock.passes(seconds)
        self.journey.tick()

    def do_all(self) -> None:
        """What other threads have handed over."""
        while not self._todo.empty():
            self._todo.get()()

    def close(self) -> None:
        """End every thread."""
        self._pins.close()
        self.journal.close()

    def _later(self, do: Callable[[], None]) -> None:
        self._todo.put(do)
        self._soon()
