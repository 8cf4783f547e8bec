"""School days, school weeks, half terms, terms and school years, as the office page counts them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from attendance.calendar import LONGEST_HALF_TERM, Calendar, Term, is_weekday, merge
from sync.register.storage.models import SchoolRow

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
YEAR_BEGINS = 8
"""August: every school year has ended by then, and none has begun."""
LOOK_BACK = timedelta(days=120)
"""How far to search for a school day: longer than the longest holiday."""


@dataclass(frozen=True, slots=True)
class Period:
    """A named range of days, first and last included."""

    first: date
    last: date
    name: str


def calendar_of(school: SchoolRow) -> Calendar:
    """The school's calendar: its own entries added to its policy's, as at its kiosks.

    A calendar that cannot be read is treated as empty, so that every weekday is a school day: the page must
    still work, and the policy's checker reports the fault.
    """
    return merge(_readable(school.policy.get("calendar")), _readable(school.calendar))


def _readable(value: Any) -> Calendar:
    try:
        return Calendar.model_validate(value or {})
    except ValidationError:
        return Calendar()


def is_school_day(calendar: Calendar, day: date) -> bool:
    """Whether any year has school on that day."""
    return calendar.closed_because(day) is None


def school_days(calendar: Calendar, first: date, last: date) -> list[date]:
    """The school days from first to last."""
    return [day for day in _days(first, last) if is_school_day(calendar, day)]


def last_school_days(calendar: Calendar, day: date, number: int) -> list[date]:
    """The last `number` school days up to that day, oldest first; fewer across a long holiday."""
    days: list[date] = []
    earliest = day - LOOK_BACK
    while day >= earliest and len(days) < number:
        if is_school_day(calendar, day):
            days.append(day)
        day -= DAY
    return days[::-1]


def next_school_day(calendar: Calendar, day: date) -> date | None:
    """The first school day after that day."""
    return next((each for each in _days(day + DAY, day + LOOK_BACK) if is_school_day(calendar, each)), None)


def monday_of(day: date) -> date:
    """The Monday of the day's week, which identifies the week."""
    return day - timedelta(days=day.weekday())


def school_weeks(calendar: Calendar, first: date, last: date) -> list[date]:
    """The weeks from first to last that have a school day, by their Mondays."""
    return sorted({monday_of(day) for day in school_days(calendar, first, last)})


def school_year(day: date) -> Period:
    """The school year of a day: August to July."""
    begins = date(day.year - (day.month < YEAR_BEGINS), YEAR_BEGINS, 1)
    return Period(begins, date(begins.year + 1, YEAR_BEGINS, 1) - DAY, "this school year")


def half_term(calendar: Calendar, day: date) -> Period | None:
    """The half term of a day, or in a holiday the one before; `None` without terms in the calendar.

    A school enters its half terms either as separate terms or as a closed week within one.
    """
    halves = [half for term in calendar.terms for half in _halves(calendar, term)]
    return _latest(halves, day, "this half term")


def term(calendar: Calendar, day: date) -> Period | None:
    """The whole term of a day, or in a holiday the one before; `None` without terms in the calendar."""
    terms: list[tuple[date, date]] = []
    for each in calendar.terms:
        if terms and _weekdays(terms[-1][1] + DAY, each.starts - DAY) <= LONGEST_HALF_TERM:
            terms[-1] = (terms[-1][0], each.ends)
        else:
            terms.append((each.starts, each.ends))
    return _latest(terms, day, "this term")


def _latest(spans: list[tuple[date, date]], day: date, name: str) -> Period | None:
    begun = [span for span in spans if span[0] <= day]
    if not begun or not _same_year(begun[-1][1], day):
        return None
    first, last = begun[-1]
    return Period(first, last, name if day <= last else name.replace("this", "last"))


def _same_year(last: date, day: date) -> bool:
    """An outdated calendar says nothing about a later school year."""
    return day <= last or school_year(last).first == school_year(day).first


def _halves(calendar: Calendar, whole: Term) -> Iterator[tuple[date, date]]:
    """The term, split where it is closed for a week or more."""
    first, last = whole.starts, whole.starts
    for day in school_days(calendar, whole.starts, whole.ends):
        if _weekdays(last + DAY, day - DAY) >= 5:
            yield first, last
            first = day
        last = day
    yield first, whole.ends


def _weekdays(first: date, last: date) -> int:
    return sum(is_weekday(day) for day in _days(first, last))


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY
