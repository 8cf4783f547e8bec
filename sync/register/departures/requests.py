"""The kiosks' side of departures: they ask, ask again for the answer, and wait no more."""

import uuid
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sync.register.departures import expiry
from sync.register.departures.rows import answer_of, close, row_of
from sync.register.errors import RequestIdReusedError
from sync.register.sender import Sender
from sync.register.storage.database import Database
from sync.register.storage.models import DepartureRow, KioskRow
from sync.wire import DepartureAnswer, DepartureRequest, DepartureState


def ask(
    session: Session, sender: Sender, departure: uuid.UUID, request: DepartureRequest, *, now: datetime
) -> DepartureAnswer:
    """Put a request before the office; the same one again changes nothing but when its kiosk was heard.

    Raises:
        RequestIdReusedError: the id was used for another request.
    """
    content = request.model_dump(mode="json")
    session.get_one(KioskRow, sender.kiosk).last_seen_at = now
    session.flush()
    row = session.get(DepartureRow, (sender.school, departure))
    if row is None:
        row = DepartureRow(
            school_id=sender.school,
            id=departure,
            kiosk_id=sender.kiosk,
            pupil=request.pupil,
            content=content,
            requested_at=now,
            heard_at=now,
            state=DepartureState.WAITING.value,
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # the same request, sent twice at once
            row = session.get_one(DepartureRow, (sender.school, departure), populate_existing=True)
    if row.content != content:
        raise RequestIdReusedError("this id was used for another request; make a new one")
    return _hear(session, row, now)


def look(session: Session, school: str, departure: uuid.UUID) -> DepartureAnswer:
    """How a request stands.

    Raises:
        UnknownDepartureError: there is no such request at that school.
    """
    return answer_of(row_of(session, school, departure))


def is_to_be_heard(session: Session, school: str, departure: uuid.UUID, *, now: datetime) -> bool:
    """Whether `hear` has something to write down: not at every question.

    Raises:
        UnknownDepartureError: there is no such request at that school.
    """
    return expiry.is_to_be_noted(row_of(session, school, departure), now)


def hear(session: Session, sender: Sender, departure: uuid.UUID, *, now: datetime) -> DepartureAnswer:
    """How a request stands, and write down that its kiosk asks: somebody still waits there.

    One that nobody has asked about for too long has lapsed, and is withdrawn.

    Raises:
        UnknownDepartureError: there is no such request at that school.
    """
    session.get_one(KioskRow, sender.kiosk).last_seen_at = now
    session.flush()
    return _hear(session, row_of(session, sender.school, departure), now)


def let_lapse(
    database: Database, school: str, *, now: datetime, started: expiry.Started | None = None
) -> bool:
    """Withdraw what nobody at a kiosk has asked about for too long, and what a kiosk has forgotten that was
    started again; whether there was any."""
    with database.read() as session:
        if not expiry.any_lapsed(session, school, now, started):
            return False

    def lapse(session: Session) -> None:
        for row in expiry.lapsed(session, school, now, started):
            _lapse(session, row, now)

    database.transact(lapse)
    return True


def withdraw(session: Session, sender: Sender, departure: uuid.UUID, *, now: datetime) -> DepartureAnswer:
    """Nobody at the kiosk waits any more. A request that was answered stays as it was answered.

    Raises:
        UnknownDepartureError: there is no such request at that school.
    """
    close(session, sender.school, departure, DepartureState.WITHDRAWN, sender.actor, now=now)
    return look(session, sender.school, departure)


def _hear(session: Session, row: DepartureRow, now: datetime) -> DepartureAnswer:
    if expiry.has_lapsed(row, now):
        _lapse(session, row, now)
    elif expiry.is_to_be_noted(row, now):
        row.heard_at = now
    return answer_of(row)


def _lapse(session: Session, row: DepartureRow, now: datetime) -> None:
    close(session, row.school_id, row.id, DepartureState.WITHDRAWN, expiry.REGISTER, now=now)
    session.refresh(row)
