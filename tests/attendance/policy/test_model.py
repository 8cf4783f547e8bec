"""The policy files that come with Latebook, and reading one."""

import re
import tomllib
from datetime import time
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from attendance.clock_time import clock_time
from attendance.codes import MEANING, WITHDRAWN
from attendance.errors import PolicyError
from attendance.policy.files import available, load, load_file, parse
from attendance.policy.model import Policy
from attendance.reasons import Reason

FIVE = ("burbage", "charlton-park-academy", "kings-cross-academy", "psa", "wessex-mat")

SMALLEST = """
name = "oak-lane"
title = "Oak Lane School"
years = ["7", "8"]
[am]
opens = "08:45"
closes = "09:15"
ends = "12:00"
[pm]
opens = "13:00"
closes = "13:30"
ends = "15:00"
"""


def times(policy: Policy, session: str) -> str:
    its = getattr(policy, session)
    shown = (its.opens, its.late_after, its.closes, its.unauthorised_after, its.ends)
    return " ".join(f"{value:%H:%M}" for value in shown)


def text_of(name: str) -> str:
    return resources.files("attendance.policies").joinpath(f"{name}.toml").read_text("utf-8")


def value_at(written: dict[str, Any], key: str) -> object:
    value: Any = written
    for part in key.split("."):
        value = value[part]
    return value


def test_the_five_schools_policies_come_with_latebook() -> None:
    assert available() == FIVE
    assert [load(name).name for name in FIVE] == list(FIVE)


@pytest.mark.parametrize(
    ("name", "am", "pm"),
    [
        ("charlton-park-academy", "09:30 09:30 10:00 10:30 12:00", "13:00 13:00 13:30 13:30 15:15"),
        ("psa", "08:00 08:00 08:15 08:15 12:00", "12:30 12:30 12:45 12:45 15:00"),
        ("burbage", "08:55 08:55 09:25 09:25 12:00", "13:00 13:00 13:30 13:30 15:30"),
        ("wessex-mat", "08:45 09:00 09:15 09:15 13:15", "13:55 14:10 14:10 14:10 15:15"),
        ("kings-cross-academy", "09:00 09:15 09:30 09:30 12:00", "13:30 13:45 14:00 14:00 15:30"),
    ],
)
def test_each_policy_has_the_schools_times(name: str, am: str, pm: str) -> None:
    assert (times(load(name), "am"), times(load(name), "pm")) == (am, pm)


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("charlton-park-academy", "7 8 9 10 11 12 13 14"),
        ("psa", "7 8 9 10 11 12 13"),
        ("burbage", "R 1 2 3 4 5 6"),
        ("wessex-mat", "N R 1 2 3 4 5 6 7 8 9 10 11 12 13"),
        ("kings-cross-academy", "N R 1 2 3 4 5 6"),
    ],
)
def test_each_policy_has_the_schools_years(name: str, years: str) -> None:
    assert " ".join(load(name).years) == years


def test_only_kings_cross_sends_year_groups_home_at_different_times() -> None:
    ends = {year: f"{load('kings-cross-academy').pm.end_for(year):%H:%M}" for year in ("N", "R", "3", "4")}

    assert ends == {"N": "15:00", "R": "15:10", "3": "15:20", "4": "15:30"}
    assert [name for name in FIVE if load(name).pm.ends_by_year] == ["kings-cross-academy"]


def test_each_speciality_is_in_one_schools_policy_alone() -> None:
    policies = {name: load(name) for name in FIVE}

    assert [n for n, p in policies.items() if p.reason_required] == ["burbage"]
    assert [n for n, p in policies.items() if p.review] == ["burbage"]
    assert list(policies["burbage"].review) == [Reason.SCHOOL_TRANSPORT]
    assert [n for n, p in policies.items() if p.consequence] == ["psa"]
    assert [n for n, p in policies.items() if p.retention_years < 6] == ["wessex-mat"]


def test_the_withdrawn_codes_that_a_document_names_can_be_found() -> None:
    found = {name: WITHDRAWN.intersection(load(name).codes_used) for name in FIVE}

    assert {name: codes for name, codes in found.items() if codes} == {"wessex-mat": {"H"}, "burbage": {"Y"}}
    assert all(code in MEANING or code in WITHDRAWN for name in FIVE for code in load(name).codes_used)


def test_wessexs_reasons_are_in_the_order_of_its_tiles() -> None:
    assert " ".join(load("wessex-mat").reasons) == (
        "overslept traffic school-transport public-transport medical unwell family weather other"
    )


@pytest.mark.parametrize("name", FIVE)
def test_every_time_is_either_stated_with_its_paragraph_or_provisional(name: str) -> None:
    written = tomllib.loads(text_of(name))
    keys = {f"{session}.{key}" for session in ("am", "pm") for key in written[session]} - {"pm.ends_by_year"}
    keys |= {f"pm.ends_by_year.{year}" for year in written["pm"].get("ends_by_year", ())}

    stated, provisional = set(written["sources"]), set(written["provisional"])

    assert stated & provisional <= {"pm.opens"}  # mentioned but not stated
    assert keys <= stated | provisional
    assert all(written["sources"].values())
    for key in stated | provisional:
        value_at(written, key)  # a KeyError means a source without a value


@pytest.mark.parametrize("name", FIVE)
def test_every_time_has_a_comment_with_its_source(name: str) -> None:
    text = text_of(name)
    provisional = load(name).provisional
    session = before = ""
    for line in text.splitlines():
        if heading := re.fullmatch(r"\[(am|pm)\S*\]", line):
            session = heading[1]
        elif line.startswith("["):
            session = ""
        elif session and (key := re.match(r"(\w+) = \"\d\d:\d\d\"", line)):
            comment = line.partition("#")[2].strip() or before.partition("#")[2].strip()
            if len(key[1]) > 1:  # a year has its comment above the table
                letter = "P" if f"{session}.{key[1]}" in provisional else "S "
                assert comment.startswith(letter), line
        before = line


@pytest.mark.parametrize("name", FIVE)
def test_no_policy_file_holds_contact_details(name: str) -> None:
    text = text_of(name)

    assert "@" not in text
    assert not re.search(r"\d{5}", text)  # a telephone number
    assert not re.search(r"\b(Mrs?|Ms|Miss|Dr)\b", text)


def test_a_key_left_out_of_a_file_has_its_default() -> None:
    policy = parse(SMALLEST, "oak-lane.toml")

    assert policy.am.late_after == policy.am.opens
    assert policy.am.unauthorised_after == policy.am.closes
    assert policy.retention_years == 6
    assert policy.reasons == tuple(Reason)


def test_a_policy_survives_being_sent_to_a_kiosk_as_json() -> None:
    for name in FIVE:
        policy = load(name)
        arrived = Policy.model_validate(policy.model_dump(mode="json"))

        assert arrived == policy
        assert arrived.version == policy.version


def test_an_unknown_policy_is_refused_with_the_known_names() -> None:
    with pytest.raises(
        PolicyError, match="there is no policy 'oak'; the policies are burbage, charlton-park"
    ):
        load("oak")


def test_a_name_cannot_reach_outside_the_folder() -> None:
    with pytest.raises(PolicyError, match="there is no policy"):
        load("../policies/psa")


def test_a_schools_own_policy_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "oak-lane.toml"
    file.write_text(SMALLEST, encoding="utf-8")

    assert load_file(file) == parse(SMALLEST, "oak-lane.toml")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'title = "\xe9cole"')

    for file in (tmp_path / "none.toml", latin):
        with pytest.raises(PolicyError, match=rf"{file.name}: cannot be read"):
            load_file(file)


@pytest.mark.parametrize(
    "text", ["", "9:00", "09:00:00", "09.00", "24:00", "09:60", "0900", "٠٩:٠٠", "09:00Z"]
)
def test_a_clock_time_is_written_in_one_way_only(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time; write it as HH:MM"):
        clock_time(text)


def test_a_clock_time_is_to_the_minute() -> None:
    assert clock_time("00:00") == time(0)
    assert clock_time("23:59") == time(23, 59)
