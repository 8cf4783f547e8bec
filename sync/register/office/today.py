"""The Today page as data: what the templates draw."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from sync.register.office import words
from sync.register.office.reception import KioskView, kiosks
from sync.register.office.visits import Row, rows
from sync.register.office.work import open_items, things
from sync.register.storage.models import (
    EntryRow,
    KioskRow,
    MarkRow,
    SchoolRow,
    WorkItemRow,
    WorkKind,
)

SHOWN_KINDS = ("arrival", "return", "departure")


@dataclass(frozen=True, slots=True)
class Today:
    """Everything on the Today page."""

    now: datetime
    """At the school, with its zone."""
    zone: str
    late_l: int
    late_u: int
    needs_office: int
    needs_office_of: list[str]
    """What kinds of things they are, in words."""
    rows: list[Row] = field(default_factory=list)
    departures: bool = False
    kiosks: list[KioskView] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    """What waits for the office and belongs to no visit in the list."""

    @property
    def date(self) -> str:
        """`Tuesday 24 November`."""
        return words.long_date(self.now.date())

    @property
    def waiting(self) -> int:
        """Entries that have not reached the register, as far as it knows."""
        return sum(kiosk.waiting for kiosk in self.kiosks)

    @property
    def waiting_kiosks(self) -> list[KioskView]:
        """The kiosks that they wait on."""
        return [kiosk for kiosk in self.kiosks if kiosk.waiting]

    @property
    def silent_kiosks(self) -> list[KioskView]:
        """The kiosks that have not been heard from for too long."""
        return [kiosk for kiosk in self.kiosks if not kiosk.live]

    @property
    def said(self) -> str:
        """The page in a sentence, for somebody who hears it."""
        late = self.late_l + self.late_u
        return (
            f"{late} late today, {self.waiting} not in the register yet, {self.needs_office} need the office"
        )


def today(session: Session, school: SchoolRow, *, now: datetime) -> Today:
    """The Today page of a school at that instant."""
    zone = ZoneInfo(school.zone)
    day = now.astimezone(zone).date()
    begins = datetime.combine(day, time(), zone).astimezone(UTC)
    items = open_items(session, school.id)
    entries = _entries(session, school.id, day, begins, [item.entry_id for item in items if item.entry_id])
    counts = _late(session, school.id, day)
    return Today(
        now=now.astimezone(zone),
        zone=school.zone,
        late_l=counts.get("L", 0),
        late_u=counts.get("U", 0),
        needs_office=len(things(items)),
        needs_office_of=_kinds([item for item, *_ in things(items)]),
        rows=rows(session, school.id, entries, items, now=now.astimezone(zone)),
        departures=any(entry.kind == "departure" for entry in entries),
        kiosks=[kiosk for kiosk in kiosks(session, school.id, now=now, zone=zone) if not kiosk.revoked],
        notices=_notices(session, items, {entry.id for entry in entries}),
    )


def _entries(
    session: Session, school: str, day: date, begins: datetime, asked: list[uuid.UUID]
) -> Sequence[EntryRow]:
    """The day's visits, newest first; then those of other days that came today or are still asked about."""
    came_today = and_(EntryRow.received_at >= begins, EntryRow.received_at < begins + timedelta(days=1))
    query = select(EntryRow).where(
        EntryRow.school_id == school,
        EntryRow.kind.in_(SHOWN_KINDS),
        or_(EntryRow.date == day, came_today, EntryRow.id.in_(asked)),
    )
    newest_first = query.order_by(EntryRow.at.desc(), EntryRow.seq.desc())
    return sorted(session.scalars(newest_first), key=lambda entry: entry.date != day)


def _late(session: Session, school: str, day: date) -> dict[str, int]:
    """How many L and U stand in the day's registers, whoever put them there."""
    query = (
        select(MarkRow.code, func.count())
        .where(MarkRow.school_id == school, MarkRow.date == day, MarkRow.code.in_(("L", "U")))
        .group_by(MarkRow.code)
    )
    return {code: int(number) for code, number in session.execute(query)}


KINDS = {
    WorkKind.CONFLICT: ("conflict", "conflicts"),
    WorkKind.NEEDS_OFFICE: ("decision", "decisions"),
    WorkKind.UNKNOWN_PUPIL: ("unknown pupil", "unknown pupils"),
    WorkKind.CLOCK: ("uncertain time", "uncertain times"),
    WorkKind.GAP: ("gap", "gaps"),
    WorkKind.REUSED_ID: ("reused id", "reused ids"),
    WorkKind.VOID: ("undo", "undos"),
    WorkKind.EPOCH: ("restored disk", "restored disks"),
}


def _kinds(items: Sequence[WorkItemRow]) -> list[str]:
    numbers = Counter(WorkKind(item.kind) for item in items)
    return [words.count(numbers[kind], *names) for kind, names in KINDS.items() if numbers[kind]]


def _notices(session: Session, items: Sequence[WorkItemRow], shown: set[uuid.UUID]) -> list[str]:
    names = {row.id: row.name for row in session.scalars(select(KioskRow))}
    return [
        notice(item, names.get(item.kiosk_id, "A kiosk") if item.kiosk_id else "A kiosk")
        for item in items
        if item.entry_id not in shown
    ]


def notice(item: WorkItemRow, kiosk: str) -> str:
    """What an item that belongs to no visit is about, in words."""
    if item.kind == WorkKind.GAP:
        first, last = item.detail["first"], item.detail["last"]
        which = f"entry {first} has" if first == last else f"entries {first} to {last} have"
        return f"{kiosk}: {which} not arrived, though later ones have. Is its queue empty?"
    if item.kind == WorkKind.REUSED_ID:
        return f"{kiosk}: an entry came a second time with other content. The first one was kept as it was."
    if item.kind == WorkKind.EPOCH:
        return (
            f"{kiosk}: its numbering went back to {item.detail['seq']}. Was its disk restored, or copied to "
            "another kiosk? Nothing was lost here."
        )
    return f"{kiosk}: a sign-in was taken back there, and its mark could not be put back by itself."
