"""A visit by name that another user interrupts is set aside, and taken up again with its instant."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.views import DoneView, FindView, HomeView, ReasonView, YearView
from kiosk.views.touches import (
    ChooseCollecting,
    ChooseLate,
    ChoosePupil,
    ChooseReason,
    ChooseYear,
    FindByYear,
    Finish,
    ManageCards,
)
from tests.kiosk.reception import Reception, reception
from tests.kiosk.walking import Steps, all_entries, entry_text, present, sees, to_staff, walk

AT_ONCE: Steps = [("go_home", HomeView), (("tap", "P5"), ReasonView)]
OTHER_PUPIL: Steps = [
    *AT_ONCE,
    (ChooseReason(Reason.TRAFFIC), object),
    ("settle", DoneView),
    (Finish(), HomeView),
]
REASON_AND_DONE: Steps = [(ChooseReason(Reason.OVERSLEPT), object), ("settle", DoneView)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path, at="09:14") as before_the_register_closes:
        yield before_the_register_closes


def test_a_visit_by_name_goes_on_with_its_letters_and_its_first_touch(desk: Reception) -> None:
    walk(desk, [(ChooseLate(), FindView), (("type", "AM"), sees(FindView, letters="AM"))])
    resume = present(desk.journey._session.step.suspend())
    desk.clock.passes(90)  # the register closes meanwhile
    walk(desk, OTHER_PUPIL)
    resume()
    walk(desk, [("tick", sees(FindView, letters="AM", started="09:14", matches=("P1", "P4", "P2")))])
    walk(desk, [(ChoosePupil("P1"), ReasonView), *REASON_AND_DONE])
    assert {entry_text(each) for each in all_entries(desk)} == {
        "arrival P5 traffic U",
        "arrival P1 overslept L",
    }


def test_a_chosen_year_is_kept_too(desk: Reception) -> None:
    walk(desk, [(ChooseLate(), FindView), (FindByYear(), YearView)])
    resume = present(desk.journey._session.step.suspend())
    walk(desk, OTHER_PUPIL)
    resume()
    walk(desk, [("tick", YearView), (ChooseYear("8"), FindView), (("type", "AM"), FindView)])
    resume = present(desk.journey._session.step.suspend())
    walk(desk, OTHER_PUPIL[:1])
    resume()
    walk(desk, [("tick", sees(FindView, letters="AM", year="8", matches=("P4",)))])


def test_an_adult_who_is_finding_a_pupil_can_be_set_aside(desk: Reception) -> None:
    walk(desk, [(ChooseCollecting(), FindView), (("type", "TO"), FindView)])
    assert desk.journey._session.step.suspend() is not None


def test_home_and_every_step_behind_the_pin_have_nothing_to_come_back_to(desk: Reception) -> None:
    assert desk.journey._session.step.suspend() is None
    walk(desk, to_staff())
    assert desk.journey._session.step.suspend() is None
    walk(desk, [(ManageCards(), FindView)])
    assert desk.journey._session.step.suspend() is None
