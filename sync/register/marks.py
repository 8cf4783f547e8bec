"""Marks, and the record of every change to one."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kiosk.attendance.codes import MEANING
from sync.register.storage.models import MarkChangeRow, MarkRow, SchoolRow


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mark stands: one pupil in one session's register."""

    school: str
    pupil: str
    date: date
    session: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark's content. `source` is `kiosk` or `person`; `entry_id` is the entry that wrote it."""

    code: str
    minutes_late: int | None = None
    source: str = "person"
    entry_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Why a mark is changed, when and by whom: what the law wants kept beside it."""

    reason: str
    at: datetime
    name: str
    position: str
    entry_id: uuid.UUID | None = None
    """The kiosk's entry, where one makes the change."""


class UnknownCodeError(ValueError):
    """A code that no register may hold."""


def amend_mark(
    session: Session,
    place: Place,
    code: str | None,
    *,
    at: datetime,
    reason: str,
    name: str,
    position: str,
    minutes_late: int | None = None,
) -> None:
    """A person puts a mark into the register, whatever is there; the change is recorded.

    Args:
        session: a session that writes.
        place: whose mark, in which register.
        code: the new code, or None to empty the mark.
        at: when, UTC.
        reason: why, in the person's words.
        name: who.
        position: as what, such as "Attendance officer".
        minutes_late: with L and U.

    Raises:
        UnknownCodeError: the code is not one of England's.
    """
    if code is not None and code not in MEANING:
        raise UnknownCodeError(f"{code!r} is not an attendance code; the codes are {' '.join(MEANING)}")
    lock_school(session, place.school)
    mark = None if code is None else Mark(code, minutes_late)
    write_mark(session, place, mark, Change(reason, at, name, position))


def lock_school(session: Session, school: str) -> None:
    """Let nobody else change this school's marks before this transaction ends.

    SQLite writes are one at a time anyway; elsewhere two kiosks could both find a mark empty.
    """
    session.execute(select(SchoolRow.id).where(SchoolRow.id == school).with_for_update())


def current_mark(session: Session, place: Place) -> Mark | None:
    """The mark that stands, or None where it is empty."""
    row = _row(session, place)
    return None if row is None else Mark(row.code, row.minutes_late, row.source, row.entry_id)


def write_mark(session: Session, place: Place, mark: Mark | None, change: Change) -> None:
    """Set a mark (None: empty it) and record the change. Whether it may be done is the caller's to know."""
    row = _row(session, place)
    session.add(
        MarkChangeRow(
            school_id=place.school,
            pupil=place.pupil,
            date=place.date,
            session=place.session,
            original=None if row is None else _as_json(_of(row)),
            amended=None if mark is None else _as_json(mark),
            entry_id=change.entry_id,
            reason=change.reason,
            at=change.at,
            name=change.name,
            position=change.position,
        )
    )
    if mark is None:
        session.execute(delete(MarkRow).where(*_at(place)))
        return
    if row is None:
        row = MarkRow(school_id=place.school, pupil=place.pupil, date=place.date, session=place.session)
        session.add(row)
    row.code, row.minutes_late = mark.code, mark.minutes_late
    row.source, row.entry_id, row.changed_at = mark.source, mark.entry_id, change.at
    session.flush()


def before_entry(session: Session, entry_id: uuid.UUID) -> tuple[Place, Mark | None, Mark] | None:
    """What an entry changed: where, the mark before it and the mark it wrote; None if it wrote none."""
    query = select(MarkChangeRow).where(MarkChangeRow.entry_id == entry_id).order_by(MarkChangeRow.id)
    change = session.scalars(query.limit(1)).first()
    if change is None or change.amended is None:
        return None
    place = Place(change.school_id, change.pupil, change.date, change.session)
    original = None if change.original is None else _from_json(change.original)
    return place, original, _from_json(change.amended)


def _row(session: Session, place: Place) -> MarkRow | None:
    return session.scalars(select(MarkRow).where(*_at(place))).one_or_none()


def _at(place: Place) -> tuple[Any, ...]:
    return (
        MarkRow.school_id == place.school,
        MarkRow.pupil == place.pupil,
        MarkRow.date == place.date,
        MarkRow.session == place.session,
    )


def _of(row: MarkRow) -> Mark:
    return Mark(row.code, row.minutes_late, row.source, row.entry_id)


def _as_json(mark: Mark) -> dict[str, Any]:
    return {
        "code": mark.code,
        "minutes_late": mark.minutes_late,
        "source": mark.source,
        "entry_id": None if mark.entry_id is None else str(mark.entry_id),
    }


def _from_json(value: dict[str, Any]) -> Mark:
    entry_id = value["entry_id"]
    return Mark(
        value["code"],
        value["minutes_late"],
        value["source"],
        None if entry_id is None else uuid.UUID(entry_id),
    )
