"""A request to take a pupil away: its row, its end, and what its kiosk is told of it."""

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
    """The request as it stands now.

    Raises:
        UnknownDepartureError: there is no such request at that school.
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
                answered_at=now,
                answered_by=actor.name,
                answered_position=actor.position,
                refusal=refusal,
            )
        ),
    )
    return settled.rowcount == 1


def answer_of(row: DepartureRow) -> DepartureAnswer:
    """What a kiosk is told: never why it was refused, and by whom only where it was released."""
    state = DepartureState(row.state)
    if state is not DepartureState.RELEASED:
        return DepartureAnswer(state=state)
    return DepartureAnswer(
        state=state,
        released_by=row.answered_by,
        released_position=row.answered_position,
        released_at=row.answered_at,
    )
