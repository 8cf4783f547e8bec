"""The kiosk in the crowd: without a window, on a clock that the crowd moves, and able to die."""

import queue
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from uuid6 import uuid7

from hardware.clock.clock import Reading
from kiosk.app.open_journal import todays_entries
from kiosk.desk import Desk
from kiosk.journal.journal import Journal
from kiosk.journey import Journey, Parts
from kiosk.pins import Pins
from kiosk.school.school import School
from sync.wire import Bundle


class SteppedClock:
    """A clock that moves only when the crowd moves it; a `hardware.clock.clock.Clock`."""

    is_demo = False

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._seconds = 0.0

    def now(self) -> datetime:
        """The instant (UTC)."""
        return self._at

    def reading(self) -> Reading:
        """The instant, marked as synchronised."""
        return Reading(self._at, "synced", "crowd", int(self._seconds * 1e9))

    def record_event(self, at: datetime) -> None:
        """Ignored: entries do not move this clock."""

    def monotonic(self) -> float:
        """Monotonic time in seconds."""
        return self._seconds

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self._at += timedelta(seconds=seconds)
        self._seconds += seconds

    def begin(self, at: datetime) -> None:
        """Move forward to an instant."""
        self.advance((at - self._at).total_seconds())


class CrowdedKiosk:
    """The kiosk without its window. Used on one thread.

    Args:
        folder: for the journal.
        clock: its clock.
        bundle: the school.
    """

    def __init__(self, folder: Path, clock: SteppedClock, bundle: Bundle) -> None:
        self._path = folder / "journal.db"
        self._clock = clock
        self._school = School.of(bundle)
        self._todo: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.start()

    def start(self) -> None:
        """Open the journal and go on with what is on the disk."""
        self.journal = Journal(self._path, self._clock.now)
        self._todo = queue.SimpleQueue()
        desk = Desk(self.journal, self._clock, uuid7, self._todo.put)
        self._pins = Pins(
            self.journal,
            None,
            boot_id="crowd",
            monotonic_ns=lambda: int(self._clock.monotonic() * 1e9),
            later=self._todo.put,
        )
        self.journey = Journey(desk, lambda _frame: None, self._clock.monotonic, Parts(pins=self._pins))
        desk.recover(self.journal.taps().result())
        desk.open(self._school, todays_entries(self.journal, self._clock, self._school))
        self.journey.school_changed()

    def die(self) -> None:
        """Forget everything that is not on the disk. The journal's own thread finishes what it has begun, as
        a disk does."""
        self._pins.close()
        self.journal.close()

    def settle(self) -> None:
        """Wait until the disk has answered, and deliver its answers."""
        for _ in range(3):
            self.journal.state().result(30)
            while not self._todo.empty():
                self._todo.get()()

    def wait(self, seconds: float) -> None:
        """Let time pass, in ticks of a second. The disk answers within the first."""
        while seconds > 0:
            step = min(1.0, seconds)
            self._clock.advance(step)
            self.journey.tick()
            seconds -= step
            if seconds > 0:
                self.settle()
