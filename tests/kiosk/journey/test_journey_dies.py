"""A kiosk that dies in the middle of a visit records what it would have recorded if the visitor had walked
away: who is known to be in the building, once, at their own instant, and no one else."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.journey import IDLE_S
from kiosk.journey.view_rules import BUS_S
from kiosk.views import (
    AskedChildView,
    BringView,
    CardQuestionView,
    ConfirmView,
    DoneView,
    FindView,
    HomeView,
    NameView,
    ReasonView,
    SavingView,
    Trouble,
    UnlistedView,
)
from kiosk.views.touches import (
    AddPupil,
    AddSibling,
    ChangeName,
    ChooseCollecting,
    ChooseLate,
    ChoosePupil,
    ChooseReason,
    ConfirmName,
    GoBack,
    NameNotListed,
    RemovePupil,
    UndoEntry,
)
from sync.wire import Bundle, Entry
from tests.kiosk.journey.arriving import test_bringing, test_sign_in_siblings, test_youngest
from tests.kiosk.journey.staff import test_bus
from tests.kiosk.reception import Reception, bundle, reception
from tests.kiosk.walking import Steps, all_entries, by_name, choose, to_staff, walk

SAM: Steps = [(NameNotListed(), UnlistedView), (("type", "SAM NEW"), UnlistedView)]
NAMED = (ConfirmName(), UnlistedView)
FIND: Steps = [(ChooseLate(), FindView), (("type", "AM"), FindView), (("waits", 2), None)]


@dataclass(frozen=True)
class Unfinished:
    """A visit that was begun at 09:07:00, and what it must leave behind."""

    steps: Steps
    recorded: list[str] = field(default_factory=list)
    school: Bundle = field(default_factory=bundle)


UNFINISHED = {
    "a card before the reason": Unfinished([(("tap", "P1"), ReasonView)], ["arrival P1 09:07:00"]),
    "cards that wait behind another pupil": Unfinished(
        [(("tap", "P1"), ReasonView), (("waits", 2), None), (("tap", "P5"), ReasonView)],
        ["arrival P1 09:07:00", "arrival P5 09:07:02"],
    ),
    "a card that an adult has not explained": Unfinished(
        [(ChooseCollecting(), FindView), (("tap", "P5"), CardQuestionView)], ["arrival P5 09:07:00"]
    ),
    "a name that is being typed": Unfinished(FIND),
    "a pupil who chose their name: it may be a mistake": Unfinished(by_name(ChooseLate(), "TO", "P5")),
    "a name off the list, before it is confirmed": Unfinished([*FIND, *SAM]),
    "a name off the list, before the form": Unfinished(
        [*FIND, *SAM, NAMED, (("waits", 3), None)], ["arrival Sam New 09:07:00"]
    ),
    "a name off the list that is taken back": Unfinished([*FIND, *SAM, NAMED, (GoBack(), UnlistedView)]),
    "a name off the list, before the reason": Unfinished(
        [*FIND, *SAM, NAMED, (("type", "7B"), UnlistedView), (ConfirmName(), ReasonView)],
        ["arrival Sam New, 7B 09:07:00"],
    ),
    "a brought child from the list: it may be a mistake": Unfinished(
        [*test_bringing.ADULT, *test_bringing.TOM]
    ),
    "a brought child off the list": Unfinished(
        [*test_bringing.ADULT, *SAM, NAMED, (ConfirmName(), BringView), (AddPupil(), FindView)],
        ["arrival Sam New 09:07:00 by Ruth Okafor"],
    ),
    "a brought child off the list, and then the adult corrects their name": Unfinished(
        [
            *test_bringing.ADULT,
            *SAM,
            NAMED,
            (ConfirmName(), BringView),
            (ChangeName(), NameView),
            (("type", "S"), NameView),
            (ConfirmName(), BringView),
        ],
        ["arrival Sam New 09:07:00 by Ruth Okafors"],
    ),
    "a sibling off the list": Unfinished(
        [*test_sign_in_siblings.FIRST, (AddSibling(), FindView), *SAM, NAMED],
        ["arrival P5 09:07:00 traffic", "arrival Sam New 09:07:00"],
    ),
    "a sibling from the list: it may be a mistake": Unfinished(
        [*test_sign_in_siblings.FIRST, (AddSibling(), FindView), *test_sign_in_siblings.ZOE],
        ["arrival P5 09:07:00 traffic"],
    ),
    "a little one who has not said yes": Unfinished(
        [*test_youngest.OWLS, (ChoosePupil("P2"), AskedChildView)], school=test_youngest.school()
    ),
    "a late bus": Unfinished(
        [*test_bus.ON_THE_BUS, *test_bus.tapped("P1"), (("waits", 2), None), *test_bus.tapped("P2")],
        ["arrival P1 09:07:00 school-transport Bus 27", "arrival P2 09:07:02 school-transport Bus 27"],
        test_bus.TWO_ROUTES,
    ),
    "an adult before the request": Unfinished(
        [*by_name(ChooseCollecting(), "TO", "P5"), (("type", "RUTH OKAFOR"), NameView)]
    ),
    "an undo that is not confirmed": Unfinished(
        [
            (("tap", "P1"), ReasonView),
            (ChooseReason(Reason.TRAFFIC), SavingView),
            ("settle", DoneView),
            ("go_home", HomeView),
            *to_staff(),
            ("undo_first", ConfirmView),
        ],
        ["arrival P1 09:07:00 traffic"],
    ),
}


def begin(desk: Reception, visit: Unfinished) -> None:
    for step in visit.steps:
        if step[0] == "undo_first":
            [entry] = all_entries(desk)
            step = (UndoEntry(entry.id), ConfirmView)  # noqa: PLW2901  its id is known only now
        walk(desk, [step])


def text(entry: Entry) -> str:
    who = (
        ", ".join(filter(None, (entry.unlisted.name, entry.unlisted.form))) if entry.unlisted else entry.pupil
    )
    by = f"by {entry.brought_by}" if entry.brought_by else None
    return " ".join(filter(None, (entry.kind, who, f"{entry.at:%H:%M:%S}", entry.reason, entry.route, by)))


def recorded(desk: Reception) -> list[str]:
    """Every entry, once no tap on the disk is left."""
    desk.settle()
    assert desk.journal.taps().result(5) == []
    return sorted(map(text, all_entries(desk)))


@pytest.mark.parametrize("visit", UNFINISHED.values(), ids=UNFINISHED)
def test_a_kiosk_that_dies_records_who_is_in_the_building_at_its_next_start_once(
    tmp_path: Path, visit: Unfinished
) -> None:
    with reception(tmp_path, at="09:07", school=visit.school) as desk:
        begin(desk, visit)  # nothing ends the visit
    for _start in range(2):
        with reception(tmp_path, at="09:31", school=visit.school) as desk:
            assert recorded(desk) == visit.recorded


@pytest.mark.parametrize("visit", UNFINISHED.values(), ids=UNFINISHED)
def test_a_visitor_who_walks_away_leaves_the_same(tmp_path: Path, visit: Unfinished) -> None:
    with reception(tmp_path, at="09:07", school=visit.school) as desk:
        begin(desk, visit)
        for _ in range(8):
            choose(desk, ("waits", max(IDLE_S, BUS_S)))
            desk.settle()
        assert isinstance(desk.journey.view, HomeView)
        assert recorded(desk) == visit.recorded


def test_a_child_who_is_taken_off_again_is_no_arrival(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, [*test_bringing.ADULT, *SAM, NAMED, (ConfirmName(), BringView)])
        [child] = desk.view_as(BringView).pupils
        walk(desk, [(RemovePupil(child.id), FindView)])
    with reception(tmp_path) as desk:
        assert recorded(desk) == []


def test_after_a_bus_whose_kiosk_died_a_card_belongs_to_its_pupil_again(tmp_path: Path) -> None:
    with reception(tmp_path, school=test_bus.TWO_ROUTES) as desk:
        walk(desk, [*test_bus.ON_THE_BUS, *test_bus.tapped("P1")])
    with reception(tmp_path, school=test_bus.TWO_ROUTES) as desk:
        walk(desk, [(("tap", "P2"), ReasonView), (ChooseReason(Reason.TRAFFIC), SavingView)])
        assert recorded(desk) == [
            "arrival P1 09:07:00 school-transport Bus 27",
            "arrival P2 09:07:00 traffic",
        ]


def test_a_pupil_off_the_list_is_kept_while_the_disk_is_full(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        desk.disk_is_full()
        walk(desk, [*FIND, *SAM, NAMED, ("settle", None), ("go_home", Trouble.DISK_FAILED)])
        desk.disk_has_room()
        for _ in range(3):
            desk.waits(1)
            desk.settle()
        assert recorded(desk) == ["arrival Sam New 09:07:00"]
