"""The Kiosks page as data: whether each kiosk is live, and how many entries wait on it."""

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
from sync.wire import DiskState, Heartbeat, Trust

SILENT_AFTER = timedelta(seconds=90)
"""A kiosk counts as silent after two missed heartbeats, which it sends about every 30 s."""


@dataclass(frozen=True, slots=True)
class KioskView:
    """A kiosk. Times are at the school."""

    id: uuid.UUID
    name: str
    live: bool
    revoked: bool
    seen: datetime
    """The last contact, or the enrolment when there was none since; UTC."""
    last_contact: str
    """`09:27`, with the date unless it was today."""
    waiting: int
    """Entries still on the kiosk: as of its last heartbeat, less those that have arrived since."""
    oldest: str | None
    oldest_ago: str | None
    rejected: int
    """Refused entries still on the kiosk, as of its last heartbeat."""
    refused: int
    """Refused entries that the office has not dealt with. The register may know of one before the heartbeat
    reports it, and the heartbeat may report one that the register never received."""
    unsent: bool
    """The kiosk was removed with entries on it, and the office has not dealt with that."""
    reader: str
    reader_fine: bool
    """Every reader works, or the kiosk has none."""
    printer: str
    printer_fine: bool
    """The slip printer has enough paper, or the kiosk has none."""
    clock: str
    clock_fine: bool
    storage: str
    storage_fine: bool
    """Its storage has room, works, and has not damaged the journal lately."""
    version: str
    enrolled: str

    @property
    def listed(self) -> bool:
        """Whether its entries may be missing from the register's lists."""
        return not self.revoked or self.unsent or self.refused > 0

    @property
    def has_waiting(self) -> bool:
        """Whether its waiting entries are still to arrive or to be dealt with."""
        return self.waiting > 0 and (self.unsent or not self.revoked)

    @property
    def fine(self) -> bool:
        """Whether nothing about the kiosk needs attention."""
        devices_fine = self.reader_fine and self.printer_fine and self.clock_fine and self.storage_fine
        return self.live and devices_fine and not self.rejected and not self.refused

    @property
    def state(self) -> str:
        """`live`, `removed` or `silent since …`."""
        if self.revoked:
            return "removed"
        return "live" if self.live else f"silent since {self.last_contact}"

    @property
    def reader_summary(self) -> str:
        """The card reader's state with its noun, for use without a heading."""
        return "no card reader" if self.reader == "none" else f"reader {self.reader}"


def kiosks(session: Session, school: str, *, now: datetime, zone: ZoneInfo) -> list[KioskView]:
    """Every kiosk of the school by name, removed ones last."""
    query = select(KioskRow).where(KioskRow.school_id == school).order_by(KioskRow.name, KioskRow.id)
    open_items = _OpenQueueItems(session, school)
    views = [_view(session, row, open_items, now, zone) for row in session.scalars(query).all()]
    return sorted(views, key=lambda view: view.revoked)


class _OpenQueueItems:
    """The open items about the queues of a school's kiosks."""

    def __init__(self, session: Session, school: str) -> None:
        self._session = session
        query = select(WorkItemRow.kiosk_id, WorkItemRow.kind, func.count())
        unresolved = query.where(WorkItemRow.school_id == school, WorkItemRow.resolved_at.is_(None))
        kinds = WorkItemRow.kind.in_((WorkKind.REJECTED, WorkKind.UNSENT))
        by_kiosk = unresolved.where(kinds).group_by(WorkItemRow.kiosk_id, WorkItemRow.kind)
        self._open = {(kiosk, kind): number for kiosk, kind, number in session.execute(by_kiosk)}

    def unsent(self, kiosk: uuid.UUID) -> bool:
        """Whether the item about its removal with unsent entries is open."""
        return (kiosk, WorkKind.UNSENT.value) in self._open

    def refused(self, row: KioskRow, rejected: int) -> int:
        """How many rejected entries of a kiosk the office has not dealt with."""
        open_number = self._open.get((row.id, WorkKind.REJECTED.value), 0)
        if not rejected or row.revoked_at is not None:
            return open_number
        return max(open_number, rejected - self._dealt_with(row.id))

    def _dealt_with(self, kiosk: uuid.UUID) -> int:
        """Rejected entries that the office has dealt with and that are still on the kiosk."""
        query = select(WorkItemRow.kind, WorkItemRow.detail["id"].as_string()).where(
            WorkItemRow.kiosk_id == kiosk,
            WorkItemRow.kind.in_((WorkKind.REJECTED, WorkKind.REUSED_ID)),
            WorkItemRow.resolved_position.is_not(None),
        )
        resolved = [(kind, entry) for kind, entry in self._session.execute(query) if entry]
        reused = {entry for kind, entry in resolved if kind == WorkKind.REUSED_ID}
        refused = {entry for kind, entry in resolved if kind == WorkKind.REJECTED}
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
    session: Session, row: KioskRow, open_items: _OpenQueueItems, now: datetime, zone: ZoneInfo
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
        refused=open_items.refused(row, rejected),
        unsent=open_items.unsent(row.id),
        reader=_reader(heartbeat),
        reader_fine=heartbeat is None or all(state == "ready" for state in heartbeat.readers.values()),
        printer=_printer(heartbeat),
        printer_fine=heartbeat is None or heartbeat.printer in (None, "ready"),
        clock=_clock(heartbeat, off),
        clock_fine=heartbeat is None or (heartbeat.clock.trust is not Trust.UNKNOWN and off is None),
        storage=_storage(heartbeat.disk if heartbeat else None, zone),
        storage_fine=heartbeat is None or _is_storage_fine(heartbeat.disk),
        version=heartbeat.version if heartbeat else wording.NOTHING,
        enrolled=wording.long_date(row.enrolled_at.astimezone(zone).date()),
    )


def _clock(heartbeat: Heartbeat | None, off: timedelta | None) -> str:
    """How far the clock is trusted, and its difference from the register's."""
    if heartbeat is None:
        return wording.NOTHING
    trust = wording.CLOCKS[heartbeat.clock.trust.value]
    if off is None:
        return trust
    return f"{wording.apart(round(off.total_seconds()))} the register’s; {trust}"


def _is_storage_fine(disk: DiskState | None) -> bool:
    return disk is None or (disk.trouble is None and disk.put_aside is None)


def _storage(disk: DiskState | None, zone: ZoneInfo) -> str:
    """The room on the storage, or what is wrong with it."""
    if disk is None:
        return wording.NOTHING
    parts = [wording.DISKS[disk.trouble]] if disk.trouble else []
    if disk.put_aside is not None:
        day = wording.long_date(disk.put_aside.at.astimezone(zone).date())
        saved = wording.count(disk.put_aside.saved, "entry", "entries")
        parts.append(f"damaged on {day}, {saved} saved")
    return "; ".join(parts) or f"{wording.size(disk.free)} free"


def _reader(heartbeat: Heartbeat | None) -> str:
    if heartbeat is None:
        return wording.NOTHING
    if not heartbeat.readers:
        return "none"
    states = {name: wording.READERS.get(state, state) for name, state in sorted(heartbeat.readers.items())}
    if len(states) == 1:
        return next(iter(states.values()))
    return ", ".join(f"{name} {state}" for name, state in states.items())


def _printer(heartbeat: Heartbeat | None) -> str:
    if heartbeat is None:
        return wording.NOTHING
    return wording.PRINTERS.get(heartbeat.printer, heartbeat.printer) if heartbeat.printer else "none"
