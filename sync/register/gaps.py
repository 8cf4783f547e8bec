"""Gaps in a kiosk's numbering: entries that were made and have not arrived."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.register.storage.models import EntryRow, KioskRow, WorkItemRow, WorkKind


def note(session: Session, kiosk: KioskRow, arrived: Iterable[int], *, now: datetime) -> None:
    """Tell the office of each new gap, once, and settle gaps that these arrivals have closed.

    Args:
        session: a session that writes.
        kiosk: the sender; its `last_seq` is brought up to date.
        arrived: each `seq` of the batch, in any order; one of a rejected entry has arrived too.
        now: the instant of receiving.
    """
    numbers = sorted(set(arrived))
    if numbers and numbers[0] <= kiosk.last_seq:
        _settle_closed(session, kiosk, now)
    for number in numbers:
        if number > kiosk.last_seq + 1:
            missing = {"first": kiosk.last_seq + 1, "last": number - 1}
            session.add(
                WorkItemRow(
                    school_id=kiosk.school_id,
                    kind=WorkKind.GAP.value,
                    kiosk_id=kiosk.id,
                    entry_id=None,
                    detail=missing,
                    opened_at=now,
                )
            )
        kiosk.last_seq = max(kiosk.last_seq, number)


def _settle_closed(session: Session, kiosk: KioskRow, now: datetime) -> None:
    open_gaps = select(WorkItemRow).where(
        WorkItemRow.kiosk_id == kiosk.id,
        WorkItemRow.kind == WorkKind.GAP,
        WorkItemRow.resolved_at.is_(None),
    )
    for gap in session.scalars(open_gaps).all():
        first, last = gap.detail["first"], gap.detail["last"]
        there = select(func.count(EntryRow.seq.distinct())).where(
            EntryRow.kiosk_id == kiosk.id, EntryRow.seq.between(first, last)
        )
        if session.scalar(there) == last - first + 1:
            gap.resolved_at, gap.resolution, gap.resolved_by = now, "the entries have arrived", kiosk.name
