"""A kiosk's storage that has damaged its journal: the office learns which entries are missing, by number.

The kiosk names every number that it cannot account for; those that the register has are not missing.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.storage.attendance import FIRST_EPOCH
from sync.register.storage.locks import lock_kiosk
from sync.register.storage.models import EntryRow, KioskEpochRow, KioskRow, WorkItemRow, WorkKind
from sync.register.storage.work_items import DamagedJournal, NumberGap, read_item
from sync.wire import Heartbeat, PutAside, SeqRange

MOST_NAMED = 50
"""Runs of missing numbers that a work item names one by one; what is behind them, as one run."""

STORAGE_DAMAGED = "the kiosk’s storage was damaged"


def note_heartbeat(session: Session, kiosk: KioskRow, heartbeat: Heartbeat, *, now: datetime) -> None:
    """Open a work item for a damaged journal, once for each.

    Args:
        session: a session that writes.
        kiosk: the kiosk; its row still has the previous heartbeat.
        heartbeat: the new one.
        now: the instant of its arrival.
    """
    put_aside = _put_aside(heartbeat)
    before = Heartbeat.model_validate(kiosk.heartbeat) if kiosk.heartbeat else None
    if put_aside is None or put_aside == _put_aside(before):
        return
    lock_kiosk(session, kiosk.id)  # two of its heartbeats may be processed at once
    query = select(WorkItemRow).where(WorkItemRow.kiosk_id == kiosk.id, WorkItemRow.kind == WorkKind.DAMAGED)
    for row in session.scalars(query):
        item = read_item(row)
        if isinstance(item, DamagedJournal) and item.file == put_aside.file:
            return
    missing = _never_arrived(session, kiosk, put_aside.missing)
    item = DamagedJournal(
        file=put_aside.file,
        saved=put_aside.saved,
        missing=[(run.first, run.last) for run in missing],
    )
    session.add(
        WorkItemRow(
            school_id=kiosk.school_id,
            kind=item.kind.value,
            kiosk_id=kiosk.id,
            entry_id=None,
            detail=item.detail(),
            opened_at=now,
        )
    )
    _settle_gaps(session, kiosk, missing, now)


def _settle_gaps(session: Session, kiosk: KioskRow, missing: list[SeqRange], now: datetime) -> None:
    """Settle the open gaps of which no entry is left to come: the damaged storage is why, and one item is
    enough."""
    query = select(WorkItemRow).where(
        WorkItemRow.kiosk_id == kiosk.id,
        WorkItemRow.kind == WorkKind.GAP,
        WorkItemRow.resolved_at.is_(None),
    )
    for row in session.scalars(query):
        gap = read_item(row)
        if isinstance(gap, NumberGap) and any(
            run.first <= gap.first and gap.last <= run.last for run in missing
        ):
            row.resolved_at, row.resolved_by, row.resolution = now, kiosk.name, STORAGE_DAMAGED


def _put_aside(heartbeat: Heartbeat | None) -> PutAside | None:
    return heartbeat.disk.put_aside if heartbeat and heartbeat.disk else None


def _never_arrived(session: Session, kiosk: KioskRow, missing: tuple[SeqRange, ...]) -> list[SeqRange]:
    """The numbers that the register has no entry for, from the first that it expects of this enrolment."""
    begin = session.get(KioskEpochRow, (kiosk.id, FIRST_EPOCH))
    runs: list[SeqRange] = []
    for run in missing:
        first = max(run.first, begin.first_seq if begin else 1)
        arrived = session.scalars(
            select(EntryRow.seq)
            .where(EntryRow.kiosk_id == kiosk.id, EntryRow.seq.between(first, run.last))
            .distinct()
            .order_by(EntryRow.seq)
        )
        for seq in arrived:
            if first < seq:
                runs.append(SeqRange(first=first, last=seq - 1))
            first = seq + 1
        if first <= run.last:
            runs.append(SeqRange(first=first, last=run.last))
    if len(runs) > MOST_NAMED:
        runs = [*runs[: MOST_NAMED - 1], SeqRange(first=runs[MOST_NAMED - 1].first, last=runs[-1].last)]
    return runs
