"""Requests to leave at which nobody waits any more, though nobody has said so: the kiosk was switched off.

A kiosk that waits asks again all the time, and takes its request back itself once somebody has stood there
for five minutes without an answer. One that is no longer asked about lapses: otherwise it would wait at the
office for ever, and be released to somebody who has gone.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.register.storage.models import DepartureRow
from sync.wire import DepartureState

HEARD_EVERY = timedelta(seconds=20)
"""A kiosk asks every 25 s, and oftener where a connection breaks off: that it did is written no oftener."""
UNHEARD_AFTER = timedelta(seconds=90)
"""Three of its questions have not come: the office is told."""
LAPSES_AFTER = timedelta(minutes=10)
"""Twice as long as a kiosk waits by itself: a network that is away for a moment takes no request back."""
BY, AS = "the register", "register"
"""Who has withdrawn it, and as what."""


def last_heard(row: DepartureRow) -> datetime:
    """When its kiosk last asked about it, UTC."""
    return row.heard_at or row.requested_at


def has_lapsed(row: DepartureRow, now: datetime) -> bool:
    """Whether nobody waits there any more, also where that is still to be written down."""
    return row.state == DepartureState.WAITING and now - last_heard(row) > LAPSES_AFTER


def is_to_be_noted(row: DepartureRow, now: datetime) -> bool:
    """Whether that the kiosk asks now is to be written down."""
    waits = row.state == DepartureState.WAITING
    return waits and (row.heard_at is None or now - row.heard_at >= HEARD_EVERY)


def any_lapsed(session: Session, school: str, now: datetime) -> bool:
    """Whether there is any at that school."""
    return session.scalar(select(func.count()).where(*_lapsed(school, now))) != 0


def lapsed(session: Session, school: str, now: datetime) -> list[DepartureRow]:
    """All of them."""
    return list(session.scalars(select(DepartureRow).where(*_lapsed(school, now))))


def _lapsed(school: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        DepartureRow.school_id == school,
        DepartureRow.state == DepartureState.WAITING,
        func.coalesce(DepartureRow.heard_at, DepartureRow.requested_at) < now - LAPSES_AFTER,
    )
