"""Thousands of visits at a kiosk while cards are tapped at random instants, against a real register.

Pupils find their names, adults begin to collect, staff type PINs, and some of them walk away. Whatever the
kiosk shows, another late pupil may tap their card; now and then the kiosk dies and starts again from its
disk. At the end every tap must be in the register once, with its own instant, and each reason with the pupil
whose name the screen showed when it was chosen.

`make crowd JOURNEYS=2000 SEED=7` runs it; a short one is among the tests. Clock, cards and touches are made
here; journey, desk, journal, uplink and register are the product's.
"""

import argparse
import logging
import queue
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from uuid6 import uuid7

from attendance.calendar import instant
from attendance.reasons import Reason
from demo.programs import database_url, kiosk_state, register_program
from demo.school import DemoSchool, card_name, oak_lane
from demo.seed import PIN, seed
from hardware.clock.clock import Reading
from kiosk.app.open_journal import todays_entries
from kiosk.app.outbox import JournalOutbox
from kiosk.desk import Desk
from kiosk.enrolment import enrolment_of
from kiosk.journal.journal import Journal
from kiosk.journey import Journey, Parts
from kiosk.pins import Pins
from kiosk.school.letters import plain_letters
from kiosk.school.school import School
from kiosk.views import (
    CardQuestionView,
    DoneView,
    FindView,
    HomeView,
    NameView,
    PinView,
    ProblemView,
    Purpose,
    ReasonView,
    SavingView,
)
from kiosk.views.touches import (
    CardMeansArrival,
    CardMeansLeaving,
    ChooseCollecting,
    ChooseLate,
    ChoosePupil,
    ChooseReason,
    ChooseStaff,
    ConfirmPupil,
    Finish,
    GoBack,
    PressDigit,
    PressLetter,
)
from sync.logs import configure
from sync.register.hashing import hash_pin
from sync.register.storage.database import Database
from sync.register.storage.models import EntryRow
from sync.uplink.http import RegisterClient, enrol
from sync.uplink.uplink import Uplink
from sync.wire import Bundle, EntryResult, Pupil, StaffMember
from tests.e2e.running import free_port

LONDON = ZoneInfo("Europe/London")
DAYS = [date(2026, 11, 16) + timedelta(days=each) for each in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
"""Two weeks in the demo school's term."""
NOON = 12
"""The hour at which the last late pupil comes."""
TAPS_PER_STEP = 0.12
DEATHS_PER_JOURNEY = 0.02
SENT_WITHIN_S = 120.0


def _at(day: date, wall: time_of_day) -> datetime:
    """The instant (UTC) of a wall time at the school."""
    return instant(datetime.combine(day, wall), LONDON)


class CrowdError(AssertionError):
    """The kiosk did not go on."""


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


@dataclass
class Expected:
    """What the register must have in the end: the crowd's own record."""

    instants: dict[tuple[str, date], datetime] = field(default_factory=dict)
    """The instant (UTC) of each pupil's first tap or touch that morning."""
    reasons: dict[tuple[str, date], Reason | None] = field(default_factory=dict)
    """The reason that was chosen while the screen showed the pupil's name."""
    taps: int = 0
    not_arrivals: int = 0
    """How many taps an adult explained: the pupil was being collected."""


class Crowd:
    """The people at the kiosk.

    Args:
        kiosk: where they stand.
        clock: the time that they take.
        school: the pupils and their cards.
        rng: decides who comes, when, and what they do.
    """

    def __init__(
        self, kiosk: CrowdedKiosk, clock: SteppedClock, school: DemoSchool, rng: random.Random
    ) -> None:
        self._kiosk = kiosk
        self._clock = clock
        self._school = school
        self._rng = rng
        self._at_home: list[Pupil] = []
        self.expected = Expected()
        self.views: Counter[str] = Counter()
        """At how many taps the kiosk showed each kind of screen."""
        self.deaths = 0

    @property
    def _today(self) -> date:
        return self._clock.now().astimezone(LONDON).date()

    @property
    def is_morning(self) -> bool:
        """Whether late pupils may still come today."""
        return bool(self._at_home) and self._clock.now().astimezone(LONDON).hour < NOON

    def begin_morning(self, day: date) -> None:
        """Start a new day, just after pupils begin to be late: no pupil has come yet."""
        self._clock.begin(_at(day, time_of_day(9, 1)))
        self._kiosk.wait(1)
        self._at_home = sorted(self._school.pupils, key=lambda _pupil: self._rng.random())

    def journey(self) -> None:
        """One visit, begun at the home screen, until the kiosk is free again."""
        self._rng.choice(
            [self._by_card, self._by_card, self._by_name, self._by_name, self._adult, self._staff]
        )()
        if self._rng.random() < DEATHS_PER_JOURNEY:
            self._kiosk.die()
            self._kiosk.start()
            self.deaths += 1
        for _ in range(10_000):
            self._kiosk.settle()
            if isinstance(self._kiosk.journey.view, HomeView):
                return
            self._go_on()
        raise CrowdError(f"the kiosk still shows {self._kiosk.journey.view}")

    # --- visits ----------------------------------------------------------------------------------

    def _by_card(self) -> None:
        self._tap()

    def _by_name(self) -> None:
        pupil = self._at_home.pop()
        touched = self._clock.now()
        self._kiosk.journey.handle(ChooseLate())
        view = self._kiosk.journey.view if self._type(pupil) else None
        if isinstance(view, ReasonView) and view.pupil.id == pupil.id:
            # A pupil found by name is recorded only with their answer, so nothing is expected before it.
            self.expected.instants[pupil.id, self._today] = touched
            self._answer()

    def _adult(self) -> None:
        self._kiosk.journey.handle(ChooseCollecting())
        if self._type(self._at_home.pop()):
            for letter in "RUTH":
                self._pause()
                if not isinstance(self._kiosk.journey.view, NameView):
                    return
                self._kiosk.journey.handle(PressLetter(letter))

    def _staff(self) -> None:
        self._kiosk.journey.handle(ChooseStaff())
        for digit in PIN[:2]:
            self._pause()
            if isinstance(self._kiosk.journey.view, PinView):
                self._kiosk.journey.handle(PressDigit(digit))

    def _type(self, pupil: Pupil) -> bool:
        """Type a name until the pupil is listed, and choose them; `False` if another screen came."""
        for letter in plain_letters(pupil.preferred or pupil.first):
            view = self._kiosk.journey.view
            if not isinstance(view, FindView):
                return False
            if self._choose(view, pupil):
                return True
            self._kiosk.journey.handle(PressLetter(letter))
            self._pause()
        view = self._kiosk.journey.view
        return isinstance(view, FindView) and self._choose(view, pupil)

    def _choose(self, view: FindView, pupil: Pupil) -> bool:
        if not any(each.id == pupil.id for each in view.matches):
            return False
        self._kiosk.journey.handle(ConfirmPupil(pupil.id) if view.asks else ChoosePupil(pupil.id))
        self._pause()
        return True

    def _go_on(self) -> None:
        """Do what a person at this screen would do, or walk away."""
        journey = self._kiosk.journey
        match journey.view:
            case ReasonView(purpose=Purpose.LATE) if self._rng.random() < 0.8:
                self._answer()
            case CardQuestionView() as view if self._rng.random() < 0.8:
                self._answer_question(view)
            case DoneView() | ProblemView() if self._rng.random() < 0.7:
                journey.handle(Finish())
            case FindView() | NameView() | PinView() if self._rng.random() < 0.5:
                journey.handle(GoBack())
            case SavingView():
                self._kiosk.settle()
            case _:
                self._kiosk.wait(self._rng.choice([2, 6, 40]))
        self._pause()

    def _answer(self) -> None:
        """Choose a reason for the pupil whom the screen names."""
        view = self._kiosk.journey.view
        if not isinstance(view, ReasonView) or view.purpose is not Purpose.LATE:
            return
        reason = self._rng.choice(view.reasons)
        self.expected.reasons[view.pupil.id, self._today] = reason
        self._kiosk.journey.handle(ChooseReason(reason))

    def _answer_question(self, view: CardQuestionView) -> None:
        """Say that the card's owner has come in; or, now and then, that they are being collected."""
        if self._rng.random() < 0.8:
            self._kiosk.journey.handle(CardMeansArrival())
        else:
            del self.expected.instants[view.pupil.id, self._today]
            self.expected.not_arrivals += 1
            self._kiosk.journey.handle(CardMeansLeaving())

    def _pause(self) -> None:
        """Take a moment, in which another pupil may tap."""
        self._kiosk.wait(self._rng.uniform(0.1, 4))
        if self._rng.random() < TAPS_PER_STEP:
            self._tap()

    def _tap(self) -> None:
        if not self._at_home:
            return
        pupil = self._at_home.pop()
        self.views[type(self._kiosk.journey.view).__name__.removesuffix("View").lower()] += 1
        self.expected.instants[pupil.id, self._today] = self._clock.now()
        self.expected.taps += 1
        self._kiosk.journey.card([card_name(self._school.printed[pupil.id])], self._clock.reading())


@dataclass
class CrowdReport:
    """The result of a crowd."""

    seed: int
    journeys: int
    taps: int
    views: Counter[str]
    deaths: int
    not_arrivals: int
    found: int
    differences: list[str]
    seconds: float

    def __str__(self) -> str:
        at = ", ".join(f"{view} {count}" for view, count in self.views.most_common())
        return "\n".join(
            [
                f"seed {self.seed}, {self.journeys:,} journeys in {self.seconds:.0f} s, {self.deaths} deaths",
                f"{self.taps:,} taps at as many instants ({self.not_arrivals} meant a pupil to be collected);"
                f" on the screen then: {at}",
                f"{self.found:,} arrivals in the register; differences: {len(self.differences)}",
                *self.differences[:20],
            ]
        )


def run(journeys: int, seed_: int, folder: Path) -> CrowdReport:
    """Let a crowd come to the kiosk, and compare what the register has with what the crowd did."""
    began = time.monotonic()
    school = oak_lane()
    begins, ends = _at(DAYS[0], time_of_day(8)), _at(DAYS[-1], time_of_day(18))
    clock = SteppedClock(begins)
    rng = random.Random(seed_)  # noqa: S311  not a secret: the same crowd in every run
    with _register(folder, school, begins, ends) as (url, token):
        kiosk = CrowdedKiosk(kiosk_state(folder), clock, _bundle(school))
        crowd = Crowd(kiosk, clock, school, rng)
        days = iter(DAYS)
        for _ in range(journeys):
            if not crowd.is_morning:
                crowd.begin_morning(next(days))
            crowd.journey()
        _send(kiosk.journal, clock, url, token)
        kiosk.die()
        rows = _entries(folder)
    return CrowdReport(
        seed=seed_,
        journeys=journeys,
        taps=crowd.expected.taps,
        views=crowd.views,
        deaths=crowd.deaths,
        not_arrivals=crowd.expected.not_arrivals,
        found=len(rows),
        differences=differences(crowd.expected, rows),
        seconds=time.monotonic() - began,
    )


def differences(expected: Expected, rows: list[EntryRow]) -> list[str]:
    """What the register has otherwise than the crowd did, in sentences."""
    found: list[str] = []
    times = Counter((row.pupil, row.date) for row in rows)
    found += [
        f"{pupil} is there {count} times on {day}" for (pupil, day), count in times.items() if count > 1
    ]
    found += [
        f"{pupil} came on {day} and is lost" for pupil, day in expected.instants if not times[pupil, day]
    ]
    for row in rows:
        key = (row.pupil, row.date)
        at = expected.instants.get(key)
        if at is None:
            found.append(f"{row.pupil} did not come on {row.date}")
        elif abs(row.at - at) >= timedelta(milliseconds=1):
            found.append(f"{row.pupil} came at {at:%H:%M:%S.%f} and is there with {row.at:%H:%M:%S.%f}")
        reason = expected.reasons.get(key)
        if row.reason != (reason.value if reason else None):
            found.append(f"{row.pupil} gave the reason {reason} and is there with {row.reason}")
    return found


@contextmanager
def _register(
    folder: Path, school: DemoSchool, begins: datetime, ends: datetime
) -> Iterator[tuple[str, str]]:
    """A register process that enrolled the kiosk before the first day and whose clock then stands after the
    last; yields its address and the kiosk's token."""
    access = seed(database_url(folder), school, begins.astimezone(LONDON).date(), begins)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    before = register_program(folder, port, (begins - datetime.now(UTC)).total_seconds())
    before.start()
    try:
        before.wait_for("register.listening")
        token = enrol(RegisterClient(url), access.enrolment_code, "Main reception").token
    finally:
        before.stop()
    after = register_program(folder, port, (ends - datetime.now(UTC)).total_seconds())
    after.start()
    try:
        after.wait_for("register.listening")
        yield url, token
    finally:
        after.stop()


def _bundle(school: DemoSchool) -> Bundle:
    member = StaffMember(id="S1", name="Jo Office", position="Attendance officer", pin=hash_pin(PIN))
    return Bundle(
        version="crowd",
        school=school.school,
        policy=school.policy,
        calendar=school.calendar,
        pupils=list(school.pupils),
        cards=school.cards,
        staff=[member],
    )


def _send(journal: Journal, clock: SteppedClock, url: str, token: str) -> None:
    """Send everything that waits, with the product's uplink."""
    sent = threading.Event()

    def look(_results: Sequence[EntryResult]) -> None:
        if journal.state().result(30).queue.waiting == 0:
            sent.set()

    outbox = JournalOutbox(journal, clock, dict, lambda _school: None, None, enrolment=enrolment_of(token))
    uplink = Uplink(
        RegisterClient(url),
        token,
        outbox,
        on_state=lambda _state: None,
        on_settled=look,
        on_server_time=lambda _time: None,
        rng=random.SystemRandom(),
        monotonic=time.monotonic,
    )
    uplink.start()
    try:
        if journal.state().result(30).queue.waiting and not sent.wait(SENT_WITHIN_S):
            raise CrowdError(f"the entries have not reached the register within {SENT_WITHIN_S:.0f} s")
    finally:
        uplink.stop()


def _entries(folder: Path) -> list[EntryRow]:
    database = Database(database_url(folder))
    try:
        with database.read() as session:
            return list(session.scalars(select(EntryRow).order_by(EntryRow.seq)))
    finally:
        database.close()


def main() -> int:
    """Run the command; return 1 when the register differs from what the crowd did."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.crowd", description=__doc__)
    parser.add_argument("--journeys", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    configure(logging.ERROR)  # each entry would be a line
    with tempfile.TemporaryDirectory() as folder:
        report = run(options.journeys, options.seed, Path(folder))
    sys.stdout.write(f"{report}\n")
    return 1 if report.differences else 0


if __name__ == "__main__":
    sys.exit(main())
