"""The Punctuality page as data: lates counted by day, reason, year group and pupil."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from attendance.calendar import Calendar
from attendance.years import YEARS
from sync.register.errors import PeriodTooLongError
from sync.register.marks.lates import counts_as_late
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
from sync.wire import Kind

SIX_WEEKS = timedelta(days=41)
LEAD_IN = timedelta(days=140)
"""Ten school weeks and a summer: a rolling window may begin in the previous school year."""
CHART_WIDTH, CHART_HEIGHT = 1000, 220
LONGEST = timedelta(days=7 * 366)
"""The register keeps six years and the current school year."""
NO_REASON = "No reason given"
UNKNOWN_YEAR = "not on the roll"
"""The year group of a pupil whom the roster does not have."""

CountT = TypeVar("CountT")


@dataclass(frozen=True, slots=True)
class ListedPupil:
    """A pupil in a list."""

    id: str
    name: str
    form: str
    year: str


Roll = dict[str, tuple[ListedPupil, bool]]
"""Every current and former pupil by id, each with whether they are on the roll."""


@dataclass(frozen=True, slots=True)
class YearGroup:
    """A year group's lates and its size."""

    name: str
    tally: Tally
    pupils: int

    @property
    def each_hundred(self) -> float | None:
        """Lates per hundred pupils on the roll; `None` when there are no pupils."""
        return round(100 * self.tally.total / self.pupils, 1) if self.pupils else None


@dataclass(frozen=True, slots=True)
class Punctuality:
    """The data of the page."""

    period: Period
    year: Period
    choices: dict[str, Period]
    """The periods to choose from, by their names in the address."""
    all: Tally
    chart: Chart
    days: dict[date, Tally]
    reasons: list[tuple[str, Tally]]
    years: list[YearGroup]
    pupils: list[tuple[ListedPupil, Tally]]
    many: list[tuple[ListedPupil, Tally]]
    """Pupils at ten or more in the school year so far."""
    windows: list[tuple[ListedPupil, Window]]
    """Pupils with a U in the school year so far."""
    only_pupil: str | None
    """The one pupil that the filter matches."""


def periods(calendar: Calendar, day: date) -> dict[str, Period]:
    """The periods to choose from on that day. Term and half term need terms in the calendar."""
    choices = {
        "half-term": half_term(calendar, day),
        "term": term(calendar, day),
        "weeks": Period(day - SIX_WEEKS, day, "the last six weeks"),
        "year": school_year(day),
    }
    return {name: period for name, period in choices.items() if period is not None}


def chosen_period(choices: dict[str, Period], name: str, first: date | None, last: date | None) -> Period:
    """The chosen period, given its days or its name; otherwise the first of the choices."""
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
        period: a name from `periods`; or instead of it
        first: the first day and
        last: the last day.
        pupil: only pupils with this id, or with this text in their name.

    Raises:
        PeriodTooLongError: the period is longer than marks are kept.
    """
    calendar = calendar_of(school)
    choices = periods(calendar, today)
    span = chosen_period(choices, period, first, last)
    span = Period(span.first, max(span.first, min(span.last, today)), span.name)
    if span.last - span.first > LONGEST:
        raise PeriodTooLongError(
            f"From {span.first.year} to {span.last.year} is longer than the register keeps marks: choose a "
            "first and a last day that lie at most seven years apart."
        )
    year = school_year(today)
    earliest = year.first - LEAD_IN
    ids = matching(session, school.id, pupil) if pupil else None
    lates = _lates(session, school.id, min(earliest, span.first), max(today, span.last), ids)
    in_period = [late for late in lates if span.first <= late.date <= span.last]
    this_year = [late for late in lates if year.first <= late.date <= today]
    roll = _roll(session, school.id)
    days = by_day(in_period, school_days(calendar, span.first, span.last))
    weeks = school_weeks(calendar, earliest, today)
    recent = [late for late in lates if earliest <= late.date <= today]
    return Punctuality(
        period=span,
        year=year,
        choices=choices,
        all=tally(in_period, lambda _: None).get(None, Tally()),
        chart=stacked(
            [_bar(day, each) for day, each in days.items()], width=CHART_WIDTH, height=CHART_HEIGHT
        ),
        days=days,
        reasons=most_first(
            tally(in_period, lambda late: wording.reason_label(late.reason) if late.reason else NO_REASON)
        ),
        years=_years(in_period, roll),
        pupils=_with_names(most_first(tally(in_period, lambda late: late.pupil)), roll),
        many=_with_names(at_least(this_year, MANY), roll),
        windows=_with_names(unauthorised(recent, weeks, ends_from=year.first), roll),
        only_pupil=ids[0] if ids and len(ids) == 1 else None,
    )


def _lates(
    session: Session, school: str, first: date, last: date, pupils: list[str] | None
) -> list[LateMark]:
    """The current marks that count as a lateness, from kiosks and users, each with its reason."""
    conditions: list[ColumnElement[bool]] = [
        MarkRow.school_id == school,
        MarkRow.date.between(first, last),
        counts_as_late(school, EntryRow.date.between(first, last)),
    ]
    if pupils is not None:
        conditions.append(MarkRow.pupil.in_(pupils))
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
    # On the connection, because the session would search each row for mapped objects, and there are none.
    rows = session.connection().execute(query).all()
    amended = {pupil for pupil, *_, by_person in rows if by_person}
    reasons = _reasons(session, school, first, last, amended) if amended else {}
    return [
        LateMark(pupil, day, half, code, reasons.get((pupil, day, half)) if by_person else reason)
        for pupil, day, half, code, reason, by_person in rows
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
            EntryRow.kind.in_((Kind.ARRIVAL, Kind.RETURN)),
            EntryRow.taken_back == false(),
            EntryRow.pupil.in_(pupils),
        )
        .order_by(EntryRow.at)
    )
    return {(pupil, day, half): reason for pupil, day, half, reason in session.execute(query)}


def _roll(session: Session, school: str) -> Roll:
    """Every current and former pupil by id, each with whether they are on the roll."""
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
            ListedPupil(row.id, f"{row.preferred or row.first} {row.last}", row.form, row.year),
            row.left_on is None,
        )
        for row in session.execute(query)
    }


def _with_names(counts: Sequence[tuple[str, CountT]], roll: Roll) -> list[tuple[ListedPupil, CountT]]:
    return [(roll[pupil][0] if pupil in roll else _unknown(pupil), count) for pupil, count in counts]


def _unknown(pupil: str) -> ListedPupil:
    return ListedPupil(pupil, wording.NOT_ON_ROLL, wording.NOTHING, UNKNOWN_YEAR)


def _years(lates: Sequence[LateMark], roll: Roll) -> list[YearGroup]:
    by_year = tally(lates, lambda late: roll[late.pupil][0].year if late.pupil in roll else UNKNOWN_YEAR)
    sizes: dict[str, int] = {}
    for pupil, is_there in roll.values():
        sizes[pupil.year] = sizes.get(pupil.year, 0) + is_there
    order = {year: place for place, year in enumerate(YEARS)}
    names = sorted(
        {*by_year, *(year for year, size in sizes.items() if size)}, key=lambda year: order.get(year, 99)
    )
    return [
        YearGroup(f"Year {name}" if name.isdigit() else name, by_year.get(name, Tally()), sizes.get(name, 0))
        for name in names
    ]


def _bar(day: date, each: Tally) -> ChartBar:
    return ChartBar(f"{day.day} {day:%b}", wording.long_date(day), each.late, each.closed)
