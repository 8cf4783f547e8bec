"""A policy's version changes with its meaning, and only then."""

import re

import pytest

from attendance.policy.files import available, load, parse
from attendance.policy.model import Policy

WHOLE = """
name = "oak-lane"
title = "Oak Lane School"
years = ["R", "1"]
reasons = ["overslept", "traffic"]
reason_required = true
consequence = "A letter home"
retention_years = 6
codes_used = ["L", "U"]
provisional = ["pm.ends"]

[am]
opens = "08:45"
late_after = "08:50"
closes = "09:15"
unauthorised_after = "09:16"
ends = "12:00"
ends_by_year = { R = "11:45", 1 = "11:50" }

[pm]
opens = "13:00"
late_after = "13:05"
closes = "13:30"
unauthorised_after = "13:31"
ends = "15:00"

[review.school-transport]
before_close = "present"
after_close = "Y1"

[sources]
"am.opens" = "4.3"
"""

ANOTHER = """
# Another order, other comments, another title, other sources.
[sources]
years = "1"
"am.closes" = "4.4"

[review]
school-transport = { after_close = "Y1", before_close = "present" }

[pm]  # the afternoon
ends = "15:00"
unauthorised_after = "13:31"
closes = "13:30"
late_after = '13:05'
opens = 13:00:00

[am]
ends = "12:00"
unauthorised_after = "09:16"
closes = "09:15"
late_after = "08:50"
opens = "08:45"
[am.ends_by_year]
1 = "11:50"
R = "11:45"
"""
TOP = """
codes_used = ["L", "U"]
consequence = "A letter home"
reason_required = true
leaves_alone = ["1"]
listed_only = true
no_buses = true
no_bringing = true
no_siblings = true
accompanied_years = ["R"]
bus_routes = ["Bus 27"]
youngest_years = ["R"]
reasons = ["overslept", "traffic"]
years = ["R", "1"]
title = "Oak Lane"
name = "oak-lane"
"""

CHANGES = [
    ('name = "oak-lane"', 'name = "elm-lane"'),
    ('years = ["R", "1"]', 'years = ["R", "1", "2"]'),
    ('"overslept", "traffic"', '"traffic", "overslept"'),
    ("reason_required = true", "reason_required = false"),
    ("A letter home", "A call home"),
    ("retention_years = 6", "retention_years = 7"),
    ('"L", "U"', '"L"'),
    ('opens = "08:45"', 'opens = "08:44"'),
    ('late_after = "08:50"', 'late_after = "08:51"'),
    ('closes = "09:15"', 'closes = "09:14"'),
    ('unauthorised_after = "09:16"', 'unauthorised_after = "09:17"'),
    ('ends = "12:00"', 'ends = "12:01"'),
    ('R = "11:45"', 'R = "11:46"'),
    (', 1 = "11:50"', ""),
    ('opens = "13:00"', 'opens = "13:01"'),
    ('late_after = "13:05"', 'late_after = "13:04"'),
    ('closes = "13:30"', 'closes = "13:29"'),
    ('unauthorised_after = "13:31"', 'unauthorised_after = "13:32"'),
    ('ends = "15:00"', 'ends = "15:01"'),
    ("[review.school-transport]", "[review.public-transport]"),
    ('before_close = "present"', 'before_close = "/"'),
    ('after_close = "Y1"', 'after_close = "Y2"'),
]


def changed(was: str, now: str) -> str:
    assert WHOLE.count(was) == 1, was
    return WHOLE.replace(was, now)


def test_what_changes_no_decision_does_not_change_the_version() -> None:
    assert parse(TOP + ANOTHER, "b").version == parse(WHOLE, "a").version


@pytest.mark.parametrize(("was", "now"), CHANGES)
def test_every_value_that_the_rule_reads_changes_the_version(was: str, now: str) -> None:
    assert parse(changed(was, now), "b").version != parse(WHOLE, "a").version


def test_these_tests_cover_every_field_of_a_policy() -> None:
    """A new field of the model needs a line in CHANGES, or a place among those outside the version."""
    before = parse(WHOLE, "a").model_dump()
    seen = {
        "title",
        "sources",
        "provisional",
        "document",
        "leaves_alone",
        "listed_only",
        "no_buses",
        "no_bringing",
        "no_siblings",
        "accompanied_years",
        "bus_routes",
        "youngest_years",
        "calendar",
    }  # the calendar has tests of its own
    for was, now in CHANGES:
        after = parse(changed(was, now), "b").model_dump()
        seen |= {key for key in before if before[key] != after[key]}

    assert set(before) <= seen


def test_writing_out_a_default_does_not_change_the_version() -> None:
    short = WHOLE.replace('late_after = "08:50"\n', "").replace('unauthorised_after = "09:16"\n', "")
    long = WHOLE.replace('late_after = "08:50"', 'late_after = "08:45"').replace('"09:16"', '"09:15"')

    assert parse(short, "a").version == parse(long, "b").version


def test_a_version_is_twelve_hex_digits_and_survives_being_sent_to_a_kiosk() -> None:
    policy = parse(WHOLE, "a")

    assert re.fullmatch(r"[0-9a-f]{12}", policy.version)
    assert Policy.model_validate_json(policy.model_dump_json()).version == policy.version


def test_no_two_schools_share_a_version() -> None:
    assert len({load(name).version for name in available()}) == len(available())
