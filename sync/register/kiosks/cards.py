"""Cards assigned to pupils and revoked, by a member of staff at a kiosk or by a user at the office page."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from sync.register import audit
from sync.register.actor import Actor
from sync.register.errors import CardInUseError, UnknownPupilError, UnknownStaffError
from sync.register.schools.barcodes import owner_of_number
from sync.register.schools.schools import bundle_version, refresh_bundle
from sync.register.storage.locks import lock_school
from sync.register.storage.models import CardRow, KioskStaffRow, PupilRow, SchoolRow
from sync.wire import CardsResponse

HASH = re.compile("[0-9a-f]{64}")
"""The form of `sync.wire.card_hash`."""


@dataclass(frozen=True, slots=True)
class AtKiosk:
    """The kiosk at which a member of staff opened the staff screen: its school, id and address."""

    school: str
    kiosk: str
    address: str


def staff_at(session: Session, kiosk: AtKiosk, member: str) -> Actor:
    """A member of staff at a kiosk, as an actor of the audit.

    Raises:
        UnknownStaffError: the school has no such member of staff, or their PIN has ended.
    """
    row = session.get(KioskStaffRow, (kiosk.school, member))
    if row is None or row.ended_at is not None:
        raise UnknownStaffError("that PIN is not valid at this school any more; ask the office")
    return Actor(row.name, row.position, kiosk.school, address=kiosk.address)


def assign(
    session: Session,
    hashed: str,
    pupil: str,
    *,
    by: Actor,
    now: datetime,
    instead_of: str | None = None,
    kiosk: str | None = None,
) -> CardsResponse:
    """Assign a card to a pupil. Nothing changes if it is theirs already.

    Args:
        session: a session that writes.
        hashed: the card, by `sync.wire.card_hash`.
        pupil: a pupil on roll at the actor's school.
        by: the actor, for the audit.
        now: the instant, UTC.
        instead_of: the pupil to take the card from, if it is another pupil's.
        kiosk: the id of the kiosk where it happened, for the audit.

    Raises:
        UnknownPupilError: the school has no such pupil on roll.
        CardInUseError: it is the card of another pupil on roll whom `instead_of` does not name; or it is the
            UPN or admission number of a pupil on roll, which signs them in and cannot be assigned.
    """
    school = _school(session, by)
    row = session.get(PupilRow, (school, pupil))
    if row is None or row.left_on is not None:
        raise UnknownPupilError("there is no such pupil on roll; has the roster changed?")
    card = session.get(CardRow, (school, hashed))
    if card is not None and card.pupil == pupil:
        return _response(session, school, pupil)
    _refuse_number(session, school, hashed)
    before = card.pupil if card is not None else None
    if card is not None:
        _check_owner(session, card, instead_of)
        card.pupil = pupil
    else:
        session.add(CardRow(school_id=school, hash=hashed, pupil=pupil))
    audit.note(
        session, by, audit.Action.CARD_ASSIGNED, now=now, subject=pupil, instead_of=before, kiosk=kiosk
    )
    refresh_bundle(session, school)
    return _response(session, school, pupil)


def revoke(
    session: Session, pupil: str, *, by: Actor, now: datetime, kiosk: str | None = None
) -> CardsResponse:
    """Revoke all cards of a pupil. Nothing changes if they have none.

    Args:
        session: a session that writes.
        pupil: a pupil of the actor's school, possibly one who has left.
        by: the actor, for the audit.
        now: the instant, UTC.
        kiosk: the id of the kiosk where it happened, for the audit.

    Raises:
        UnknownPupilError: the school never had such a pupil.
    """
    school = _school(session, by)
    if session.get(PupilRow, (school, pupil)) is None:
        raise UnknownPupilError("there is no such pupil at this school")
    number = count(session, school, pupil)
    if number:
        session.execute(delete(CardRow).where(CardRow.school_id == school, CardRow.pupil == pupil))
        audit.note(session, by, audit.Action.CARDS_REVOKED, now=now, subject=pupil, cards=number, kiosk=kiosk)
        refresh_bundle(session, school)
    return _response(session, school, pupil)


def count(session: Session, school: str, pupil: str) -> int:
    """The number of a pupil's cards."""
    query = select(func.count()).where(CardRow.school_id == school, CardRow.pupil == pupil)
    return session.scalars(query).one()


def _school(session: Session, by: Actor) -> str:
    """The actor's school, locked, so that parallel assignments of one card see each other."""
    if by.school is None:
        raise UnknownStaffError("only staff of a school may change its cards")
    return lock_school(session, by.school).id


def _check_owner(session: Session, card: CardRow, instead_of: str | None) -> None:
    owner = session.get_one(PupilRow, (card.school_id, card.pupil))
    if owner.left_on is not None or card.pupil == instead_of:
        return
    raise CardInUseError(
        f"this card is {_name_and_form(owner)}’s; confirm that it should be taken from them, or use another"
        " card"
    )


def _refuse_number(session: Session, school: str, hashed: str) -> None:
    key = session.get_one(SchoolRow, school).card_key
    on_roll = select(PupilRow).where(PupilRow.school_id == school, PupilRow.left_on.is_(None))
    owner = owner_of_number(key, session.scalars(on_roll), hashed)
    if owner is not None:
        raise CardInUseError(
            f"this is {_name_and_form(owner)}’s UPN or admission number, which cannot be assigned; use a card"
        )


def _name_and_form(pupil: PupilRow) -> str:
    return f"{pupil.preferred or pupil.first} {pupil.last} ({pupil.form})"


def _response(session: Session, school: str, pupil: str) -> CardsResponse:
    return CardsResponse(cards=count(session, school, pupil), bundle_version=bundle_version(session, school))
