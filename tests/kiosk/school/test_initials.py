"""Finding a pupil by two initials."""

from kiosk.school.roster import MOST_FOUND, Roster
from sync.wire import BundleCards, Pupil
from tests.kiosk.reception import KEY, pupil


def listed(letters: str, *pupils: Pupil, year: str | None = None) -> list[str]:
    found = Roster(pupils, BundleCards(key=KEY)).find(letters, year=year)
    assert not found.approximate
    return [each.id for each in found.pupils]


LOUIS = pupil("LM", "Louis", "Martin")
DOUBLE = pupil("IS", "Isla", "St John")
CALLED = pupil("AB", "Abigail", "Brown", preferred="Tess")


def test_two_initials_find_their_pupil_in_either_order() -> None:
    assert listed("LM", LOUIS, DOUBLE) == ["LM"]
    assert listed("ML", LOUIS, DOUBLE) == ["LM"]
    assert listed("MO", LOUIS, DOUBLE) == []


def test_each_word_of_a_surname_and_the_name_that_a_pupil_goes_by_count() -> None:
    for letters in ("IS", "IJ", "JI"):
        assert listed(letters, LOUIS, DOUBLE) == ["IS"], letters
    for letters in ("AB", "TB", "BT"):
        assert listed(letters, LOUIS, CALLED) == ["AB"], letters


def test_first_names_come_first_then_initials_then_surnames_then_turned_initials() -> None:
    school = (
        pupil("name", "Lena", "Bell"),
        pupil("initials", "Lola", "Evans"),
        pupil("surname", "Amy", "Lewis"),
        pupil("turned", "Ella", "Lane"),
    )
    assert listed("LE", *school) == ["name", "initials", "surname", "turned"]


def test_first_names_are_never_displaced() -> None:
    leos = [pupil(f"L{number}", "Leo", f"{letter}ill") for number, letter in enumerate("BDGHMW")]
    assert listed("LE", *leos, pupil("LE", "Lola", "Evans")) == [each.id for each in leos]


def test_no_more_than_six_are_listed_and_others_are_announced() -> None:
    many = [pupil(f"P{number}", "Rose", f"B{letter}ll") for number, letter in enumerate("AEIOUYW")]
    found = Roster(many, BundleCards(key=KEY)).find("RB")
    assert (len(found.pupils), found.has_more, found.next_letters) == (MOST_FOUND, True, frozenset())


def test_one_initial_lists_no_one_and_three_letters_are_no_initials() -> None:
    assert listed("L", LOUIS) == listed("LMA", LOUIS) == []
    assert listed("LOU", LOUIS) == ["LM"]


def test_initials_in_a_year_are_those_of_its_pupils() -> None:
    older = pupil("older", "Leah", "Moss", year="9")
    assert listed("LM", LOUIS, older, year="9") == ["older"]
    assert Roster([LOUIS, older], BundleCards(key=KEY)).find("L", year="9").next_letters == {"E", "M"}


def test_a_pupil_who_is_kept_off_lists_has_no_initials() -> None:
    hidden = LOUIS.model_copy(update={"off_lists": True})
    roster = Roster([hidden, DOUBLE], BundleCards(key=KEY))
    assert roster.find("LM").pupils == ()
    assert "M" not in roster.find("L").next_letters
    assert roster.find("LM", by_staff=True).pupils == (hidden,)
