"""The lists of a class, and who is in none of them."""

from kiosk.school.classes import ANIMALS, MOST_NAMES, classes_of, name_groups
from kiosk.school.roster import Roster
from sync.wire import BundleCards, Pupil
from tests.kiosk.reception import pupil


def roster(*pupils: Pupil) -> Roster:
    return Roster(pupils, BundleCards(key=""))


def test_classes_are_of_the_named_years_the_youngest_first_without_pupils_kept_off_lists() -> None:
    school = roster(
        pupil("P1", "Ada", "Kent", "Owls", year="R"),
        pupil("P2", "Ben", "Ross", "1A", year="1"),
        pupil("P3", "Cal", "Hart", "1A", year="1", off_lists=True),
        pupil("P4", "Dan", "Bell", "1B", year="1", off_lists=True),
        pupil("P5", "Eve", "Cole", "N", year="N"),
        pupil("P6", "Fay", "Dean", "2A", year="2"),
    )
    listed = classes_of(school, ("1", "R", "N"))
    assert [(each.year, each.form, each.animal, each.colour) for each in listed] == [
        ("N", "N", "rabbit", 0),
        ("R", "Owls", "bird", 1),
        ("1", "1A", "squirrel", 2),
    ]
    assert [[child.id for child in each.pupils] for each in listed] == [["P5"], ["P1"], ["P2"]]


def test_no_two_classes_have_the_same_animal_while_there_are_enough() -> None:
    forms = ("Foxes", "Rabbits", "Bunnies", "Hedgehogs", "Owls", "1A", "1B", "1C", "1D")
    school = roster(*(pupil(f"P{number}", "Ada", form, form, year="1") for number, form in enumerate(forms)))
    animals = {each.form: each.animal for each in classes_of(school, ("1",))}
    assert sorted(animals.values()) == sorted(ANIMALS)
    assert (animals["Owls"], "rabbit" in (animals["Rabbits"], animals["Bunnies"])) == ("bird", True)
    more = roster(*(pupil(f"P{number}", "Ada", "Kent", f"1{number}", year="1") for number in range(20)))
    assert {each.animal for each in classes_of(more, ("1",))} == set(ANIMALS)


def test_a_group_has_whole_letters_unless_one_letter_is_too_many_for_a_screen() -> None:
    firsts = [
        *(f"A{letter}" for letter in "bcdefgh"),
        "Ben",
        "Bob",
        *(f"C{letter}" for letter in "aeghiklmo"),
    ]
    children = [pupil(f"P{number}", first, "Kent", "1A", year="1") for number, first in enumerate(firsts)]
    groups = name_groups(children, roster(*children))
    assert [each.label for each in groups] == ["A", "B", "C", "C"]
    assert [len(each.names) for each in groups] == [7, 2, MOST_NAMES, 1]


def test_a_name_in_another_script_is_listed_by_its_latin_letter() -> None:
    children = [pupil("P1", "Łucja", "Kent"), pupil("P2", "Émile", "Kent"), pupil("P3", "علی", "Khan")]
    school = roster(*children)
    assert [each.label for each in name_groups(list(school), school)] == ["E – L"]
