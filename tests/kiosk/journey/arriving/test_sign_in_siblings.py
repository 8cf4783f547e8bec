"""“Someone else with me”: a pupil who has signed in adds another who came at the same time."""

from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.views import DoneView, FindView, HomeView, ReasonView, SavingView, Trouble
from kiosk.views.touches import (
    AddSibling,
    ChooseLate,
    ChoosePupil,
    ChooseReason,
    Finish,
    GoBack,
)
from tests.kiosk.journey.arriving.test_bringing import with_policy
from tests.kiosk.reception import reception
from tests.kiosk.walking import Steps, Visit, all_entries, by_name, run_visit, sees, walk

FIRST: Steps = [
    *by_name(ChooseLate(), "TO", "P5"),
    (ChooseReason(Reason.TRAFFIC), SavingView),
    ("settle", sees(DoneView, may_add=True)),
]
FIND = (AddSibling(), sees(FindView, purpose="sibling"))
ZOE: Steps = [
    (("type", "ZO"), FindView),
    (ChoosePupil("P3"), sees(ReasonView, same=Reason.TRAFFIC, purpose="sibling")),
]
SAME: Steps = [(ChooseReason(Reason.TRAFFIC), SavingView), ("settle", sees(DoneView, pupil="P3"))]

SIBLINGS = {
    "with the same reason in one touch": Visit(
        [*FIRST, FIND, *ZOE, *SAME, (Finish(), HomeView)], ["arrival P5 traffic L", "arrival P3 traffic L"]
    ),
    "of a pupil who came by card": Visit(
        [
            (("tap", "P5"), ReasonView),
            (ChooseReason(Reason.TRAFFIC), SavingView),
            ("settle", DoneView),
            FIND,
            *ZOE,
            *SAME,
        ],
        ["arrival P5 traffic L", "arrival P3 traffic L"],
    ),
    "with another reason": Visit(
        [*FIRST, FIND, *ZOE, (ChooseReason(Reason.OTHER), SavingView), ("settle", DoneView)],
        ["arrival P5 traffic L", "arrival P3 other L"],
    ),
    "without a reason to offer": Visit(
        [
            *FIRST[:-2],
            (ChooseReason(None), SavingView),
            ("settle", DoneView),
            FIND,
            ZOE[0],
            (ChoosePupil("P3"), sees(ReasonView, same=None)),
        ],
        ["arrival P5 - L"],
    ),
    "long after the first touch, the new touch counts": Visit(
        [
            *FIRST,
            (("waits", 14), DoneView),
            FIND,
            (("type", "Z"), FindView),
            (("waits", 29), FindView),
            (("type", "O"), FindView),
            (("waits", 29), FindView),
            *ZOE[1:],
            (("waits", 29), ReasonView),
            *SAME,
            (("waits", 14), DoneView),
            (("waits", 0.9), DoneView),
            (AddSibling(), sees(FindView, started="09:07")),
            (("type", "AM"), FindView),
            (("waits", 29), FindView),
            (ChoosePupil("P2"), ReasonView),
            (ChooseReason(Reason.TRAFFIC), SavingView),
            ("settle", DoneView),
            (AddSibling(), sees(FindView, started="09:09")),
        ],
        ["arrival P5 traffic L", "arrival P3 traffic L", "arrival P2 traffic L"],
    ),
    "no more than four together": Visit(
        [
            *FIRST,
            FIND,
            *ZOE,
            *SAME,
            FIND,
            (("type", "AM"), FindView),
            (ChoosePupil("P2"), ReasonView),
            (ChooseReason(Reason.TRAFFIC), SavingView),
            ("settle", sees(DoneView, may_add=True)),
            FIND,
            (("type", "AM"), FindView),
            (ChoosePupil("P1"), ReasonView),
            (ChooseReason(Reason.TRAFFIC), SavingView),
            ("settle", sees(DoneView, may_add=False)),
            (AddSibling(), None),
        ],
        [f"arrival {each} traffic L" for each in ("P5", "P3", "P2", "P1")],
    ),
    "and a third": Visit(
        [
            *FIRST,
            FIND,
            *ZOE,
            *SAME,
            FIND,
            (("type", "AME"), FindView),
            (ChoosePupil("P2"), sees(ReasonView, same=Reason.TRAFFIC)),
            (ChooseReason(Reason.TRAFFIC), SavingView),
            ("settle", DoneView),
        ],
        ["arrival P5 traffic L", "arrival P3 traffic L", "arrival P2 traffic L"],
    ),
    "given up": Visit([*FIRST, FIND, (GoBack(), HomeView)], ["arrival P5 traffic L"]),
    "not where the policy does not offer it": Visit(
        [*FIRST[:-1], ("settle", sees(DoneView, may_add=False)), (AddSibling(), None)],
        ["arrival P5 traffic L"],
        school=with_policy(no_siblings=True),
    ),
    "not on the answer to a second visit, whose instant is long ago": Visit(
        [*FIRST, (Finish(), HomeView), (("tap", "P5"), sees(DoneView, already=True, may_add=False))],
        ["arrival P5 traffic L"],
    ),
    "not of a year that an adult must bring": Visit(
        [*FIRST, FIND, ZOE[0], (ChoosePupil("P3"), Trouble.FETCH_ADULT)],
        ["arrival P5 traffic L"],
        school=with_policy(accompanied_years=["7"]),
    ),
}


@pytest.mark.parametrize("visit", [pytest.param(visit, id=name) for name, visit in SIBLINGS.items()])
def test_someone_else_with_me(tmp_path: Path, visit: Visit) -> None:
    run_visit(tmp_path, visit)


def test_both_came_at_the_instant_of_the_first_touch(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:14:50") as desk:
        touched = desk.clock.at
        walk(desk, FIRST)
        desk.clock.passes(5)
        walk(desk, [FIND, (("waits", 15), None), *ZOE, *SAME])
        entries = all_entries(desk)
        assert [entry.at for entry in entries] == [touched, touched]
        assert [entry.decision.code for entry in entries] == ["L", "L"]
        assert [entry.brought_by for entry in entries] == [None, None]
