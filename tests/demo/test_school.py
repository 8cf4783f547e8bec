"""Oak Lane School never changes, and has the kinds of names that a real school has."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from functools import cache

import pytest

from attendance import calendar as attendance
from attendance.policy.model import Policy
from demo.names import FIXED_PUPILS
from demo.school import FORM_SIZES, DemoSchool, PupilNameError, oak_lane
from kiosk.school.roster import Roster
from sync.wire import Bundle, card_hash
from tests.paths import ROOT

TODAY = date(2026, 11, 24)

PINNED = "9edbc0fe8df2dce3"
"""Change it only on purpose: pictures and documents show these pupils."""


@cache
def school() -> DemoSchool:
    return oak_lane()


def fingerprint(school: DemoSchool) -> str:
    """A hash of all that is random; the policy is not, and changes with its file."""
    drawn = {
        "pupils": [pupil.model_dump(mode="json") for pupil in school.pupils],
        "cards": school.cards.model_dump(mode="json"),
        "printed": school.printed,
        "contacts": [
            [contact.id, contact.pupil, contact.name, contact.relationship, contact.may_collect]
            for contact in school.contacts
        ],
        "appointments": [agreed.model_dump(mode="json") for agreed in school.appointments_on(TODAY)],
        "calendar": school.calendar.model_dump(mode="json"),
    }
    return hashlib.sha256(json.dumps(drawn, sort_keys=True).encode()).hexdigest()[:16]


def test_there_are_600_pupils_in_years_7_to_13_and_24_forms() -> None:
    pupils = school().pupils
    assert len(pupils) == 600
    assert [pupil.id for pupil in pupils] == [f"P{number:04}" for number in range(1, 601)]
    forms = Counter((pupil.year, pupil.form) for pupil in pupils)
    assert sorted({year for year, _ in forms}, key=int) == ["7", "8", "9", "10", "11", "12", "13"]
    assert all(form == f"{year}{form[-1]}" for year, form in forms)
    assert sorted(forms.values()) == sorted(size for sizes in FORM_SIZES.values() for size in sizes)
    assert all(22 <= size <= 28 for size in forms.values())


def test_the_school_is_the_same_on_every_machine_and_python() -> None:
    assert fingerprint(school()) == PINNED


def test_the_school_does_not_depend_on_the_order_of_hashes() -> None:
    program = "from tests.demo.test_school import fingerprint, oak_lane; print(fingerprint(oak_lane()))"
    for seed in ("1", "2"):
        result = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert result.stdout.strip() == PINNED


def test_another_seed_gives_other_pupils_and_keeps_the_fixed_ones() -> None:
    other = oak_lane(seed=7)
    assert other.pupils != school().pupils
    assert len(other.pupils) == 600
    for seeded in (school(), other):
        for placed in FIXED_PUPILS:
            pupil = seeded.find_by_name(f"{placed.first} {placed.last}")
            assert pupil.form == placed.form


def test_the_letters_ame_find_three_pupils_and_only_l_may_follow() -> None:
    found = Roster(school().pupils, school().cards).find("AME")
    assert [(pupil.first, pupil.last[0], pupil.form) for pupil in found.pupils] == [
        ("Amelia", "K", "7B"),
        ("Amelia-Rose", "T", "8C"),
        ("Amelie", "R", "9A"),
    ]
    assert found.next_letters - {" "} == {"L"}


def test_amelia_is_unique_without_a_surname() -> None:
    amelia = school().find_by_name("Amelia")
    assert (amelia.first, amelia.form) == ("Amelia", "7B")
    assert school().find_by_name("amelia kowalska") is amelia
    assert school().find_by_name("amelia rose").form == "8C"
    assert amelia.plans == []
    assert amelia.id not in {agreed.pupil for agreed in school().appointments_on(TODAY)}


def test_a_preferred_name_finds_a_pupil() -> None:
    pupil = next(pupil for pupil in school().pupils if pupil.preferred)
    assert school().find_by_name(f"{pupil.preferred} {pupil.last}") is pupil


def test_an_ambiguous_name_lists_the_pupils_with_their_forms() -> None:
    with pytest.raises(PupilNameError, match=r"Muhammad Akhtar \(7A\).*Muhammad Aslam \(10C\).*surname"):
        school().find_by_name("Muhammad")


def test_an_unknown_name_or_id_is_refused() -> None:
    with pytest.raises(PupilNameError, match=r"no pupil at Oak Lane School is called 'Zebedee'"):
        school().find_by_name("Zebedee")
    with pytest.raises(PupilNameError, match=r"no pupil .* ''"):
        school().find_by_name("")
    with pytest.raises(PupilNameError, match=r"P9999.*P0001 to P0600"):
        school().card_of("P9999")


def test_the_school_has_every_kind_of_name_that_a_kiosk_must_handle() -> None:
    pupils = school().pupils
    kinds = {
        "accents": sum(not (pupil.first + pupil.last).isascii() for pupil in pupils),
        "hyphenated first names": sum("-" in pupil.first for pupil in pupils),
        "apostrophes": sum("'" in pupil.last for pupil in pupils),
        "double-barrelled surnames": sum("-" in pupil.last for pupil in pupils),
        "surnames of several words": sum(" " in pupil.last for pupil in pupils),
        "preferred names": sum(bool(pupil.preferred) for pupil in pupils),
    }
    assert {kind: count for kind, count in kinds.items() if count < 8} == {}


def test_pupils_in_different_forms_share_a_first_name_and_initial_but_never_in_one_form() -> None:
    shown = [(pupil.preferred or pupil.first, pupil.last[0]) for pupil in school().pupils]
    assert sum(count > 1 for count in Counter(shown).values()) >= 2
    assert {("Muhammad", "A"), ("Olivia", "H")} <= {
        name for name, count in Counter(shown).items() if count > 1
    }
    in_a_form = Counter((pupil.form, *name) for pupil, name in zip(school().pupils, shown, strict=True))
    assert in_a_form.most_common(1)[0][1] == 1


def test_every_pupil_has_a_card_stored_only_as_a_hash() -> None:
    cards = school().cards
    assert len(cards.pupils) == 600
    assert set(cards.pupils.values()) == {pupil.id for pupil in school().pupils}
    for pupil in school().pupils:
        card = school().card_of(pupil.id)
        assert card == f"em4100:{school().printed[pupil.id]:08X}"
        assert cards.pupils[card_hash(cards.key, card)] == pupil.id


def test_contacts_are_two_a_pupil_on_average_and_some_may_not_collect() -> None:
    contacts = school().contacts
    assert 1.8 <= len(contacts) / 600 <= 2.2
    assert len({contact.id for contact in contacts}) == len(contacts)
    barred = [contact for contact in contacts if not contact.may_collect]
    assert 10 <= len(barred) <= 60
    assert {contact.pupil for contact in contacts if contact.may_collect} == {p.id for p in school().pupils}


def test_a_few_pupils_have_appointments_on_the_day_or_part_time_timetables() -> None:
    agreed = school().appointments_on(TODAY)
    assert {appointment.kind for appointment in agreed} == {"medical", "interview", "exceptional"}
    assert {appointment.date for appointment in agreed} == {TODAY}
    assert len({appointment.pupil for appointment in agreed}) == len(agreed) == 6
    part_time = [pupil for pupil in school().pupils if pupil.plans]
    assert len(part_time) == 4


def test_the_school_makes_a_valid_bundle_and_its_policy_covers_every_year() -> None:
    made = school()
    Bundle(
        version="1",
        school=made.school,
        policy=made.policy,
        calendar=made.calendar,
        pupils=list(made.pupils),
        cards=made.cards,
        appointments=list(made.appointments_on(TODAY)),
    ).model_dump_json()
    policy = Policy.model_validate(made.policy)
    assert policy.name == "wessex-mat"
    assert {pupil.year for pupil in made.pupils} <= set(policy.years)


@pytest.mark.parametrize(
    ("day", "year", "because"),
    [
        (TODAY, None, None),
        (date(2026, 9, 2), "7", None),
        (date(2026, 9, 2), "8", "Your year starts tomorrow. Today is for Years 7 and 12"),
        (date(2026, 10, 28), None, "half term"),
        (date(2026, 12, 25), None, "Christmas holiday"),
        (date(2027, 1, 4), None, "Staff training day"),
        (date(2027, 8, 2), None, "holiday"),
        (date(2027, 9, 3), None, None),
    ],
)
def test_the_calendar_has_every_kind_of_closed_day_and_the_demo_day_is_open(
    day: date, year: str | None, because: str | None
) -> None:
    calendar = attendance.Calendar.model_validate(school().calendar.model_dump())
    assert calendar.closed_because(day, year) == because
