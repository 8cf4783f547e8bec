"""School days: terms, closures and weekends; and the wall time at a school of an instant."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from attendance.policy.errors import WrongValueError
from attendance.sessions import HALF_TERM, HOLIDAY, WEEKEND
from attendance.years import Year

SATURDAY = 5

LONGEST_HALF_TERM = 7
"""Weekdays between two terms up to which the gap is called half term: a week, and an INSET day at each
end. The shortest Christmas and Easter holidays have nine."""

_DAY_EXPECTED = "a date, for example 2026-11-24"
_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def wall_time(instant: datetime, zone: ZoneInfo) -> datetime:
    """The time on the school's wall at that instant, without a zone: what the rule is given.

    Raises:
        ValueError: the instant has no time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(zone).replace(tzinfo=None)


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the school's wall shows `wall`; the earlier of two in October."""
    return wall.replace(tzinfo=zone).astimezone(UTC)


def is_weekday(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < SATURDAY


def _only_a_date(value: object) -> object:
    """Refuse what pydantic would take for a date and a school did not mean: a number is not seconds since
    1970, and a date with a time may be another day elsewhere."""
    if isinstance(value, str) and _WRITTEN.fullmatch(value):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise WrongValueError(f"{value!s:.40} is not a date; write it as 2026-11-24", expected=_DAY_EXPECTED)


Day = Annotated[date, BeforeValidator(_only_a_date)]
"""A date at the school, written `2026-11-24`."""

Words = Annotated[str, Field(min_length=1, max_length=100)]
"""A name or a reason, short enough for a kiosk's screen."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Term(_Frozen):
    """A stretch of school days. Half terms lie between two terms, or in one as a closure."""

    name: Words
    starts: Day
    """The first day."""
    ends: Day
    """The last day, which is a school day still."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends < self.starts:
            ends = f"{self.name!r} ends on {self.ends}, before it starts on {self.starts}"
            raise WrongValueError(ends, expected="a last day at or after the first", found=f"that {ends}")
        return self


class Closure(_Frozen):
    """Days without school: an INSET day, a holiday, a snow day."""

    first: Day
    last: Day | None = None
    """The last closed day. Left out: `first`."""
    reason: Words
    """In words for the kiosk's screen, which children read."""
    years: tuple[Year, ...] | None = None
    """The year groups who have no school. Left out: everybody."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last is not None and self.last < self.first:
            ends = f"{self.reason!r} ends on {self.last}, before it starts on {self.first}"
            raise WrongValueError(ends, expected="a last day at or after the first", found=f"that {ends}")
        return self

    @model_validator(mode="after")
    def _for_somebody(self) -> Self:
        if self.years is not None and not self.years:
            nobody = f"{self.reason!r} is for no year at all"
            expected = "some years, or no `years` to mean everybody"
            raise WrongValueError(f"{nobody}; leave years out to mean everybody", expected, f"that {nobody}")
        return self

    def closes(self, day: date, year: str | None) -> bool:
        """Whether that year has no school on that day because of this. None: whether nobody has."""
        return self.first <= day <= (self.last or self.first) and (self.years is None or year in self.years)


class Calendar(_Frozen):
    """Which days are school days. Without terms, every weekday that no closure takes away."""

    terms: tuple[Term, ...] = ()
    """In order. Where there are any, the days outside them are holidays (see `speaks_of`)."""
    closures: tuple[Closure, ...] = ()
    """In any order. Of several on one day, the first gives the reason."""

    @model_validator(mode="after")
    def _one_term_after_another(self) -> Self:
        for before, after in pairwise(self.terms):
            if after.starts <= before.ends:
                overlap = (
                    f"the term {after.name!r} starts on {after.starts}, but {before.name!r} before it ends"
                    f" on {before.ends}"
                )
                expected = "the terms in order, each after the end of the last"
                raise WrongValueError(f"{overlap}; write {expected}", expected, f"that {overlap}")
        return self

    def closed_because(self, day: date, year: str | None = None) -> str | None:
        """Why there is no school on that day, in words for a child; None on a school day.

        Args:
            day: the date at the school.
            year: the year group. None: the school as a whole, which is closed only when it is for everybody.
        """
        if not is_weekday(day):
            return WEEKEND
        for closure in self.closures:
            if closure.closes(day, year):
                return closure.reason
        return self._outside_terms(day)

    def speaks_of(self, day: date) -> bool:
        """Whether the terms say anything of that day: from the August before the first to the end of the
        August after the last.

        Further away a weekday is a school day, as it is without terms. So next year's terms may be put in
        before this year's last one is over; and a kiosk whose terms nobody has renewed writes down in
        September who comes late, as it must, where it could have turned everybody away.
        """
        if not self.terms:
            return False
        starts, ends = self.terms[0].starts, self.terms[-1].ends
        august_before = starts.year if starts.month >= 8 else starts.year - 1
        august_after = ends.year if ends.month <= 8 else ends.year + 1
        return (august_before, 8, 1) <= (day.year, day.month, day.day) <= (august_after, 8, 31)

    def _outside_terms(self, day: date) -> str | None:
        if not self.speaks_of(day) or any(term.starts <= day <= term.ends for term in self.terms):
            return None
        for before, after in pairwise(self.terms):
            if before.ends < day < after.starts:
                return HALF_TERM if _weekdays_between(before, after) <= LONGEST_HALF_TERM else HOLIDAY
        return HOLIDAY


def merged(policy: Calendar, school: Calendar) -> Calendar:
    """The calendar that holds at a school: its own, on top of its policy's (which may be a whole trust's).

    The school's terms stand in place of the policy's, if it has any. The closures of both hold; on a day
    that both close, the school's reason is given. What a policy closes, a school cannot open.
    """
    return Calendar(
        terms=school.terms or policy.terms,
        closures=(*school.closures, *policy.closures),
    )


def _weekdays_between(before: Term, after: Term) -> int:
    days = (before.ends + timedelta(days=n) for n in range(1, (after.starts - before.ends).days))
    return sum(is_weekday(day) for day in days)
