"""The audit: who did what, when and from where. Rows are added and never changed (the database refuses)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.actor import Actor, operator_actor
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
    PIN_RELEASE_CHECKED = "PIN release checked"
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


def note_everywhere(session: Session, action: Action, *, now: datetime, **detail: Any) -> None:
    """Add a row to the audit of every school: the operator has done something that concerns them all."""
    for school in session.scalars(select(SchoolRow.id).order_by(SchoolRow.id)).all():
        note(session, operator_actor(school), action, now=now, **detail)


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
            school_id=actor.school or None,
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
