"""The audit: who did what, when and from where. Rows are added and never changed (the database refuses)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.permissions import Person
from sync.register.storage.models import AuditRow, SchoolRow


class Action(StrEnum):
    """What is audited."""

    SIGN_IN = "sign-in"
    SIGN_IN_FAILED = "sign-in failed"
    SIGN_OUT = "sign-out"
    SIGN_OUT_EVERYWHERE = "sign-out everywhere"
    SECOND_STEP = "second step set up"
    PASSWORD = "password changed"  # noqa: S105 -- the words for it, no password
    PUPIL_SEEN = "pupil's record seen"
    EXPORT = "export"
    RESOLUTION = "resolution"
    AMENDMENT = "amendment"
    RELEASE = "release"
    REFUSAL = "refusal"
    ENROLMENT_CODE = "enrolment code made"
    ENROLMENT = "kiosk enrolled"
    REVOCATION = "kiosk revoked"
    ROSTER_IMPORT = "roster import"
    CARD_ASSIGNED = "card assigned"
    CARDS_REVOKED = "cards revoked"
    PUPIL_CHANGED = "pupil's record changed"
    POLICY_CHANGED = "policy changed"
    SETTINGS_CHANGED = "settings changed"
    ACCOUNT_ADDED = "account added"
    ACCOUNT = "account changed"
    ACCOUNT_ENDED = "account ended"
    RECOVERY = "account recovered"
    PIN_GIVEN = "PIN given"
    PIN_CHANGED = "PIN changed"
    PIN_REFUSED = "PIN refused"
    PIN_ENDED = "PIN ended"
    SCHOOL_ADDED = "school added"
    BACKUP = "backup made"
    RESTORE = "backup put back"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and the address that they do it from; `command line` at the register's own."""

    school: str | None
    login: str | None
    """None for a kiosk, and for somebody who is not known."""
    name: str
    position: str
    address: str


def by(person: Person, address: str) -> Actor:
    """Somebody who is logged in."""
    return Actor(person.school, person.login, person.name, person.position, address)


def by_kiosk(school: str, name: str, address: str) -> Actor:
    """A kiosk."""
    return Actor(school, None, name, "kiosk", address)


def by_operator(school: str) -> Actor:
    """Whoever may use the command line of the register's machine."""
    return Actor(school, None, "operator", "operator", "command line")


def note_everywhere(session: Session, action: Action, *, now: datetime, **detail: Any) -> None:
    """Add a row to the audit of every school: the operator has done something that concerns them all."""
    for school in session.scalars(select(SchoolRow.id).order_by(SchoolRow.id)).all():
        note(session, by_operator(school), action, now=now, **detail)


def note(
    session: Session,
    actor: Actor,
    action: Action,
    *,
    now: datetime,
    subject: str | None = None,
    **detail: Any,
) -> None:
    """Add a row, in the transaction of what it tells of: both are kept or neither is.

    Args:
        session: a session that writes.
        actor: who.
        action: what.
        now: when, UTC.
        subject: whom or what it was done to, such as a pupil's id.
        detail: more of it, as JSON; no password, no code, no token.
    """
    session.add(
        AuditRow(
            school_id=actor.school,
            at=now,
            login=actor.login,
            name=actor.name,
            position=actor.position,
            address=actor.address,
            action=action.value,
            subject=subject,
            detail=detail,
        )
    )
