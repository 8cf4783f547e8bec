"""The Kiosks page as data: live or silent, and the entries that wait on each."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.register.kiosks import clocks
from sync.register.kiosks.kiosks import unsent
from sync.register.office.views import wording
from sync.register.storage.models import EntryRow, KioskRow, WorkItemRow, WorkKind
from sync.wire import Heartbeat, Trust

SILENT_AFTER = timedelta(seconds=90)
"""Two heartbeats may be lost before a kiosk counts as silent: they come every 30 s, give or take."""


@dataclass(frozen=True, slots=True)
class KioskView:
    """A kiosk. Times are at the school."""

    id: uuid.UUID
    name: str
    live: bool
    revoked: bool
    seen: datetime
    """Of the last contact; the enrolment's where there was none since. UTC."""
    last_contact: str
    """`09:27`, with its day where that was not today."""
    waiting: int
    """Entries still on it, by its last heartbeat, less those that arrived since."""
    oldest: str | None
    oldest_ago: str | None
    rejected: int
    """Entries on it that the register refused, by its last heartbeat."""
    refused: int
    """Refused entries that the office has not dealt with. The register may know of one before the heartbeat
    does, and the heartbeat of one that never reached the register."""
    unsent: bool
    """It was removed with entries on it, and the office has not dealt with that."""
    reader: str
    reader_fine: bool
    """Every reader works, or it has none."""
    printer: str
    printer_fine: bool
    """The slip printer has enough paper, or it has none."""
    clock: str
    clock_fine: bool
    version: str
    enrolled: str

    @property
    def counts(self) -> bool:
        """Its entries may be missing from the register's lists."""
        return not self.revoked or self.unsent or self.refused > 0

    @property
    def awaited(self) -> bool:
        """Its waiting entries are still to arrive or to be dealt with."""
        return self.waiting > 0 and (self.unsent or not self.revoked)

    @property
    def fine(self) -> bool:
        """Nothing about it needs attention."""
        well = self.reader_fine and self.printer_fine and self.clock_fine
        return self.live and well and not self.rejected and not self.refused

    @property
    def state(self) -> str:
        """Live, or silent since when."""
        if self.revoked:
            return "removed"
        return "live" if self.live else f"silent since {self.last_contact}"

    @property
    def reader_said(self) -> str:
        """The card reader's state with its noun, for places without a heading."""
        return "no card reader" if self.reader == "none" else f"reader {self.reader}"


def kiosks(session: Session, school: str, *, now: datetime, zone: ZoneInfo) -> list[KioskView]:
    """Every kiosk of the school by name, removed ones last."""
    query = select(KioskRow).where(KioskRow.school_id == school).order_by(KioskRow.name, KioskRow.id)
    asked = _OpenQueueItems(session, school)
    views = [_view(session, row, asked, now, zone) for row in session.scalars(query).all()]
    return sorted(views, key=lambda view: view.revoked)


class _OpenQueueItems:
    """The open items about the queues of a school's kiosks."""

    def __init__(self, session: Session, school: str) -> None:
        self._session = session
        query = select(WorkItemRow.kiosk_id, WorkItemRow.kind, func.count())
        told = query.where(WorkItemRow.school_id == school, WorkItemRow.resolved_at.is_(None))
        kinds = WorkItemRow.kind.in_((WorkKind.REJECTED, WorkKind.UNSENT))
        by_kiosk = told.where(kinds).group_by(WorkItemRow.kiosk_id, WorkItemRow.kind)
        self._open = {(kiosk, kind): number for kiosk, kind, number in session.execute(by_kiosk)}

    def unsent(self, kiosk: uuid.UUID) -> bool:
        """It was removed too early, and that item is still open."""
        return (kiosk, WorkKind.UNSENT.value) in self._open

    def refused(self, row: KioskRow, rejected: int) -> int:
        """How many rejected entries of a kiosk the office has not dealt with."""
        waits = self._open.get((row.id, WorkKind.REJECTED.value), 0)
        if not rejected or row.revoked_at is not None:
            return waits
        return max(waits, rejected - self._seen_to(row.id))

    def _seen_to(self, kiosk: uuid.UUID) -> int:
        """Rejected entries that the office has dealt with and that are still on the kiosk."""
        query = select(WorkItemRow.kind, WorkItemRow.detail["id"].as_string()).where(
            WorkItemRow.kiosk_id == kiosk,
            WorkItemRow.kind.in_((WorkKind.REJECTED, WorkKind.REUSED_ID)),
            WorkItemRow.resolved_position.is_not(None),
        )
        told = [(kind, entry) for kind, entry in self._session.execute(query) if entry]
        reused = {entry for kind, entry in told if kind == WorkKind.REUSED_ID}
        refused = {entry for kind, entry in told if kind == WorkKind.REJECTED}
        ids = [known for entry in refused if (known := _uuid(entry))]
        stored = self._session.scalar(select(func.count()).where(EntryRow.id.in_(ids))) if ids else 0
        return len(reused | refused) - (stored or 0)


def _uuid(text: str) -> uuid.UUID | None:
    """The id, or `None` when no stored entry can have it."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _view(
    session: Session, row: KioskRow, asked: _OpenQueueItems, now: datetime, zone: ZoneInfo
) -> KioskView:
    today = now.astimezone(zone).date()
    seen = row.last_seen_at or row.enrolled_at
    heartbeat = Heartbeat.model_validate(row.heartbeat) if row.heartbeat else None
    waiting, oldest = unsent(session, row)
    rejected = heartbeat.queue.dead if heartbeat else 0
    ahead = clocks.ahead(heartbeat, row.heartbeat_at)
    off = ahead if ahead is not None and abs(ahead) > clocks.MOST_APART else None
    return KioskView(
        id=row.id,
        name=row.name,
        live=row.revoked_at is None and now - seen <= SILENT_AFTER,
        revoked=row.revoked_at is not None,
        seen=seen,
        last_contact=wording.since(seen.astimezone(zone), today),
        waiting=waiting,
        oldest=f"{oldest.astimezone(zone):%H:%M}" if oldest else None,
        oldest_ago=wording.ago(now - oldest) if oldest else None,
        rejected=rejected,
        refused=asked.refused(row, rejected),
        unsent=asked.unsent(row.id),
        reader=_reader(heartbeat),
        reader_fine=heartbeat is None or all(state == "ready" for state in heartbeat.readers.values()),
        printer=_printer(heartbeat),
        printer_fine=heartbeat is None or heartbeat.printer in (None, "ready"),
        clock=_clock(heartbeat, off),
        clock_fine=heartbeat is None or (heartbeat.clock.trust is not Trust.UNKNOWN and off is None),
        version=heartbeat.version if heartbeat else wording.NOTHING,
        enrolled=wording.long_date(row.enrolled_at.astimezone(zone).date()),
    )


def _clock(heartbeat: Heartbeat | None, off: timedelta | None) -> str:
    """How far the clock is trusted, and its difference from the register's."""
    if heartbeat is None:
        return wording.NOTHING
    said = wording.CLOCKS[heartbeat.clock.trust.value]
    if off is None:
        return said
    return f"{wording.apart(round(off.total_seconds()))} the register’s; {said}"


def _reader(heartbeat: Heartbeat | None) -> str:
    if heartbeat is None:
        return wording.NOTHING
    if not heartbeat.readers:
        return "none"
    said = {name: wording.READERS.get(state, state) for name, state in sorted(heartbeat.readers.items())}
    if len(said) == 1:
        return next(iter(said.values()))
    return ", ".join(f"{name} {state}" for name, state in said.items())


def _printer(heartbeat: Heartbeat | None) -> str:
    if heartbeat is None:
        return wording.NOTHING
    return wording.PRINTERS.get(heartbeat.printer, heartbeat.printer) if heartbeat.printer else "none"
