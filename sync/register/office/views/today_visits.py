"""The visits listed on Today: pupil, time, and the state of the mark."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, select
from sqlalchemy.orm import Session

from attendance.codes import LATE, LATE_AFTER_CLOSE
from attendance.rule import Outcome
from sync.register.entries.parsing import brought_by, route_of
from sync.register.marks.lates import entry_is_late
from sync.register.office.views import wording
from sync.register.office.views.unlisted import typed_names
from sync.register.storage.models import EntryRow, MarkRow, PupilRow, WorkItemRow, WorkKind
from sync.register.storage.work_items import Conflict, doubts_time, read_item
from sync.wire import UNLISTED_PREFIX, Kind, Unlisted

VISIT_KINDS = (Kind.ARRIVAL, Kind.RETURN, Kind.DEPARTURE)


class VisitFilter(StrEnum):
    """Which visits to show."""

    ALL = "all"
    LATE = "late"
    AFTER_CLOSE = "after-close"
    SIGNED_OUT = "signed-out"
    RETURNED = "returned"


FILTER_LABELS = {
    VisitFilter.ALL: "All",
    VisitFilter.LATE: "Late",
    VisitFilter.AFTER_CLOSE: "After close",
    VisitFilter.SIGNED_OUT: "Signed out",
    VisitFilter.RETURNED: "Returned",
}


TONES = {LATE: "late", LATE_AFTER_CLOSE: "closed"}
"""The colours of the codes' chips; other codes are `info`."""


class VisitRow(NamedTuple):
    """One visit. Times are at the school."""

    id: str
    """The entry's id."""
    time: str
    time_certain: bool
    day: str | None
    """`for Monday 23 November`, if the visit was on another day than the page's."""
    name: str
    full_name: str
    """For files; the page, which visitors can see, has the short name."""
    form: str
    code: str
    tone: str
    """The chip's colour: late, closed, info or plain."""
    lateness: str
    reason: str
    brought_by: str
    """The adult who brought the pupil; empty for a pupil who came alone."""
    state: str
    state_tone: str


class _Visit(NamedTuple):
    """A row of the query: plain columns, because mapped objects take ten times as long."""

    id: uuid.UUID
    kind: str
    at: datetime
    received_at: datetime
    date: date
    reason: str | None
    outcome: str
    code: str | None
    suggested: str | None
    minutes_late: int | None
    taken_back: bool
    raw: str
    pupil: str
    first: str | None
    preferred: str | None
    last: str | None
    form: str | None
    current_code: str | None
    """The code in the register; `None` when the mark is empty or the entry has none."""


_ENTRY_COLUMNS = _Visit._fields[: _Visit._fields.index("first")]
_JOIN_COLUMNS = (EntryRow.school_id, EntryRow.session, EntryRow.seq)


@dataclass(frozen=True, slots=True)
class VisitDays:
    """A day, and the visits of other days shown with it.

    They take two queries, because a single one would scan every entry.
    """

    day: date
    others: Sequence[uuid.UUID] = ()

    @property
    def parts(self) -> list[ColumnElement[bool]]:
        """The condition of each query, in order."""
        day: list[ColumnElement[bool]] = [EntryRow.date == self.day]
        return [*day, EntryRow.id.in_(self.others)] if self.others else day


def visit_rows(
    session: Session,
    school: str,
    days: VisitDays,
    items: Sequence[WorkItemRow],
    *,
    show: VisitFilter = VisitFilter.ALL,
    zone: tzinfo,
    limit: int | None = None,
    offset: int = 0,
) -> list[VisitRow]:
    """The day's visits, newest first, then those of other days.

    Args:
        session: a session that reads.
        school: the school's id.
        days: the day, with the visits of other days shown with it.
        items: the open work items.
        show: which visits.
        zone: the school's.
        limit: the page size; `None` for all visits.
        offset: how many of the newest visits to leave out.
    """
    by_entry: dict[uuid.UUID | None, list[WorkItemRow]] = defaultdict(list)
    for item in items:
        by_entry[item.entry_id].append(item)
    no_items: list[WorkItemRow] = []
    visits: list[_Visit] = []
    for part in days.parts:
        left = None if limit is None else limit - len(visits)
        if left == 0:
            break
        # On the connection, because the session would search each row for mapped objects, and there are none.
        rows = session.connection().execute(_query(school, part, show, left, offset))
        visits += map(_Visit._make, rows)
        offset = max(0, offset - _count(session, school, part, show)) if offset else 0
    typed = typed_names(session, school, [visit.pupil for visit in visits if visit.first is None])
    named = [_as_typed(visit, typed[visit.pupil]) if visit.pupil in typed else visit for visit in visits]
    return [_row(visit, by_entry.get(visit.id, no_items), days.day, zone) for visit in named]


def _as_typed(visit: _Visit, typed: Unlisted) -> _Visit:
    """A visit with the name that the pupil typed, in two parts as a name of the roll has them."""
    first, _, last = typed.name.partition(" ")
    return visit._replace(first=first, last=last, form=typed.form)


def count_visits(session: Session, school: str, days: VisitDays, show: VisitFilter) -> int:
    """How many visits match."""
    return sum(_count(session, school, part, show) for part in days.parts)


def _count(session: Session, school: str, part: ColumnElement[bool], show: VisitFilter) -> int:
    return session.scalar(select(func.count()).select_from(EntryRow).where(*_where(school, part, show))) or 0


def other_days(
    session: Session, school: str, day: date, begins: datetime, undecided: Collection[uuid.UUID]
) -> list[uuid.UUID]:
    """The visits of other days that reached the register on this day or are still undecided."""
    received = select(EntryRow.id).where(
        EntryRow.school_id == school,
        EntryRow.received_at >= begins,
        EntryRow.received_at < begins + timedelta(days=1),
        EntryRow.date != day,
    )
    ids = set(session.scalars(received))
    if undecided:
        query = select(EntryRow.id).where(EntryRow.id.in_(undecided), EntryRow.date != day)
        ids |= set(session.scalars(query))
    return sorted(ids)


def _where(school: str, part: ColumnElement[bool], show: VisitFilter) -> list[ColumnElement[bool]]:
    return [EntryRow.school_id == school, EntryRow.kind.in_(VISIT_KINDS), part, *_only(show)]


def _query(
    school: str, part: ColumnElement[bool], show: VisitFilter, limit: int | None, offset: int
) -> Select[Any]:
    """The query, which joins only the entries of the page."""
    columns = (*(getattr(EntryRow, name) for name in _ENTRY_COLUMNS), *_JOIN_COLUMNS)
    newest = select(*columns).where(*_where(school, part, show))
    in_order = newest.order_by(EntryRow.at.desc(), EntryRow.seq.desc())
    entry = in_order.limit(limit).offset(offset).subquery().c
    pupil = and_(PupilRow.school_id == entry.school_id, PupilRow.id == entry.pupil)
    mark = and_(
        MarkRow.school_id == entry.school_id,
        MarkRow.pupil == entry.pupil,
        MarkRow.date == entry.date,
        MarkRow.session == entry.session,
    )
    entry_columns = [entry[name] for name in _ENTRY_COLUMNS]
    pupil_columns = (PupilRow.first, PupilRow.preferred, PupilRow.last, PupilRow.form)
    return (
        select(*entry_columns, *pupil_columns, MarkRow.code)
        .outerjoin(PupilRow, pupil)
        .outerjoin(MarkRow, mark)
        .order_by(entry.at.desc(), entry.seq.desc())
    )


def _only(show: VisitFilter) -> tuple[ColumnElement[bool], ...]:
    if show is VisitFilter.ALL:
        return ()
    return (
        EntryRow.taken_back == false(),  # an undone entry does not count
        {
            VisitFilter.LATE: entry_is_late(),
            VisitFilter.AFTER_CLOSE: EntryRow.outcome == Outcome.AFTER_CLOSE,
            VisitFilter.SIGNED_OUT: EntryRow.kind == Kind.DEPARTURE,
            VisitFilter.RETURNED: EntryRow.kind == Kind.RETURN,
        }[show],
    )


def _row(visit: _Visit, items: list[WorkItemRow], page_day: date, zone: tzinfo) -> VisitRow:
    state, state_tone = _state(visit, items)
    certain = not any(map(doubts_time, items))
    at = (visit.at if certain else visit.received_at).astimezone(zone)
    day = visit.date if certain else at.date()
    return VisitRow(
        id=str(visit.id),
        time=f"{at:%H:%M:%S}",
        time_certain=certain,
        day=None if day == page_day else f"for {wording.long_date(day)}",
        name=short_name(visit.preferred or visit.first, visit.last),
        full_name=f"{visit.preferred or visit.first} {visit.last}".strip()
        if visit.first
        else wording.NOT_ON_ROLL,
        form=visit.form or wording.NOTHING,
        code=visit.code or wording.NOTHING,
        tone="info" if visit.outcome == Outcome.PLANNED else TONES.get(visit.code or "", "info"),
        lateness=wording.lateness(visit.kind, visit.outcome, visit.minutes_late),
        reason=wording.reason(visit.reason, visit.outcome, visit.code, route_of(visit.raw)),
        brought_by=brought_by(visit.raw) or "",
        state=state,
        state_tone=state_tone,
    )


def short_name(first: str | None, last: str | None) -> str:
    """A short name, for a screen that visitors can see."""
    if not first:
        return wording.NOT_ON_ROLL
    return f"{first} {last[:1]}." if last else first


def _state(visit: _Visit, items: list[WorkItemRow]) -> tuple[str, str]:
    """The state of the visit's mark, and the chip's colour."""
    if visit.taken_back:
        return "undone", "plain"
    if items:
        return _undecided(items[0], visit), "closed"
    if visit.code is None:
        return _without_code(visit), "info"
    if visit.current_code == visit.code:
        return "in the register", "ok"
    if visit.current_code is None:
        return "register now has no mark", "info"
    return f"register now has {visit.current_code}", "info"


def _without_code(visit: _Visit) -> str:
    """The state of a visit without a code: an unlisted pupil's mark is not under this entry's pupil."""
    return "decided by the office" if visit.pupil.startswith(UNLISTED_PREFIX) else "no mark needed"


def _undecided(item: WorkItemRow, visit: _Visit) -> str:
    conflict = read_item(item)
    if isinstance(conflict, Conflict):
        return f"register already has {conflict.has}"
    question = {
        WorkKind.NEEDS_OFFICE: wording.pending_decision(visit.outcome, visit.code, visit.suggested),
        WorkKind.UNKNOWN_PUPIL: "which pupil?",
        WorkKind.UNLISTED: "which pupil?",
        WorkKind.CLOCK: "time uncertain",
        WorkKind.COLLECTOR: "ring the family",
        WorkKind.UNRELEASED: "no one released them",
        WorkKind.PIN_RELEASE: "check the release",
    }
    return f"decide: {question.get(WorkKind(item.kind), 'see details')}"
