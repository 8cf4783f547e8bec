"""Every problem that the kiosk can show: how it comes up, and the ways home from it."""

from pathlib import Path

import pytest

from kiosk.journey import IDLE_S, RELEASE_S
from kiosk.views import (
    CardQuestionView,
    FindView,
    HomeView,
    Sound,
    Trouble,
)
from kiosk.views.touches import (
    CardMeansLeaving,
    ChooseCollecting,
    ChooseLate,
    ChooseLeaving,
    ChoosePupil,
    ChooseReturning,
    ChooseStaff,
    Finish,
    GoBack,
)
from tests.kiosk.journey.leaving.test_alone import BY_CARD, SCHOOL
from tests.kiosk.reception import PUPILS, bundle, closed_on_wednesday, pupil, reception
from tests.kiosk.walking import Choice, Steps, Visit, cancel, collecting, run_visit, sees, walk

OUT: Steps = [*BY_CARD, (("waits", 3600), HomeView)]
TWINS = bundle(pupils=(*PUPILS, pupil("P6", "Tom", "Black", "10C", year="10")))
NAMESAKE: Steps = [
    (ChooseLate(), FindView),
    (("type", "TO"), FindView),
    (ChoosePupil("P6"), Trouble.SAME_NAME),
]
VISITS = {
    Trouble.UNKNOWN_CARD: Visit([("tap_unknown", Trouble.UNKNOWN_CARD)]),
    Trouble.TWO_CARDS: Visit([("two_cards", Trouble.TWO_CARDS)]),
    Trouble.UNREADABLE_CARD: Visit([("unreadable_card", Trouble.UNREADABLE_CARD)]),
    Trouble.EMPTY_ROSTER: Visit([(ChooseLate(), Trouble.EMPTY_ROSTER)], school=bundle(pupils=())),
    Trouble.CLOSED_DAY: Visit(
        [(("tap", "P1"), Trouble.CLOSED_DAY)],
        at="2026-11-25T09:07",
        school=bundle(calendar=closed_on_wednesday()),
    ),
    Trouble.AFTER_SCHOOL: Visit([(ChooseCollecting(), Trouble.AFTER_SCHOOL)], at="15:20"),
    Trouble.SPEAK_TO_OFFICE: Visit([*collecting(), (("refuses", "P5"), Trouble.SPEAK_TO_OFFICE)], at="10:00"),
    Trouble.NO_ANSWER: Visit([*collecting(), (("waits", RELEASE_S), Trouble.NO_ANSWER)], at="10:00"),
    Trouble.RELEASED_TOO_LATE: Visit(
        [*collecting(), *cancel(), (("releases", "P5"), Trouble.RELEASED_TOO_LATE)], at="10:00"
    ),
    Trouble.ALREADY_OUT: Visit(
        [
            *OUT,
            (ChooseCollecting(), FindView),
            (("tap", "P5"), CardQuestionView),
            (CardMeansLeaving(), Trouble.ALREADY_OUT),
        ],
        ["departure P5 medical -"],
        at="10:00",
        school=SCHOOL,
    ),
    Trouble.NOT_ALONE: Visit(
        [
            (ChooseLeaving(), FindView),
            (("type", "AM"), FindView),
            (ChoosePupil("P1"), Trouble.NOT_ALONE),
        ],
        at="10:00",
        school=SCHOOL,
    ),
    Trouble.NOBODY_OUT: Visit([(ChooseReturning(), Trouble.NOBODY_OUT)]),
    Trouble.SAME_NAME: Visit(NAMESAKE, school=TWINS),
    Trouble.NO_PINS: Visit([(ChooseStaff(), Trouble.NO_PINS)], school=bundle(staff=[])),
    Trouble.SCREEN_ERROR: Visit([("screen_failed", Trouble.SCREEN_ERROR)]),
}

TESTED_ELSEWHERE = {
    Trouble.NOT_SAVED: "a full disk: test_alone and test_release",
    Trouble.ARRIVAL_WAITS: "a full disk: test_sign_in and test_returning",
    Trouble.DISK_FAILED: "a full disk: test_sign_in, test_returning and test_alone",
    Trouble.FETCH_ADULT: "a year that needs an adult: test_bringing",
    Trouble.NO_ROSTER: "test_every_touch_without_a_school_shows_that_there_is_no_roster, below",
    Trouble.NOT_OUT: "a pupil comes back while the name is typed: test_returning",
}


def test_every_problem_has_a_test() -> None:
    assert {*VISITS, *TESTED_ELSEWHERE} == set(Trouble)


@pytest.mark.parametrize("leave", [Finish(), GoBack(), ("waits", IDLE_S)], ids=str)
@pytest.mark.parametrize("visit", VISITS.values(), ids=VISITS)
def test_a_problem_is_heard_and_goes_home_by_a_touch_or_by_itself(
    tmp_path: Path, visit: Visit, leave: Choice
) -> None:
    *before, (choice, trouble) = visit.steps
    sound = Sound.UNKNOWN_CARD if trouble is Trouble.UNKNOWN_CARD else Sound.ATTENTION
    ending = [(choice, trouble), ("settle", sees(object, trouble=trouble)), (leave, HomeView)]
    with reception(tmp_path, at=visit.at, school=visit.school) as desk:
        walk(desk, [*before, ending[0]])
        assert desk.frames[-1].sound is sound
        walk(desk, ending[1:])


@pytest.mark.parametrize("visit", VISITS.values(), ids=VISITS)
def test_a_problem_records_nothing(tmp_path: Path, visit: Visit) -> None:
    run_visit(tmp_path, visit)


def test_every_touch_without_a_school_shows_that_there_is_no_roster(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        desk.desk._school = None
        walk(desk, [("school_changed", Trouble.NO_ROSTER), ("tap_unknown", Trouble.NO_ROSTER)])
        for choice in (ChooseLate(), ChooseCollecting(), ChooseReturning(), ChooseStaff(), Finish()):
            walk(desk, [(choice, Trouble.NO_ROSTER)])
