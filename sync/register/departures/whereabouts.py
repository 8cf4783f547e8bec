"""Where pupils are, as far as reception knows: from what was signed at the kiosks on one day.

Somebody who came on time has signed nothing, and nothing is known of them here.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from sync.register.departures.standing import Release, Seen, Standing, Visit, Where, standings
from sync.register.storage.models import DepartureRow, EntryRow, WorkItemRow, WorkKind
from sync.register.storage.work_items import SeenOnSite, read_item
from sync.wire import DepartureRequest, DepartureState, Entry, Kind

__all__ = ["VISITS", "Standing", "Where", "whereabouts"]

VISITS = (Kind.ARRIVAL, Kind.RETURN, Kind.DEPARTURE)


def whereabouts(
    session: Session, school: str, *, now: datetime, zone: ZoneInfo, only_leavers: bool = False
) -> dict[str, Standing]:
    """What is known of the pupils of a school on the day of that instant, by their ids.

    Args:
        session: a session that reads.
        school: the school's id.
        now: the instant.
        zone: the school's time zone.
        only_leavers: only those who were signed out or released that day; the others cost as much again.
    """
    day = now.astimezone(zone).date()
    begins = datetime.combine(day, time(), zone).astimezone(UTC)
    whose = _assigned(session, school, begins)
    rows = _entries(session, school, day, begins, whose, only_leavers=only_leavers)
    taken_back = _taken_back(session, school, rows)
    visits = [
        visit
        for row in rows
        if (row.id, row.pupil) not in taken_back and not row.taken_back
        if (visit := _visit(row, day, whose.get(row.id, row.pupil))) is not None
    ]
    visits.sort(key=lambda visit: visit.at)
    departures = [visit.id for visit in visits if visit.kind is Kind.DEPARTURE]
    return standings(visits, _seen(session, school, departures), _releases(session, school, begins, rows))


def _assigned(session: Session, school: str, begins: datetime) -> dict[uuid.UUID, str]:
    """Whose entries of nobody on the roll are, where the office has said so since then."""
    query = select(WorkItemRow.entry_id, WorkItemRow.decision).where(
        WorkItemRow.school_id == school,
        WorkItemRow.kind == WorkKind.UNKNOWN_PUPIL,
        WorkItemRow.resolved_at >= begins,
    )
    return {
        entry: decision["pupil"]
        for entry, decision in session.execute(query)
        if entry is not None and decision is not None and decision.get("choice") == "assign"
    }


def _entries(
    session: Session,
    school: str,
    day: date,
    begins: datetime,
    whose: Mapping[uuid.UUID, str],
    *,
    only_leavers: bool,
) -> Sequence[EntryRow]:
    """The day's, and those of other dates that came that day: a clock in doubt may have had the day wrong."""
    came = and_(EntryRow.received_at >= begins, EntryRow.received_at < begins + timedelta(days=1))
    # One after the other, each by its own index: asked for either, SQLite goes through all of the school's.
    parts = (EntryRow.date == day, and_(came, EntryRow.date != day))
    query = select(EntryRow).where(EntryRow.school_id == school, EntryRow.kind.in_(VISITS))
    if only_leavers:
        left = select(EntryRow.id, EntryRow.pupil).where(
            EntryRow.school_id == school, EntryRow.kind == Kind.DEPARTURE
        )
        signed = [each for part in parts for each in session.execute(left.where(part))]
        if not signed:
            return []
        leavers = {name for entry, pupil in signed for name in (pupil, whose.get(entry, pupil))}
        query = query.where(or_(EntryRow.pupil.in_(leavers), EntryRow.id.in_(list(whose))))
    found = [row for part in parts for row in session.scalars(query.where(part))]
    return sorted(found, key=lambda row: (row.at, row.seq))


def _taken_back(session: Session, school: str, rows: Sequence[EntryRow]) -> set[tuple[uuid.UUID, str]]:
    """What a void names, with its pupil. Whether the mark could be put back is another matter: the office
    may have yet to decide that, and meanwhile a child who never left must not count as gone."""
    if not any(row.kind == Kind.DEPARTURE for row in rows):
        return set()
    query = select(EntryRow.voids, EntryRow.pupil).where(
        EntryRow.school_id == school,
        EntryRow.kind == Kind.VOID,
        EntryRow.voids.in_([row.id for row in rows]),
    )
    return {(voids, pupil) for voids, pupil in session.execute(query) if voids is not None}


def _visit(row: EntryRow, day: date, pupil: str) -> Visit | None:
    """None: of another day after all. `pupil`: whose it is, as far as is known by now."""
    certain = row.time_certain
    if certain and row.date != day:
        return None
    return Visit(
        id=row.id,
        kind=Kind(row.kind),
        pupil=pupil,
        at=row.at if certain else row.received_at,
        certain=certain,
        reason=row.reason,
        # Reading an entry's text takes a while, and of an arrival nothing more is needed.
        detail=Entry.model_validate_json(row.raw).departure if row.kind == Kind.DEPARTURE else None,
    )


def _seen(session: Session, school: str, departures: Sequence[uuid.UUID]) -> dict[uuid.UUID, Seen]:
    """What the office has said last of each of these sign-outs."""
    if not departures:
        return {}
    query = select(WorkItemRow).where(
        WorkItemRow.school_id == school,
        WorkItemRow.kind == WorkKind.BACK,
        WorkItemRow.entry_id.in_(departures),
    )
    items = session.scalars(query.order_by(WorkItemRow.id))
    return {item.entry_id: _said(item, item.entry_id) for item in items if item.entry_id is not None}


def _said(item: WorkItemRow, about: uuid.UUID) -> Seen:
    back = (item.decision or {}).get("choice") == "back"
    return Seen(about, back, item.resolved_at or item.opened_at, item.resolved_by or "")


def _seen_released(session: Session, school: str, begins: datetime) -> dict[uuid.UUID, Seen]:
    """What the office has said last of each release since then. Those have no entry: their item names the
    request."""
    query = select(WorkItemRow).where(
        WorkItemRow.school_id == school,
        WorkItemRow.kind == WorkKind.BACK,
        WorkItemRow.entry_id.is_(None),
        WorkItemRow.resolved_at >= begins,
    )
    items = session.scalars(query.order_by(WorkItemRow.id))
    about = ((read_item(row), row) for row in items)
    return {
        uuid.UUID(item.departure): _said(row, uuid.UUID(item.departure))
        for item, row in about
        if isinstance(item, SeenOnSite) and item.departure
    }


def _releases(session: Session, school: str, begins: datetime, rows: Sequence[EntryRow]) -> Sequence[Release]:
    """The day's releases, and whether a sign-out of that pupil has come since. The two have no id in common:
    a kiosk that had to restart in between makes a new one."""
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
            collector=asked.collector,
            reason=asked.reason,
            expected_back=asked.expected_back,
            seen=seen.get(row.id),
            came=any(at >= row.answered_at for at in signed_out[row.pupil]),
        )
        for row in released
        for asked in [DepartureRequest.model_validate(row.content)]
        if row.answered_at is not None
    ]
