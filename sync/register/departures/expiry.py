"""Requests to leave at which nobody waits any more, though nobody has said so: the kiosk was switched off.

One that was made before its kiosk was started again is forgotten there, and lapses as soon as that is known.

A kiosk that waits asks again all the time, and takes its request back itself once somebody has stood there
for five minutes without an answer. One that is no longer asked about lapses: otherwise it would wait at the
office for ever, and be released to somebody who has gone.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from sync.register.actor import Actor
from sync.register.storage.models import DepartureRow
from sync.wire import DepartureState

HEARD_EVERY = timedelta(seconds=20)
"""A kiosk asks every 25 s, and oftener where a connection breaks off: that it did is written no oftener."""
UNHEARD_AFTER = timedelta(seconds=90)
"""Three of its questions have not come: the office is told."""
LAPSES_AFTER = timedelta(minutes=10)
"""Twice as long as a kiosk waits by itself: a network that is away for a moment takes no request back."""
REGISTER = Actor("the register", "register")
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


@dataclass(frozen=True, slots=True)
class Started:
    """Since when a kiosk has been running."""

    kiosk: uuid.UUID
    at: datetime
    """UTC."""


def any_lapsed(session: Session, school: str, now: datetime, started: Started | None = None) -> bool:
    """Whether there is any at that school, or at a kiosk that has just told since when it runs."""
    return session.scalar(select(func.count()).where(*_lapsed(school, now, started))) != 0


def lapsed(
    session: Session, school: str, now: datetime, started: Started | None = None
) -> list[DepartureRow]:
    """All of them."""
    return list(session.scalars(select(DepartureRow).where(*_lapsed(school, now, started))))


def _lapsed(school: str, now: datetime, started: Started | None) -> tuple[ColumnElement[bool], ...]:
    heard = func.coalesce(DepartureRow.heard_at, DepartureRow.requested_at)
    over = heard < now - LAPSES_AFTER
    if started is not None:
        over = or_(over, and_(DepartureRow.kiosk_id == started.kiosk, heard < started.at))
    return (DepartureRow.school_id == school, DepartureRow.state == DepartureState.WAITING, over)
