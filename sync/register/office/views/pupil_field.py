"""Choosing one pupil of the whole roll in a field that offers them as somebody types."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.storage.models import PupilRow

BEFORE_ID = " · "


def offered(session: Session, school: str) -> list[str]:
    """Everybody on the roll as the field offers them, by last name."""
    query = select(PupilRow).where(PupilRow.school_id == school, PupilRow.left_on.is_(None))
    in_order = query.order_by(PupilRow.last, PupilRow.first, PupilRow.id)
    return [label(pupil) for pupil in session.scalars(in_order)]


def label(pupil: PupilRow) -> str:
    """`Bell, Tom (11D) · P6`: with the id, so that two of one name and form are two."""
    return f"{pupil.last}, {pupil.preferred or pupil.first} ({pupil.form}){BEFORE_ID}{pupil.id}"


def chosen(session: Session, school: str, text: str) -> PupilRow | None:
    """Who is meant by what stands in the field: as it was offered, or an id. None where it is nobody, also
    where the name is one pupil's and the id another's."""
    said = text.strip()
    wanted = {said, said.rpartition(BEFORE_ID)[2]}
    found = session.scalars(select(PupilRow).where(PupilRow.school_id == school, PupilRow.id.in_(wanted)))
    return next((pupil for pupil in found if said in (pupil.id, label(pupil))), None)
