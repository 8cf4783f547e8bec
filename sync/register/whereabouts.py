"""Where pupils are, as far as reception knows: from what was signed at the kiosks on one day.

Somebody who came on time has signed nothing, and nothing is known of them here.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from sync.register.storage.models import DepartureRow, EntryRow, WorkItemRow, WorkKind
from sync.wire import DepartureDetail, DepartureState, Entry, Kind

VISITS = (Kind.ARRIVAL, Kind.RETURN, Kind.DEPARTURE)


class Where(StrEnum):
    """What is known of somebody."""

    OUT = "out"
    """Signed out, and not back."""
    RELEASED = "released"
    """The office has let them go, and the kiosk has not told that they went."""
    IN = "in"
    """Signed in late, signed back in, or seen back by the office."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Something signed at a kiosk that nobody has taken back."""

    id: uuid.UUID
    kind: Kind
    pupil: str
    at: datetime
    """UTC. Where the kiosk's clock was in doubt: when the register received it."""
    certain: bool = True
    reason: str | None = None
    detail: DepartureDetail | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """The office has said of somebody who was signed out that they are back, or are not after all."""

    departure: uuid.UUID
    back: bool
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Release:
    """The office has let somebody go, and no sign-out has come of it."""

    pupil: str
    at: datetime
    by: str
    collector: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The last that is known of one pupil."""

    pupil: str
    where: Where
    since: datetime
    visit: Visit | None = None
    """The last that was signed. None: nothing but a release."""
    seen: Seen | None = None
    release: Release | None = None

    @property
    def certain(self) -> bool:
        """The time is, and with it whether this was the last."""
        return self.visit is None or self.visit.certain

    @property
    def due(self) -> datetime | None:
        """When somebody who is out was to be back, if it was said."""
        out = self.where is Where.OUT and self.visit is not None and self.visit.detail is not None
        return self.visit.detail.expected_back if out and self.visit and self.visit.detail else None

    def overdue(self, now: datetime) -> timedelta | None:
        """For how long they should have been back; None where they are not late, or no time was given."""
        return now - self.due if self.due is not None and now >= self.due else None


def standings(
    visits: Iterable[Visit], seen: Mapping[uuid.UUID, Seen], releases: Iterable[Release]
) -> dict[str, Standing]:
    """The last that is known of each pupil, by their ids.

    Args:
        visits: the day's, the earliest first.
        seen: by the departure that it is about, what the office said last.
        releases: those of which no sign-out has come.
    """
    last = {visit.pupil: visit for visit in visits}
    found = {pupil: _standing(visit, seen.get(visit.id)) for pupil, visit in last.items()}
    for release in releases:
        before = found.get(release.pupil)
        if before is None or before.since <= release.at:
            visit = before.visit if before else None
            found[release.pupil] = Standing(
                release.pupil, Where.RELEASED, release.at, visit=visit, release=release
            )
    return found


def _standing(visit: Visit, seen: Seen | None) -> Standing:
    if visit.kind is not Kind.DEPARTURE:
        return Standing(visit.pupil, Where.IN, visit.at, visit)
    if seen is not None and seen.back:
        return Standing(visit.pupil, Where.IN, seen.at, visit, seen)
    return Standing(visit.pupil, Where.OUT, visit.at, visit)


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
    rows = _entries(session, school, day, begins, only_leavers=only_leavers)
    taken_back = _taken_back(session, school, rows)
    visits = [
        visit
        for row in rows
        if (row.id, row.pupil) not in taken_back and not row.taken_back
        if (visit := _visit(row, day)) is not None
    ]
    visits.sort(key=lambda visit: visit.at)
    departures = [visit.id for visit in visits if visit.kind is Kind.DEPARTURE]
    return standings(visits, _seen(session, school, departures), _releases(session, school, begins, rows))


def _entries(
    session: Session, school: str, day: date, begins: datetime, *, only_leavers: bool
) -> Sequence[EntryRow]:
    """The day's, and those of other dates that came that day: a clock in doubt may have had the day wrong."""
    came = and_(EntryRow.received_at >= begins, EntryRow.received_at < begins + timedelta(days=1))
    # One after the other, each by its own index: asked for either, SQLite goes through all of the school's.
    parts = (EntryRow.date == day, and_(came, EntryRow.date != day))
    query = select(EntryRow).where(EntryRow.school_id == school, EntryRow.kind.in_(VISITS))
    if only_leavers:
        left = select(EntryRow.pupil).where(EntryRow.school_id == school, EntryRow.kind == Kind.DEPARTURE)
        leavers = {pupil for part in parts for pupil in session.scalars(left.where(part))}
        if not leavers:
            return []
        query = query.where(EntryRow.pupil.in_(leavers))
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


def _visit(row: EntryRow, day: date) -> Visit | None:
    """None: of another day after all."""
    certain = WorkKind.CLOCK.value not in (row.detail or "").split("; ")
    if certain and row.date != day:
        return None
    return Visit(
        id=row.id,
        kind=Kind(row.kind),
        pupil=row.pupil,
        at=row.at if certain else row.received_at,
        certain=certain,
        reason=row.reason,
        # Reading an entry's text takes a while, and of an arrival nothing more is needed.
        detail=Entry.model_validate_json(row.raw).departure if row.kind == Kind.DEPARTURE else None,
    )


def _seen(session: Session, school: str, departures: Sequence[uuid.UUID]) -> dict[uuid.UUID, Seen]:
    """What the office has said last of each of these departures."""
    if not departures:
        return {}
    query = select(WorkItemRow).where(
        WorkItemRow.school_id == school,
        WorkItemRow.kind == WorkKind.BACK,
        WorkItemRow.entry_id.in_(departures),
    )
    said: dict[uuid.UUID, Seen] = {}
    for item in session.scalars(query.order_by(WorkItemRow.id)):
        if item.entry_id is not None and item.resolved_at is not None:
            back = (item.decision or {}).get("choice") == "back"
            said[item.entry_id] = Seen(item.entry_id, back, item.resolved_at, item.resolved_by or "")
    return said


def _releases(session: Session, school: str, begins: datetime, rows: Sequence[EntryRow]) -> Sequence[Release]:
    """The day's releases after which no sign-out of that pupil has come. The two have no id in common: a
    kiosk that had to restart in between makes a new one."""
    query = select(DepartureRow).where(
        DepartureRow.school_id == school,
        DepartureRow.state == DepartureState.RELEASED,
        DepartureRow.answered_at >= begins,
    )
    signed_out: dict[str, list[datetime]] = defaultdict(list)
    for row in rows:
        if row.kind == Kind.DEPARTURE:
            signed_out[row.pupil].append(row.received_at)
    return [
        Release(row.pupil, row.answered_at, row.answered_by or "", row.content["collector"])
        for row in session.scalars(query.order_by(DepartureRow.answered_at))
        if row.answered_at is not None and not any(at >= row.answered_at for at in signed_out[row.pupil])
    ]
