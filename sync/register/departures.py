"""Requests to take a pupil away: made at a kiosk, answered by the office."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sync.register import audit, collectors
from sync.register.entries import Sender
from sync.register.permissions import Permission, require
from sync.register.staff import Person
from sync.register.storage.models import ContactRow, DepartureRow, KioskRow, PupilRow
from sync.wire import DepartureAnswer, DepartureRequest, DepartureState


class DepartureError(ValueError):
    """A request that cannot be answered so; the text says why."""


class UnknownDepartureError(DepartureError):
    """There is no such request at this school."""


class OtherContentError(DepartureError):
    """The id was used before for another request."""


class AnsweredAlreadyError(DepartureError):
    """Somebody else has answered it, or nobody waits for an answer any more."""


class NotConfirmedError(DepartureError):
    """The family has said that this person may not collect, and nobody has said why they may all the same."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request as the office sees it. `verdict` must never reach a kiosk."""

    id: uuid.UUID
    pupil: str
    name: str
    form: str
    kiosk: str
    requested_at: datetime
    request: DepartureRequest
    verdict: collectors.Verdict
    contacts: tuple[collectors.Known, ...]
    """All that the family has said, those who may not collect too."""


def ask(
    session: Session, sender: Sender, departure: uuid.UUID, request: DepartureRequest, *, now: datetime
) -> DepartureAnswer:
    """Put a request before the office; the same one again changes nothing.

    Raises:
        OtherContentError: the id was used for another request.
    """
    content = request.model_dump(mode="json")
    row = session.get(DepartureRow, (sender.school, departure))
    if row is None:
        row = DepartureRow(
            school_id=sender.school,
            id=departure,
            kiosk_id=sender.kiosk,
            pupil=request.pupil,
            content=content,
            requested_at=now,
            state=DepartureState.WAITING.value,
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # the same request, sent twice at once
            row = session.get_one(DepartureRow, (sender.school, departure), populate_existing=True)
    if row.content != content:
        raise OtherContentError("this id was used for another request; make a new one")
    return _answer(row)


def look(session: Session, school: str, departure: uuid.UUID) -> DepartureAnswer:
    """How a request stands.

    Raises:
        UnknownDepartureError: there is no such request at that school.
    """
    row = session.get(DepartureRow, (school, departure), populate_existing=True)
    if row is None:
        raise UnknownDepartureError("there is no such request")
    return _answer(row)


def waiting(session: Session, school: str) -> list[Waiting]:
    """Who waits, the longest first, with what the family has said: for the office alone."""
    query = (
        select(DepartureRow, KioskRow.name)
        .join(KioskRow, KioskRow.id == DepartureRow.kiosk_id)
        .where(DepartureRow.school_id == school, DepartureRow.state == DepartureState.WAITING)
        .order_by(DepartureRow.requested_at, DepartureRow.id)
    )
    rows = session.execute(query).all()
    pupils = {row.pupil for row, _ in rows}
    known = _contacts(session, school, pupils)
    on_roll = select(PupilRow).where(PupilRow.school_id == school, PupilRow.id.in_(pupils))
    roll = {pupil.id: pupil for pupil in session.scalars(on_roll)}
    return [_waiting(row, kiosk, roll.get(row.pupil), known.get(row.pupil, [])) for row, kiosk in rows]


def withdraw(session: Session, sender: Sender, departure: uuid.UUID, *, now: datetime) -> DepartureAnswer:
    """Nobody at the kiosk waits any more. A request that was answered stays as it was answered.

    Raises:
        UnknownDepartureError: there is no such request at that school.
    """
    _close(session, sender.school, departure, DepartureState.WITHDRAWN, _By(sender.name, "kiosk", now))
    return look(session, sender.school, departure)


def release(
    session: Session,
    departure: uuid.UUID,
    who: Person,
    *,
    now: datetime,
    address: str,
    despite: str | None = None,
) -> None:
    """Let the pupil go. Whoever releases is named to the kiosk and in the audit.

    Args:
        session: a session that writes.
        departure: which request.
        who: the person who decides.
        now: when, UTC.
        address: where from, for the audit.
        despite: why they release to somebody who, as far as the family has said, may not or perhaps may not
            collect. What has been said is looked at now: it may have changed since the page was drawn.

    Raises:
        NotAllowedError: they may not release.
        UnknownDepartureError: there is no such request at their school.
        AnsweredAlreadyError: somebody was quicker.
        NotConfirmedError: the collector may not collect, and there is no `despite`.
    """
    require(who.role, Permission.RELEASE)
    why = (despite or "").strip() or None
    row = _asked(session, who.school, departure)
    contacts = _contacts(session, who.school, {row.pupil}).get(row.pupil, [])
    verdict = collectors.compare(row.content["collector"], contacts)
    if verdict.barred and why is None and row.state == DepartureState.WAITING:
        raise NotConfirmedError(
            f"the family has said that {verdict.contact.name if verdict.contact else 'this person'} may not "
            "collect; nothing was done: to release all the same, tick that you have made sure, and say why"
        )
    _settle(session, row, who, _Answer(DepartureState.RELEASED, why, now, address), family=verdict.match)


def refuse(
    session: Session, departure: uuid.UUID, who: Person, why: str, *, now: datetime, address: str
) -> None:
    """Keep the pupil. `why` is kept here and in the audit, and never told to a kiosk.

    Raises:
        DepartureError: no reason was given.
        NotAllowedError, UnknownDepartureError, AnsweredAlreadyError: as for `release`.
    """
    require(who.role, Permission.RELEASE)
    if not why.strip():
        raise DepartureError("a refusal needs a reason; it stays in the office")
    row = _asked(session, who.school, departure)
    _settle(session, row, who, _Answer(DepartureState.REFUSED, why.strip(), now, address))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the office says, and from where."""

    state: DepartureState
    why: str | None
    now: datetime
    address: str


def _asked(session: Session, school: str, departure: uuid.UUID) -> DepartureRow:
    row = session.get(DepartureRow, (school, departure), populate_existing=True)
    if row is None:
        raise UnknownDepartureError("there is no such request")
    return row


def _settle(
    session: Session,
    row: DepartureRow,
    who: Person,
    answer: _Answer,
    *,
    family: collectors.Match | None = None,
) -> None:
    refusal = answer.why if answer.state is DepartureState.REFUSED else None
    by = _By(who.name, who.position, answer.now)
    if not _close(session, who.school, row.id, answer.state, by, refusal=refusal):
        session.refresh(row)
        raise AnsweredAlreadyError(_too_late(row))
    action = audit.Action.RELEASE if answer.state is DepartureState.RELEASED else audit.Action.REFUSAL
    detail = {"departure": str(row.id), "collector": row.content["collector"], "why": answer.why}
    if family is not None:
        detail["family"] = family.value
    audit.note(session, audit.by(who, answer.address), action, now=answer.now, subject=row.pupil, **detail)


@dataclass(frozen=True, slots=True)
class _By:
    """Who ended the wait, and when."""

    name: str
    position: str
    now: datetime


def _close(
    session: Session,
    school: str,
    departure: uuid.UUID,
    state: DepartureState,
    by: _By,
    *,
    refusal: str | None = None,
) -> bool:
    """End the wait, unless somebody has: in one statement, so that of several only one does."""
    settled = cast(
        "CursorResult[Any]",
        session.execute(
            update(DepartureRow)
            .where(
                DepartureRow.school_id == school,
                DepartureRow.id == departure,
                DepartureRow.state == DepartureState.WAITING,
            )
            .values(
                state=state.value,
                answered_at=by.now,
                answered_by=by.name,
                answered_position=by.position,
                refusal=refusal,
            )
        ),
    )
    return settled.rowcount == 1


def _too_late(row: DepartureRow) -> str:
    if row.state == DepartureState.WITHDRAWN:
        return f"nobody waits at {row.answered_by} any more: the request was withdrawn; nothing was changed"
    return f"{row.answered_by} has {row.state} this already; nothing was changed"


def _answer(row: DepartureRow) -> DepartureAnswer:
    state = DepartureState(row.state)
    if state is not DepartureState.RELEASED:
        return DepartureAnswer(state=state)
    return DepartureAnswer(state=state, released_by=row.answered_by, released_at=row.answered_at)


def _contacts(session: Session, school: str, pupils: set[str]) -> dict[str, list[collectors.Known]]:
    query = select(ContactRow).where(ContactRow.school_id == school, ContactRow.pupil.in_(pupils))
    known: dict[str, list[collectors.Known]] = {}
    for row in session.scalars(query.order_by(ContactRow.id)):
        contact = collectors.Known(row.id, row.name, row.relationship, row.may_collect)
        known.setdefault(row.pupil, []).append(contact)
    return known


def _waiting(
    row: DepartureRow, kiosk: str, pupil: PupilRow | None, contacts: Sequence[collectors.Known]
) -> Waiting:
    request = DepartureRequest.model_validate(row.content)
    return Waiting(
        id=row.id,
        pupil=row.pupil,
        name=f"{pupil.preferred or pupil.first} {pupil.last}" if pupil else "Not on the roll",
        form=pupil.form if pupil else "",
        kiosk=kiosk,
        requested_at=row.requested_at,
        request=request,
        verdict=collectors.compare(request.collector, contacts),
        contacts=tuple(contacts),
    )
