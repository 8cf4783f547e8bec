"""A field that suggests pupils from the roll while the user types."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.storage.models import PupilRow

BEFORE_ID = " · "


def suggestions(session: Session, school: str) -> list[str]:
    """Every pupil on the roll as the field suggests them, by last name."""
    query = select(PupilRow).where(PupilRow.school_id == school, PupilRow.left_on.is_(None))
    in_order = query.order_by(PupilRow.last, PupilRow.first, PupilRow.id)
    return [label(pupil) for pupil in session.scalars(in_order)]


def label(pupil: PupilRow) -> str:
    """`Bell, Tom (11D) · P6`: the id distinguishes pupils with the same name and form."""
    return f"{pupil.last}, {pupil.preferred or pupil.first} ({pupil.form}){BEFORE_ID}{pupil.id}"


def pupil_named(session: Session, school: str, text: str) -> PupilRow | None:
    """The pupil named in the field, by suggestion or by id. `None` if there is no such pupil, or if name and
    id belong to different pupils."""
    typed = text.strip()
    ids = {typed, typed.rpartition(BEFORE_ID)[2]}
    pupils = session.scalars(select(PupilRow).where(PupilRow.school_id == school, PupilRow.id.in_(ids)))
    return next((pupil for pupil in pupils if typed in (pupil.id, label(pupil))), None)
