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

"""Whose a mark is, and as what it is changed, where that is a kiosk."""


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


Written = tuple[Place, Mark | None, Mark]
"""What an entry changed, when it came or when another was taken back: where, the mark before it and the mark
it wrote."""

ANYTHING = object()
"""The person who changes a mark has not said what they saw there: whatever stands is changed."""


@dataclass(frozen=True, slots=True)
class Change:
    """Why a mark is changed, when and by whom: what the law wants kept beside it."""

    reason: str
    at: datetime
    actor: Actor
    entry_id: uuid.UUID | None = None
    """The kiosk's entry, where one makes the change."""


def amend_mark(
    session: Session,
    place: Place,
    code: str | None,
    *,
    at: datetime,
    reason: str,
    actor: Actor,
    minutes_late: int | None = None,
    seen: object = ANYTHING,
) -> None:
    """A person puts a mark into the register, whatever is there; the change is recorded.

    Args:
        session: a session that writes.
        place: whose mark, in which register.
        code: the new code, or None to empty the mark.
        at: when, UTC.
        reason: why, in the person's words.
        actor: who changes it; name and position are kept.
        minutes_late: with L and U.
        seen: the code that the person was shown there, None for an empty mark; left out: any.

    Raises:
        UnknownCodeError: the code is not one of England's.
        FutureDayError: that day is still to come at the school.
        MarkConflictError: another code stands there than the one seen.
        ValueError: the reason, the name or the position is empty: the law wants them kept.
    """
    if code is not None and code not in MEANING:
        raise UnknownCodeError(f"{code!r} is not an attendance code; the codes are {' '.join(MEANING)}")
    zone = ZoneInfo(session.get_one(SchoolRow, place.school).zone)
    if place.date > at.astimezone(zone).date():
        raise FutureDayError("that day is still to come")
    if not (reason.strip() and actor.name.strip() and actor.position.strip()):
        raise ValueError("a change of a mark needs a reason, and the name and position of who makes it")
    lock_pupils(session, place.school, [place.pupil])
    standing = current_mark(session, place)
    stands = standing.code if standing else None
    if seen is not ANYTHING and seen != stands:
        raise MarkConflictError(None if seen is None else str(seen), stands)
    mark = None if code is None else Mark(code, minutes_late)
    write_mark(session, place, mark, Change(reason.strip(), at, actor))


def current_mark(session: Session, place: Place) -> Mark | None:
    """The mark that stands, or None where it is empty."""
    row = _row(session, place)
    return None if row is None else Mark(row.code, row.minutes_late, row.source, row.entry_id)


def write_mark(session: Session, place: Place, mark: Mark | None, change: Change) -> None:
    """Set a mark (None: empty it) and record the change. Whether it may be done is the caller's to know."""
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
    """A mark as columns."""
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
    """A change as columns."""
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


def written_by(session: Session, entries: Iterable[uuid.UUID]) -> dict[uuid.UUID, Written]:
    """What each of these entries changed first; one that wrote no mark is not there."""
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


def left_by_a_person(session: Session, place: Place) -> tuple[Mark | None, datetime | None]:
    """What a person last put there (None: they emptied it) and when; None and None where nobody ever has.

    An entry's mark is the entry's, also where it stands because a person took another entry back.
    """
    of_people = select(MarkChangeRow).where(
        MarkChangeRow.school_id == place.school,
        MarkChangeRow.pupil == place.pupil,
        MarkChangeRow.date == place.date,
        MarkChangeRow.session == place.session,
        MarkChangeRow.position != KIOSK,
    )
    for change in session.scalars(of_people.order_by(MarkChangeRow.id.desc())):
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
