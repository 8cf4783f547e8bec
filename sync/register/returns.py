"""The office has seen somebody back who was signed out at a kiosk, and has not signed in there."""

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from sync.register import audit
from sync.register.permissions import Permission, require
from sync.register.staff import Person
from sync.register.storage.locks import lock_pupils
from sync.register.storage.models import EntryRow, SchoolRow, WorkItemRow, WorkKind
from sync.register.whereabouts import Standing, Where, whereabouts

MOST_WORDS = 500


class ReturningError(ValueError):
    """That cannot be said of this sign-out, now; the text says why."""


class UnknownSignOutError(ReturningError):
    """There is no such sign-out at that person's school."""


def say_back(
    session: Session, departure: uuid.UUID, who: Person, *, why: str, now: datetime, address: str
) -> None:
    """They are back. Their mark stays as it is: to amend it is a decision of its own.

    Args:
        session: a session that writes.
        departure: the entry by which they were signed out.
        who: the person who says so; name and position are kept with it.
        why: how they know, in their words; may be empty.
        now: when, UTC.
        address: where from, for the audit.

    Raises:
        NotAllowedError: they may not say so.
        UnknownSignOutError: there is no such sign-out at their school.
        ReturningError: nobody is out by that sign-out any more.
    """
    entry, standing = _standing(session, departure, who, now)
    if standing is None or standing.where is not Where.OUT:
        seen = standing.seen.by if standing and standing.seen else None
        raise ReturningError(
            f"{seen} has said already that they are back; nothing was changed"
            if seen
            else "they are not signed out any more; nothing was changed"
        )
    _keep(session, entry, who, "back", why=why.strip() or "seen on site", now=now, address=address)


def say_out(session: Session, departure: uuid.UUID, who: Person, *, now: datetime, address: str) -> None:
    """They are not back after all: takes `say_back` back. Both stay in the record.

    Raises:
        NotAllowedError, UnknownSignOutError: as for `say_back`.
        ReturningError: nobody at the office has said that they are back.
    """
    entry, standing = _standing(session, departure, who, now)
    if standing is None or standing.seen is None:
        raise ReturningError("nobody at the office says that they are back; nothing was changed")
    _keep(session, entry, who, "out", why=f"{standing.seen.by} was wrong", now=now, address=address)


def _standing(
    session: Session, departure: uuid.UUID, who: Person, now: datetime
) -> tuple[EntryRow, Standing | None]:
    """The sign-out, and how its pupil stands if it is still the last that was signed of them."""
    require(who.role, Permission.RELEASE)
    entry = session.get(EntryRow, departure)
    if entry is None or entry.school_id != who.school or entry.kind != "departure":
        raise UnknownSignOutError("there is no such sign-out")
    lock_pupils(session, who.school, [entry.pupil])
    zone = ZoneInfo(session.get_one(SchoolRow, who.school).zone)
    standing = whereabouts(session, who.school, now=now, zone=zone, only_leavers=True).get(entry.pupil)
    last = standing is not None and standing.visit is not None and standing.visit.id == departure
    return entry, standing if last else None


def _keep(
    session: Session, entry: EntryRow, who: Person, choice: str, *, why: str, now: datetime, address: str
) -> None:
    session.add(
        WorkItemRow(
            school_id=entry.school_id,
            kind=WorkKind.BACK.value,
            kiosk_id=entry.kiosk_id,
            entry_id=entry.id,
            detail={},
            opened_at=now,
            resolved_at=now,
            resolution=f"{choice}: {why[:MOST_WORDS]}",
            resolved_by=who.name,
            resolved_position=who.position,
            decision={"choice": choice},
        )
    )
    audit.note(
        session,
        audit.by(who, address),
        audit.Action.RESOLUTION,
        now=now,
        subject=entry.pupil,
        entry=str(entry.id),
        choice=choice,
        why=why,
    )
