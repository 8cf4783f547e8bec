"""The Punctuality page as data: current marks, counted in every way that the page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from attendance.calendar import Calendar
from attendance.codes import LATE_CODES
from attendance.years import YEARS
from sync.register.errors import PeriodTooLongError
from sync.register.office.views import wording
from sync.register.office.views.changes import matching
from sync.register.office.views.charts import Chart, ChartBar, stacked
from sync.register.office.views.punctuality_counts import (
    MANY,
    LateMark,
    Tally,
    Window,
    at_least,
    by_day,
    most_first,
    tally,
    unauthorised,
)
from sync.register.office.views.school_days import (
    Period,
    calendar_of,
    half_term,
    school_days,
    school_weeks,
    school_year,
    term,
)
from sync.register.storage.models import EntryRow, MarkRow, PupilRow, SchoolRow

SIX_WEEKS = timedelta(days=41)
BEFORE_YEAR = timedelta(days=140)
"""Ten school weeks and a summer: a rolling window may begin in the school year before."""
CHART_WIDTH, CHART_HEIGHT = 1000, 220
LONGEST = timedelta(days=7 * 366)
"""The register keeps six years and the current school year; nothing earlier can be counted."""
NO_REASON = "No reason given"
NOT_ON_ROLL = "not on the roll"

CountT = TypeVar("CountT")


@dataclass(frozen=True, slots=True)
class PupilOf:
    """A pupil as a list shows them."""

    id: str
    name: str
    form: str
    year: str


Roll = dict[str, tuple[PupilOf, bool]]
"""Every pupil who is or was on the roll, by id, and whether they are."""


@dataclass(frozen=True, slots=True)
class YearGroup:
    """A year group's lates, and what they come to for its size."""

    name: str
    tally: Tally
    pupils: int

    @property
    def each_hundred(self) -> float | None:
        """Lates per hundred pupils on the roll; `None` when there are no pupils."""
        return round(100 * self.tally.total / self.pupils, 1) if self.pupils else None


@dataclass(frozen=True, slots=True)
class Punctuality:
    """All that the page shows."""

    period: Period
    year: Period
    choices: dict[str, Period]
    """The periods that can be chosen, by the names that addresses have for them."""
    all: Tally
    chart: Chart
    days: dict[date, Tally]
    reasons: list[tuple[str, Tally]]
    years: list[YearGroup]
    pupils: list[tuple[PupilOf, Tally]]
    many: list[tuple[PupilOf, Tally]]
    """Pupils at ten or more in the school year so far."""
    windows: list[tuple[PupilOf, Window]]
    """Pupils with a U in the school year so far."""
    only_pupil: str | None
    """The one pupil that the filter matches."""


def periods(calendar: Calendar, day: date) -> dict[str, Period]:
    """The periods that can be chosen on that day. Terms are among them if the calendar has any."""
    found = {
        "half-term": half_term(calendar, day),
        "term": term(calendar, day),
        "weeks": Period(day - SIX_WEEKS, day, "the last six weeks"),
        "year": school_year(day),
    }
    return {name: period for name, period in found.items() if period is not None}


def chosen(choices: dict[str, Period], name: str, first: date | None, last: date | None) -> Period:
    """The chosen period: by its days, by its name, or else the first of the choices."""
    if first is not None or last is not None:
        ends = last or max(period.last for period in choices.values())
        begins = first or school_year(ends).first
        begins, ends = min(begins, ends), max(begins, ends)
        return Period(begins, ends, "chosen days")
    return choices.get(name) or next(iter(choices.values()))


def punctuality(
    session: Session,
    school: SchoolRow,
    *,
    today: date,
    period: str = "",
    first: date | None = None,
    last: date | None = None,
    pupil: str = "",
) -> Punctuality:
    """The page of a school on that day.

    Args:
        session: a session that reads.
        school: the school.
        today: the date at the school.
        period: one of `periods`.
        first: or its first day.
        last: and its last day.
        pupil: only pupils whose id this is or whose name has this in it.

    Raises:
        PeriodTooLongError: the period is longer than marks are kept.
    """
    calendar = calendar_of(school)
    choices = periods(calendar, today)
    shown = chosen(choices, period, first, last)
    shown = Period(shown.first, max(shown.first, min(shown.last, today)), shown.name)
    if shown.last - shown.first > LONGEST:
        raise PeriodTooLongError(
            f"From {shown.first.year} to {shown.last.year} is longer than the register keeps marks: choose a "
            "first and a last day that lie at most seven years apart."
        )
    year = school_year(today)
    begins = year.first - BEFORE_YEAR
    only = matching(session, school.id, pupil) if pupil else None
    lates = _lates(session, school.id, min(begins, shown.first), max(today, shown.last), only)
    there = [late for late in lates if shown.first <= late.date <= shown.last]
    so_far = [late for late in lates if year.first <= late.date <= today]
    roll = _roll(session, school.id)
    days = by_day(there, school_days(calendar, shown.first, shown.last))
    weeks = school_weeks(calendar, begins, today)
    recent = [late for late in lates if begins <= late.date <= today]
    return Punctuality(
        period=shown,
        year=year,
        choices=choices,
        all=tally(there, lambda _: None).get(None, Tally()),
        chart=stacked(
            [_bar(day, each) for day, each in days.items()], width=CHART_WIDTH, height=CHART_HEIGHT
        ),
        days=days,
        reasons=most_first(
            tally(there, lambda late: wording.reason_label(late.reason) if late.reason else NO_REASON)
        ),
        years=_years(there, roll),
        pupils=_named(most_first(tally(there, lambda late: late.pupil)), roll),
        many=_named(at_least(so_far, MANY), roll),
        windows=_named(unauthorised(recent, weeks, ends_from=year.first), roll),
        only_pupil=only[0] if only and len(only) == 1 else None,
    )


def _lates(session: Session, school: str, first: date, last: date, only: list[str] | None) -> list[LateMark]:
    """The current marks of L and U, from kiosks and users, each with its reason."""
    conditions: list[ColumnElement[bool]] = [
        MarkRow.school_id == school,
        MarkRow.date.between(first, last),
        MarkRow.code.in_(LATE_CODES),
    ]
    if only is not None:
        conditions.append(MarkRow.pupil.in_(only))
    query = (
        select(
            MarkRow.pupil,
            MarkRow.date,
            MarkRow.session,
            MarkRow.code,
            EntryRow.reason,
            MarkRow.entry_id.is_(None),
        )
        .outerjoin(EntryRow, EntryRow.id == MarkRow.entry_id)
        .where(*conditions)
    )
    # On the connection: the rows hold no mapped objects, and the session would look for one in each.
    found = session.connection().execute(query).all()
    amended = {pupil for pupil, *_, by_person in found if by_person}
    given = _reasons(session, school, first, last, amended) if amended else {}
    return [
        LateMark(pupil, day, half, code, given.get((pupil, day, half)) if by_person else reason)
        for pupil, day, half, code, reason, by_person in found
    ]


def _reasons(
    session: Session, school: str, first: date, last: date, pupils: set[str]
) -> dict[tuple[str, date, str | None], str | None]:
    """The reasons given at the kiosk: an amended mark keeps its reason for lateness."""
    query = (
        select(EntryRow.pupil, EntryRow.date, EntryRow.session, EntryRow.reason)
        .where(
            EntryRow.school_id == school,
            EntryRow.date.between(first, last),
            EntryRow.kind.in_(("arrival", "return")),
            EntryRow.taken_back == false(),
            EntryRow.pupil.in_(pupils),
        )
        .order_by(EntryRow.at)
    )
    return {(pupil, day, half): reason for pupil, day, half, reason in session.execute(query)}


def _roll(session: Session, school: str) -> Roll:
    """Every pupil who is or was on the roll, and whether they are."""
    query = select(
        PupilRow.id,
        PupilRow.first,
        PupilRow.preferred,
        PupilRow.last,
        PupilRow.form,
        PupilRow.year,
        PupilRow.left_on,
    ).where(PupilRow.school_id == school)
    return {
        row.id: (
            PupilOf(row.id, f"{row.preferred or row.first} {row.last}", row.form, row.year),
            row.left_on is None,
        )
        for row in session.execute(query)
    }


def _named(found: Sequence[tuple[str, CountT]], roll: Roll) -> list[tuple[PupilOf, CountT]]:
    return [(roll[pupil][0] if pupil in roll else _unknown(pupil), count) for pupil, count in found]


def _unknown(pupil: str) -> PupilOf:
    return PupilOf(pupil, "Not on the roll", wording.NOTHING, NOT_ON_ROLL)


def _years(lates: Sequence[LateMark], roll: Roll) -> list[YearGroup]:
    found = tally(lates, lambda late: roll[late.pupil][0].year if late.pupil in roll else NOT_ON_ROLL)
    sizes: dict[str, int] = {}
    for pupil, is_there in roll.values():
        sizes[pupil.year] = sizes.get(pupil.year, 0) + is_there
    order = {year: place for place, year in enumerate(YEARS)}
    names = sorted(
        {*found, *(year for year, size in sizes.items() if size)}, key=lambda year: order.get(year, 99)
    )
    return [
        YearGroup(f"Year {name}" if name.isdigit() else name, found.get(name, Tally()), sizes.get(name, 0))
        for name in names
    ]


def _reason(late: LateMark) -> str:
    if late.reason is None:
        return NO_REASON
    return wording.reason_label(late.reason)


def _bar(day: date, each: Tally) -> ChartBar:
    return ChartBar(f"{day.day} {day:%b}", wording.long_date(day), each.late, each.closed)
