"""When a request to collect a pupil lapses because its kiosk no longer asks about it.

A waiting kiosk polls for the answer, and withdraws the request itself after twenty minutes without one. A
request that is no longer polled, for example because the kiosk was switched off, lapses: otherwise it would
stay open at the office, and the pupil could be released to an adult who has left.

A kiosk that restarts takes up its requests from its disk. A request that it does not take up lapses soon
after the restart: its disk was full or replaced.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from sync.register.actor import Actor
from sync.register.storage.models import DepartureRow
from sync.wire import DepartureState

RECORDED_EVERY = timedelta(seconds=20)
"""Shortest time between two updates of `heard_at`. A kiosk polls every 25 s, more often when connections
break."""
SHOWN_SILENT_AFTER = timedelta(seconds=90)
"""After three missed polls the office page shows that the kiosk is silent."""
LAPSES_AFTER = timedelta(minutes=10)
"""Long enough that a short network failure withdraws nothing."""
TAKEN_UP_WITHIN = timedelta(minutes=2)
"""How long after its restart a kiosk has to take up its requests: it may still be connecting."""
REGISTER = Actor("the register", "register")
"""Withdraws requests that have lapsed."""


def last_polled(row: DepartureRow) -> datetime:
    """When its kiosk last polled for the answer, UTC."""
    return row.heard_at or row.requested_at


def has_lapsed(row: DepartureRow, now: datetime) -> bool:
    """Whether the request has lapsed, even if it has not been withdrawn in the database yet."""
    return row.state == DepartureState.WAITING and now - last_polled(row) > LAPSES_AFTER


def is_poll_due(row: DepartureRow, now: datetime) -> bool:
    """Whether a poll at `now` must be written to `heard_at`."""
    waiting = row.state == DepartureState.WAITING
    return waiting and (row.heard_at is None or now - row.heard_at >= RECORDED_EVERY)


@dataclass(frozen=True, slots=True)
class KioskStart:
    """When a kiosk was last started."""

    kiosk: uuid.UUID
    at: datetime
    """UTC."""


def any_lapsed(session: Session, school: str, now: datetime, start: KioskStart | None = None) -> bool:
    """Whether a request at this school has lapsed, by time or because its kiosk has restarted (`start`)
    without taking it up."""
    return session.scalar(select(func.count()).where(*_lapsed(school, now, start))) != 0


def lapsed_requests(
    session: Session, school: str, now: datetime, start: KioskStart | None = None
) -> list[DepartureRow]:
    """The requests at this school that have lapsed, by time or because their kiosk has restarted."""
    return list(session.scalars(select(DepartureRow).where(*_lapsed(school, now, start))))


def _lapsed(school: str, now: datetime, start: KioskStart | None) -> tuple[ColumnElement[bool], ...]:
    polled = func.coalesce(DepartureRow.heard_at, DepartureRow.requested_at)
    over = polled < now - LAPSES_AFTER
    if start is not None and now - start.at >= TAKEN_UP_WITHIN:
        over = or_(over, and_(DepartureRow.kiosk_id == start.kiosk, polled < start.at))
    return (DepartureRow.school_id == school, DepartureRow.state == DepartureState.WAITING, over)
