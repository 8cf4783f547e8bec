"""A kiosk's clock and the register's that do not agree, though the kiosk believes its own.

Which of the two is wrong is not known here, and a mark stands or falls by it: the office is asked to look,
once for each time that they part.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.storage.locks import lock_kiosk
from sync.register.storage.models import KioskRow, WorkItemRow, WorkKind
from sync.wire import Heartbeat, Trust

MOST_APART = timedelta(seconds=30)
"""How far the two may differ. A heartbeat is up to 15 s on its way before the kiosk gives it up
(`sync.uplink.http.TIMEOUT_S`), which looks like a slow clock; clocks that are kept right differ by less than
a second. A difference of a minute can make an L of a U, and must not pass."""
AGREE = MOST_APART / 2
"""How near they must come to agree again: not as soon as they are a hair's breadth within the bound."""
ASK_AGAIN = timedelta(days=1)
"""How long what somebody has seen is not put before them again, where it is the same difference."""
AGREE_AGAIN = "the clocks agree again"
OTHER_NUMBERS = "the difference is another by now"


def ahead(heartbeat: Heartbeat | None, received: datetime | None) -> timedelta | None:
    """By how much a kiosk's clock is ahead of the register's (negative: behind).

    Args:
        heartbeat: what the kiosk has said of itself, if it has.
        received: when that came, by the register's clock.

    Returns:
        None where it has not said what its clock shows, or does not trust that clock itself: then every one
        of its entries says so.
    """
    if heartbeat is None or received is None:
        return None
    if heartbeat.at is None or heartbeat.clock.trust is Trust.UNKNOWN:
        return None
    return heartbeat.at - received


def note_heartbeat(session: Session, kiosk: KioskRow, heartbeat: Heartbeat, *, now: datetime) -> None:
    """Put clocks that have parted before the office, once; settle it when they agree again.

    Args:
        session: a session that writes.
        kiosk: who says how it is; its row still has the heartbeat before this one.
        heartbeat: what it says.
        now: the instant of receiving.
    """
    difference = ahead(heartbeat, now)
    if difference is None:
        return
    told = Heartbeat.model_validate(kiosk.heartbeat) if kiosk.heartbeat else None
    before = ahead(told, kiosk.heartbeat_at)
    if abs(difference) <= AGREE and before is not None and abs(before) <= AGREE:
        return  # as nearly always
    lock_kiosk(session, kiosk.id)  # two of its heartbeats may be in hand at once
    last = _last(session, kiosk)
    if last is not None and last.resolved_at is None:
        if abs(difference) > AGREE and _alike(last, difference):
            return
        # What was put before the office is never altered: another difference is another item.
        last.resolved_at, last.resolved_by = now, kiosk.name
        last.resolution = AGREE_AGAIN if abs(difference) <= AGREE else OTHER_NUMBERS
    elif last is not None and _seen_lately(last, now) and _alike(last, difference):
        return
    if abs(difference) > MOST_APART:
        _ask(session, kiosk, difference, now)


def _seen_lately(item: WorkItemRow, now: datetime) -> bool:
    """Somebody at the office has resolved it, and not long ago."""
    if item.decision is None or item.resolved_at is None:
        return False
    return now - item.resolved_at < ASK_AGAIN


def _ask(session: Session, kiosk: KioskRow, difference: timedelta, now: datetime) -> None:
    session.add(
        WorkItemRow(
            school_id=kiosk.school_id,
            kind=WorkKind.CLOCKS.value,
            kiosk_id=kiosk.id,
            entry_id=None,
            detail={"ahead_s": round(difference.total_seconds())},
            opened_at=now,
        )
    )


def _alike(item: WorkItemRow, difference: timedelta) -> bool:
    """It tells of the same difference, give or take how long a heartbeat is on its way."""
    return abs(timedelta(seconds=item.detail["ahead_s"]) - difference) <= MOST_APART


def _last(session: Session, kiosk: KioskRow) -> WorkItemRow | None:
    """The newest item about this kiosk's clock."""
    query = select(WorkItemRow).where(WorkItemRow.kiosk_id == kiosk.id, WorkItemRow.kind == WorkKind.CLOCKS)
    newest = query.order_by(WorkItemRow.id.desc()).limit(1)
    return session.scalars(newest.execution_options(populate_existing=True)).first()
