"""A search by letters never gives the wrong child: a name with a forgiven letter needs an explicit Yes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.views import CardView, FindView, HomeView, LeftView, NameView, ReasonView, YearView
from kiosk.views.touches import (
    ChooseCollecting,
    ChooseLate,
    ChooseLeaving,
    ChoosePupil,
    ChooseReturning,
    ChooseYear,
    ConfirmPupil,
    Erase,
    FindByYear,
    GoBack,
    ManageCards,
    PressLetter,
    Touch,
)
from tests.kiosk.reception import Reception, bundle, pupil, reception
from tests.kiosk.walking import Steps, collecting, sees, to_staff, walk

PUPILS = (
    pupil("P1", "Jonas", "Mazur", "8D", year="8", leaves_alone=True),
    pupil("P2", "Amelia", "Roe", "9B", year="9"),
    pupil("P3", "Amelia", "Kent", "10C", year="10"),
    pupil("P4", "Amelia", "Kent", "7B"),
    pupil("P5", "Tom", "Black", "10C", year="10"),
)
JONAX, AMELX = ("type", "JONAX"), ("type", "AMELX")
YES = ConfirmPupil("P1")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path, at="10:00", school=bundle(pupils=PUPILS)) as with_a_jonas:
        yield with_a_jonas


@pytest.mark.parametrize(
    ("purpose", "follows"),
    [(ChooseLate(), ReasonView), (ChooseCollecting(), NameView), (ChooseLeaving(), ReasonView)],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_a_single_forgiven_name_is_chosen_only_by_yes(desk: Reception, purpose: Touch, follows: type) -> None:
    in_year: Steps = [(purpose, FindView), (FindByYear(), YearView), (ChooseYear("8"), FindView)]
    walk(desk, [*in_year, (JONAX, sees(FindView, matches=("P1",), approximate=True, asks=True))])
    walk(desk, [(ChoosePupil("P1"), None), (YES, follows)])


def test_a_pupil_who_is_out_is_found_by_the_same_rule(desk: Reception) -> None:
    walk(desk, [*collecting("P1", "JON"), (("releases", "P1"), object), ("settle", LeftView)])
    walk(desk, [("go_home", HomeView), (ChooseReturning(), FindView)])
    walk(desk, [(JONAX, sees(FindView, matches=("P1",), asks=True)), (ChoosePupil("P1"), None)])


def test_staff_who_change_cards_confirm_a_forgiven_name_too(desk: Reception) -> None:
    walk(
        desk, [*to_staff(), (ManageCards(), FindView), (FindByYear(), YearView), (ChooseYear("8"), FindView)]
    )
    walk(desk, [(JONAX, sees(FindView, asks=True)), (ChoosePupil("P1"), None), (YES, CardView)])


def test_of_many_forgiven_names_one_is_chosen_first_and_then_confirmed(desk: Reception) -> None:
    many = sees(FindView, letters="AMELX", matches=("P3", "P4", "P2"), approximate=True, asks=False)
    one = sees(FindView, letters="AMELX", matches=("P4",), asks=True)
    walk(
        desk, [(ChooseLate(), FindView), (AMELX, many), (ConfirmPupil("P4"), None), (ChoosePupil("P5"), None)]
    )
    walk(desk, [(ChoosePupil("P4"), one), (GoBack(), many), (ChoosePupil("P4"), one)])
    walk(desk, [(ConfirmPupil("P2"), None), (ConfirmPupil("P4"), sees(ReasonView, pupil="P4"))])


def test_another_letter_or_none_ends_the_question(desk: Reception) -> None:
    walk(desk, [(ChooseLate(), FindView), (AMELX, FindView), (ChoosePupil("P4"), sees(FindView, asks=True))])
    walk(desk, [(PressLetter("Q"), sees(FindView, asks=True, refused_letter="Q"))])
    walk(desk, [(Erase(), sees(FindView, letters="AMEL", approximate=False)), (GoBack(), HomeView)])


def test_a_name_that_is_spelt_as_typed_needs_no_yes(desk: Reception) -> None:
    walk(desk, [(ChooseLate(), FindView), (("type", "JONA"), sees(FindView, matches=("P1",), asks=False))])
    walk(desk, [(YES, None), (ChoosePupil("P1"), ReasonView)])
