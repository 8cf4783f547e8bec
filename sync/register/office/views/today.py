"""The Today page as data."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from attendance.codes import LATE, LATE_AFTER_CLOSE
from sync.register.marks.lates import counts_as_late
from sync.register.office.views import wording
from sync.register.office.views.charts import Chart, ChartBar, stacked
from sync.register.office.views.kiosks import KioskView, kiosks
from sync.register.office.views.school_days import calendar_of, last_school_days, next_school_day
from sync.register.office.views.today_signed_out import SignedOut, signed_out
from sync.register.office.views.today_visits import (
    FILTER_LABELS,
    VISIT_KINDS,
    VisitDays,
    VisitFilter,
    VisitRow,
    count_visits,
    other_days,
    visit_rows,
)
from sync.register.storage.models import (
    EntryRow,
    KioskRow,
    MarkRow,
    SchoolRow,
    WorkItemRow,
    WorkKind,
)
from sync.register.storage.work_items import (
    ClocksApart,
    DamagedJournal,
    NumberGap,
    NumberingWentBack,
    PlanPastReview,
    PlanToConfirm,
    RejectedEntry,
    ReusedId,
    SmallerRoster,
    UnsentEntries,
    WorkItem,
    read_item,
)
from sync.register.worklist.open_items import group_items, open_items

CHART_DAYS = 6
PAGE = 200
"""Visits per page, newest first. A bad day has a hundred; thousands on one page would be slow to redraw at
every change. The file has all of them."""


@dataclass(frozen=True, slots=True)
class Today:
    """The data of the Today page, for today or an earlier day."""

    now: datetime
    """In the school's time zone."""
    day: date
    zone: str
    late_l: int
    late_u: int
    open_decisions: int
    decisions_by_kind: list[str]
    """`2 conflicts`, `1 gap`."""
    signed_out: SignedOut
    chart: Chart
    before: date | None
    """The school day before."""
    after: date | None
    """The school day after, unless it is in the future."""
    show: VisitFilter = VisitFilter.ALL
    rows: list[VisitRow] = field(default_factory=list)
    number: int = 0
    """How many visits match the filter."""
    page: int = 1
    """The number of the page, counted from 1; the first has the newest visits."""
    kiosks: list[KioskView] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    """Open items that belong to no visit in the list."""

    @property
    def is_today(self) -> bool:
        """Whether the page shows today."""
        return self.day == self.now.date()

    @property
    def long_date(self) -> str:
        """`Tuesday 24 November`."""
        return wording.long_date(self.day)

    @property
    def filters(self) -> list[tuple[str, str, bool]]:
        """The filters, each with its address, its name and whether it is the current one."""
        return [
            (self.address("/", show=show), name, show is self.show) for show, name in FILTER_LABELS.items()
        ]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.number // PAGE))

    @property
    def first_row(self) -> int:
        """The position of the first visit shown, counted from 1."""
        return (self.page - 1) * PAGE + 1

    def address(
        self, path: str, *, show: VisitFilter | None = None, day: date | None = None, page: int = 1
    ) -> str:
        """The address of that path with this filter and day, or with another."""
        show, day = show or self.show, day or self.day
        query = {"show": show.value} if show is not VisitFilter.ALL else {}
        if day != self.now.date():
            query["day"] = day.isoformat()
        if page > 1:
            query["page"] = str(page)
        return f"{path}?{urlencode(query)}" if query else path

    @property
    def waiting(self) -> int:
        """Entries known to be waiting on kiosks."""
        return sum(kiosk.waiting for kiosk in self.waiting_kiosks)

    @property
    def waiting_kiosks(self) -> list[KioskView]:
        """The kiosks with waiting entries."""
        return [kiosk for kiosk in self.kiosks if kiosk.has_waiting]

    @property
    def silent_kiosks(self) -> list[KioskView]:
        """The enrolled kiosks without contact for too long."""
        return [kiosk for kiosk in self.kiosks if not kiosk.live and not kiosk.revoked]

    @property
    def refused(self) -> int:
        """Refused entries that the office has not dealt with."""
        return sum(kiosk.refused for kiosk in self.kiosks)

    @property
    def refused_kiosks(self) -> list[KioskView]:
        """The kiosks with refused entries."""
        return [kiosk for kiosk in self.kiosks if kiosk.refused]

    @property
    def summary(self) -> str:
        """The page in a sentence, for screen readers."""
        late = self.late_l + self.late_u
        when = "today" if self.is_today else f"on {self.long_date}"
        refused = f"{self.refused} refused, " if self.refused else ""
        return (
            f"{late} late {when}, {self.waiting} not in the register yet, {refused}"
            f"{wording.count(self.open_decisions, 'decision', 'decisions')} to make"
        )


def today(
    session: Session,
    school: SchoolRow,
    *,
    now: datetime,
    day: date | None = None,
    show: VisitFilter = VisitFilter.ALL,
    page: int = 1,
    everything: bool = False,
) -> Today:
    """The Today page of a school at that instant.

    Args:
        session: a session that reads.
        school: the school.
        now: the instant.
        day: an earlier day; a future one counts as today.
        show: which visits.
        page: the number of the page; one after the last counts as the last.
        everything: all visits on one page, for a file.
    """
    zone = ZoneInfo(school.zone)
    local = now.astimezone(zone)
    day = min(day or local.date(), local.date())
    items = open_items(session, school.id)
    days_shown = _days(session, school.id, day, local, items)
    visits = count_visits(session, school.id, days_shown, show)
    page = 1 if everything else min(page, max(1, -(-visits // PAGE)))
    calendar = calendar_of(school)
    days = last_school_days(calendar, day, CHART_DAYS)
    late = _late(session, school.id, [*days, day])
    before = [each for each in last_school_days(calendar, day, 2) if each != day]
    after = next_school_day(calendar, day)
    return Today(
        now=local,
        day=day,
        zone=school.zone,
        late_l=late.get((day, LATE), 0),
        late_u=late.get((day, LATE_AFTER_CLOSE), 0),
        open_decisions=len(group_items(items)),
        decisions_by_kind=_kinds([item for item, *_ in group_items(items)]),
        signed_out=signed_out(session, school.id, now=min(now, _end_of(day, zone)), zone=zone),
        chart=stacked([_bar(each, local.date(), late) for each in days]),
        before=before[-1] if before else None,
        after=min(after, local.date()) if after and day < local.date() else None,
        show=show,
        rows=visit_rows(
            session,
            school.id,
            days_shown,
            items,
            show=show,
            zone=zone,
            limit=None if everything else PAGE,
            offset=(page - 1) * PAGE,
        ),
        number=visits,
        page=page,
        kiosks=[kiosk for kiosk in kiosks(session, school.id, now=now, zone=zone) if kiosk.listed],
        notices=_notices(session, items),
    )


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    """The end of a day at the school, UTC."""
    return datetime.combine(day, time.max, zone).astimezone(UTC)


def _days(session: Session, school: str, day: date, now: datetime, items: Sequence[WorkItemRow]) -> VisitDays:
    """The day's visits; for today also those of other days that arrived today or are still open."""
    if day != now.date():
        return VisitDays(day)
    begins = datetime.combine(day, time(), now.tzinfo).astimezone(UTC)
    undecided = {item.entry_id for item in items if item.entry_id}
    return VisitDays(day, other_days(session, school, day, begins, undecided))


def _late(session: Session, school: str, days: Sequence[date]) -> dict[tuple[date, str], int]:
    """The number of marks that count as a lateness, by day and code."""
    of_these = counts_as_late(school, EntryRow.date.in_(set(days)))
    query = (
        select(MarkRow.date, MarkRow.code, func.count())
        .where(MarkRow.school_id == school, MarkRow.date.in_(set(days)), of_these)
        .group_by(MarkRow.date, MarkRow.code)
    )
    return {(day, code): int(number) for day, code, number in session.execute(query)}


def _bar(day: date, now: date, late: dict[tuple[date, str], int]) -> ChartBar:
    return ChartBar(
        label="Today" if day == now else f"{day:%a}",
        full=wording.long_date(day),
        late=late.get((day, LATE), 0),
        closed=late.get((day, LATE_AFTER_CLOSE), 0),
    )


KINDS = {
    WorkKind.COLLECTOR: ("family to ring", "families to ring"),
    WorkKind.UNRELEASED: ("sign-out without a release", "sign-outs without a release"),
    WorkKind.PIN_RELEASE: ("release to check", "releases to check"),
    WorkKind.CONFLICT: ("conflict", "conflicts"),
    WorkKind.NEEDS_OFFICE: ("decision", "decisions"),
    WorkKind.UNKNOWN_PUPIL: ("unknown pupil", "unknown pupils"),
    WorkKind.UNLISTED: ("pupil to find", "pupils to find"),
    WorkKind.CLOCK: ("uncertain time", "uncertain times"),
    WorkKind.GAP: ("gap", "gaps"),
    WorkKind.REUSED_ID: ("reused id", "reused ids"),
    WorkKind.REJECTED: ("refused entry", "refused entries"),
    WorkKind.UNSENT: ("kiosk with unsent entries", "kiosks with unsent entries"),
    WorkKind.VOID: ("undo", "undos"),
    WorkKind.EPOCH: ("restored disk", "restored disks"),
    WorkKind.BACK: ("return", "returns"),
    WorkKind.CLOCKS: ("clock that disagrees", "clocks that disagree"),
    WorkKind.DAMAGED: ("damaged storage", "damaged storages"),
    WorkKind.ROSTER: ("smaller roster", "smaller rosters"),
    WorkKind.PLAN: ("plan to confirm", "plans to confirm"),
    WorkKind.PLAN_REVIEW: ("plan past its review day", "plans past their review day"),
}


def _kinds(items: Sequence[WorkItemRow]) -> list[str]:
    numbers = Counter(WorkKind(item.kind) for item in items)
    return [wording.count(numbers[kind], *names) for kind, names in KINDS.items() if numbers[kind]]


def _notices(session: Session, items: Sequence[WorkItemRow]) -> list[str]:
    names = {row.id: row.name for row in session.scalars(select(KioskRow))}
    visits = _visits(session, [item.entry_id for item in items if item.entry_id])
    return [
        notice(item, names.get(item.kiosk_id, "A kiosk") if item.kiosk_id else "A kiosk")
        for item in items
        if item.entry_id not in visits
    ]


def _visits(session: Session, entries: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the entries that are visits."""
    if not entries:
        return set()
    query = select(EntryRow.id).where(EntryRow.id.in_(entries), EntryRow.kind.in_(VISIT_KINDS))
    return set(session.scalars(query))


def notice(row: WorkItemRow, kiosk: str) -> str:
    """A work item that belongs to no visit, as a sentence."""
    item = read_item(row)
    if isinstance(item, SmallerRoster):
        return (
            f"The roster has {item.pupils} pupils now and had {item.before}. The kiosks keep the old "
            "one until the office confirms the new one."
        )
    if isinstance(item, UnsentEntries):
        wait = wording.count(item.waiting, "sign-in", "sign-ins")
        return (
            f"{kiosk} was removed with {wait} unsent. They are in no list until the kiosk is enrolled again, "
            "with a new code, and has sent them."
        )
    if isinstance(item, PlanToConfirm):
        return (
            "This part-time timetable was entered as individual starts. Until the office has confirmed it on "
            "the pupil’s page, kiosks write no code for it and each visit is asked about here."
        )
    if isinstance(item, PlanPastReview):
        return (
            f"The part-time timetable’s review day was {wording.long_date(item.review)} {item.review.year}. "
            "It no longer applies, and the pupil is due as everyone. Agree a new review day, or end it."
        )
    return f"{kiosk}: {_kiosk_notice(item)}"


def _kiosk_notice(item: WorkItem) -> str:
    match item:
        case NumberGap(first=first, last=last):
            which = f"entry {first} has" if first == last else f"entries {first} to {last} have"
            text = (
                f"{which} not arrived, though later ones have. The kiosk has been asked to send what it "
                "still has. Ask at reception about any that do not arrive."
            )
        case ReusedId():
            text = "an entry arrived a second time with different content. The first one was kept."
        case RejectedEntry(seq=seq, field=field):
            which = f"entry {seq}" if seq else "an entry"
            what = "it" if field == "entry" else f"its “{field}”"
            text = (
                f"{which} was refused because {what} could not be read. It is in no list and made no mark, "
                "although the kiosk confirmed it to the pupil. Enter the mark by hand, and have the kiosk’s "
                "queue checked."
            )
        case NumberingWentBack(seq=seq):
            text = (
                f"its numbering went back to {seq}. Was its disk restored, or copied to another kiosk? "
                "The register has lost nothing."
            )
        case ClocksApart(ahead_s=ahead_s):
            text = (
                f"its clock is {wording.apart(ahead_s)} the register’s. Compare both with a correct clock "
                "and set the wrong one: marks use the kiosk’s time."
            )
        case DamagedJournal():
            text = wording.damaged_storage(item.saved, item.missing)
        case _:
            text = "a sign-in was undone there, and its mark could not be restored automatically."
    return text
