"""Display names: no longer than needed to distinguish a pupil within the form."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.reasons import Reason
from kiosk.app.slips import slips_of
from kiosk.school.roster import Roster
from kiosk.views import (
    CardQuestionView,
    ConfirmView,
    DoneView,
    FindView,
    LeftView,
    NameView,
    ProblemView,
    ReasonView,
    SavingView,
    Trouble,
)
from kiosk.views.touches import (
    CardMeansLeaving,
    ChooseCollecting,
    ChooseLate,
    ChoosePupil,
    ChooseReason,
    Finish,
    Touch,
    UndoEntry,
)
from sync.wire import BundleCards
from tests.kiosk.reception import Reception, bundle, pupil, reception
from tests.kiosk.walking import Steps, by_pin, collecting, sees, to_staff, walk

NAMESAKES = (
    pupil("P1", "Mohammed", "Ali"),
    pupil("P2", "Mohammed", "Ahmed"),
    pupil("P5", "Tom", "Black", "10C", year="10"),
)


def display_names(*names: str, form: str = "7B") -> list[str]:
    split = [name.split(" ", 1) for name in names]
    pupils = [pupil(f"P{i}", first, last, form) for i, (first, last) in enumerate(split)]
    roster = Roster(pupils, BundleCards(key=""))
    return [roster.display_name(each) for each in pupils]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Mohammed Ali", "Amelia Kent"], ["Mohammed A.", "Amelia K."]),
        (["Mohammed Ali", "Mohammed Ahmed"], ["Mohammed Al.", "Mohammed Ah."]),
        (
            ["Mohammed Ali", "Mohammed Ahmed", "Mohammed Abbas"],
            ["Mohammed Al.", "Mohammed Ah.", "Mohammed Ab."],
        ),
        (
            ["Mohammed Ali", "Mohammed Aliyu", "Mohammed Bell"],
            ["Mohammed Ali", "Mohammed Aliy.", "Mohammed B."],
        ),
        (["Erin O’Neill", "Erin O’Brien"], ["Erin O’N.", "Erin O’B."]),
        (["Erin Smith-Jones", "Erin Smith"], ["Erin Smith-J.", "Erin Smith"]),
        (["Erin de Souza", "Erin de Silva"], ["Erin de So.", "Erin de Si."]),
        (["Zoe Ash", "Zoë Ash"], ["Zoe Ash", "Zoë Ash"]),
        (["Zoë Ash", "Zoe Archer"], ["Zoë As.", "Zoe Ar."]),
        (["Bo O", "Bo Ott"], ["Bo O.", "Bo Ot."]),
        (["ਸਿਮਰਨ ਕੌਰ", "ਸਿਮਰਨ ਕਾਲੜਾ"], ["ਸਿਮਰਨ ਕੌ.", "ਸਿਮਰਨ ਕਾ."]),
        (["Erin Ünal", "Erin U\u0308zer"], ["Erin Ün.", "Erin Üz."]),
    ],
)
def test_as_much_of_the_surname_is_shown_as_distinguishes(names: list[str], expected: list[str]) -> None:
    assert display_names(*names) == expected


def test_pupils_of_different_forms_need_no_more_letters() -> None:
    seven, eight = pupil("P1", "Mohammed", "Ali", "7B"), pupil("P2", "Mohammed", "Ahmed", "8C")
    roster = Roster([seven, eight], BundleCards(key=""))
    assert [roster.display_name(seven), roster.display_name(eight)] == ["Mohammed A."] * 2


def test_the_preferred_name_is_shown_and_compared() -> None:
    roster = Roster(
        [pupil("P1", "Thomas", "Ash", preferred="Tom"), mate := pupil("P2", "Tom", "Abbot")],
        BundleCards(key=""),
    )
    assert roster.display_name(mate) == "Tom Ab."


def test_a_pupil_who_has_left_the_roster_still_has_a_display_name() -> None:
    roster = Roster(NAMESAKES, BundleCards(key=""))
    assert roster.display_name(pupil("P9", "Mia", "Ash")) == "Mia A."
    assert roster.display_name(pupil("P9", "Mia", "")) == "Mia"


def test_only_equal_full_names_in_one_form_are_namesakes() -> None:
    one, same, other = (pupil(f"P{i}", "Mia", last) for i, last in enumerate(("Ash", "ASH", "Asher")))
    elsewhere = pupil("P3", "Mia", "Ash", "8C")
    roster = Roster([one, same, other, elsewhere], BundleCards(key=""))
    assert [roster.has_namesake(each) for each in (one, same, other, elsewhere)] == [True, True, False, False]


@given(st.lists(st.text(alphabet="AabBé’- ", min_size=1, max_size=5), min_size=2, max_size=6))
def test_a_pupil_without_a_namesake_has_a_unique_display_name(surnames: list[str]) -> None:
    pupils = [pupil(f"P{number}", "Mia", last) for number, last in enumerate(surnames)]
    roster = Roster(pupils, BundleCards(key=""))
    alone = [roster.display_name(each).casefold() for each in pupils if not roster.has_namesake(each)]
    everyone = [roster.display_name(each).casefold() for each in pupils]
    assert all(everyone.count(name) == 1 for name in alone)


# --- on the screens ---------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path, at="10:00", school=bundle(pupils=NAMESAKES)) as at_ten:
        yield at_ten


def names(view: object) -> set[str]:
    """The display names that appear in a view."""
    return {word for word in ("Mohammed A.", "Mohammed Al.", "Mohammed Ah.") if repr(word) in repr(view)}


def test_every_late_screen_and_the_slip_show_the_display_name(desk: Reception) -> None:
    walk(desk, [(ChooseLate(), FindView), (("type", "MO"), FindView)])
    assert names(desk.journey.view) == {"Mohammed Al.", "Mohammed Ah."}
    for choice, screen in (
        (ChoosePupil("P2"), ReasonView),
        (ChooseReason(Reason.OTHER), SavingView),
        ("settle", DoneView),
    ):
        walk(desk, [(choice, screen)])
        assert names(desk.journey.view) == {"Mohammed Ah."}
    [slip] = slips_of(desk.journey.view, "en")
    assert slip.name == "Mohammed Ah."


def test_every_collecting_screen_and_the_slip_show_the_display_name(desk: Reception) -> None:
    walk(desk, collecting("P1", "MO")[:2])
    for choice, screen in (
        *collecting("P1", "MO")[2:],
        *by_pin(),
        ("settle", LeftView),
    ):
        walk(desk, [(choice, screen)])
        assert names(desk.journey.view) == {"Mohammed Al."}, screen
    [slip] = slips_of(desk.journey.view, "en")
    assert slip.name == "Mohammed Al."


def test_the_staff_screens_show_the_display_name(desk: Reception) -> None:
    walk(desk, [(("tap", "P1"), ReasonView), (ChooseReason(None), SavingView), ("settle", DoneView)])
    walk(desk, [(Finish(), object), *to_staff()])
    assert names(desk.journey.view) == {"Mohammed Al."}
    walk(desk, [(UndoEntry(desk.entries()[0].id), ConfirmView)])
    assert names(desk.journey.view) == {"Mohammed Al."}


@pytest.mark.parametrize("purpose", [ChooseLate(), ChooseCollecting()])
def test_namesakes_are_sent_to_the_office_unless_they_use_a_card(tmp_path: Path, purpose: Touch) -> None:
    same = (pupil("P1", "Mia", "Ash"), pupil("P2", "Mia", "Ash"))
    with reception(tmp_path, at="10:00", school=bundle(pupils=same)) as desk:
        found = sees(FindView, matches=("P1", "P2"))
        walk(desk, [(purpose, FindView), (("type", "MI"), found), (ChoosePupil("P2"), Trouble.SAME_NAME)])
        assert desk.view_as(ProblemView).detail == "Mia Ash"
        by_card: Steps = [(("tap", "P2"), ReasonView)]
        if purpose == ChooseCollecting():
            by_card = [(("tap", "P2"), CardQuestionView), (CardMeansLeaving(), NameView)]
        walk(desk, [(Finish(), object), (purpose, FindView), *by_card])
