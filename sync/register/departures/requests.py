"""The kiosks' side of departures: make a request, poll, withdraw it, and ask before a PIN release."""

import uuid
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sync.register import audit
from sync.register.departures import collectors, expiry
from sync.register.departures.contacts import contacts_of
from sync.register.departures.refusals import last_was_refused, standing_refusal, todays_answers
from sync.register.departures.rows import answer_of, close, row_of
from sync.register.errors import RequestIdReusedError
from sync.register.sender import Sender
from sync.register.storage.database import Database
from sync.register.storage.models import DepartureRow, KioskRow
from sync.wire import DepartureAnswer, DepartureRequest, DepartureState, PinReleaseAnswer


def submit(
    session: Session, sender: Sender, departure: uuid.UUID, request: DepartureRequest, *, now: datetime
) -> DepartureAnswer:
    """Submit a request to the office. Sending it again only updates `heard_at`.

    Raises:
        RequestIdReusedError: the id belongs to a request with other content.
    """
    return _record_poll(session, _find_or_add(session, sender, departure, request, now), now)


def check_pin_release(
    session: Session, sender: Sender, departure: uuid.UUID, request: DepartureRequest, *, now: datetime
) -> PinReleaseAnswer:
    """Whether a PIN at the kiosk may release the pupil to this adult; question and answer are audited.

    Only the office may release a pupil when the adult may not collect by the family's list, or has a name
    like that of such a contact; when the office has refused this adult, or one of a similar name, today and
    has not released the pupil to them since; or when its last answer about the pupil was a refusal: asking
    again, perhaps under another name, makes no other answer. A request that is new to the register is
    submitted to the office as by `submit`.

    Raises:
        RequestIdReusedError: as for `submit`.
    """
    row = _find_or_add(session, sender, departure, request, now)
    contacts = contacts_of(session, sender.school, {request.pupil}).get(request.pupil, [])
    collector = collectors.compare(request.collector, request.relationship, contacts)
    answers = todays_answers(session, sender.school, {request.pupil}, now)
    refused = last_was_refused(answers, request.pupil) or standing_refusal(
        answers, request.pupil, request.collector
    )
    may = not collector.office_only and not refused
    row.pin_asked_at, row.pin_may = now, may
    _record_poll(session, row, now)
    audit.note(
        session,
        sender.actor,
        audit.Action.PIN_RELEASE_CHECKED,
        now=now,
        subject=request.pupil,
        departure=str(departure),
        collector=request.collector,
        relationship=request.relationship,
        family=collector.match.value,
        listed=collector.contact.named if collector.contact else None,
        may=may,
    )
    return PinReleaseAnswer(may=may)


def _find_or_add(
    session: Session, sender: Sender, departure: uuid.UUID, request: DepartureRequest, now: datetime
) -> DepartureRow:
    """The request's row, which is added if it is new.

    Raises:
        RequestIdReusedError: the id belongs to a request with other content.
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
    return row


def answer(session: Session, school: str, departure: uuid.UUID) -> DepartureAnswer:
    """The answer to a request so far.

    Raises:
        UnknownDepartureError: the school has no such request.
    """
    return answer_of(row_of(session, school, departure))


def is_poll_due(session: Session, school: str, departure: uuid.UUID, *, now: datetime) -> bool:
    """Whether `record_poll` has anything to write; most polls change nothing.

    Raises:
        UnknownDepartureError: the school has no such request.
    """
    return expiry.is_poll_due(row_of(session, school, departure), now)


def record_poll(session: Session, sender: Sender, departure: uuid.UUID, *, now: datetime) -> DepartureAnswer:
    """Record that the kiosk polls, and return the answer so far; a request that has lapsed is withdrawn.

    Raises:
        UnknownDepartureError: the school has no such request.
    """
    session.get_one(KioskRow, sender.kiosk).last_seen_at = now
    session.flush()
    return _record_poll(session, row_of(session, sender.school, departure), now)


def withdraw_lapsed(
    database: Database, school: str, *, now: datetime, start: expiry.KioskStart | None = None
) -> bool:
    """Withdraw requests that have lapsed, by time or because their kiosk has restarted (`start`).

    Returns:
        Whether there were any.
    """
    with database.read() as session:
        if not expiry.any_lapsed(session, school, now, start):
            return False

    def lapse(session: Session) -> None:
        for row in expiry.lapsed_requests(session, school, now, start):
            _lapse(session, row, now)

    database.transact(lapse)
    return True


def withdraw(session: Session, sender: Sender, departure: uuid.UUID, *, now: datetime) -> DepartureAnswer:
    """Withdraw a request for its kiosk, and return its answer. A request that was answered keeps its answer.

    Raises:
        UnknownDepartureError: the school has no such request.
    """
    close(session, sender.school, departure, DepartureState.WITHDRAWN, sender.actor, now=now)
    return answer(session, sender.school, departure)


def _record_poll(session: Session, row: DepartureRow, now: datetime) -> DepartureAnswer:
    if expiry.has_lapsed(row, now):
        _lapse(session, row, now)
    elif expiry.is_poll_due(row, now):
        row.heard_at = now
    return answer_of(row)


def _lapse(session: Session, row: DepartureRow, now: datetime) -> None:
    close(session, row.school_id, row.id, DepartureState.WITHDRAWN, expiry.REGISTER, now=now)
    session.refresh(row)
