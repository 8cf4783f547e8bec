"""The office's side of departures: who waits to take a pupil away, and the answer to them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register import audit
from sync.register.actor import Actor
from sync.register.departures import collectors, expiry
from sync.register.departures.contacts import contacts_of
from sync.register.departures.rows import close, row_of
from sync.register.errors import AlreadyAnsweredError, CollectorNotConfirmedError, DepartureError
from sync.register.permissions import Permission
from sync.register.storage.models import DepartureRow, KioskRow, PupilRow
from sync.wire import DepartureRequest, DepartureState

__all__ = ["Waiting", "refuse", "release", "waiting"]

LAPSED = (
    f"nobody has asked at the kiosk for {expiry.LAPSES_AFTER.seconds // 60} minutes, so the request has"
    " lapsed; nothing was changed"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request as the office sees it. `verdict` must never reach a kiosk."""

    id: uuid.UUID
    pupil: str
    name: str
    form: str
    kiosk: str
    requested_at: datetime
    heard_at: datetime
    """When the kiosk last asked whether there is an answer. UTC."""
    request: DepartureRequest
    verdict: collectors.Verdict
    contacts: tuple[collectors.Known, ...]
    """All that the family has said, those who may not collect too."""


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
    known = contacts_of(session, school, pupils)
    on_roll = select(PupilRow).where(PupilRow.school_id == school, PupilRow.id.in_(pupils))
    roll = {pupil.id: pupil for pupil in session.scalars(on_roll)}
    return [_waiting(row, kiosk, roll.get(row.pupil), known.get(row.pupil, [])) for row, kiosk in rows]


def release(
    session: Session,
    departure: uuid.UUID,
    actor: Actor,
    *,
    now: datetime,
    why: str = "",
    sure: bool = False,
) -> None:
    """Let the pupil go. Whoever releases is named to the kiosk and in the audit.

    Args:
        session: a session that writes.
        departure: which request.
        actor: the user who decides.
        now: when, UTC.
        why: how they know that this person may collect, which is asked for where the family has not said so.
            What it has said is looked at now: it may have changed since the page was drawn.
        sure: they have made sure, which is asked for besides where the family has said that this person may
            not collect, or perhaps may not.

    Raises:
        NotAllowedError: they may not release.
        UnknownDepartureError: there is no such request at their school.
        AlreadyAnsweredError: somebody was quicker.
        CollectorNotConfirmedError: there is no `why`, or they are not `sure`, where it is asked for.
    """
    actor.require(Permission.RELEASE)
    row = _asked(session, actor.school, departure, now)
    contacts = contacts_of(session, actor.school, {row.pupil}).get(row.pupil, [])
    verdict = collectors.compare(row.content["collector"], contacts)
    if row.state == DepartureState.WAITING:
        _confirm(verdict, why=_words(why), sure=sure)
    answer = _Answer(DepartureState.RELEASED, _words(why) or None, now)
    _settle(session, row, actor, answer, family=verdict.match)


def _words(typed: str) -> str:
    """What somebody has said; nothing where there is no letter or figure in it."""
    return typed.strip() if any(each.isalnum() for each in typed) else ""


def _confirm(verdict: collectors.Verdict, *, why: str, sure: bool) -> None:
    if verdict.barred and not (sure and why):
        raise CollectorNotConfirmedError(
            f"the family has said that {verdict.contact.name if verdict.contact else 'this person'} may not "
            "collect; nothing was done: to release all the same, tick that you have made sure, and say why"
        )
    if verdict.unnamed and not why:
        raise CollectorNotConfirmedError(
            "the family has not named this person; nothing was done: to release all the same, say how you "
            "know that they may"
        )


def refuse(session: Session, departure: uuid.UUID, actor: Actor, why: str, *, now: datetime) -> None:
    """Keep the pupil. `why` is kept here and in the audit, and never told to a kiosk.

    Raises:
        DepartureError: no reason was given.
        NotAllowedError, UnknownDepartureError, AlreadyAnsweredError: as for `release`.
    """
    actor.require(Permission.RELEASE)
    if not _words(why):
        raise DepartureError("a refusal needs a reason; it stays in the office")
    row = _asked(session, actor.school, departure, now)
    _settle(session, row, actor, _Answer(DepartureState.REFUSED, _words(why), now))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the office says, and from where."""

    state: DepartureState
    why: str | None
    now: datetime


def _asked(session: Session, school: str, departure: uuid.UUID, now: datetime) -> DepartureRow:
    """A request that is to be answered; nobody is released to somebody who has gone.

    Raises:
        UnknownDepartureError: there is no such request at that school.
        AlreadyAnsweredError: it has lapsed.
    """
    row = row_of(session, school, departure)
    if expiry.has_lapsed(row, now):
        raise AlreadyAnsweredError(LAPSED)
    return row


def _settle(
    session: Session,
    row: DepartureRow,
    actor: Actor,
    answer: _Answer,
    *,
    family: collectors.Match | None = None,
) -> None:
    refusal = answer.why if answer.state is DepartureState.REFUSED else None
    if not close(session, row.school_id, row.id, answer.state, actor, now=answer.now, refusal=refusal):
        session.refresh(row)
        raise AlreadyAnsweredError(_too_late(row))
    action = audit.Action.RELEASE if answer.state is DepartureState.RELEASED else audit.Action.REFUSAL
    detail = {"departure": str(row.id), "collector": row.content["collector"], "why": answer.why}
    if family is not None:
        detail["family"] = family.value
    audit.note(session, actor, action, now=answer.now, subject=row.pupil, **detail)


def _too_late(row: DepartureRow) -> str:
    if row.state == DepartureState.WITHDRAWN and row.answered_position == expiry.REGISTER.position:
        return LAPSED
    if row.state == DepartureState.WITHDRAWN:
        return f"nobody waits at {row.answered_by} any more: the request was withdrawn; nothing was changed"
    return f"{row.answered_by} has {row.state} this already; nothing was changed"


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
        heard_at=expiry.last_heard(row),
        request=request,
        verdict=collectors.compare(request.collector, contacts),
        contacts=tuple(contacts),
    )
