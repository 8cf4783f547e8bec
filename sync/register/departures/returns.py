"""The office has seen somebody here who was signed out or released, and has not signed in at a kiosk."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from sync.register import audit
from sync.register.actor import Actor
from sync.register.departures.whereabouts import Standing, Where, whereabouts
from sync.register.errors import ReturnError, UnknownSignOutError
from sync.register.permissions import Permission
from sync.register.storage.locks import lock_pupils
from sync.register.storage.models import DepartureRow, EntryRow, SchoolRow, WorkItemRow, WorkKind
from sync.register.storage.work_items import SeenOnSite
from sync.wire import DepartureState

MOST_WORDS = 500


def say_back(session: Session, departure: uuid.UUID, actor: Actor, *, why: str, now: datetime) -> None:
    """They are back. Their mark stays as it is: to amend it is a decision of its own.

    Args:
        session: a session that writes.
        departure: the entry by which they were signed out.
        actor: the user who says so; name and position are kept with it.
        why: how they know, in their words; may be empty.
        now: when, UTC.

    Raises:
        NotAllowedError: they may not say so.
        UnknownSignOutError: there is no such sign-out at their school.
        ReturnError: nobody is out by that sign-out any more.
    """
    out = _signed_out(session, departure, actor, now)
    _say_back(session, out, actor, why=why, now=now)


def say_here(session: Session, request: uuid.UUID, actor: Actor, *, why: str, now: datetime) -> None:
    """A release came to nothing, or its sign-out has not come: they are here. The arguments are those of
    `say_back`, with the request that was released in the place of the entry.

    Raises:
        NotAllowedError: they may not say so.
        UnknownSignOutError: there is no such release at their school.
        ReturnError: nothing is open of that release any more.
    """
    out = _released(session, request, actor, now)
    _say_back(session, out, actor, why=why, now=now)


def say_out(session: Session, departure: uuid.UUID, actor: Actor, *, now: datetime) -> None:
    """They are not back after all: takes `say_back` back. Both stay in the record.

    Raises:
        NotAllowedError, UnknownSignOutError: as for `say_back`.
        ReturnError: nobody at the office has said that they are back.
    """
    _say_out(session, _signed_out(session, departure, actor, now), actor, now=now)


def say_gone(session: Session, request: uuid.UUID, actor: Actor, *, now: datetime) -> None:
    """They are not here after all: takes `say_here` back. Both stay in the record.

    Raises:
        NotAllowedError, UnknownSignOutError: as for `say_here`.
        ReturnError: nobody at the office has said that they are here.
    """
    _say_out(session, _released(session, request, actor, now), actor, now=now)


@dataclass(frozen=True, slots=True)
class _Out:
    """What something is said of: a sign-out's entry, or a release of which none has come."""

    school: str
    kiosk: uuid.UUID
    pupil: str
    entry: uuid.UUID | None
    request: uuid.UUID | None
    standing: Standing | None
    """Of the pupil, where this is still the last that is known of them."""

    @property
    def item(self) -> SeenOnSite:
        """What the work item says of it. A release has no entry that would name the pupil."""
        if self.request is None:
            return SeenOnSite()
        return SeenOnSite(departure=str(self.request), pupil=self.pupil)


def _signed_out(session: Session, departure: uuid.UUID, actor: Actor, now: datetime) -> _Out:
    actor.require(Permission.RELEASE)
    entry = session.get(EntryRow, departure)
    if entry is None or entry.school_id != actor.school or entry.kind != "departure":
        raise UnknownSignOutError("there is no such sign-out")
    lock_pupils(session, actor.school, [entry.pupil])
    by_entry = {
        each.visit.id: each for each in _standings(session, actor, now) if each.visit and not each.release
    }
    standing = by_entry.get(departure)  # it may be another pupil's by now: the office has said whose
    pupil = standing.pupil if standing else entry.pupil
    return _Out(actor.school, entry.kiosk_id, pupil, departure, None, standing)


def _released(session: Session, request: uuid.UUID, actor: Actor, now: datetime) -> _Out:
    actor.require(Permission.RELEASE)
    row = session.get(DepartureRow, (actor.school, request))
    if row is None or row.state != DepartureState.RELEASED:
        raise UnknownSignOutError("there is no such release")
    lock_pupils(session, actor.school, [row.pupil])
    by_release = {each.release.id: each for each in _standings(session, actor, now) if each.release}
    return _Out(actor.school, row.kiosk_id, row.pupil, None, request, by_release.get(request))


def _standings(session: Session, actor: Actor, now: datetime) -> list[Standing]:
    zone = ZoneInfo(session.get_one(SchoolRow, actor.school).zone)
    return list(whereabouts(session, actor.school, now=now, zone=zone, only_leavers=True).values())


def _say_back(session: Session, out: _Out, actor: Actor, *, why: str, now: datetime) -> None:
    standing = out.standing
    if standing is None or standing.where is Where.IN:
        seen = standing.seen.by if standing and standing.seen else None
        raise ReturnError(
            f"{seen} has said already that they are back; nothing was changed"
            if seen
            else "they are not signed out any more; nothing was changed"
        )
    _keep(session, out, actor, "back", why=why.strip() or "seen on site", now=now)


def _say_out(session: Session, out: _Out, actor: Actor, *, now: datetime) -> None:
    standing = out.standing
    if standing is None or standing.seen is None:
        raise ReturnError("nobody at the office says that they are back; nothing was changed")
    _keep(session, out, actor, "out", why=f"{standing.seen.by} was wrong", now=now)


def _keep(session: Session, out: _Out, actor: Actor, choice: str, *, why: str, now: datetime) -> None:
    session.add(
        WorkItemRow(
            school_id=out.school,
            kind=WorkKind.BACK.value,
            kiosk_id=out.kiosk,
            entry_id=out.entry,
            detail=out.item.detail(),
            opened_at=now,
            resolved_at=now,
            resolution=f"{choice}: {why[:MOST_WORDS]}",
            resolved_by=actor.name,
            resolved_position=actor.position,
            decision={"choice": choice},
        )
    )
    audit.note(
        session,
        actor,
        audit.Action.RESOLUTION,
        now=now,
        subject=out.pupil,
        **({"entry": str(out.entry)} if out.entry else {"departure": str(out.request)}),
        choice=choice,
        why=why,
    )
