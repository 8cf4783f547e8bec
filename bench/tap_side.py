"""A card held to the reader: how long until its entry is on the disk and the kiosk can say so.

All that the kiosk itself adds to the bytes' time on the wire is in it: a real pseudo-terminal (which takes
no time for a byte, where 9600 baud take 15 ms for a frame), the reader's own thread, the frame's parser, the
journey, the desk, the rule, and the journal with its own thread and its commit. What is handed to the
screens' thread is taken at once by this one, which stands for it: in the product the window takes it with its
next frame, which is not in these figures.
"""

import queue
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from uuid6 import uuid7

from bench.measure import Result, in_turn
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
from sync.wire import Bundle

TAPS = 500
BUDGET_S = 0.020
BEFORE_SCHOOL = datetime(2026, 11, 24, 8, 20, tzinfo=UTC)
"""On time: nobody is asked for a reason."""


class StoppedClock:
    """A clock that stands still. Satisfies `hardware.clock.Clock`."""

    is_demo = True

    def now(self) -> datetime:
        """Always the same."""
        return BEFORE_SCHOOL

    def reading(self) -> Reading:
        """Always the same, and to be believed."""
        return Reading(BEFORE_SCHOOL, "synced", "boot", time.monotonic_ns())

    def happened(self, at: datetime) -> None:
        """What has happened moves no clock that stands."""


class Reception:
    """A kiosk without a window, and its reader."""

    def __init__(self, folder: Path) -> None:
        """Read the school's roster, plug the reader in, and wait until it is read."""
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
            on_tap=lambda tap: self._tapped(tap, clock),
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
        """The next pupil's card, until the journey says that the pupil is signed in."""
        before = self._journey.view
        self.reader.tap(next(self._cards), repeats=0)
        while self._journey.view == before or not isinstance(self._journey.view, DoneView):
            self._todo.get(timeout=10)()

    def close(self) -> None:
        """End every thread."""
        self.supervisor.stop()
        self.reader.close()
        self.journal.close()

    def _tapped(self, tap: Tap, clock: ReaderClock) -> None:
        names, reading = candidates(tap.card), clock.reading_at(tap.at)
        self._todo.put(lambda: self._journey.card(names, reading))


def results(folder: Path) -> Iterator[Result]:
    """The figure. `folder` is for files on the disk that counts."""
    bare = sqlite3.connect(folder / "tap-bare.db", isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE entries (id TEXT PRIMARY KEY, body TEXT)")
    body = "x" * 1000  # as long as an entry
    with closing(Reception(folder)) as reception, closing(bare):
        first, second = in_turn(
            TAPS,
            reception.tap,
            lambda: bare.execute("INSERT INTO entries VALUES (?, ?)", [str(uuid7()), body]),
        )
    yield Result(
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
