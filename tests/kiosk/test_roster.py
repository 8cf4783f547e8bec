from kiosk.journal.roster import MOST_FOUND, Roster, plain_letters
from sync.wire import Cards
from tests.kiosk.reception import KEY, PUPILS, bundle, card_of, pupil


def roster(*pupils):
    return Roster(pupils or PUPILS, bundle().cards)


def names(found):
    return [f"{p.first} {p.form}" for p in found.pupils]


def test_no_name_is_shown_before_two_letters():
    found = roster().find("A")
    assert found.pupils == ()
    assert found.leads_on == {"M"}
    assert not found.more, "nothing is shown that there could be more of"


def test_two_letters_show_who_begins_so_in_order_of_name_then_form():
    assert names(roster().find("AM")) == ["Amelia 7B", "Amelia 8C", "Amelie 9A"]


def test_only_letters_that_lead_to_somebody_lead_on():
    assert roster().find("AMEL").leads_on == {"I", " "}
    assert roster().find("AMELI").leads_on == {"A", "E", " "}
    assert roster().find("XX") == roster().find("XX")
    assert roster().find("XX").leads_on == frozenset()


def test_every_letter_offered_finds_somebody_and_no_other_does():
    """What is grey leads nowhere, and what is not leads somewhere: for every beginning of every name."""
    people = roster()
    for start in ("A", "AM", "AME", "K", "KE", "Z", "ZO", "O", "ON", "AMELIA ", "AMELIA K"):
        offered = people.find(start).leads_on
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            further = people.find(start + letter)
            assert bool(further.pupils) == (letter in offered), start + letter


def test_accents_apostrophes_hyphens_and_double_names_are_found_by_plain_letters():
    for letters in ("ZOE", "ONEILL", "LASKA", "ONEILLLASKA", "NEILL"):
        assert names(roster().find(letters)) == ["Zoë 7B"], letters


def test_a_preferred_name_counts_and_is_the_one_shown():
    assert [p.preferred for p in roster().find("ZO").pupils] == ["Zo"]


def test_either_name_may_come_first_with_a_space_or_without():
    for letters in ("KENT AMELIA", "AMELIA KENT", "KENTAM", "AMELIAK", "AM KE", "KE AM"):
        assert names(roster().find(letters)) == ["Amelia 7B", "Amelia 8C"], letters


def test_never_more_than_six_names_and_it_says_that_there_are_more():
    many = [pupil(f"P{n}", "Sam", f"Smith{chr(65 + n)}") for n in range(7)]
    found = Roster(many, Cards(key=KEY)).find("SA")
    assert len(found.pupils) == MOST_FOUND
    assert found.more
    assert not Roster(many[:6], Cards(key=KEY)).find("SA").more


def test_a_card_finds_its_pupil_and_a_strange_card_nobody():
    assert roster().by_card([card_of("P2")]).first == "Amelie"
    assert roster().by_card(["em4100:FFFFFFFF"]) is None


def test_a_card_is_found_by_any_of_its_names():
    assert roster().by_card(["barcode:0000000002", card_of("P2")]).first == "Amelie"


def test_plain_letters_of_names_that_do_not_decompose():
    assert plain_letters("Søren Łukasz-Đorđe Æsa O’Neill") == "SORENLUKASZDORDEAESAONEILL"
