"""Where pupils are, as far as reception knows, from one day's kiosk entries and releases.

A pupil who came on time has signed nothing and is not included.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from sync.register.departures.locations import (
    KioskVisit,
    Location,
    PupilLocation,
    Release,
    Sighting,
    latest_locations,
)
from sync.register.storage.models import DepartureRow, EntryRow, WorkItemRow, WorkKind
from sync.register.storage.work_items import SeenOnSite, read_item
from sync.wire import DepartureRequest, DepartureState, Entry, Kind

__all__ = ["VISITS", "Location", "PupilLocation", "whereabouts"]

VISITS = (Kind.ARRIVAL, Kind.RETURN, Kind.DEPARTURE)


def whereabouts(
    session: Session, school: str, *, now: datetime, zone: ZoneInfo, only_leavers: bool = False
) -> dict[str, PupilLocation]:
    """The latest known location of a school's pupils on the day of `now`, by pupil id.

    Args:
        session: a session that reads.
        school: the school's id.
        now: the instant.
        zone: the school's time zone.
        only_leavers: only pupils who were signed out or released that day, at about half the cost.
    """
    day = now.astimezone(zone).date()
    begins = datetime.combine(day, time(), zone).astimezone(UTC)
    assigned, dismissed = _decided(session, school, begins)
    rows = _entries(session, school, day, begins, assigned, only_leavers=only_leavers)
    taken_back = _taken_back(session, school, rows)
    visits = [
        visit
        for row in rows
        if (row.id, row.pupil) not in taken_back and not row.taken_back and row.id not in dismissed
        if (visit := _visit(row, day, assigned.get(row.id, row.pupil))) is not None
    ]
    visits.sort(key=lambda visit: visit.at)
    departures = [visit.id for visit in visits if visit.kind is Kind.DEPARTURE]
    return latest_locations(
        visits, _seen(session, school, departures), _releases(session, school, begins, rows)
    )


def _decided(session: Session, school: str, begins: datetime) -> tuple[dict[uuid.UUID, str], set[uuid.UUID]]:
    """What the office has decided since `begins` about entries without a pupil of the roll: the pupil to whom
    it assigned each, by entry, and the entries that it dismissed."""
    query = select(WorkItemRow.entry_id, WorkItemRow.decision).where(
        WorkItemRow.school_id == school,
        WorkItemRow.kind.in_((WorkKind.UNKNOWN_PUPIL, WorkKind.UNLISTED)),
        WorkItemRow.resolved_at >= begins,
    )
    decided = [
        (entry, decision)
        for entry, decision in session.execute(query)
        if entry is not None and decision is not None
    ]
    assigned = {entry: made["pupil"] for entry, made in decided if made.get("choice") == "assign"}
    return assigned, {entry for entry, made in decided if made.get("choice") == "dismiss"}


def _entries(
    session: Session,
    school: str,
    day: date,
    begins: datetime,
    assigned: Mapping[uuid.UUID, str],
    *,
    only_leavers: bool,
) -> Sequence[EntryRow]:
    """The day's entries, and those received that day with another date: a doubtful clock may have had the
    wrong day."""
    received = and_(EntryRow.received_at >= begins, EntryRow.received_at < begins + timedelta(days=1))
    # Two queries, each with its own index: for one query with OR, SQLite scans all entries of the school.
    parts = (EntryRow.date == day, and_(received, EntryRow.date != day))
    query = select(EntryRow).where(EntryRow.school_id == school, EntryRow.kind.in_(VISITS))
    if only_leavers:
        left = select(EntryRow.id, EntryRow.pupil).where(
            EntryRow.school_id == school, EntryRow.kind == Kind.DEPARTURE
        )
        sign_outs = [each for part in parts for each in session.execute(left.where(part))]
        if not sign_outs:
            return []
        leavers = {name for entry, pupil in sign_outs for name in (pupil, assigned.get(entry, pupil))}
        query = query.where(or_(EntryRow.pupil.in_(leavers), EntryRow.id.in_(list(assigned))))
    rows = [row for part in parts for row in session.scalars(query.where(part))]
    return sorted(rows, key=lambda row: (row.at, row.seq))


def _taken_back(session: Session, school: str, rows: Sequence[EntryRow]) -> set[tuple[uuid.UUID, str]]:
    """The entries that a void names, each with its pupil.

    They count as taken back even while the office still decides about their mark: meanwhile a child who never
    left must not count as gone.
    """
    if not any(row.kind == Kind.DEPARTURE for row in rows):
        return set()
    query = select(EntryRow.voids, EntryRow.pupil).where(
        EntryRow.school_id == school,
        EntryRow.kind == Kind.VOID,
        EntryRow.voids.in_([row.id for row in rows]),
    )
    return {(voids, pupil) for voids, pupil in session.execute(query) if voids is not None}


def _visit(row: EntryRow, day: date, pupil: str) -> KioskVisit | None:
    """The entry as a visit of `pupil`; `None` when it is of another day."""
    certain = row.time_certain
    if certain and row.date != day:
        return None
    return KioskVisit(
        id=row.id,
        kind=Kind(row.kind),
        pupil=pupil,
        at=row.at if certain else row.received_at,
        certain=certain,
        reason=row.reason,
        # Parsing an entry is slow, and an arrival needs no detail.
        detail=Entry.model_validate_json(row.raw).departure if row.kind == Kind.DEPARTURE else None,
    )


def _seen(session: Session, school: str, departures: Sequence[uuid.UUID]) -> dict[uuid.UUID, Sighting]:
    """The office's last record about each of these sign-outs."""
    if not departures:
        return {}
    query = select(WorkItemRow).where(
        WorkItemRow.school_id == school,
        WorkItemRow.kind == WorkKind.BACK,
        WorkItemRow.entry_id.in_(departures),
    )
    items = session.scalars(query.order_by(WorkItemRow.id))
    return {item.entry_id: _record(item, item.entry_id) for item in items if item.entry_id is not None}


def _record(item: WorkItemRow, about: uuid.UUID) -> Sighting:
    back = (item.decision or {}).get("choice") == "back"
    return Sighting(about, back, item.resolved_at or item.opened_at, item.resolved_by or "")


def _seen_released(session: Session, school: str, begins: datetime) -> dict[uuid.UUID, Sighting]:
    """The office's last record about each release since `begins`. Its item has no entry and names the request
    instead."""
    query = select(WorkItemRow).where(
        WorkItemRow.school_id == school,
        WorkItemRow.kind == WorkKind.BACK,
        WorkItemRow.entry_id.is_(None),
        WorkItemRow.resolved_at >= begins,
    )
    items = session.scalars(query.order_by(WorkItemRow.id))
    about = ((read_item(row), row) for row in items)
    return {
        uuid.UUID(item.departure): _record(row, uuid.UUID(item.departure))
        for item, row in about
        if isinstance(item, SeenOnSite) and item.departure
    }


def _releases(session: Session, school: str, begins: datetime, rows: Sequence[EntryRow]) -> Sequence[Release]:
    """The day's releases, each with whether a sign-out of that pupil has arrived since.

    Release and sign-out share no id: a kiosk that restarts in between makes a new one.
    """
    query = select(DepartureRow).where(
        DepartureRow.school_id == school,
        DepartureRow.state == DepartureState.RELEASED,
        DepartureRow.answered_at >= begins,
    )
    released = session.scalars(query.order_by(DepartureRow.answered_at)).all()
    if not released:
        return []
    seen = _seen_released(session, school, begins)
    signed_out: dict[str, list[datetime]] = defaultdict(list)
    for row in rows:
        if row.kind == Kind.DEPARTURE:
            signed_out[row.pupil].append(row.received_at)
    return [
        Release(
            id=row.id,
            pupil=row.pupil,
            at=row.answered_at,
            by=row.answered_by or "",
            collector=request.collector,
            relationship=request.relationship,
            grounds=row.grounds,
            reason=request.reason,
            expected_back=request.expected_back,
            seen=seen.get(row.id),
            left=any(at >= row.answered_at for at in signed_out[row.pupil]),
        )
        for row in released
        for request in [DepartureRequest.model_validate(row.content)]
        if row.answered_at is not None
    ]
