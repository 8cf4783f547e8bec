"""Fifteen late pupils, one after the other: how long the kiosk holds them up, and how often they touch it."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

from attendance.reasons import Reason
from demo.school import card_name, oak_lane
from kiosk.views import DoneView, FindView, HomeView, ReasonView
from kiosk.views.touches import (
    ChooseLate,
    ChoosePupil,
    ChooseReason,
    ConfirmPupil,
    Finish,
    PressLetter,
    Touch,
)
from sync.wire import Bundle, Pupil
from tests.kiosk.reception import STAFF, Reception, reception
from tests.kiosk.school.test_roster_touches import MOST_TOUCHES, touches, ways

THINK_S = 4.0
"""Seconds that a pupil looks at a screen before the first touch on it."""
TYPE_S = 0.8
"""Seconds between two touches on the keyboard."""
BUDGET_S = 240.0
SCHOOL = oak_lane()


@dataclass
class Rush:
    """Pupils who come one after the other, each as soon as the one before has gone."""

    desk: Reception
    touches: int = 0

    def touch(self, touch: Touch, after_s: float = THINK_S) -> None:
        self.desk.waits(after_s)
        self.desk.journey.handle(touch)
        self.touches += 1

    def by_card(self, pupil: Pupil) -> None:
        self.desk.journey.card([card_name(SCHOOL.printed[pupil.id])], self.desk.clock.reading())
        self.answer(pupil)

    def by_name(self, pupil: Pupil) -> int:
        """Sign in by name, with the fewest letters that the hint invites to; returns the number of touches up
        to the recorded reason."""
        before = self.touches
        self.touch(ChooseLate())
        after_s = THINK_S
        for letter in min(ways(pupil), key=lambda typed: touches(pupil, typed) or len(typed) + MOST_TOUCHES):
            if self.is_listed(pupil):
                break
            self.touch(PressLetter(letter), after_s)
            after_s = TYPE_S
        view = self.desk.view_as(FindView)
        self.touch(ConfirmPupil(pupil.id) if view.asks else ChoosePupil(pupil.id))
        self.answer(pupil)
        return self.touches - before - 1  # “Done” closes by itself

    def is_listed(self, pupil: Pupil) -> bool:
        return any(each.id == pupil.id for each in self.desk.view_as(FindView).matches)

    def answer(self, pupil: Pupil) -> None:
        assert self.desk.view_as(ReasonView).pupil.id == pupil.id
        self.touch(ChooseReason(Reason.TRAFFIC))
        self.desk.settle()
        assert self.desk.view_as(DoneView).pupil.id == pupil.id
        self.touch(Finish())
        self.desk.view_as(HomeView)


def bundle() -> Bundle:
    return Bundle(
        version="rush",
        school=SCHOOL.school,
        policy=SCHOOL.policy,
        calendar=SCHOOL.calendar,
        pupils=list(SCHOOL.pupils),
        cards=SCHOOL.cards,
        staff=list(STAFF),
    )


def test_fifteen_pupils_are_signed_in_within_four_minutes(tmp_path: Path) -> None:
    pupils = Random(5).sample(SCHOOL.pupils, 15)  # noqa: S311  not a secret
    with reception(tmp_path, at="09:05", school=bundle()) as desk:
        rush = Rush(desk)
        for number, pupil in enumerate(pupils):
            if number % 2 == 0:
                rush.by_card(pupil)
            else:
                rush.by_name(pupil)
        assert desk.clock.seconds <= BUDGET_S, f"{desk.clock.seconds:.0f} s"
        assert len(desk.entries()) == len(pupils)


def test_a_pupil_signs_in_by_name_with_at_most_five_touches(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:05", school=bundle()) as desk:
        rush = Rush(desk)
        pupils = Random(6).sample(SCHOOL.pupils, 60)  # noqa: S311  not a secret
        whole_days = [pupil for pupil in pupils if not pupil.plans]  # who keeps a plan is asked no reason
        needed = [rush.by_name(pupil) for pupil in whole_days]
        assert max(needed) <= MOST_TOUCHES, sorted(needed)
