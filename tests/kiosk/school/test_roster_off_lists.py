"""Finding a pupil who is kept out of every list that can be browsed."""

import pytest

from kiosk.school.roster import Roster
from sync.wire import BundleCards, Pupil
from tests.kiosk.reception import KEY, bundle, card_of, pupil

HIDDEN = pupil("P3", "Cleo-May", "O’Hart", "7B", preferred="Clo", off_lists=True)
PUPILS = (pupil("P1", "Clara", "Kent"), pupil("P2", "Tom", "Ohara", year="8"), HIDDEN)


def roster(*pupils: Pupil) -> Roster:
    return Roster(pupils, bundle(pupils=pupils).cards)


SCHOOL = roster(*PUPILS)


def found(letters: str, year: str | None = None) -> list[str]:
    return [each.id for each in SCHOOL.find(letters, year=year).pupils]


@pytest.mark.parametrize(
    "name", ["CLEOMAYOHART", "CLEOMAY OHART", "CLOOHART", "CLO OHART", "OHARTCLEOMAY", "OHART CLO"]
)
def test_the_whole_name_finds_the_pupil(name: str) -> None:
    assert found(name) == ["P3"]
    assert found(name, "7") == ["P3"]
    assert found(name, "8") == []
    assert not SCHOOL.find(name).approximate


@pytest.mark.parametrize(
    "letters", ["CL", "CLEO", "CLEOMAY", "OHART", "CLEOMAYOHAR", "CLEOMAYOHARTX", "CLOOHARX"]
)
def test_nothing_shorter_longer_or_misspelt_does(letters: str) -> None:
    assert "P3" not in found(letters)


def test_no_key_is_enabled_for_the_pupil_and_grey_keys_may_be_typed() -> None:
    without = roster(*PUPILS[:2])
    for letters in ("", "C", "CL", "CLE", "O", "OH", "OHA", "CLEOMAYOHAR"):
        assert SCHOOL.find(letters).next_letters == without.find(letters).next_letters
    assert (SCHOOL.takes_any_letter, without.takes_any_letter) == (True, False)
    assert "E" not in SCHOOL.find("CL").next_letters


def test_years_and_their_lists_leave_the_pupil_out() -> None:
    assert roster(HIDDEN, PUPILS[1]).years() == ("8",)
    assert found("CL", "7") == ["P1"]


def test_a_card_and_staff_find_the_pupil() -> None:
    assert SCHOOL.by_card([card_of("P3")]) == HIDDEN
    assert SCHOOL.find("CLE", by_staff=True).pupils == (HIDDEN,)
    assert SCHOOL.find("CL", year="7", by_staff=True).pupils == (PUPILS[0], HIDDEN)


def test_a_name_longer_than_can_be_typed_is_found_by_what_can() -> None:
    long = pupil("P9", "Maximiliana", "Featherstonehaugh-Jones", off_lists=True)
    school = Roster([long, *PUPILS], BundleCards(key=KEY))
    assert school.find("MAXIMILIANAFEATHERSTONEH").pupils == (long,)
    assert school.find("MAXIMILIANAFEATHERSTONE").pupils == ()
