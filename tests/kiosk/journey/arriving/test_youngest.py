"""“Little ones”: class, first name, yes; and who is in no list that can be browsed."""

from pathlib import Path

import pytest

from attendance.policy import files as policies
from attendance.reasons import Reason
from kiosk.journey.view_rules import CLASS_S
from kiosk.views import (
    AskedChildView,
    ClassesView,
    ClassNamesView,
    DoneView,
    FindView,
    HomeView,
    ReasonView,
    Trouble,
)
from kiosk.views.touches import (
    ChooseClass,
    ChooseLate,
    ChooseNameGroup,
    ChoosePupil,
    ChooseReason,
    ChooseYoungest,
    ConfirmPupil,
    GoBack,
    NameNotListed,
)
from sync.wire import Bundle, Pupil
from tests.kiosk.reception import Reception, bundle, pupil, reception
from tests.kiosk.walking import Steps, all_entries, entry_text, sees, walk

ADA = pupil("P1", "Ada", "Kent", "Owls", year="R")
BEN = pupil("P2", "Benjamin", "Ross", "Owls", year="R", preferred="Ben")
HIDDEN = pupil("P3", "Cleo", "Hart", "Owls", year="R", off_lists=True)
OLDER = pupil("P4", "Dan", "Bell", "3B", year="3")
FOXES = pupil("P5", "Eve", "Cole", "Foxes", year="1")
CHILDREN = (ADA, BEN, HIDDEN, OLDER, FOXES)


def school(
    children: tuple[Pupil, ...] = CHILDREN, years: tuple[str, ...] = ("R", "1"), **policy: object
) -> Bundle:
    changed = policies.load("wessex-mat").model_copy(update={"youngest_years": years, **policy})
    all_years = tuple(dict.fromkeys(("R", "1", "3", *changed.years)))
    changed = changed.model_copy(update={"years": all_years})
    return bundle(pupils=children).model_copy(update={"policy": changed.model_dump(mode="json")})


def names(desk: Reception) -> list[str]:
    return [each.name for each in desk.view_as(ClassNamesView).names]


OWLS: Steps = [
    (ChooseYoungest(), ClassesView),
    (ChooseClass("R", "Owls"), ClassNamesView),
]


def test_a_child_signs_in_by_class_first_name_and_yes_without_a_reason(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:07", school=school()) as desk:
        walk(desk, [(ChooseYoungest(), ClassesView)])
        assert [(each.year, each.form) for each in desk.view_as(ClassesView).classes] == [
            ("R", "Owls"),
            ("1", "Foxes"),
        ]
        walk(desk, [(("waits", 6), ClassesView), (ChooseClass("R", "Owls"), ClassNamesView)])
        assert names(desk) == ["Ada", "Ben"]
        walk(desk, [(ChoosePupil("P2"), sees(AskedChildView, pupil="P2", name="Ben"))])
        assert all_entries(desk) == []
        walk(desk, [(ConfirmPupil("P2"), object), ("settle", sees(DoneView, pupil="P2", at="09:07"))])
        (entry,) = all_entries(desk)
        assert entry_text(entry) == "arrival P2 - L"
        assert f"{entry.at:%H:%M:%S}" == "09:07:00"  # the first touch, not the yes


def test_a_wrong_touch_has_a_way_back_and_nothing_but_yes_signs_in(tmp_path: Path) -> None:
    with reception(tmp_path, school=school()) as desk:
        walk(desk, [*OWLS, (ChoosePupil("P1"), AskedChildView), (ConfirmPupil("P2"), None)])
        walk(desk, [(GoBack(), ClassNamesView), (GoBack(), ClassesView), (GoBack(), HomeView)])
        walk(desk, [*OWLS, (ChoosePupil("P5"), None), (ChoosePupil("P3"), None)])  # of another class; hidden
        assert all_entries(desk) == []


@pytest.mark.parametrize("view", [ClassNamesView, AskedChildView])
def test_names_are_gone_after_fifteen_seconds(tmp_path: Path, view: type) -> None:
    with reception(tmp_path, school=school()) as desk:
        walk(desk, OWLS)
        if view is AskedChildView:
            walk(desk, [(ChoosePupil("P1"), AskedChildView)])
        walk(desk, [(("waits", CLASS_S - 1), view), (("waits", 1), HomeView)])
        assert all_entries(desk) == []


def test_names_are_shown_a_few_letters_at_a_time_and_shared_ones_with_more_of_the_surname(
    tmp_path: Path,
) -> None:
    firsts = ("Ada", "Ava", "Bea", "Cal", "Cleo", "Dan", "Dora", "Elif", "Eli", "Eli", "Fay")
    many = tuple(
        pupil(f"P{number}", first, f"{'ABCDEFGHIJK'[number]}ell", "Owls", year="R")
        for number, first in enumerate(firsts)
    )
    with reception(tmp_path, school=school(many)) as desk:
        walk(desk, [*OWLS])
        assert desk.view_as(ClassNamesView).groups == ("A – D", "E – F")
        walk(desk, [(ChooseNameGroup(1), ClassNamesView), (ChooseNameGroup(2), None)])
        assert names(desk) == ["Eli I.", "Eli J.", "Elif", "Fay"]
        walk(desk, [(ChoosePupil("P0"), None)])  # in a group that is not on the screen


@pytest.mark.parametrize(
    ("at", "offered"),
    [("08:50", False), ("09:07", True), ("09:14", True), ("09:31", False), ("16:30", False)],
)
def test_the_list_is_offered_only_while_pupils_are_late(tmp_path: Path, at: str, offered: bool) -> None:
    times = policies.load("wessex-mat").am.model_copy(
        update={"late_after": policies.load("wessex-mat").am.opens}
    )
    late_from_nine = times.model_copy(update={"late_after": times.late_after.replace(hour=9, minute=0)})
    with reception(tmp_path, at=at, school=school(am=late_from_nine)) as desk:
        walk(desk, [("go_home", sees(HomeView, youngest=offered))])
        desk.journey.handle(ChooseYoungest())
        assert isinstance(desk.journey.view, ClassesView) is offered


def test_no_policy_no_trusted_time_and_no_child_offer_no_list(tmp_path: Path) -> None:
    with reception(tmp_path / "off", school=school(years=())) as desk:
        walk(desk, [("go_home", sees(HomeView, youngest=False)), (ChooseYoungest(), HomeView)])
    with reception(tmp_path / "unknown", school=school(), trust="unknown") as desk:
        walk(desk, [("go_home", sees(HomeView, youngest=False)), (ChooseYoungest(), HomeView)])
    with reception(tmp_path / "hidden", school=school((HIDDEN, OLDER))) as desk:
        walk(desk, [("go_home", sees(HomeView, youngest=False)), (ChooseYoungest(), HomeView)])


def test_a_child_who_is_not_listed_goes_on_by_name_with_the_first_instant(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:07", school=school()) as desk:
        walk(desk, [*OWLS, (("waits", 5), ClassNamesView), (NameNotListed(), FindView)])
        assert f"{desk.view_as(FindView).started:%H:%M:%S}" == "09:07:00"


def test_two_children_of_one_name_are_sent_to_their_cards(tmp_path: Path) -> None:
    twins = (ADA, pupil("P6", "Ada", "Kent", "Owls", year="R"))
    with reception(tmp_path, school=school(twins)) as desk:
        walk(desk, [*OWLS, (ChoosePupil("P1"), Trouble.SAME_NAME)])


def test_another_childs_card_waits_and_the_asked_childs_card_is_a_yes(tmp_path: Path) -> None:
    with reception(tmp_path, school=school()) as desk:
        walk(desk, [*OWLS, (("tap", "P5"), ClassNamesView), (ChoosePupil("P1"), AskedChildView)])
        walk(desk, [(("tap", "P1"), object), ("settle", sees(DoneView, pupil="P1"))])
        walk(desk, [(("waits", 30), sees(ReasonView, pupil="P5"))])


# --- Kept off lists ------------------------------------------------------------------------------


def test_a_pupil_kept_off_lists_signs_in_by_card_and_by_the_full_name_only(tmp_path: Path) -> None:
    with reception(tmp_path / "card", school=school()) as desk:
        walk(desk, [(("tap", "P3"), sees(ReasonView, pupil="P3"))])
    with reception(tmp_path / "name", school=school()) as desk:
        walk(desk, [(ChooseLate(), FindView)])
        for letter in "CLEOHAR":
            walk(desk, [(("type", letter), sees(FindView, matches=()))])
        walk(desk, [(("type", "T"), sees(FindView, matches=("P3",), letters="CLEOHART"))])
        walk(desk, [(ChoosePupil("P3"), ReasonView), (ChooseReason(Reason.TRAFFIC), object)])
        walk(desk, [("settle", sees(DoneView, pupil="P3"))])
