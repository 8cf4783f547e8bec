"""A kiosk's clock that disagrees with the register's although the kiosk trusts it.

Which of the two is wrong is not known here, and marks depend on it: the office gets a work item, once for
each divergence.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.storage.locks import lock_kiosk
from sync.register.storage.models import KioskRow, WorkItemRow, WorkKind
from sync.register.storage.work_items import ClocksApart, read_item
from sync.wire import Heartbeat, Trust

MOST_APART = timedelta(seconds=30)
"""How far the two may differ. A heartbeat may take 15 s before the kiosk gives up
(`sync.uplink.http.TIMEOUT_S`), which looks like a slow clock; synchronised clocks differ by less than a
second. A difference of a minute can turn an L into a U, and must not go unnoticed."""
AGREE = MOST_APART / 2
"""How close they must come to agree again: well within the limit, so that the item does not flap."""
REOPENED_AFTER = timedelta(days=1)
"""How long a resolved item is not opened again for the same difference."""
CLOCKS_AGREE = "the clocks agree again"
DIFFERENCE_CHANGED = "the difference has changed"


def ahead(heartbeat: Heartbeat | None, received: datetime | None) -> timedelta | None:
    """How far a kiosk's clock is ahead of the register's (negative: behind).

    Args:
        heartbeat: the kiosk's heartbeat, if any.
        received: when it arrived, by the register's clock.

    Returns:
        `None` when the heartbeat has no time or the kiosk does not trust its own clock: then its entries say
            so.
    """
    if heartbeat is None or received is None:
        return None
    if heartbeat.at is None or heartbeat.clock.trust is Trust.UNKNOWN:
        return None
    return heartbeat.at - received


def note_heartbeat(session: Session, kiosk: KioskRow, heartbeat: Heartbeat, *, now: datetime) -> None:
    """Open a work item when the clocks diverge, once; settle it when they agree again.

    Args:
        session: a session that writes.
        kiosk: the kiosk; its row still has the previous heartbeat.
        heartbeat: the new one.
        now: the instant of its arrival.
    """
    difference = ahead(heartbeat, now)
    if difference is None:
        return
    last_heartbeat = Heartbeat.model_validate(kiosk.heartbeat) if kiosk.heartbeat else None
    before = ahead(last_heartbeat, kiosk.heartbeat_at)
    if abs(difference) <= AGREE and before is not None and abs(before) <= AGREE:
        return  # the usual case
    lock_kiosk(session, kiosk.id)  # two of its heartbeats may be processed at once
    last = _last(session, kiosk)
    if last is not None and last.resolved_at is None:
        if abs(difference) > AGREE and _alike(last, difference):
            return
        # An item that the office has seen is never altered: another difference is another item.
        last.resolved_at, last.resolved_by = now, kiosk.name
        last.resolution = CLOCKS_AGREE if abs(difference) <= AGREE else DIFFERENCE_CHANGED
    elif last is not None and _resolved_lately(last, now) and _alike(last, difference):
        return
    if abs(difference) > MOST_APART:
        _open_item(session, kiosk, difference, now)


def _resolved_lately(item: WorkItemRow, now: datetime) -> bool:
    """Whether the office has resolved the item recently."""
    if item.decision is None or item.resolved_at is None:
        return False
    return now - item.resolved_at < REOPENED_AFTER


def _open_item(session: Session, kiosk: KioskRow, difference: timedelta, now: datetime) -> None:
    session.add(
        WorkItemRow(
            school_id=kiosk.school_id,
            kind=WorkKind.CLOCKS.value,
            kiosk_id=kiosk.id,
            entry_id=None,
            detail=ClocksApart(ahead_s=round(difference.total_seconds())).detail(),
            opened_at=now,
        )
    )


def _alike(item: WorkItemRow, difference: timedelta) -> bool:
    """Whether the item is about the same difference, within the time that a heartbeat takes."""
    apart = read_item(item)
    return isinstance(apart, ClocksApart) and abs(timedelta(seconds=apart.ahead_s) - difference) <= MOST_APART


def _last(session: Session, kiosk: KioskRow) -> WorkItemRow | None:
    """The newest item about this kiosk's clock."""
    query = select(WorkItemRow).where(WorkItemRow.kiosk_id == kiosk.id, WorkItemRow.kind == WorkKind.CLOCKS)
    newest = query.order_by(WorkItemRow.id.desc()).limit(1)
    return session.scalars(newest.execution_options(populate_existing=True)).first()
