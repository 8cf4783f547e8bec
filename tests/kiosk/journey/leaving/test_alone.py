"""“I’m leaving”: a pupil who may leave alone signs out, as lists of choices and screens."""

from collections.abc import Sequence
from datetime import time
from pathlib import Path

import pytest

from attendance.policy import files as policies
from attendance.reasons import Reason
from kiosk.desk import SELF
from kiosk.journey import IDLE_S
from kiosk.views import (
    BackAtView,
    CardQuestionView,
    DoneView,
    FindView,
    HomeView,
    LeftView,
    Notice,
    Purpose,
    ReasonView,
    SavingView,
    Sound,
    Trouble,
    YearView,
)
from kiosk.views.touches import (
    CardMeansArrival,
    CardMeansLeaving,
    ChooseLeaving,
    ChoosePupil,
    ChooseReason,
    ChooseReturnTime,
    FindByYear,
    Finish,
    GoBack,
)
from sync.wire import Bundle
from tests.kiosk.reception import PUPILS, bundle, london, pupil, reception
from tests.kiosk.walking import Step, Steps, Visit, by_name, present, run_visit, sees, walk

TOM_MAY_LEAVE = (*PUPILS[:4], pupil("P5", "Tom", "Black", "10C", year="10", leaves_alone=True))
SCHOOL = bundle(pupils=TOM_MAY_LEAVE)
FIND: Step = (ChooseLeaving(), FindView)
BY_TAP: Steps = [
    FIND,
    (("tap", "P5"), sees(CardQuestionView, pupil="P5", purpose=Purpose.LEAVING)),
]
AT_REASON: Steps = [*BY_TAP, (CardMeansLeaving(), sees(ReasonView, pupil="P5", required=True))]
UP_TO_SAVING: Steps = [
    *AT_REASON,
    (ChooseReason(Reason.MEDICAL), BackAtView),
    (ChooseReturnTime(time(11, 30)), SavingView),
]
BY_CARD: Steps = [
    *UP_TO_SAVING,
    ("settle", sees(LeftView, pupils=("P5",), alone=True, frame__sound=Sound.ACCEPTED)),
]
TOM_OUT = "departure P5 medical -"
TOM_BACK = "return P5 medical -"


def visit(steps: Steps, recorded: Sequence[str] = (), at: str = "10:00", school: Bundle = SCHOOL) -> Visit:
    """A visit at ten o’clock, at a school where Tom may leave alone."""
    return Visit(steps, list(recorded), at=at, school=school)


VISITS = {
    "a card that means an arrival: the pupil is asked for a reason in turn": visit(
        [
            *BY_TAP,
            (CardMeansArrival(), sees(FindView, frame__cards_waiting=1)),
            (GoBack(), sees(ReasonView, pupil="P5", purpose=Purpose.LATE)),
            (ChooseReason(Reason.OTHER), SavingView),
            ("settle", DoneView),
        ],
        ["arrival P5 other U"],
    ),
    "a question about a card that is not answered: the pupil has arrived": visit(
        [
            *BY_TAP,
            (("waits", IDLE_S), sees(ReasonView, pupil="P5", purpose=Purpose.LATE)),
            (("waits", IDLE_S), SavingView),
            ("settle", DoneView),
        ],
        ["arrival P5 - U"],
    ),
    "a card while another pupil types a name": visit(
        [
            FIND,
            (("type", "T"), FindView),
            (("tap", "P1"), sees(FindView, letters="T", frame__cards_waiting=1)),
            (GoBack(), sees(ReasonView, pupil="P1")),
        ]
    ),
    "by card": visit([*BY_CARD, (Finish(), HomeView)], [TOM_OUT]),
    "a card at the list of years is another pupil's": visit(
        [
            FIND,
            (FindByYear(), YearView),
            (("tap", "P5"), sees(YearView, frame__cards_waiting=1)),
            (GoBack(), FindView),
            (GoBack(), sees(ReasonView, pupil="P5", purpose=Purpose.LATE)),
        ]
    ),
    "by name, and not back today": visit(
        [
            FIND,
            (("type", "TO"), FindView),
            (ChoosePupil("P5"), ReasonView),
            (ChooseReason(Reason.OTHER), BackAtView),
            (ChooseReturnTime(None), SavingView),
            ("settle", sees(LeftView, back_at=None)),
        ],
        ["departure P5 other -"],
    ),
    "near the end of the day, without a time of return": visit(
        [*AT_REASON, (ChooseReason(Reason.UNWELL), SavingView), ("settle", LeftView)],
        ["departure P5 unwell -"],
        at="15:08",
    ),
    "the reason is required, and must be one for leaving": visit(
        [*AT_REASON, (ChooseReason(None), None), (ChooseReason(Reason.TRAFFIC), None)]
    ),
    "back goes one step at a time": visit(
        [
            *UP_TO_SAVING[:4],
            (GoBack(), ReasonView),
            (GoBack(), FindView),
            (GoBack(), HomeView),
            ("settle", None),
        ]
    ),
    "a pupil who walks away is not signed out": visit(
        [*UP_TO_SAVING[:4], (("waits", IDLE_S), HomeView), ("settle", None)]
    ),
    "a pupil who may not leave alone, by card": visit(
        [
            FIND,
            (("tap", "P1"), CardQuestionView),
            (CardMeansLeaving(), Trouble.NOT_ALONE),
            ("settle", None),
        ]
    ),
    "a pupil who may not leave alone, by name": visit(
        [FIND, (("type", "AM"), FindView), (ChoosePupil("P1"), Trouble.NOT_ALONE), ("settle", None)]
    ),
    "signed out before, by name": visit(
        [
            *BY_CARD,
            (("waits", 3600), HomeView),
            FIND,
            (("type", "TO"), FindView),
            (ChoosePupil("P5"), Trouble.ALREADY_OUT),
        ],
        [TOM_OUT],
    ),
    "signed out before, by card": visit(
        [*BY_CARD, (("waits", 3600), HomeView), *BY_TAP, (CardMeansLeaving(), Trouble.ALREADY_OUT)], [TOM_OUT]
    ),
    "the same card again changes nothing, and another one waits": visit(
        [
            *AT_REASON,
            (("tap", "P5"), sees(ReasonView, frame__cards_waiting=0)),
            (("tap", "P2"), sees(ReasonView, frame__cards_waiting=1)),
            *BY_CARD[3:],
            (Finish(), sees(ReasonView, pupil="P2")),
        ],
        [TOM_OUT],
    ),
    "an unknown card while a name is typed": visit(
        [FIND, ("tap_unknown", sees(FindView, frame__notice=Notice.UNKNOWN_CARD))]
    ),
    "an unknown card at the reason": visit(
        [*AT_REASON, ("tap_unknown", sees(ReasonView, pupil="P5", frame__notice=Notice.UNKNOWN_CARD))]
    ),
    "a full disk": visit(
        [
            ("disk_is_full", None),
            *UP_TO_SAVING,
            ("settle", Trouble.NOT_SAVED),
            ("disk_has_room", None),
            (Finish(), Trouble.DISK_FAILED),
            (("waits", 1), Trouble.DISK_FAILED),
            ("settle", None),
            (("waits", 1), HomeView),
            *by_name(ChooseLeaving(), "TO", "P5")[:2],
            (ChoosePupil("P5"), Trouble.ALREADY_OUT),
        ],
        [TOM_OUT],
    ),
    "a departure that waits for the disk is not shown as recorded": visit(
        [
            ("disk_is_full", None),
            *UP_TO_SAVING,
            ("settle", Trouble.NOT_SAVED),
            (("tap", "P5"), Trouble.NOT_SAVED),
            (Finish(), Trouble.DISK_FAILED),
            (("tap", "P5"), Trouble.NOT_SAVED),
            ("disk_has_room", None),
            (("waits", 1), Trouble.NOT_SAVED),
            ("settle", None),
            (("tap", "P5"), LeftView),
        ],
        [TOM_OUT],
    ),
    "a pupil is back before the disk has taken the departure": visit(
        [
            ("disk_is_full", None),
            *UP_TO_SAVING,
            ("settle", Trouble.NOT_SAVED),
            (("waits", 600), Trouble.DISK_FAILED),
            (("tap", "P5"), SavingView),
            ("settle", Trouble.ARRIVAL_WAITS),
            ("disk_has_room", None),
            (("waits", 1), Trouble.ARRIVAL_WAITS),
            ("settle", None),
            (("waits", 1), None),
            ("settle", None),
        ],
        [TOM_OUT, TOM_BACK],
    ),
    "a disk that answers late": visit(
        [*UP_TO_SAVING, (("waits", IDLE_S), Trouble.NOT_SAVED), ("settle", LeftView)], [TOM_OUT]
    ),
    "after school": visit([(ChooseLeaving(), Trouble.AFTER_SCHOOL), (Finish(), HomeView)], at="15:20"),
    "two pupils of the same name": visit(
        [FIND, (("type", "TO"), FindView), (ChoosePupil("P6"), Trouble.SAME_NAME), ("settle", None)],
        school=bundle(
            pupils=(*TOM_MAY_LEAVE, pupil("P6", "Tom", "Black", "10C", year="10", leaves_alone=True))
        ),
    ),
}


@pytest.mark.parametrize("visit", VISITS.values(), ids=VISITS)
def test_a_pupil_leaves_alone(tmp_path: Path, visit: Visit) -> None:
    run_visit(tmp_path, visit)


def test_a_pupil_who_leaves_alone_is_their_own_collector_without_a_release(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00", school=SCHOOL) as desk:
        walk(desk, BY_CARD)
        [entry] = desk.entries()
        assert (present(entry.departure).collector, present(entry.departure).released_by) == (SELF, None)
        assert present(entry.departure).expected_back == london("11:30")


def test_a_pupil_who_is_not_back_today_is_left_to_the_office(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00", school=SCHOOL) as desk:
        walk(desk, [*UP_TO_SAVING[:4], (ChooseReturnTime(None), SavingView), ("settle", LeftView)])
        [entry] = desk.entries()
        assert (entry.decision.suggested, entry.decision.needs_office) == ("M", True)


def test_home_offers_leaving_only_where_some_pupil_may_leave_alone(tmp_path: Path) -> None:
    with reception(tmp_path / "may", at="10:00", school=SCHOOL) as desk:
        walk(desk, [("go_home", sees(HomeView, may_leave_alone=True))])
    with reception(tmp_path / "may not", at="10:00") as desk:
        walk(desk, [("go_home", sees(HomeView, may_leave_alone=False)), (ChooseLeaving(), None)])


def test_a_policy_may_let_whole_years_leave_alone(tmp_path: Path) -> None:
    leaving = policies.load("wessex-mat").model_copy(update={"leaves_alone": ("9",)})
    school = bundle().model_copy(update={"policy": leaving.model_dump(mode="json")})
    with reception(tmp_path, at="10:00", school=school) as desk:
        walk(desk, [FIND, (("tap", "P2"), CardQuestionView), (CardMeansLeaving(), ReasonView)])
        walk(desk, [(GoBack(), FindView), (GoBack(), HomeView)])
        walk(desk, [FIND, (("tap", "P5"), CardQuestionView), (CardMeansLeaving(), Trouble.NOT_ALONE)])
