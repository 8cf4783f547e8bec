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
from sync.register.office.views import wording
from sync.register.storage.models import EntryRow, MarkRow, PupilRow, WorkItemRow, WorkKind
from sync.register.storage.work_items import Conflict, read_item

KINDS = ("arrival", "return", "departure")
NOT_ON_THE_ROLL = "Not on the roll"


class VisitFilter(StrEnum):
    """Which of the visits are shown."""

    ALL = "all"
    LATE = "late"
    AFTER_CLOSE = "after-close"
    SIGNED_OUT = "signed-out"
    RETURNED = "returned"


SHOWN_AS = {
    VisitFilter.ALL: "All",
    VisitFilter.LATE: "Late",
    VisitFilter.AFTER_CLOSE: "After close",
    VisitFilter.SIGNED_OUT: "Signed out",
    VisitFilter.RETURNED: "Returned",
}


TONES = {LATE: "late", LATE_AFTER_CLOSE: "closed"}
"""The colours of a code's chip; all others are `info`."""


class VisitRow(NamedTuple):
    """One visit. Times are at the school."""

    id: str
    """The entry's."""
    time: str
    time_certain: bool
    day: str | None
    """`for Monday 23 November`, if the visit was on another day than the one shown."""
    name: str
    full_name: str
    """For lists that leave the screen."""
    form: str
    code: str
    tone: str
    """The chip's colours: late, closed, info or plain."""
    lateness: str
    reason: str
    state: str
    state_tone: str


class _Visit(NamedTuple):
    """A row of the query: plain columns, because mapped objects cost ten times as much for a long list."""

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
    first: str | None
    preferred: str | None
    last: str | None
    form: str | None
    standing: str | None
    """The code in the register; `None` when the mark is empty or there is no register."""


_OF_ENTRY = _Visit._fields[: _Visit._fields.index("first")]
_JOINED_BY = (EntryRow.school_id, EntryRow.pupil, EntryRow.session, EntryRow.seq)


@dataclass(frozen=True, slots=True)
class VisitDays:
    """A day, and the visits of other days shown with it.

    Queried one after the other, because one query for both would scan every entry.
    """

    day: date
    others: Sequence[uuid.UUID] = ()

    @property
    def parts(self) -> list[ColumnElement[bool]]:
        """The conditions to query, in order."""
        day: list[ColumnElement[bool]] = [EntryRow.date == self.day]
        return [*day, EntryRow.id.in_(self.others)] if self.others else day


def rows(
    session: Session,
    school: str,
    days: VisitDays,
    items: Sequence[WorkItemRow],
    *,
    show: VisitFilter = VisitFilter.ALL,
    zone: tzinfo,
    most: int | None = None,
    skip: int = 0,
) -> list[VisitRow]:
    """The day's visits, newest first, then those of other days.

    Args:
        session: a session that reads.
        school: the school's id.
        days: the day that is shown, and what of other days is shown with it.
        items: what is open for the office.
        show: which of them.
        zone: the school's.
        most: no more than so many; None: all of them.
        skip: leave out so many of the newest.
    """
    asked: dict[uuid.UUID | None, list[WorkItemRow]] = defaultdict(list)
    for item in items:
        asked[item.entry_id].append(item)
    nothing: list[WorkItemRow] = []
    found: list[_Visit] = []
    for which in days.parts:
        left = None if most is None else most - len(found)
        if left == 0:
            break
        # On the connection: the rows hold no mapped objects, and the session would look for one in each.
        rows_of = session.connection().execute(_query(school, which, show, left, skip))
        found += map(_Visit._make, rows_of)
        skip = max(0, skip - _number(session, school, which, show)) if skip else 0
    return [_row(visit, asked.get(visit.id, nothing), days.day, zone) for visit in found]


def number(session: Session, school: str, days: VisitDays, show: VisitFilter) -> int:
    """How many visits there are."""
    return sum(_number(session, school, which, show) for which in days.parts)


def _number(session: Session, school: str, which: ColumnElement[bool], show: VisitFilter) -> int:
    return session.scalar(select(func.count()).select_from(EntryRow).where(*_where(school, which, show))) or 0


def others(
    session: Session, school: str, day: date, begins: datetime, asked: Collection[uuid.UUID]
) -> list[uuid.UUID]:
    """The visits of other days that arrived on this one, and those still open."""
    came = select(EntryRow.id).where(
        EntryRow.school_id == school,
        EntryRow.received_at >= begins,
        EntryRow.received_at < begins + timedelta(days=1),
        EntryRow.date != day,
    )
    found = set(session.scalars(came))
    if asked:
        found |= set(session.scalars(select(EntryRow.id).where(EntryRow.id.in_(asked), EntryRow.date != day)))
    return sorted(found)


def _where(school: str, which: ColumnElement[bool], show: VisitFilter) -> list[ColumnElement[bool]]:
    return [EntryRow.school_id == school, EntryRow.kind.in_(KINDS), which, *_only(show)]


def _query(
    school: str, which: ColumnElement[bool], show: VisitFilter, most: int | None, skip: int
) -> Select[Any]:
    """Selects the entries first, so that only the visible ones are joined."""
    wanted = (*(getattr(EntryRow, name) for name in _OF_ENTRY), *_JOINED_BY)
    newest = select(*wanted).where(*_where(school, which, show))
    in_order = newest.order_by(EntryRow.at.desc(), EntryRow.seq.desc())
    entry = in_order.limit(most).offset(skip).subquery().c
    pupil = and_(PupilRow.school_id == entry.school_id, PupilRow.id == entry.pupil)
    mark = and_(
        MarkRow.school_id == entry.school_id,
        MarkRow.pupil == entry.pupil,
        MarkRow.date == entry.date,
        MarkRow.session == entry.session,
    )
    columns = [entry[name] for name in _OF_ENTRY]
    of_pupil = (PupilRow.first, PupilRow.preferred, PupilRow.last, PupilRow.form)
    return (
        select(*columns, *of_pupil, MarkRow.code)
        .outerjoin(PupilRow, pupil)
        .outerjoin(MarkRow, mark)
        .order_by(entry.at.desc(), entry.seq.desc())
    )


def _only(show: VisitFilter) -> tuple[ColumnElement[bool], ...]:
    if show is VisitFilter.ALL:
        return ()
    counts = EntryRow.taken_back == false()  # an undone entry does not count
    return (
        counts,
        {
            VisitFilter.LATE: EntryRow.code == LATE,
            VisitFilter.AFTER_CLOSE: EntryRow.outcome == Outcome.AFTER_CLOSE,
            VisitFilter.SIGNED_OUT: EntryRow.kind == "departure",
            VisitFilter.RETURNED: EntryRow.kind == "return",
        }[show],
    )


def _row(visit: _Visit, asked: list[WorkItemRow], shown: date, zone: tzinfo) -> VisitRow:
    state, state_tone = _state(visit, asked)
    certain = not asked or not any(item.kind == WorkKind.CLOCK for item in asked)
    at = (visit.at if certain else visit.received_at).astimezone(zone)
    day = visit.date if certain else at.date()
    return VisitRow(
        id=str(visit.id),
        time=f"{at:%H:%M:%S}",
        time_certain=certain,
        day=None if day == shown else f"for {wording.long_date(day)}",
        name=short_name(visit.preferred or visit.first, visit.last),
        full_name=f"{visit.preferred or visit.first} {visit.last}" if visit.first else NOT_ON_THE_ROLL,
        form=visit.form or wording.NOTHING,
        code=visit.code or wording.NOTHING,
        tone=TONES.get(visit.code or "", "info"),
        lateness=wording.lateness(visit.kind, visit.outcome, visit.minutes_late),
        reason=wording.reason(visit.reason, visit.outcome, visit.code),
        state=state,
        state_tone=state_tone,
    )


def short_name(first: str | None, last: str | None) -> str:
    """A short name, for a screen that visitors can see."""
    return f"{first} {(last or '')[:1]}." if first else NOT_ON_THE_ROLL


def _state(visit: _Visit, asked: list[WorkItemRow]) -> tuple[str, str]:
    """The state of the visit's mark, and the chip's colour."""
    if visit.taken_back:
        return "undone", "plain"
    for item in asked:
        return _asked(item, visit), "closed"
    if visit.code is None:
        return "no mark needed", "info"
    if visit.standing == visit.code:
        return "in the register", "ok"
    if visit.standing is None:
        return "register now has no mark", "info"
    return f"register now has {visit.standing}", "info"


def _asked(item: WorkItemRow, visit: _Visit) -> str:
    conflict = read_item(item)
    if isinstance(conflict, Conflict):
        return f"register already has {conflict.has}"
    why = {
        WorkKind.NEEDS_OFFICE: wording.decision(visit.outcome, visit.code, visit.suggested),
        WorkKind.UNKNOWN_PUPIL: "which pupil?",
        WorkKind.CLOCK: "time uncertain",
        WorkKind.COLLECTOR: "ring the family",
    }
    return f"decide: {why.get(WorkKind(item.kind), 'see details')}"
