"""The office's refusals of today: about one adult and one pupil, until the office releases them together."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.departures.collectors import may_be_one_person, same
from sync.register.storage.models import DepartureRow
from sync.wire import DepartureRequest, DepartureState

REFUSAL_HOLDS = timedelta(hours=12)
"""How long a refusal holds: a school day."""


@dataclass(frozen=True, slots=True)
class OfficeAnswer:
    """An answer of the office to a request."""

    request: uuid.UUID
    pupil: str
    collector: str
    relationship: str | None
    """As the adult stated it."""
    refused: bool
    at: datetime
    by: str
    why: str | None
    """Why it was refused."""


def todays_answers(
    session: Session, school: str, pupils: Collection[str], now: datetime
) -> list[OfficeAnswer]:
    """The office's answers about these pupils within `REFUSAL_HOLDS`, the earliest first."""
    query = (
        select(DepartureRow)
        .where(
            DepartureRow.school_id == school,
            DepartureRow.pupil.in_(pupils),
            DepartureRow.state.in_((DepartureState.REFUSED, DepartureState.RELEASED)),
            DepartureRow.answered_at >= now - REFUSAL_HOLDS,
        )
        .order_by(DepartureRow.answered_at, DepartureRow.id)
    )
    return [
        OfficeAnswer(
            request=row.id,
            pupil=row.pupil,
            collector=request.collector,
            relationship=request.relationship,
            refused=row.state == DepartureState.REFUSED,
            at=row.answered_at,
            by=row.answered_by or "",
            why=row.refusal,
        )
        for row in session.scalars(query)
        for request in [DepartureRequest.model_validate(row.content)]
        if row.answered_at is not None
    ]


def standing_refusal(answers: Sequence[OfficeAnswer], pupil: str, collector: str) -> OfficeAnswer | None:
    """The refusal of this adult, or of one with a similar name, for this pupil; `None` without one.

    Only a later release of the pupil to that adult, of the same name and relationship, ends it.
    """
    standing: list[OfficeAnswer] = []
    for answer in answers:
        if answer.pupil != pupil:
            continue
        if answer.refused:
            standing.append(answer)
        else:
            standing = [each for each in standing if not _is_same_adult(each, answer)]
    refusals = [each for each in standing if may_be_one_person(each.collector, collector)]
    return refusals[-1] if refusals else None


def _is_same_adult(one: OfficeAnswer, other: OfficeAnswer) -> bool:
    return one.relationship == other.relationship and same(one.collector, other.collector)


def last_was_refused(answers: Sequence[OfficeAnswer], pupil: str) -> bool:
    """Whether the office's last answer about the pupil, for whichever adult, was a refusal."""
    of_pupil = [each for each in answers if each.pupil == pupil]
    return bool(of_pupil) and of_pupil[-1].refused
