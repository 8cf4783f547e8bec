"""Tap benchmark: from a card held to the reader until its entry is on the disk and the result is known.

It includes everything that the kiosk adds to the time on the serial line: a real pseudo-terminal (no delay
for a byte, where 9600 baud take 15 ms for a frame), the reader's thread, the parser, the journey, the desk,
the rule, and the journal's thread with its commit. The bench takes the place of the UI thread and handles
messages at once; in the product the window takes them with its next frame, which these figures leave out.
"""

import queue
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from uuid6 import uuid7

from bench.measure import Measurement, in_turn
from demo.school import DemoSchool, card_name, oak_lane
from hardware.clock.clock import Reading
from hardware.clock.reader_clock import ReaderClock
from hardware.readers.drivers.card_names import candidates
from hardware.readers.drivers.rdm6300 import Rdm6300
from hardware.readers.reader import Tap
from hardware.readers.supervisor import Supervisor
from hardware.readers.virtual.virtual import VirtualReader
from hardware.states import ReaderState
from kiosk.desk import Desk
from kiosk.journal.journal import Journal
from kiosk.journey import Journey
from kiosk.school.school import School
from kiosk.views import DoneView
from kiosk.views.touches import Finish
from sync.wire import Bundle

TAPS = 500
BUDGET_S = 0.020
BEFORE_SCHOOL = datetime(2026, 11, 24, 8, 20, tzinfo=UTC)
"""On time, so that no pupil is asked for a reason."""


class StoppedClock:
    """A clock that does not move; a `hardware.clock.clock.Clock`."""

    is_demo = True

    def now(self) -> datetime:
        """Always the same."""
        return BEFORE_SCHOOL

    def reading(self) -> Reading:
        """Always the same, marked as synchronised."""
        return Reading(BEFORE_SCHOOL, "synced", "boot", time.monotonic_ns())

    def record_event(self, at: datetime) -> None:
        """Ignored: entries do not move this clock."""


class WindowlessKiosk:
    """A kiosk without a window, with a virtual reader."""

    def __init__(self, folder: Path) -> None:
        """Open the school, plug the reader in and wait until it is ready."""
        self.journal = Journal(folder / "tap.db", lambda: BEFORE_SCHOOL)
        self._todo: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._desk = Desk(self.journal, StoppedClock(), uuid7, self._todo.put)
        self._journey = Journey(self._desk, lambda _frame: None, time.monotonic)
        school = oak_lane()
        self._desk.open(School.of(_bundle(school, BEFORE_SCHOOL.date())))
        self._journey.school_changed()
        self._cards = iter(card_name(number) for number in school.printed.values())
        self.reader = VirtualReader(folder / "reader")
        clock = ReaderClock(StoppedClock())
        self.supervisor = Supervisor(
            folder / "reader",
            Rdm6300(),
            on_tap=lambda tap: self._handle_tap(tap, clock),
            on_state=lambda state, _detail: self._todo.put(
                lambda: self._journey.reader_changed(ready=state is ReaderState.READY)
            ),
            now=clock.now,
            monotonic=time.monotonic,
        )
        self.supervisor.start()
        while self.supervisor.state is not ReaderState.READY:
            self._todo.get(timeout=10)()

    def tap(self) -> None:
        """Tap the next pupil's card, wait until the journey shows the pupil as signed in, and press Done."""
        self.reader.tap(next(self._cards), repeats=0)
        while not isinstance(self._journey.view, DoneView):
            self._todo.get(timeout=10)()
        self._journey.handle(Finish())

    def close(self) -> None:
        """Stop every thread."""
        self.supervisor.stop()
        self.reader.close()
        self.journal.close()

    def _handle_tap(self, tap: Tap, clock: ReaderClock) -> None:
        names, reading = candidates(tap.card), clock.reading_at(tap.at)
        self._todo.put(lambda: self._journey.card(names, reading))


def results(folder: Path, taps: int = TAPS) -> Iterator[Measurement]:
    """Measure a tap. `folder` is on the disk to be measured."""
    bare = sqlite3.connect(folder / "tap-bare.db", isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE entries (id TEXT PRIMARY KEY, body TEXT)")
    body = "x" * 1000  # as long as an entry
    with closing(WindowlessKiosk(folder)) as kiosk, closing(bare):
        first, second = in_turn(
            taps,
            kiosk.tap,
            lambda: bare.execute("INSERT INTO entries VALUES (?, ?)", [str(uuid7()), body]),
        )
    yield Measurement(
        "a tap to its entry committed, beyond the wire",
        first,
        "a bare SQLite commit",
        second,
        budget_s=BUDGET_S,
    )


def _bundle(school: DemoSchool, day: date) -> Bundle:
    return Bundle(
        version="bench",
        school=school.school,
        policy=school.policy,
        calendar=school.calendar,
        pupils=list(school.pupils),
        cards=school.cards,
        appointments=list(school.appointments_on(day)),
    )
