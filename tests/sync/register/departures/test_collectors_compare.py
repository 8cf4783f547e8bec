"""What an adult says at a kiosk against the family's list: the table of cases."""

import pytest

from sync.register.departures.collectors import Match, PupilContact, ReleaseNeeds, compare

MOTHER = PupilContact("tahmina", "Tahmina Akhtar", "mother", may_collect=True)
AUNT = PupilContact("sarah", "Sarah Mensah", "Aunt", may_collect=True)
GRANDMOTHER = PupilContact("janet", "Janet Kerr", "Grandmother", may_collect=True)
UNCLE = PupilContact("karim", "Karim Begum", "uncle", may_collect=False)
JOHN_FATHER = PupilContact("father", "John Smith", "father", may_collect=False)
JOHN_BROTHER = PupilContact("brother", "John Smith", "brother", may_collect=True)
JOHN_GRANDFATHER = PupilContact("grandfather", "John Smith", "grandad", may_collect=True)
PETRA = PupilContact("petra", "Petra Kowalska", "mother", may_collect=True)
PETER = PupilContact("peter", "Peter Kowalski", "father", may_collect=False)
NO_RELATIONSHIP = PupilContact("plain", "Aunt May", "", may_collect=True)

FAMILY = (MOTHER, AUNT, GRANDMOTHER, UNCLE)
JOHNS = (JOHN_FATHER, JOHN_BROTHER)
KOWALSKIS = (PETER, PETRA)

Case = tuple[tuple[PupilContact, ...], str, str | None, Match, str | None]
CASES: list[Case] = [
    # The name and the relationship agree, or no relationship was given.
    (FAMILY, "Sarah Mensah", "aunt", Match.MAY, "sarah"),
    (FAMILY, "MENSAH, Mrs Sarah", "other", Match.MAY, "sarah"),
    (FAMILY, "Tahmina Akhtar", "mother", Match.MAY, "tahmina"),
    (FAMILY, "Tahmina Akhtar", None, Match.MAY, "tahmina"),
    ((NO_RELATIONSHIP,), "Aunt May", "carer", Match.MAY, "plain"),
    ((JOHN_BROTHER, JOHN_GRANDFATHER), "John Smith", "grandparent", Match.MAY, "grandfather"),
    # The relationship differs.
    (FAMILY, "Tahmina Akhtar", "father", Match.DIFFERS, "tahmina"),
    (FAMILY, "Tahmina Akhtar", "other", Match.DIFFERS, "tahmina"),
    ((JOHN_BROTHER, JOHN_GRANDFATHER), "John Smith", "father", Match.DIFFERS, "brother"),
    # The name is alike, but not the same.
    (FAMILY, "Janet Ker", "grandparent", Match.PERHAPS, "janet"),
    (FAMILY, "Janet Ker", "mother", Match.PERHAPS, "janet"),
    # No contact has the name.
    (FAMILY, "Somebody Else", "mother", Match.UNKNOWN, None),
    ((), "Tahmina Akhtar", "mother", Match.UNKNOWN, None),
    # A contact who may not collect.
    (FAMILY, "Karim Begum", "other", Match.BARRED, "karim"),
    (FAMILY, "Karim Begum", "father", Match.BARRED, "karim"),
    (FAMILY, "Karim Begum", None, Match.BARRED, "karim"),
    (FAMILY, "Kareem Begum", None, Match.PERHAPS_BARRED, "karim"),
    # The same name, on both sides of the list: only the relationship tells them apart.
    (JOHNS, "John Smith", "sibling", Match.SHARED, "brother"),
    (JOHNS, "John Smith", "father", Match.BARRED, "father"),
    (JOHNS, "John Smith", None, Match.BARRED, "father"),
    (JOHNS, "John Smith", "other", Match.BARRED, "father"),
    # The name of one who may collect, and like that of one who may not.
    (KOWALSKIS, "Petra Kowalska", "mother", Match.MAY, "petra"),
    (KOWALSKIS, "Petra Kowalska", None, Match.SHARED, "petra"),
    (KOWALSKIS, "Petra Kowalska", "other", Match.SHARED, "petra"),
    (KOWALSKIS, "Petra Kowalska", "father", Match.PERHAPS_BARRED, "peter"),
    (KOWALSKIS, "Peter Kowalski", "mother", Match.BARRED, "peter"),
]


@pytest.mark.parametrize(("contacts", "name", "relationship", "match", "contact"), CASES)
def test_what_is_said_against_the_familys_list(
    contacts: tuple[PupilContact, ...],
    name: str,
    relationship: str | None,
    match: Match,
    contact: str | None,
) -> None:
    for listed in (contacts, contacts[::-1]):
        found = compare(name, relationship, listed)
        assert (found.match, found.contact and found.contact.id) == (match, contact)


def test_every_outcome_is_in_the_table() -> None:
    assert {match for *_, match, _ in CASES} == set(Match)


@pytest.mark.parametrize(
    ("match", "needs", "office_only"),
    [
        (Match.MAY, ReleaseNeeds.PRESS, False),
        (Match.DIFFERS, ReleaseNeeds.REASON, False),
        (Match.PERHAPS, ReleaseNeeds.REASON, False),
        (Match.UNKNOWN, ReleaseNeeds.REASON, False),
        (Match.SHARED, ReleaseNeeds.REASON, True),
        (Match.PERHAPS_BARRED, ReleaseNeeds.CHECK, True),
        (Match.BARRED, ReleaseNeeds.CHECK, True),
    ],
)
def test_what_a_release_needs_and_who_may_give_it(
    match: Match, needs: ReleaseNeeds, office_only: bool
) -> None:
    contacts, name, relationship = next(case[:3] for case in CASES if case[3] is match)
    found = compare(name, relationship, contacts)
    assert (found.release_needs, found.office_only) == (needs, office_only)


def test_a_shared_name_names_the_contact_who_may_not_collect() -> None:
    assert compare("John Smith", "sibling", JOHNS).shared_with is JOHN_FATHER
