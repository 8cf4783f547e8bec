"""A pupil's record as data."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from attendance.codes import code_and_name
from attendance.reasons import APPOINTMENT_LABEL
from sync.register.audit import Action
from sync.register.entries.parsing import brought_by, route_of
from sync.register.kiosks.cards import count
from sync.register.office.views import wording
from sync.register.office.views.claims import ReleaseClaim, claims_of
from sync.register.office.views.pupil_plans import PlanView, pupil_plans
from sync.register.office.views.school_days import Period, calendar_of, school_year, term
from sync.register.storage.models import (
    AppointmentRow,
    AuditRow,
    ContactRow,
    EntryRow,
    MarkRow,
    PupilRow,
    SchoolRow,
)
from sync.wire import Kind

KIND_WORDS = {kind.value: label for kind, label in APPOINTMENT_LABEL.items()}


@dataclass(frozen=True, slots=True)
class MarkDay:
    """The marks of one day."""

    date: str
    am: str
    pm: str
    detail: str
    """`22 min late`, by which late bus, and whether a user entered the mark."""


@dataclass(frozen=True, slots=True)
class BroughtDay:
    """A day on which an adult brought the pupil late."""

    date: str
    adult: str
    """The name as the adult typed it."""


@dataclass(frozen=True, slots=True)
class LeftDay:
    """A time at which the pupil was signed out."""

    date: str
    """With the time: `Tuesday 24 November, 10:02`."""
    claim: ReleaseClaim


@dataclass(frozen=True, slots=True)
class AgreedAbsence:
    """An absence agreed in advance."""

    id: int
    date: str
    kind: str
    until: str
    """Empty when unknown."""
    over: bool


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """The data of a pupil's page. Every view is recorded in the audit."""

    pupil: PupilRow
    name: str
    left_on: str | None
    cards: int
    card_since: str | None
    """The day the last card was assigned; `None` when unknown."""
    contacts: list[ContactRow]
    """Those who may not collect come first."""
    agreed: list[AgreedAbsence]
    """Current and future absences, then the past ones of this term."""
    plans: list[PlanView]
    """Those that can be changed first."""
    period: str
    """`this term, since Tuesday 1 September`."""
    days: list[MarkDay]
    """The newest first."""
    totals: list[tuple[str, int]]
    """The number of sessions by code."""
    brought: list[BroughtDay]
    """The newest first."""
    left: list[LeftDay]
    """The newest first."""


def record(session: Session, school: SchoolRow, pupil: PupilRow, *, now: datetime) -> PupilRecord:
    """The record of a pupil at that instant."""
    zone = ZoneInfo(school.zone)
    today = now.astimezone(zone).date()
    period = term(calendar_of(school), today) or school_year(today)
    marks = _marks(session, pupil, period)
    contacts = select(ContactRow).where(ContactRow.school_id == school.id, ContactRow.pupil == pupil.id)
    return PupilRecord(
        pupil=pupil,
        name=f"{pupil.preferred or pupil.first} {pupil.last}",
        left_on=wording.long_date(pupil.left_on) + f" {pupil.left_on.year}" if pupil.left_on else None,
        cards=count(session, school.id, pupil.id),
        card_since=_card_since(session, pupil, zone),
        contacts=list(session.scalars(contacts.order_by(ContactRow.may_collect, ContactRow.name))),
        agreed=_agreed(session, pupil, today, period),
        plans=pupil_plans(session, pupil, today),
        period=f"{period.name}, since {wording.long_date(period.first)}",
        days=_days(marks, _routes(session, marks)),
        totals=_totals(marks),
        brought=_brought(session, pupil, period),
        left=_left(session, pupil, period, zone),
    )


def _card_since(session: Session, pupil: PupilRow, zone: ZoneInfo) -> str | None:
    query = select(func.max(AuditRow.at)).where(
        AuditRow.school_id == pupil.school_id,
        AuditRow.subject == pupil.id,
        AuditRow.action == Action.CARD_ASSIGNED.value,
    )
    at = session.scalars(query).one()
    if at is None:
        return None
    day = at.astimezone(zone).date()
    return f"{wording.long_date(day)} {day.year}"


def _agreed(session: Session, pupil: PupilRow, today: date, period: Period) -> list[AgreedAbsence]:
    query = select(AppointmentRow).where(
        AppointmentRow.school_id == pupil.school_id,
        AppointmentRow.pupil == pupil.id,
        AppointmentRow.date >= min(period.first, today),
    )
    rows = session.scalars(query.order_by(AppointmentRow.date, AppointmentRow.id)).all()
    absences = [
        AgreedAbsence(
            id=row.id,
            date=wording.long_date(row.date),
            kind=KIND_WORDS.get(row.kind, row.kind),
            until=f"{row.until:%H:%M}" if row.until else "",
            over=row.date < today,
        )
        for row in rows
    ]
    return sorted(absences, key=lambda each: each.over)


def _marks(session: Session, pupil: PupilRow, period: Period) -> list[MarkRow]:
    query = select(MarkRow).where(
        MarkRow.school_id == pupil.school_id,
        MarkRow.pupil == pupil.id,
        MarkRow.date >= period.first,
        MarkRow.date <= period.last,
    )
    return list(session.scalars(query.order_by(MarkRow.date.desc(), MarkRow.session)))


def _routes(session: Session, marks: list[MarkRow]) -> dict[uuid.UUID, str]:
    """The late buses that brought the pupil, by the entries that made the marks."""
    entries = select(EntryRow.id, EntryRow.raw).where(
        EntryRow.id.in_(mark.entry_id for mark in marks if mark.entry_id is not None)
    )
    return {id_: route for id_, raw in session.execute(entries) if (route := route_of(raw))}


def _days(marks: list[MarkRow], routes: dict[uuid.UUID, str]) -> list[MarkDay]:
    by_date: dict[date, dict[str, MarkRow]] = {}
    for mark in marks:
        by_date.setdefault(mark.date, {})[mark.session] = mark
    return [
        MarkDay(
            date=wording.long_date(day),
            am=_code(by_session.get("AM")),
            pm=_code(by_session.get("PM")),
            detail="; ".join(filter(None, (_detail(mark, routes) for mark in by_session.values()))),
        )
        for day, by_session in by_date.items()
    ]


def _code(mark: MarkRow | None) -> str:
    return mark.code if mark is not None else wording.NOTHING


def _detail(mark: MarkRow, routes: dict[uuid.UUID, str]) -> str:
    late = f"{mark.minutes_late} min late" if mark.minutes_late else ""
    by = "entered by a user" if mark.source == "person" else ""
    route = routes.get(mark.entry_id) if mark.entry_id else None
    return ", ".join(filter(None, (late, wording.bus(route) if route else "", by)))


def _brought(session: Session, pupil: PupilRow, period: Period) -> list[BroughtDay]:
    query = select(EntryRow.date, EntryRow.raw).where(
        EntryRow.school_id == pupil.school_id,
        EntryRow.date >= period.first,
        EntryRow.date <= period.last,
        EntryRow.pupil == pupil.id,
        EntryRow.taken_back.is_(False),
    )
    entries = session.execute(query.order_by(EntryRow.date.desc(), EntryRow.at)).all()
    # An entry whose time was corrected names the adult twice.
    days = dict.fromkeys((day, adult) for day, raw in entries if (adult := brought_by(raw)))
    return [BroughtDay(wording.long_date(day), adult) for day, adult in days]


def _left(session: Session, pupil: PupilRow, period: Period, zone: ZoneInfo) -> list[LeftDay]:
    query = select(EntryRow.id, EntryRow.at).where(
        EntryRow.school_id == pupil.school_id,
        EntryRow.date >= period.first,
        EntryRow.date <= period.last,
        EntryRow.pupil == pupil.id,
        EntryRow.kind == Kind.DEPARTURE,
        EntryRow.taken_back.is_(False),
    )
    times = {entry: at.astimezone(zone) for entry, at in session.execute(query.order_by(EntryRow.at.desc()))}
    claims = claims_of(session, pupil.school_id, times)
    return [
        LeftDay(f"{wording.long_date(at.date())}, {at:%H:%M}", claims[entry])
        for entry, at in times.items()
        if entry in claims
    ]


def _totals(marks: list[MarkRow]) -> list[tuple[str, int]]:
    numbers = Counter(mark.code for mark in marks)
    return [(code_and_name(code), n) for code, n in numbers.most_common()]
