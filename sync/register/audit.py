"""The audit: who did what, when and from where. Rows are only added; the database refuses changes."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.actor import Actor, operator_actor
from sync.register.storage.models import AuditRow, SchoolRow


class Action(StrEnum):
    """An audited action. The values are stored, so they never change."""

    SIGN_IN = "sign-in"
    SIGN_IN_FAILED = "sign-in failed"
    SIGN_OUT = "sign-out"
    SIGN_OUT_EVERYWHERE = "sign-out everywhere"
    SECOND_STEP = "second step set up"
    PASSWORD = "password changed"  # noqa: S105 -- the action's name
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
    """Only in the audit of earlier versions, in which a PIN could be chosen."""
    PIN_ENDED = "PIN ended"
    SCHOOL_ADDED = "school added"
    BACKUP = "backup made"
    RESTORE = "backup put back"


def note_everywhere(session: Session, action: Action, *, now: datetime, **detail: Any) -> None:
    """Add a row to the audit of every school, for an action of the operator that concerns all of them."""
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
    """Add a row in the transaction of the action itself, so that both are stored or neither.

    Args:
        session: a session that writes.
        actor: the actor.
        action: the action.
        now: the instant, UTC.
        subject: the id of the pupil, account or thing that the action concerns.
        detail: details, as JSON; never a password, a code or a token.
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
