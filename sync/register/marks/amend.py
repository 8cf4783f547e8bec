"""Changes that an office user makes on their own: amend a mark, or take back a visit.

Every change is recorded with the original mark, the amended mark, the reason, the instant, and the user's
name and position. A form carries the revision of the mark that it showed, so that no user overwrites a change
they have not seen.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, func, select, update
from sqlalchemy.orm import Session

from attendance.codes import LATE_CODES
from sync.register import audit
from sync.register.actor import Actor
from sync.register.errors import (
    AmendmentConflictError,
    AmendmentError,
    FutureDayError,
    UnknownCodeError,
    UnknownMarkError,
)
from sync.register.marks.claims import settle, without
from sync.register.marks.marks import Change, Mark, Place, amend_mark, current_mark, write_mark, written_by
from sync.register.permissions import Permission
from sync.register.storage.locks import lock_pupils
from sync.register.storage.models import EntryRow, MarkChangeRow, PupilRow, WorkItemRow
from sync.wire import Kind

MOST_MINUTES = 24 * 60
SESSIONS = ("AM", "PM")
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Amendment:
    """Who makes a change, why, and when (UTC)."""

    actor: Actor
    reason: str
    at: dt.datetime


def revision(session: Session, place: Place) -> int:
    """The mark's revision: the id of its last change; 0 when it was never set."""
    return session.scalar(select(func.max(MarkChangeRow.id)).where(*_at(place))) or 0


def history(session: Session, place: Place) -> Sequence[MarkChangeRow]:
    """All changes of the mark, the oldest first."""
    return session.scalars(select(MarkChangeRow).where(*_at(place)).order_by(MarkChangeRow.id)).all()


def amend(session: Session, place: Place, new: Mark | None, amendment: Amendment, *, seen: int) -> None:
    """Replace a mark, or empty it when `new` is `None`.

    Args:
        session: a session that writes.
        place: the mark's pupil and session, at the user's school.
        new: the code, and with L and U the minutes late.
        amendment: who changes it, why and when.
        seen: the revision of the mark that the user was shown.

    Raises:
        NotAllowedError: the user may not amend marks.
        UnknownMarkError: the user's school has no such pupil or session.
        AmendmentConflictError: the mark has changed since it was shown.
        AmendmentError: the reason is missing, the code is unknown, the minutes do not belong to it, the day
            is still to come, or nothing would change.
    """
    amendment.actor.require(Permission.AMEND)
    _check(amendment)
    on_roll = session.get(PupilRow, (place.school, place.pupil)) is not None
    if place.school != amendment.actor.school or place.session not in SESSIONS or not on_roll:
        raise UnknownMarkError("there is no such pupil's register here")
    _check_minutes(new)
    lock_pupils(session, place.school, [place.pupil])
    current = current_mark(session, place)
    _check_revision(session, place, current, seen)
    if _content(current) == _content(new):
        raise AmendmentError(f"the mark is {_text(current)} already; nothing was changed")
    try:
        amend_mark(
            session,
            place,
            new.code if new else None,
            at=amendment.at,
            reason=amendment.reason,
            actor=amendment.actor,
            minutes_late=new.minutes_late if new else None,
        )
    except (UnknownCodeError, FutureDayError) as error:
        raise AmendmentError(str(error)) from error
    _note(
        session,
        amendment,
        place.pupil,
        date=place.date.isoformat(),
        half=place.session,
        original=_text(current),
        amended=_text(new),
    )


def take_back(session: Session, entry_id: uuid.UUID, amendment: Amendment) -> bool:
    """Take back a visit, for example a sign-in under another pupil's name. The entry stays in the register.

    The mark that it wrote is set back to what the other entries give, or to the mark before any entry
    (`claims`), unless a user has changed or confirmed it since. The entry's work items are settled.

    Returns:
        Whether a mark was set back.

    Raises:
        NotAllowedError: the user may not amend marks.
        UnknownMarkError: the user's school has no such entry.
        AmendmentConflictError: the entry was taken back before.
        AmendmentError: the reason is missing, or the entry is a void.
    """
    amendment.actor.require(Permission.AMEND)
    entry = session.get(EntryRow, entry_id, populate_existing=True)
    if entry is None or entry.school_id != amendment.actor.school:
        raise UnknownMarkError("there is no such entry here")
    _check(amendment)
    if entry.kind == Kind.VOID:
        raise AmendmentError("this takes another entry back, and cannot be taken back itself")
    lock_pupils(session, entry.school_id, [entry.pupil])
    this = update(EntryRow).where(EntryRow.id == entry_id, EntryRow.taken_back.is_(False))
    claimed = cast("CursorResult[Any]", session.execute(this.values(taken_back=True)))
    if claimed.rowcount == 0:
        raise AmendmentConflictError("this was taken back already; nothing was changed")
    set_back = _set_back(session, entry_id, amendment)
    session.execute(
        update(WorkItemRow)
        .where(WorkItemRow.entry_id == entry_id, WorkItemRow.resolved_at.is_(None))
        .values(
            resolved_at=amendment.at,
            resolution=f"taken back: {amendment.reason.strip()}",
            resolved_by=amendment.actor.name,
            resolved_position=amendment.actor.position,
        )
    )
    _note(
        session, amendment, entry.pupil, entry=str(entry_id), taken_back=True, reason=amendment.reason.strip()
    )
    return set_back


def _set_back(session: Session, entry_id: uuid.UUID, amendment: Amendment) -> bool:
    written = written_by(session, [entry_id]).get(entry_id)
    if written is None:
        return False
    place, _, mark = written
    rest = without(session, place, entry_id)
    if current_mark(session, place) != mark or rest.upheld:
        return False
    reason = rest.reason(f"taken back: {amendment.reason.strip()}")
    owner = rest.mark.entry_id if rest.claim and rest.mark else None
    write_mark(session, place, rest.mark, Change(reason, amendment.at, amendment.actor, owner))
    settle(session, place, rest.mark, amendment.actor.name, amendment.at)
    return True


def _check(amendment: Amendment) -> None:
    if not amendment.reason.strip():
        raise AmendmentError("a reason is needed: it is kept beside the change")
    if len(amendment.reason) > LONGEST_REASON:
        raise AmendmentError(f"the reason is longer than {LONGEST_REASON} characters; shorten it")


def _check_minutes(mark: Mark | None) -> None:
    if mark is None or mark.minutes_late is None:
        return
    if mark.code not in LATE_CODES:
        raise AmendmentError(f"minutes late belong to L and U; leave them out with {mark.code}")
    if not 0 <= mark.minutes_late < MOST_MINUTES:
        raise AmendmentError(f"minutes late are from 0 to {MOST_MINUTES - 1}")


def _check_revision(session: Session, place: Place, current: Mark | None, seen: int) -> None:
    if revision(session, place) == seen:
        return
    last = history(session, place)[-1:]
    author = f"{last[0].name} ({last[0].position})" if last else "another user"
    raise AmendmentConflictError(
        f"{author} has changed this mark since it was shown to you, and it is {_text(current)} now; "
        "nothing was changed: look again"
    )


def _content(mark: Mark | None) -> tuple[str, int | None] | None:
    return None if mark is None else (mark.code, mark.minutes_late)


def _text(mark: Mark | None) -> str:
    if mark is None:
        return "empty"
    return mark.code if mark.minutes_late is None else f"{mark.code}, {mark.minutes_late} min late"


def _at(place: Place) -> tuple[ColumnElement[bool], ...]:
    return (
        MarkChangeRow.school_id == place.school,
        MarkChangeRow.pupil == place.pupil,
        MarkChangeRow.date == place.date,
        MarkChangeRow.session == place.session,
    )


def _note(session: Session, amendment: Amendment, pupil: str, **detail: Any) -> None:
    audit.note(session, amendment.actor, audit.Action.AMENDMENT, now=amendment.at, subject=pupil, **detail)
