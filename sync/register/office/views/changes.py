"""The Changes page as data: every change of a mark, with its reason, time and author."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from sync.register.actor import KIOSK
from sync.register.office.views import wording
from sync.register.office.views.claims import ReleaseClaim, claims_of
from sync.register.office.views.entry import ChangeView, change_view, place_of
from sync.register.storage.models import EntryRow, MarkChangeRow, PupilRow
from sync.wire import Kind

PAGE = 100
"""Changes per page."""


@dataclass(frozen=True, slots=True)
class ChangesFilter:
    """Which changes to list. An empty field does not restrict anything."""

    pupil: str = ""
    """A pupil's id, or any part of a name."""
    day: date | None = None
    """The day of the register, or of the change."""
    author: str = ""
    """A user's or kiosk's name; `people` or `kiosks` for all of them."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change in the list. Times are at the school."""

    id: int
    pupil: str
    name: str
    form: str
    date: date
    session: str
    register: str
    change: ChangeView
    claim: ReleaseClaim | None
    """The claim behind the departure that the mark is about."""


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """A page of the list, the newest change first."""

    lines: list[ChangeLine] = field(default_factory=list)
    older: int | None = None
    """The id before which the next page begins; `None` on the last page."""
    only_pupil: str | None = None
    """The one pupil that the filter matches: the page then shows their record."""


def changes(
    session: Session,
    school: str,
    criteria: ChangesFilter,
    *,
    zone: ZoneInfo,
    before: int | None = None,
    limit: int | None = PAGE,
) -> ChangesPage:
    """The changes that match, newest first.

    Args:
        session: a session that reads.
        school: the school's id.
        criteria: which changes.
        zone: the school's.
        before: only changes with a lower id than this.
        limit: the page size; `None` for all changes.
    """
    pupils = matching(session, school, criteria.pupil) if criteria.pupil else None
    on_roll = and_(PupilRow.school_id == MarkChangeRow.school_id, PupilRow.id == MarkChangeRow.pupil)
    query = (
        select(MarkChangeRow, PupilRow.first, PupilRow.preferred, PupilRow.last, PupilRow.form)
        .outerjoin(PupilRow, on_roll)
        .where(MarkChangeRow.school_id == school, *_conditions(criteria, pupils, zone))
        .order_by(MarkChangeRow.id.desc())
    )
    if before is not None:
        query = query.where(MarkChangeRow.id < before)
    if limit is not None:
        query = query.limit(limit + 1)  # the extra one shows whether there is an older page
    rows = session.execute(query).all()
    here = rows if limit is None else rows[:limit]
    claims = _claims(session, school, [change for change, *_ in here])
    lines = [
        _line(
            change, claims, f"{preferred or first} {last}" if first else wording.NOT_ON_ROLL, form or "", zone
        )
        for change, first, preferred, last, form in here
    ]
    return ChangesPage(
        lines,
        older=lines[-1].id if len(rows) > len(here) else None,
        only_pupil=pupils[0] if pupils and len(pupils) == 1 else None,
    )


def _claims(session: Session, school: str, changes_: Sequence[MarkChangeRow]) -> dict[int, ReleaseClaim]:
    """The claim of the departure that each change is about, by the change's id: of the last one before the
    change whose mark it is. A user's decision does not name the entry."""
    query = (
        select(EntryRow)
        .where(
            EntryRow.school_id == school,
            EntryRow.kind == Kind.DEPARTURE,
            EntryRow.taken_back.is_(False),
            EntryRow.date.in_({change.date for change in changes_}),
            EntryRow.pupil.in_({change.pupil for change in changes_}),
        )
        .order_by(EntryRow.at)
    )
    departures = [(place, entry) for entry in session.scalars(query) if (place := place_of(entry))]
    claims = claims_of(session, school, [entry.id for _, entry in departures])
    return {
        change.id: claims[entry.id]
        for change in changes_
        for place, entry in departures  # the last one stays
        if (place.pupil, place.date, place.session) == (change.pupil, change.date, change.session)
        and entry.received_at <= change.at
        and entry.id in claims
    }


def matching(session: Session, school: str, text: str) -> list[str]:
    """The ids of the pupils with this id or with this text in their name, without accents or case."""
    query = select(PupilRow.id, PupilRow.first, PupilRow.preferred, PupilRow.last).where(
        PupilRow.school_id == school
    )
    roll = session.execute(query).all()
    if any(each == text for each, *_ in roll):
        return [text]
    part = plain(text)
    return [
        pupil
        for pupil, first, preferred, last in roll
        if part in plain(f"{first} {last}") or (preferred and part in plain(f"{preferred} {last}"))
    ]


def plain(text: str) -> str:
    """The text in lower case, letters and single spaces only: `O’Neil` equals `oneil`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(each for each in decomposed if each.isalnum() or each.isspace()).split())


def people(session: Session, school: str) -> Sequence[str]:
    """The names of all users and kiosks that have changed a mark."""
    query = select(MarkChangeRow.name).where(MarkChangeRow.school_id == school).distinct()
    return session.scalars(query.order_by(MarkChangeRow.name)).all()


def _conditions(
    criteria: ChangesFilter, pupils: list[str] | None, zone: ZoneInfo
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if pupils is not None:
        conditions.append(MarkChangeRow.pupil.in_(pupils))
    if criteria.day is not None:
        begins = datetime.combine(criteria.day, time(), zone).astimezone(UTC)
        ends = datetime.combine(criteria.day + timedelta(days=1), time(), zone).astimezone(UTC)
        made = and_(MarkChangeRow.at >= begins, MarkChangeRow.at < ends)
        conditions.append(or_(MarkChangeRow.date == criteria.day, made))
    if criteria.author == "people":
        conditions.append(MarkChangeRow.position != KIOSK)
    elif criteria.author == "kiosks":
        conditions.append(MarkChangeRow.position == KIOSK)
    elif criteria.author:
        conditions.append(MarkChangeRow.name == criteria.author)
    return conditions


def _line(
    change: MarkChangeRow, claims: Mapping[int, ReleaseClaim], name: str, form: str, zone: ZoneInfo
) -> ChangeLine:
    return ChangeLine(
        id=change.id,
        pupil=change.pupil,
        name=name,
        form=form,
        date=change.date,
        session=change.session,
        register=f"{wording.long_date(change.date)}, {change.session}",
        change=change_view(change, zone),
        claim=claims.get(change.id),
    )
