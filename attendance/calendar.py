"""A school's calendar: terms, closures and weekends. Also converts between instants and local time."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from attendance.errors import WrongValueError
from attendance.frozen import Frozen
from attendance.sessions import HALF_TERM, HOLIDAY, WEEKEND
from attendance.years import Year

SATURDAY = 5

LONGEST_HALF_TERM = 7
"""The most weekdays between two terms for the gap to be called half term: a week with an INSET day at each
end. The shortest Christmas and Easter holidays have nine."""

_DATE_EXPECTED = "a date, for example 2026-11-24"
_YYYY_MM_DD = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def wall_time(instant: datetime, zone: ZoneInfo) -> datetime:
    """The school's local time at that instant, without a time zone: the time that the rule reads.

    Raises:
        ValueError: the instant has no time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(zone).replace(tzinfo=None)


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the school's clocks show `wall`: the earlier of two when clocks go back."""
    return wall.replace(tzinfo=zone).astimezone(UTC)


def is_weekday(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < SATURDAY


def _only_a_date(value: object) -> object:
    """Refuse two values that pydantic would accept: a number (seconds since 1970), and a date with a time,
    which may be another day in another zone."""
    if isinstance(value, str) and _YYYY_MM_DD.fullmatch(value):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise WrongValueError(f"{value!s:.40} is not a date; write it as 2026-11-24", expected=_DATE_EXPECTED)


SchoolDate = Annotated[date, BeforeValidator(_only_a_date)]
"""A date at the school, written `2026-11-24`."""

ShortText = Annotated[str, Field(min_length=1, max_length=100)]
"""A name or a reason short enough for the kiosk's screen."""


class Term(Frozen, extra="forbid", str_strip_whitespace=True):
    """A period of school days. A half term is a gap between two terms, or a closure within one."""

    name: ShortText
    starts: SchoolDate
    """The first day."""
    ends: SchoolDate
    """The last school day."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends < self.starts:
            ends = f"{self.name!r} ends on {self.ends}, before it starts on {self.starts}"
            raise WrongValueError(ends, expected="a last day at or after the first", found=f"that {ends}")
        return self


class Closure(Frozen, extra="forbid", str_strip_whitespace=True):
    """Days without school: an INSET day, a holiday, a snow day."""

    first: SchoolDate
    last: SchoolDate | None = None
    """The last closed day; `None` means the closure is `first` alone."""
    reason: ShortText
    """Shown on the kiosk's screen, so written for children."""
    years: tuple[Year, ...] | None = None
    """The year groups that have no school; `None` means all of them."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last is not None and self.last < self.first:
            ends = f"{self.reason!r} ends on {self.last}, before it starts on {self.first}"
            raise WrongValueError(ends, expected="a last day at or after the first", found=f"that {ends}")
        return self

    @model_validator(mode="after")
    def _for_some_year(self) -> Self:
        if self.years is not None and not self.years:
            empty = f"{self.reason!r} has an empty list of years"
            expected = "at least one year, or no `years` to close the school for everyone"
            raise WrongValueError(
                f"{empty}; leave years out to close the school for everyone", expected, f"that {empty}"
            )
        return self

    def closes(self, day: date, year: str | None) -> bool:
        """Whether this closes the school on that day for that year group (`None`: for every year group)."""
        return self.first <= day <= (self.last or self.first) and (self.years is None or year in self.years)


class Calendar(Frozen, extra="forbid", str_strip_whitespace=True):
    """Which days are school days. Without terms, every weekday outside a closure is one."""

    terms: tuple[Term, ...] = ()
    """In order of time. If there are any, weekdays outside them are holidays (see `covers`)."""
    closures: tuple[Closure, ...] = ()
    """In any order. When several cover a day, the first gives the reason."""

    @model_validator(mode="after")
    def _terms_in_order(self) -> Self:
        for before, after in pairwise(self.terms):
            if after.starts <= before.ends:
                overlap = (
                    f"the term {after.name!r} starts on {after.starts}, but {before.name!r} does not end"
                    f" until {before.ends}"
                )
                expected = "the terms in order, each starting after the one before it ends"
                raise WrongValueError(f"{overlap}; write {expected}", expected, f"that {overlap}")
        return self

    def closed_because(self, day: date, year: str | None = None) -> str | None:
        """Why there is no school on that day, in words for a child; `None` on a school day.

        Args:
            day: the date at the school.
            year: the year group; `None` asks whether the school is closed for everyone.
        """
        if not is_weekday(day):
            return WEEKEND
        for closure in self.closures:
            if closure.closes(day, year):
                return closure.reason
        return self._outside_terms(day)

    def covers(self, day: date) -> bool:
        """Whether the terms decide that day: from 1 August before the first term to the end of the August
        after the last.

        Outside that range a weekday is a school day, as it is without terms. So a school can enter next
        year's terms early, and a kiosk whose terms were not renewed still records late pupils in September
        instead of turning everyone away.
        """
        if not self.terms:
            return False
        starts, ends = self.terms[0].starts, self.terms[-1].ends
        august_before = starts.year if starts.month >= 8 else starts.year - 1
        august_after = ends.year if ends.month <= 8 else ends.year + 1
        return (august_before, 8, 1) <= (day.year, day.month, day.day) <= (august_after, 8, 31)

    def _outside_terms(self, day: date) -> str | None:
        if not self.covers(day) or any(term.starts <= day <= term.ends for term in self.terms):
            return None
        for before, after in pairwise(self.terms):
            if before.ends < day < after.starts:
                return HALF_TERM if _weekdays_between(before, after) <= LONGEST_HALF_TERM else HOLIDAY
        return HOLIDAY


def merge(policy: Calendar, school: Calendar) -> Calendar:
    """The calendar of a school and of its policy, which a whole trust may share.

    The school's terms, if any, replace the policy's. Closures add up: a school cannot open on a day that
    its policy closes. When both close a day, the school's reason is shown.
    """
    return Calendar(
        terms=school.terms or policy.terms,
        closures=(*school.closures, *policy.closures),
    )


def _weekdays_between(before: Term, after: Term) -> int:
    days = (before.ends + timedelta(days=n) for n in range(1, (after.starts - before.ends).days))
    return sum(is_weekday(day) for day in days)
