"""Marks, and the record of every change to one."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from attendance.codes import MEANING
from sync.register.actor import KIOSK, Actor
from sync.register.errors import FutureDayError, MarkConflictError, UnknownCodeError
from sync.register.storage.locks import lock_pupils
from sync.register.storage.models import MarkChangeRow, MarkRow, SchoolRow


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a mark: one pupil in one session's register."""

    school: str
    pupil: str
    date: date
    session: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The content of a mark. `source` is `kiosk` or `person`; `entry_id` is the entry that wrote it."""

    code: str
    minutes_late: int | None = None
    source: str = "person"
    entry_id: uuid.UUID | None = None


MarkWrite = tuple[Place, Mark | None, Mark]
"""The change of a mark by an entry: the place, the mark before, and the mark that the entry wrote."""

ANY_MARK = object()
"""Given as `seen` when the caller does not know which mark the user was shown: any mark may be replaced."""


@dataclass(frozen=True, slots=True)
class Change:
    """Why, when and by whom a mark is changed: the record that the law requires."""

    reason: str
    at: datetime
    actor: Actor
    entry_id: uuid.UUID | None = None
    """The entry that makes the change, if any."""


def amend_mark(
    session: Session,
    place: Place,
    code: str | None,
    *,
    at: datetime,
    reason: str,
    actor: Actor,
    minutes_late: int | None = None,
    seen: object = ANY_MARK,
) -> None:
    """Set a mark for a user, whatever the current mark is, and record the change.

    Args:
        session: a session that writes.
        place: the mark's pupil and session.
        code: the new code, or `None` to empty the mark.
        at: the instant, UTC.
        reason: why, in the user's words.
        actor: the user; the record keeps their name and position.
        minutes_late: minutes late, with L and U.
        seen: the code that the user was shown, `None` for an empty mark; by default any.

    Raises:
        UnknownCodeError: the code is not one of England's attendance codes.
        FutureDayError: the day is still to come at the school.
        MarkConflictError: the current code is not the one that the user was shown.
        ValueError: the reason, the name or the position is empty; the law requires all three.
    """
    if code is not None and code not in MEANING:
        raise UnknownCodeError(f"{code!r} is not an attendance code; the codes are {' '.join(MEANING)}")
    zone = ZoneInfo(session.get_one(SchoolRow, place.school).zone)
    if place.date > at.astimezone(zone).date():
        raise FutureDayError("that day is still to come")
    if not (reason.strip() and actor.name.strip() and actor.position.strip()):
        raise ValueError("a change of a mark needs a reason, and the name and position of the user")
    lock_pupils(session, place.school, [place.pupil])
    current = current_mark(session, place)
    current_code = current.code if current else None
    if seen is not ANY_MARK and seen != current_code:
        raise MarkConflictError(None if seen is None else str(seen), current_code)
    mark = None if code is None else Mark(code, minutes_late)
    write_mark(session, place, mark, Change(reason.strip(), at, actor))


def current_mark(session: Session, place: Place) -> Mark | None:
    """The current mark, or `None` when it is empty."""
    row = _row(session, place)
    return None if row is None else Mark(row.code, row.minutes_late, row.source, row.entry_id)


def write_mark(session: Session, place: Place, mark: Mark | None, change: Change) -> None:
    """Set a mark, or empty it when `mark` is `None`, and record the change. Checks no permission."""
    row = _row(session, place)
    before = None if row is None else _of(row)
    session.add(MarkChangeRow(**change_values(place, before, mark, change)))
    if mark is None:
        session.execute(delete(MarkRow).where(*_at(place)))
        return
    values = mark_values(place, mark, change.at)
    if row is None:
        session.add(MarkRow(**values))
    else:
        for name, value in values.items():
            setattr(row, name, value)
    session.flush()


def mark_values(place: Place, mark: Mark, at: datetime) -> dict[str, Any]:
    """A mark as the columns of `MarkRow`."""
    return {
        **_place_values(place),
        "code": mark.code,
        "minutes_late": mark.minutes_late,
        "source": mark.source,
        "entry_id": mark.entry_id,
        "changed_at": at,
    }


def change_values(
    place: Place, original: Mark | None, amended: Mark | None, change: Change
) -> dict[str, Any]:
    """A change as the columns of `MarkChangeRow`."""
    return {
        **_place_values(place),
        "original": None if original is None else _as_json(original),
        "amended": None if amended is None else _as_json(amended),
        "entry_id": change.entry_id,
        "reason": change.reason,
        "at": change.at,
        "name": change.actor.name,
        "position": change.actor.position,
    }


def written_by(session: Session, entries: Iterable[uuid.UUID]) -> dict[uuid.UUID, MarkWrite]:
    """The first change that each of these entries made; entries that wrote no mark are left out."""
    query = select(MarkChangeRow).where(MarkChangeRow.entry_id.in_(entries)).order_by(MarkChangeRow.id)
    first: dict[uuid.UUID, MarkChangeRow] = {}
    for change in session.scalars(query):
        if change.entry_id is not None:
            first.setdefault(change.entry_id, change)
    return {
        entry_id: (
            Place(change.school_id, change.pupil, change.date, change.session),
            None if change.original is None else _from_json(change.original),
            _from_json(change.amended),
        )
        for entry_id, change in first.items()
        if change.amended is not None
    }


def last_set_by_user(session: Session, place: Place) -> tuple[Mark | None, datetime | None]:
    """The mark that a user last set (`None` when they emptied it) and when; `(None, None)` when no user has.

    An entry's mark belongs to the entry even when it was set because a user took another entry back.
    """
    by_users = select(MarkChangeRow).where(
        MarkChangeRow.school_id == place.school,
        MarkChangeRow.pupil == place.pupil,
        MarkChangeRow.date == place.date,
        MarkChangeRow.session == place.session,
        MarkChangeRow.position != KIOSK,
    )
    for change in session.scalars(by_users.order_by(MarkChangeRow.id.desc())):
        mark = None if change.amended is None else _from_json(change.amended)
        if mark is None or mark.entry_id is None:
            return mark, change.at
    return None, None


def _place_values(place: Place) -> dict[str, Any]:
    return {
        "school_id": place.school,
        "pupil": place.pupil,
        "date": place.date,
        "session": place.session,
    }


def _row(session: Session, place: Place) -> MarkRow | None:
    query = select(MarkRow).where(*_at(place)).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def _at(place: Place) -> tuple[ColumnElement[bool], ...]:
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
