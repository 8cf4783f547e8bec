"""Counting lates: by day, by reason, by year group, by pupil, and U sessions in ten school weeks.

Pure: current marks go in, numbers come out. L and U are counted, each session separately.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from attendance.codes import LATE_AFTER_CLOSE
from sync.register.office.views.school_days import monday_of

MANY = 10
"""The number of lates in the school year from which a pupil is listed."""
WEEKS = 10
THRESHOLD = 10
"""Sessions of unauthorised absence in a rolling ten school weeks at which a school must consider a penalty
notice: the national framework, Education (Penalty Notices) (England) (Amendment) Regulations 2024."""

KeyT = TypeVar("KeyT", bound=Hashable)


class LateMark(NamedTuple):
    """A current mark of L or U."""

    pupil: str
    date: date
    session: str
    code: str
    reason: str | None


@dataclass(slots=True)
class Tally:
    """The number of L and of U."""

    late: int = 0
    closed: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.late + self.closed

    def add(self, code: str) -> None:
        """Count one more."""
        if code == LATE_AFTER_CLOSE:
            self.closed += 1
        else:
            self.late += 1


@dataclass(frozen=True, slots=True)
class Window:
    """The ten school weeks in which a pupil had the most U, from the first of these to the last."""

    sessions: int
    first: date
    """The Monday of the first week."""
    last: date
    """The Monday of the last week."""


def tally(lates: Iterable[LateMark], key: Callable[[LateMark], KeyT]) -> dict[KeyT, Tally]:
    """The lates, counted by `key`."""
    tallies: dict[KeyT, Tally] = defaultdict(Tally)
    for each in lates:
        tallies[key(each)].add(each.code)
    return dict(tallies)


def by_day(lates: Iterable[LateMark], days: Sequence[date]) -> dict[date, Tally]:
    """The lates of each day, in order: of every school day, and of any other day with a mark."""
    tallies = tally(lates, lambda late: late.date)
    return {day: tallies.get(day, Tally()) for day in sorted({*days, *tallies})}


def most_first(tallies: dict[KeyT, Tally]) -> list[tuple[KeyT, Tally]]:
    """Sorted by most lates, then most U, then key."""
    return sorted(tallies.items(), key=lambda pair: (-pair[1].total, -pair[1].closed, str(pair[0])))


def at_least(lates: Iterable[LateMark], many: int = MANY) -> list[tuple[str, Tally]]:
    """The pupils with at least so many lates, those with the most first."""
    tallies = tally(lates, lambda late: late.pupil)
    return most_first({pupil: each for pupil, each in tallies.items() if each.total >= many})


def most_in_window(days: Iterable[date], weeks: Sequence[date], width: int = WEEKS) -> Window | None:
    """The `width` consecutive school weeks with the most sessions; the newest of several equal ones.

    Args:
        days: the date of each session; a day may occur twice.
        weeks: the school weeks by their Mondays, in order. A week with one of the sessions counts as a school
            week even if the calendar has none there.
        width: the number of weeks.

    Returns:
        The window from the week of its first session to that of its last; `None` without sessions.
    """
    mondays = sorted(monday_of(day) for day in days)
    if not mondays:
        return None
    known = sorted({*weeks, *mondays})
    places = [bisect_left(known, monday) for monday in mondays]
    best, first = (0, 0, 0), 0
    for last, place in enumerate(places):
        while places[first] <= place - width:
            first += 1
        best = max(best, (last - first + 1, first, last))
    sessions, first, last = best
    return Window(sessions, mondays[first], mondays[last])


def unauthorised(
    lates: Iterable[LateMark], weeks: Sequence[date], *, ends_from: date | None = None
) -> list[tuple[str, Window]]:
    """For each pupil with a U, the window with the most U; the pupil with the most comes first.

    Args:
        lates: the marks.
        weeks: the school weeks, by their Mondays.
        ends_from: leave out windows whose last U lies before this day.
    """
    days: dict[str, list[date]] = defaultdict(list)
    for each in lates:
        if each.code == LATE_AFTER_CLOSE:
            days[each.pupil].append(each.date)
    found = [
        (pupil, window)
        for pupil, own in days.items()
        if (window := _since(own, weeks, ends_from)) is not None
    ]
    return sorted(found, key=lambda pair: (-pair[1].sessions, pair[0]))


def _since(days: list[date], weeks: Sequence[date], ends_from: date | None) -> Window | None:
    """The best window that ends with a U on or after that day; it may begin before it."""
    if ends_from is None:
        return most_in_window(days, weeks)
    recent = [day for day in days if day >= ends_from]
    if not recent:
        return None
    known = sorted({*weeks, *map(monday_of, days)})
    place = bisect_left(known, monday_of(min(recent)))
    earliest = known[max(0, place - WEEKS + 1)]
    return most_in_window([day for day in days if day >= earliest], weeks)
