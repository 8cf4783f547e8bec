"""The office's side of departures: the open requests to collect a pupil, and the office's answers."""

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
from sync.register.departures.refusals import OfficeAnswer, standing_refusal, todays_answers
from sync.register.departures.rows import close, row_of
from sync.register.errors import AlreadyAnsweredError, CollectorNotConfirmedError, DepartureError
from sync.register.permissions import Permission
from sync.register.storage.models import DepartureRow, KioskRow, PupilRow
from sync.wire import DepartureRequest, DepartureState

__all__ = ["OpenRequest", "open_requests", "refuse", "release"]

LAPSED = (
    f"the kiosk has not asked for {expiry.LAPSES_AFTER.seconds // 60} minutes, so the request has"
    " lapsed; nothing was changed"
)


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that waits for an answer, as the office sees it. `collector` must never reach a kiosk."""

    id: uuid.UUID
    pupil: str
    name: str
    form: str
    kiosk: str
    requested_at: datetime
    heard_at: datetime
    """When the kiosk last polled for the answer. UTC."""
    request: DepartureRequest
    collector: collectors.CollectorMatch
    contacts: tuple[collectors.PupilContact, ...]
    """All of the pupil's contacts, including those who may not collect."""
    refusal: OfficeAnswer | None = None
    """Today's refusal of this adult, or of one with a similar name, that no release to them has ended."""

    @property
    def release_needs(self) -> collectors.ReleaseNeeds:
        """What a release by the office needs."""
        return _needs(self.collector, self.refusal)


def open_requests(session: Session, school: str, *, now: datetime) -> list[OpenRequest]:
    """The requests that wait for an answer at `now`, the oldest first; for the office only."""
    query = (
        select(DepartureRow, KioskRow.name)
        .join(KioskRow, KioskRow.id == DepartureRow.kiosk_id)
        .where(DepartureRow.school_id == school, DepartureRow.state == DepartureState.WAITING)
        .order_by(DepartureRow.requested_at, DepartureRow.id)
    )
    rows = session.execute(query).all()
    pupils = {row.pupil for row, _ in rows}
    contacts = contacts_of(session, school, pupils)
    on_roll = select(PupilRow).where(PupilRow.school_id == school, PupilRow.id.in_(pupils))
    roll = {pupil.id: pupil for pupil in session.scalars(on_roll)}
    answers = todays_answers(session, school, pupils, now)
    return [
        _open_request(row, kiosk, roll.get(row.pupil), contacts.get(row.pupil, []), answers)
        for row, kiosk in rows
    ]


def release(
    session: Session,
    departure: uuid.UUID,
    actor: Actor,
    *,
    now: datetime,
    why: str = "",
    sure: bool = False,
) -> None:
    """Release the pupil. The kiosk and the audit name the actor as the releaser.

    Args:
        session: a session that writes.
        departure: the request's id.
        actor: the user who decides.
        now: the instant, UTC.
        why: how the actor knows that this adult may collect; required unless the statement agrees with the
            family's list and the office has not refused the adult today. It is compared now, since the list
            may have changed since the page was drawn.
        sure: whether the actor has checked; also required when the adult is, or may be, a contact who may
            not collect.

    Raises:
        NotAllowedError: the actor may not release pupils.
        UnknownDepartureError: the school has no such request.
        AlreadyAnsweredError: the request was answered or withdrawn before, or has lapsed.
        CollectorNotConfirmedError: `why` or `sure` is required and missing.
    """
    actor.require(Permission.RELEASE)
    row = _unlapsed(session, actor.school, departure, now)
    collector = _compare(session, row)
    if row.state == DepartureState.WAITING:
        answers = todays_answers(session, actor.school, {row.pupil}, now)
        refusal = standing_refusal(answers, row.pupil, row.content["collector"])
        _check_confirmed(row, collector, refusal, why=_reason(why), sure=sure)
    _settle(session, row, actor, _OfficeAnswer(DepartureState.RELEASED, _reason(why) or None, collector, now))


def _compare(session: Session, row: DepartureRow) -> collectors.CollectorMatch:
    request = DepartureRequest.model_validate(row.content)
    contacts = contacts_of(session, row.school_id, {row.pupil}).get(row.pupil, [])
    return collectors.compare(request.collector, request.relationship, contacts)


def _reason(text: str) -> str:
    """The text without blanks around it; empty when it has neither a letter nor a digit."""
    return text.strip() if any(each.isalnum() for each in text) else ""


def _needs(collector: collectors.CollectorMatch, refusal: OfficeAnswer | None) -> collectors.ReleaseNeeds:
    """What a release needs: never only a press for an adult whom the office has refused today."""
    needs = collector.release_needs
    one_press = needs is collectors.ReleaseNeeds.PRESS
    return collectors.ReleaseNeeds.REASON if one_press and refusal is not None else needs


def _check_confirmed(
    row: DepartureRow,
    collector: collectors.CollectorMatch,
    refusal: OfficeAnswer | None,
    *,
    why: str,
    sure: bool,
) -> None:
    if collector.barred and not (sure and why):
        name = collector.contact.name if collector.contact else "this person"
        raise CollectorNotConfirmedError(
            f"the family has said that {name} may not collect; nothing was changed: to release the pupil "
            "anyway, tick the box and give a reason"
        )
    if _needs(collector, refusal) is not collectors.ReleaseNeeds.PRESS and not why:
        agrees = collector.match is collectors.Match.MAY
        difference = (
            f"{refusal.by} has refused {refusal.collector} today"
            if refusal is not None and agrees
            else _difference(row, collector)
        )
        raise CollectorNotConfirmedError(
            f"{difference}; nothing was changed: to release the pupil anyway, say how "
            "you know that they may collect"
        )


def _difference(row: DepartureRow, collector: collectors.CollectorMatch) -> str:
    """How the adult's statement differs from the family's list."""
    if collector.contact is None:
        return "the family has not named this person"
    listed = collector.contact.named
    if collector.shared_with is not None:
        return f"the name fits {listed}, and {collector.shared_with.named}, who may not collect"
    if collector.match is collectors.Match.DIFFERS:
        return f"the adult says {row.content['relationship']}, and the family’s list says {listed}"
    return f"the name on the family’s list is spelt differently: {listed}"


def refuse(session: Session, departure: uuid.UUID, actor: Actor, why: str, *, now: datetime) -> None:
    """Refuse the request. `why` stays in the register and its audit and is never sent to a kiosk.

    An adult who may not collect, or perhaps may not, is refused in one press: the family's list is the
    reason when `why` is empty.

    Raises:
        DepartureError: the reason is empty.
        NotAllowedError, UnknownDepartureError, AlreadyAnsweredError: as for `release`.
    """
    actor.require(Permission.RELEASE)
    row = _unlapsed(session, actor.school, departure, now)
    collector = _compare(session, row)
    reason = _reason(why)
    if not reason and collector.barred and collector.contact is not None:
        perhaps = "perhaps " if collector.match is collectors.Match.PERHAPS_BARRED else ""
        reason = f"by the family’s list, {collector.contact.named} {perhaps}may not collect"
    if not reason:
        raise DepartureError("a refusal needs a reason, which only the office sees")
    _settle(session, row, actor, _OfficeAnswer(DepartureState.REFUSED, reason, collector, now))


@dataclass(frozen=True, slots=True)
class _OfficeAnswer:
    """The office's answer to a request, and how the adult's statement compared with the family's list."""

    state: DepartureState
    why: str | None
    collector: collectors.CollectorMatch
    now: datetime


def _unlapsed(session: Session, school: str, departure: uuid.UUID, now: datetime) -> DepartureRow:
    """The request, unless it has lapsed: the adult may have left the kiosk.

    Raises:
        UnknownDepartureError: the school has no such request.
        AlreadyAnsweredError: the request has lapsed.
    """
    row = row_of(session, school, departure)
    if expiry.has_lapsed(row, now):
        raise AlreadyAnsweredError(LAPSED)
    return row


def _settle(session: Session, row: DepartureRow, actor: Actor, answer: _OfficeAnswer) -> None:
    contact = answer.collector.contact
    family, listed = answer.collector.match.value, contact.named if contact else None
    column = "grounds" if answer.state is DepartureState.RELEASED else "refusal"
    kept = {"family": family, "listed": listed, column: answer.why}
    if not close(session, row.school_id, row.id, answer.state, actor, now=answer.now, **kept):
        session.refresh(row)
        raise AlreadyAnsweredError(_answered_sentence(row))
    audit.note(
        session,
        actor,
        audit.Action.RELEASE if answer.state is DepartureState.RELEASED else audit.Action.REFUSAL,
        now=answer.now,
        subject=row.pupil,
        departure=str(row.id),
        collector=row.content["collector"],
        relationship=row.content.get("relationship"),
        family=family,
        listed=listed,
        why=answer.why,
    )


def _answered_sentence(row: DepartureRow) -> str:
    if row.state == DepartureState.WITHDRAWN and row.answered_position == expiry.REGISTER.position:
        return LAPSED
    if row.state == DepartureState.WITHDRAWN:
        return f"the request was withdrawn at {row.answered_by}; nothing was changed"
    return f"{row.answered_by} has {row.state} this already; nothing was changed"


def _open_request(
    row: DepartureRow,
    kiosk: str,
    pupil: PupilRow | None,
    contacts: Sequence[collectors.PupilContact],
    answers: Sequence[OfficeAnswer],
) -> OpenRequest:
    request = DepartureRequest.model_validate(row.content)
    return OpenRequest(
        id=row.id,
        pupil=row.pupil,
        name=f"{pupil.preferred or pupil.first} {pupil.last}" if pupil else "Not on the roll",
        form=pupil.form if pupil else "",
        kiosk=kiosk,
        requested_at=row.requested_at,
        heard_at=expiry.last_polled(row),
        request=request,
        collector=collectors.compare(request.collector, request.relationship, contacts),
        contacts=tuple(contacts),
        refusal=standing_refusal(answers, row.pupil, request.collector),
    )
