"""The kiosks of a school as the office sees them: live or silent, and what waits on them."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.register import clocks
from sync.register.office import words
from sync.register.storage.models import EntryRow, KioskRow
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
    """Entries on it that the register has not had, by its last heartbeat less those that came since."""
    oldest: str | None
    oldest_ago: str | None
    rejected: int
    reader: str
    reader_fine: bool
    """Every reader works, or there is none."""
    printer: str
    printer_fine: bool
    """The slip printer has paper enough, or there is none."""
    clock: str
    clock_fine: bool
    version: str
    enrolled: str

    @property
    def fine(self) -> bool:
        """Nothing about it needs somebody to go and look."""
        well = self.reader_fine and self.printer_fine and self.clock_fine
        return self.live and well and not self.rejected

    @property
    def state(self) -> str:
        """Live, or silent since when."""
        if self.revoked:
            return "taken out of the register"
        return "live" if self.live else f"silent since {self.last_contact}"

    @property
    def reader_said(self) -> str:
        """The card reader's state where no heading says that it is the reader's."""
        return "no card reader" if self.reader == "none" else f"reader {self.reader}"


def kiosks(session: Session, school: str, *, now: datetime, zone: ZoneInfo) -> list[KioskView]:
    """Every kiosk of the school, by name; those that were revoked are at the end."""
    query = select(KioskRow).where(KioskRow.school_id == school).order_by(KioskRow.name, KioskRow.id)
    views = [_view(session, row, now, zone) for row in session.scalars(query).all()]
    return sorted(views, key=lambda view: view.revoked)


def _view(session: Session, row: KioskRow, now: datetime, zone: ZoneInfo) -> KioskView:
    today = now.astimezone(zone).date()
    seen = row.last_seen_at or row.enrolled_at
    heartbeat = Heartbeat.model_validate(row.heartbeat) if row.heartbeat else None
    waiting, oldest = _queue(session, row, heartbeat)
    ahead = clocks.ahead(heartbeat, row.heartbeat_at)
    off = ahead if ahead is not None and abs(ahead) > clocks.MOST_APART else None
    return KioskView(
        id=row.id,
        name=row.name,
        live=row.revoked_at is None and now - seen <= SILENT_AFTER,
        revoked=row.revoked_at is not None,
        seen=seen,
        last_contact=words.since(seen.astimezone(zone), today),
        waiting=waiting,
        oldest=f"{oldest.astimezone(zone):%H:%M}" if oldest else None,
        oldest_ago=words.ago(now - oldest) if oldest else None,
        rejected=heartbeat.queue.dead if heartbeat else 0,
        reader=_reader(heartbeat),
        reader_fine=heartbeat is None or all(state == "ready" for state in heartbeat.readers.values()),
        printer=_printer(heartbeat),
        printer_fine=heartbeat is None or heartbeat.printer in (None, "ready"),
        clock=_clock(heartbeat, off),
        clock_fine=heartbeat is None or (heartbeat.clock.trust is not Trust.UNKNOWN and off is None),
        version=heartbeat.version if heartbeat else words.NOTHING,
        enrolled=words.long_date(row.enrolled_at.astimezone(zone).date()),
    )


def _queue(session: Session, row: KioskRow, heartbeat: Heartbeat | None) -> tuple[int, datetime | None]:
    """What still waits. A heartbeat is up to half a minute old, so what has come since is taken off it:
    those entries have a `seq` no higher than the one that the heartbeat named as its newest."""
    if heartbeat is None or heartbeat.queue.waiting == 0:
        return 0, None
    come = _come_since(session, row.id, row.heartbeat_at, heartbeat.last_seq)
    waiting = max(0, heartbeat.queue.waiting - come)
    # Entries are sent oldest first: once some have come, the oldest of the rest is not known.
    return waiting, heartbeat.queue.oldest_at if come == 0 else None


def _come_since(session: Session, kiosk: uuid.UUID, since: datetime | None, last_seq: int) -> int:
    if since is None:
        return 0
    query = select(func.count()).where(
        EntryRow.kiosk_id == kiosk, EntryRow.received_at > since, EntryRow.seq <= last_seq
    )
    return session.scalar(query) or 0


def _clock(heartbeat: Heartbeat | None, off: timedelta | None) -> str:
    """How far it is to be believed, and by how much it differs from the register's."""
    if heartbeat is None:
        return words.NOTHING
    said = words.CLOCKS[heartbeat.clock.trust.value]
    if off is None:
        return said
    return f"{words.apart(round(off.total_seconds()))} the register’s; {said}"


def _reader(heartbeat: Heartbeat | None) -> str:
    if heartbeat is None:
        return words.NOTHING
    if not heartbeat.readers:
        return "none"
    said = {name: words.READERS.get(state, state) for name, state in sorted(heartbeat.readers.items())}
    if len(said) == 1:
        return next(iter(said.values()))
    return ", ".join(f"{name} {state}" for name, state in said.items())


def _printer(heartbeat: Heartbeat | None) -> str:
    if heartbeat is None:
        return words.NOTHING
    return words.PRINTERS.get(heartbeat.printer, heartbeat.printer) if heartbeat.printer else "none"
