"""The people in the crowd: what they do at each screen, and what the register must have in the end."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

from attendance.calendar import instant
from attendance.reasons import Reason
from demo.school import DemoSchool, card_name
from demo.seed import PIN
from kiosk.school.letters import plain_letters
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
from sync.wire import Pupil
from tests.e2e.crowded_kiosk import CrowdedKiosk, SteppedClock

LONDON = ZoneInfo("Europe/London")
DAYS = [date(2026, 11, 16) + timedelta(days=each) for each in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
"""Two weeks in the demo school's term."""
NOON = 12
"""The hour at which the last late pupil comes."""
TAPS_PER_STEP = 0.12
DEATHS_PER_JOURNEY = 0.02


def at_school(day: date, wall: time_of_day) -> datetime:
    """The instant (UTC) of a wall time at the school."""
    return instant(datetime.combine(day, wall), LONDON)


class CrowdError(AssertionError):
    """The kiosk did not go on."""


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
        self._clock.begin(at_school(day, time_of_day(9, 1)))
        self._kiosk.wait(1)
        # Part-time pupils who keep to their plan are asked nothing, so nothing could be mistaken.
        whole_days = [pupil for pupil in self._school.pupils if not pupil.plans]
        self._at_home = sorted(whole_days, key=lambda _pupil: self._rng.random())

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
