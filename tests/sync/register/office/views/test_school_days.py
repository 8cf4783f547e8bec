"""School days as the office counts them, with both ways of entering half terms."""

from datetime import date
from typing import Any

import pytest

from attendance.calendar import Calendar, Closure, Term
from sync.register.office.views.school_days import (
    Period,
    calendar_of,
    half_term,
    last_school_days,
    next_school_day,
    school_year,
    term,
)
from sync.register.storage.models import SchoolRow

HALVES = Calendar(
    terms=(
        Term(name="Autumn 1", starts=date(2026, 9, 3), ends=date(2026, 10, 23)),
        Term(name="Autumn 2", starts=date(2026, 11, 2), ends=date(2026, 12, 18)),
        Term(name="Spring 1", starts=date(2027, 1, 5), ends=date(2027, 2, 12)),
    )
)
"""Half terms entered as separate terms."""
WHOLE = Calendar(
    terms=(
        Term(name="Autumn", starts=date(2026, 9, 3), ends=date(2026, 12, 18)),
        Term(name="Spring", starts=date(2027, 1, 5), ends=date(2027, 2, 12)),
    ),
    closures=(
        Closure(first=date(2026, 10, 26), last=date(2026, 10, 30), reason="half term"),
        Closure(first=date(2026, 11, 27), reason="INSET day"),
    ),
)
"""Half terms entered as a closed week within a term."""


@pytest.mark.parametrize("calendar", [HALVES, WHOLE])
def test_half_term_and_term_are_found_in_both_kinds_of_calendar(calendar: Calendar) -> None:
    day = date(2026, 11, 24)
    assert half_term(calendar, day) == Period(date(2026, 11, 2), date(2026, 12, 18), "this half term")
    assert term(calendar, day) == Period(date(2026, 9, 3), date(2026, 12, 18), "this term")


@pytest.mark.parametrize("calendar", [HALVES, WHOLE])
def test_in_a_holiday_the_previous_one_counts(calendar: Calendar) -> None:
    found = term(calendar, date(2026, 12, 28))
    assert found == Period(date(2026, 9, 3), date(2026, 12, 18), "last term")


@pytest.mark.parametrize("day", [date(2026, 8, 20), date(2027, 9, 10)])
def test_a_day_outside_the_calendars_years_has_no_term(day: date) -> None:
    assert half_term(HALVES, day) is None
    assert term(HALVES, day) is None
    assert term(Calendar(), day) is None


def test_the_school_year_is_from_august_to_july() -> None:
    assert school_year(date(2026, 8, 1)).first == school_year(date(2027, 7, 31)).first == date(2026, 8, 1)
    assert school_year(date(2026, 7, 31)).last == date(2026, 7, 31)


def test_school_days_leave_out_weekends_holidays_and_closed_days() -> None:
    days = last_school_days(WHOLE, date(2026, 11, 30), 3)
    assert days == [date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 30)]
    assert next_school_day(WHOLE, date(2026, 10, 23)) == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("policy", "closed"),
    [
        ({"name": "none"}, False),
        ({"calendar": {"closures": [{"first": "2026-11-24", "reason": "INSET day"}]}}, True),
        ({"calendar": {"closures": [{"first": "tomorrow"}]}}, False),
    ],
)
def test_the_policys_closures_apply_and_an_unreadable_calendar_is_empty(
    policy: dict[str, Any], closed: bool
) -> None:
    school = SchoolRow(policy=policy, calendar={"terms": [], "closures": []})
    assert (calendar_of(school).closed_because(date(2026, 11, 24)) is not None) is closed
