import unicodedata
from string import ascii_uppercase

from kiosk.school.letters import plain_letters
from kiosk.school.roster import MOST_FOUND, Roster, SearchResult
from sync.wire import BundleCards, Pupil
from tests.kiosk.reception import KEY, PUPILS, bundle, card_of, pupil

LETTERS = set(ascii_uppercase)


def roster(*pupils: Pupil) -> Roster:
    return Roster(pupils or PUPILS, bundle().cards)


def names(result: SearchResult) -> list[str]:
    return [f"{p.first} {p.form}" for p in result.pupils]


def test_no_name_is_shown_before_two_letters() -> None:
    result = roster().find("A")
    assert result.pupils == ()
    assert result.next_letters == {"M", "K", "R"}, "of a name, or of initials"
    assert not result.has_more, "`has_more` is about listed names"


def test_two_letters_list_the_matching_names_by_name_then_form() -> None:
    assert names(roster().find("AM")) == ["Amelia 7B", "Amelia 8C", "Amelie 9A"]


def test_only_letters_that_lead_to_a_pupil_can_follow() -> None:
    assert roster().find("AME").next_letters == {"L", " "}
    assert roster().find("K").next_letters == {"E", "A"}, "Kent, and Kent Amelia"
    assert roster().find("Z").next_letters == {"O", "N", "L"}, "Zoë O’Neill-Łaska"
    assert roster().find("XX").next_letters == frozenset()


def test_any_letter_can_follow_the_fourth_and_after_a_mistake_only_a_few() -> None:
    assert roster().find("AMEL").next_letters == {*LETTERS, " "}
    assert roster().find("AMELX").next_letters == {"I", "A", "E", " "}, "X for I, or X too many"
    assert roster().find("AMELXI").next_letters == {"A", "E", " "}


def test_accents_apostrophes_hyphens_and_double_names_are_found_by_plain_letters() -> None:
    for letters in ("ZOE", "ONEILL", "LASKA", "ONEILLLASKA", "NEILL"):
        assert names(roster().find(letters)) == ["Zoë 7B"], letters


def test_a_combining_accent_does_not_split_a_name() -> None:
    decomposed = pupil("P9", unicodedata.normalize("NFD", "Améline"), "Roy")
    assert names(Roster([decomposed], BundleCards(key=KEY)).find("LI")) == []
    assert len(Roster([decomposed], BundleCards(key=KEY)).find("AMELINE").pupils) == 1


def test_a_pupil_is_found_by_the_preferred_name() -> None:
    assert [p.preferred for p in roster().find("ZO").pupils] == ["Zo"]


def test_either_name_may_come_first_with_a_space_or_without() -> None:
    for letters in ("KENT AMELIA", "AMELIA KENT", "KENTAM", "AMELIAK", "AM KE", "KE AM"):
        assert names(roster().find(letters)) == ["Amelia 7B", "Amelia 8C"], letters


def test_at_most_six_names_are_listed_and_more_are_announced() -> None:
    many = [pupil(f"P{n}", "Sam", f"Smith{chr(65 + n)}") for n in range(7)]
    result = Roster(many, BundleCards(key=KEY)).find("SA")
    assert len(result.pupils) == MOST_FOUND
    assert result.has_more
    assert not Roster(many[:6], BundleCards(key=KEY)).find("SA").has_more


def test_a_card_finds_its_pupil_and_an_unknown_card_none() -> None:
    owner = roster().by_card([card_of("P2")])
    assert owner is not None
    assert owner.first == "Amelie"
    assert roster().by_card(["em4100:FFFFFFFF"]) is None


def test_a_card_is_found_by_any_of_its_names() -> None:
    owner = roster().by_card(["barcode:0000000002", card_of("P2")])
    assert owner is not None
    assert owner.first == "Amelie"


def test_plain_letters_of_names_that_do_not_decompose() -> None:
    assert plain_letters("Søren Łukasz-Đorđe Æsa O’Neill") == "SORENLUKASZDORDEAESAONEILL"


def test_one_mistake_is_tolerated_from_four_letters_on() -> None:
    for letters in (
        "AMLEI",
        "AMEELI",
        "AMWLIE",
        "MELIA",
        "AMLE",
        "AMEX",
        "KENTAMEILA",
        "LAASK",
        "ZOOE",
        "ZEO",
    ):
        result = roster().find(letters)
        assert result.approximate == bool(result.pupils), letters
        assert bool(result.pupils) == (letters != "ZEO"), letters


def test_two_mistakes_are_not_tolerated() -> None:
    assert roster().find("AMXLXE").pupils == ()
    assert roster().find("AMXLIE KXNT").pupils == (), "nor one in each of two words"


def test_a_mistake_in_either_of_two_words_is_tolerated() -> None:
    for letters in ("AMEILA KENT", "AMELIA KNET", "KNET AME", "AMEILA KE"):
        assert names(roster().find(letters)) == ["Amelia 7B", "Amelia 8C"], letters


def test_a_word_of_three_letters_must_be_exact() -> None:
    assert roster().find("AMELIA KEMT").approximate
    assert roster().find("AMELIA KEM").pupils == ()


def test_exact_matches_hide_inexact_ones_until_more_is_typed() -> None:
    people = roster(pupil("P1", "Aisha", "Kent"), pupil("P2", "Aysha", "Ross"))
    result = people.find("AISHA")
    assert (names(result), result.has_more, result.approximate) == (["Aisha 7B"], True, False)
    result = people.find("AISHA R")
    assert (names(result), result.has_more, result.approximate) == (["Aysha 7B"], False, True)


def test_a_double_name_is_found_from_any_of_its_words() -> None:
    people = roster(pupil("P1", "Amelia-Rose", "van den Berg"))
    for letters in ("ROSE", "ROSEVAN", "AMELIABERG", "DENBERG", "BERGROSE", "VANAME", "AMELIA BERG", "DE RO"):
        assert len(people.find(letters).pupils) == 1, letters


def test_pupils_of_the_same_name_are_listed_by_form() -> None:
    people = roster(*(pupil(f"P{n}", "Sam", "Ash", form) for n, form in enumerate(("9C", "7B", "8A"))))
    assert names(people.find("SAM")) == ["Sam 7B", "Sam 8A", "Sam 9C"]


def test_year_groups_with_pupils_are_listed_youngest_first() -> None:
    years = ("10", "R", "2", "N", "1", "2", "Sixth")
    people = roster(*(pupil(f"P{n}", "Sam", "Ash", year=year) for n, year in enumerate(years)))
    assert people.years() == ("N", "R", "1", "2", "10", "Sixth")


def test_within_a_year_only_its_pupils_are_found_and_only_their_letters_can_follow() -> None:
    assert roster().years() == ("7", "8", "9", "10")
    assert roster().find("", year="9").next_letters == {"A", "R"}
    assert names(roster().find("AME", year="9")) == ["Amelie 9A"]
    assert roster().find("AMELI", year="9").next_letters == {*LETTERS, " "}
    assert roster().find("AMELIX", year="9").next_letters == {"E", " ", "R"}
    assert names(roster().find("AMELIA", year="9")) == ["Amelie 9A"], "A for E"
    assert roster().find("KE", year="9").pupils == ()


def test_within_a_year_no_name_is_listed_before_two_letters() -> None:
    assert roster().find("A", year="9").pupils == ()


def test_a_year_without_pupils_finds_none() -> None:
    assert roster().find("", year="13").next_letters == frozenset()
    assert roster().find("AM", year="13").pupils == ()


def test_a_name_of_one_letter_is_found_with_the_other_name_and_leads_to_no_dead_end() -> None:
    assert len(roster(pupil("P1", "Sam", "O")).find("SAM O").pupils) == 1
    assert roster(pupil("P1", "O", "-")).find("").next_letters == frozenset()


def test_a_pupil_whose_name_has_no_letters_does_not_affect_the_search() -> None:
    people = [pupil(f"P{n}", "Ava", "Abbott", year="1") for n in range(9)]
    nameless = pupil("P9", "-", "A", year="R")
    assert roster(*people, nameless).find("", year="R").next_letters == frozenset()
    assert roster(*people, nameless).find("", year="1").next_letters == {"A"}


def test_first_names_are_listed_before_second_names_and_surnames() -> None:
    people = roster(
        pupil("P1", "Bobby-Lee", "Ash"),
        pupil("P2", "Ada", "Lee"),
        pupil("P3", "Leonard", "Roe", preferred="Len"),
        pupil("P4", "Arlo", "Roe", preferred="Leo"),
        pupil("P5", "Zed", "Lemon"),
        pupil("P6", "Leonie", "Zane", preferred="Ny"),
    )
    assert [p.id for p in people.find("LE").pupils] == ["P3", "P4", "P6", "P2", "P1", "P5"]


def test_a_list_does_not_stop_in_the_middle_of_a_first_name_that_fits() -> None:
    leos = [
        pupil(f"P{n}", "Leo", last) for n, last in enumerate(("Ash", "Bell", "Cole", "Dunn", "Eve", "Fox"))
    ]
    others = [pupil("P7", "Léa", "Gray"), pupil("P8", "Lena", "Hill"), pupil("P9", "Ada", "Lee")]
    found = roster(*others, *leos).find("LE")
    assert names(found) == ["Leo 7B"] * MOST_FOUND
    assert found.has_more


def test_the_places_left_over_are_filled_in_the_order_of_names() -> None:
    many = [pupil(f"P{n}", "Maya", f"Ash{chr(65 + n)}") for n in range(7)]
    few = [pupil("P7", "Max", "Roe"), pupil("P8", "Max", "Sim"), pupil("P9", "Mary", "Roe")]
    assert [p.id for p in roster(*many, *few).find("MA").pupils] == ["P9", "P7", "P8", "P0", "P1", "P2"]


def test_a_forgiven_first_name_is_listed_before_a_forgiven_surname() -> None:
    people = roster(pupil("P1", "Alfie", "St John"), pupil("P2", "Jonas", "Mazur"))
    found = people.find("JHON")
    assert ([p.id for p in found.pupils], found.approximate) == (["P2", "P1"], True)
