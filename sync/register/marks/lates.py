"""Which marks count as a lateness: L and U, except an L that the school does not hold against the pupil."""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, tuple_

from attendance.codes import LATE, LATE_CODES
from attendance.rule import Outcome
from sync.register.storage.models import EntryRow, MarkRow

_REVIEWED = and_(
    EntryRow.outcome == Outcome.REVIEW, EntryRow.reason.is_not(None), EntryRow.suggested.is_not(None)
)
"""The policy has a rule for this reason (late school transport): `L` because of reg. 10(2) alone."""

_AS_PLANNED = EntryRow.outcome == Outcome.PLANNED
"""The pupil came as their plan has it, while the register was being taken."""


def no_lateness(school: str, days: ColumnElement[bool]) -> Select[str, date, str | None]:
    """Pupil, date and session of every arrival whose `L` is no lateness.

    Args:
        school: the school's id.
        days: a condition on `EntryRow.date`.
    """
    return select(EntryRow.pupil, EntryRow.date, EntryRow.session).where(
        EntryRow.school_id == school,
        days,
        EntryRow.outcome.in_((Outcome.REVIEW, Outcome.PLANNED)),  # for the index
        or_(_AS_PLANNED, _REVIEWED),
        EntryRow.session.is_not(None),
        EntryRow.taken_back == false(),
    )


def counts_as_late(school: str, days: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition on `MarkRow` that it is a lateness, for marks of the same days as the entries."""
    place = tuple_(MarkRow.pupil, MarkRow.date, MarkRow.session)
    return and_(
        MarkRow.code.in_(LATE_CODES), or_(MarkRow.code != LATE, place.not_in(no_lateness(school, days)))
    )


def entry_is_late() -> ColumnElement[bool]:
    """The condition on `EntryRow` that the kiosk decided `L` for a lateness."""
    return and_(EntryRow.code == LATE, EntryRow.outcome != Outcome.PLANNED)
