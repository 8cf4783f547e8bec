"""The pupils' table as roster import uses it. No other file of the import names a column."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sync.register.storage.models import PupilRow


@dataclass(frozen=True, slots=True)
class RollPupil:
    """A pupil in the register."""

    id: str
    first: str
    last: str
    preferred: str | None
    year: str
    form: str
    upn: str | None
    admission_number: str | None
    left_on: date | None
    """The day at the school from which a roster no longer had them; `None` while on roll."""

    @property
    def on_roll(self) -> bool:
        """Whether the pupil is on roll."""
        return self.left_on is None


_COLUMNS = tuple(field.name for field in fields(RollPupil))


def roll(session: Session, school: str) -> list[RollPupil]:
    """All pupils of a school in the register, by id, including those who have left."""
    columns = (getattr(PupilRow, name) for name in _COLUMNS)
    rows = session.execute(select(*columns).where(PupilRow.school_id == school).order_by(PupilRow.id))
    return [RollPupil(*row) for row in rows]


def add(session: Session, school: str, pupils: Iterable[RollPupil]) -> None:
    """Insert new pupils, in one statement."""
    values = [{**_values(pupil), "school_id": school} for pupil in pupils]
    if values:
        session.execute(insert(PupilRow), values)


def change(session: Session, school: str, pupils: Iterable[RollPupil]) -> None:
    """Update pupils, in one statement. Their plans stay."""
    values = [{**_values(pupil), "school_id": school} for pupil in pupils]
    if values:
        session.execute(update(PupilRow), values)
        session.expire_all()  # the statement bypasses what the session has loaded


def digest(pupils: Iterable[RollPupil]) -> str:
    """A hash of the pupils, which shows whether a roll has changed."""
    hashed = hashlib.sha256()
    for pupil in pupils:
        hashed.update(repr(_values(pupil)).encode())
    return hashed.hexdigest()


def _values(pupil: RollPupil) -> dict[str, Any]:
    return {name: getattr(pupil, name) for name in _COLUMNS}
