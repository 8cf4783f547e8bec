"""The row of a request to collect a pupil: read it, close it, and turn it into the kiosk's answer."""

import uuid
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from sync.register.actor import Actor
from sync.register.errors import UnknownDepartureError
from sync.register.storage.models import DepartureRow
from sync.wire import DepartureAnswer, DepartureState


def row_of(session: Session, school: str, departure: uuid.UUID) -> DepartureRow:
    """The request's current row.

    Raises:
        UnknownDepartureError: the school has no such request.
    """
    row = session.get(DepartureRow, (school, departure), populate_existing=True)
    if row is None:
        raise UnknownDepartureError("there is no such request")
    return row


def close(
    session: Session,
    school: str,
    departure: uuid.UUID,
    state: DepartureState,
    actor: Actor,
    *,
    now: datetime,
    **kept: str | None,
) -> bool:
    """Close a request that waits for an answer; returns whether this call did.

    One statement, so that of several simultaneous calls only one succeeds. `kept` are further columns.
    """
    closed = cast(
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
                answered_at=now,
                answered_by=actor.name,
                answered_position=actor.position,
                **kept,
            )
        ),
    )
    return closed.rowcount == 1


def answer_of(row: DepartureRow) -> DepartureAnswer:
    """The answer for the kiosk: never the reason of a refusal, and the office user's name only with a
    release."""
    state = DepartureState(row.state)
    if state is not DepartureState.RELEASED:
        return DepartureAnswer(state=state)
    return DepartureAnswer(
        state=state,
        released_by=row.answered_by,
        released_position=row.answered_position,
        released_at=row.answered_at,
    )
