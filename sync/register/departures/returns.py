"""The office records that a pupil who was signed out or released is on site without a sign-in at a kiosk."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from sync.register import audit
from sync.register.actor import Actor
from sync.register.departures.whereabouts import Location, PupilLocation, whereabouts
from sync.register.errors import ReturnError, UnknownSignOutError
from sync.register.permissions import Permission
from sync.register.storage.locks import lock_pupils
from sync.register.storage.models import DepartureRow, EntryRow, SchoolRow, WorkItemRow, WorkKind
from sync.register.storage.work_items import SeenOnSite
from sync.wire import DepartureState, Kind

LONGEST_REASON = 500


def record_return(session: Session, departure: uuid.UUID, actor: Actor, *, why: str, now: datetime) -> None:
    """Record that a pupil is back. Their mark stays as it is: amending it is a decision of its own.

    Args:
        session: a session that writes.
        departure: the entry of the sign-out.
        actor: the user; the record keeps their name and position.
        why: how the user knows, in their words; may be empty.
        now: the instant, UTC.

    Raises:
        NotAllowedError: the user may not release pupils.
        UnknownSignOutError: the user's school has no such sign-out.
        ReturnError: the pupil is no longer out by that sign-out.
    """
    out = _signed_out(session, departure, actor, now)
    _record(session, out, actor, why=why, now=now)


def record_on_site(session: Session, request: uuid.UUID, actor: Actor, *, why: str, now: datetime) -> None:
    """Record that a released pupil is on site: they did not leave, or their sign-out has not arrived.

    The arguments are those of `record_return`, with the released request instead of the entry.

    Raises:
        NotAllowedError: the user may not release pupils.
        UnknownSignOutError: the user's school has no such release.
        ReturnError: the release is no longer the latest about the pupil.
    """
    out = _released(session, request, actor, now)
    _record(session, out, actor, why=why, now=now)


def undo_return(session: Session, departure: uuid.UUID, actor: Actor, *, now: datetime) -> None:
    """Undo `record_return`: the pupil is not back after all. Both records stay.

    Raises:
        NotAllowedError, UnknownSignOutError: as for `record_return`.
        ReturnError: the office has not recorded a return.
    """
    _undo(session, _signed_out(session, departure, actor, now), actor, now=now)


def undo_on_site(session: Session, request: uuid.UUID, actor: Actor, *, now: datetime) -> None:
    """Undo `record_on_site`: the pupil is not on site after all. Both records stay.

    Raises:
        NotAllowedError, UnknownSignOutError: as for `record_on_site`.
        ReturnError: the office has not recorded that the pupil is on site.
    """
    _undo(session, _released(session, request, actor, now), actor, now=now)


@dataclass(frozen=True, slots=True)
class _Absence:
    """A sign-out's entry, or a release whose sign-out has not arrived."""

    school: str
    kiosk: uuid.UUID
    pupil: str
    entry: uuid.UUID | None
    request: uuid.UUID | None
    location: PupilLocation | None
    """The pupil's location, if this departure is still the latest about them."""

    @property
    def item(self) -> SeenOnSite:
        """The work item. For a release it names the pupil, since there is no entry that does."""
        if self.request is None:
            return SeenOnSite()
        return SeenOnSite(departure=str(self.request), pupil=self.pupil)


def _signed_out(session: Session, departure: uuid.UUID, actor: Actor, now: datetime) -> _Absence:
    actor.require(Permission.RELEASE)
    entry = session.get(EntryRow, departure)
    if entry is None or entry.school_id != actor.school or entry.kind != Kind.DEPARTURE:
        raise UnknownSignOutError("there is no such sign-out")
    lock_pupils(session, actor.school, [entry.pupil])
    by_entry = {
        each.visit.id: each for each in _locations(session, actor, now) if each.visit and not each.release
    }
    location = by_entry.get(departure)  # the office may have assigned the entry to another pupil
    pupil = location.pupil if location else entry.pupil
    return _Absence(actor.school, entry.kiosk_id, pupil, departure, None, location)


def _released(session: Session, request: uuid.UUID, actor: Actor, now: datetime) -> _Absence:
    actor.require(Permission.RELEASE)
    row = session.get(DepartureRow, (actor.school, request))
    if row is None or row.state != DepartureState.RELEASED:
        raise UnknownSignOutError("there is no such release")
    lock_pupils(session, actor.school, [row.pupil])
    by_release = {each.release.id: each for each in _locations(session, actor, now) if each.release}
    return _Absence(actor.school, row.kiosk_id, row.pupil, None, request, by_release.get(request))


def _locations(session: Session, actor: Actor, now: datetime) -> list[PupilLocation]:
    zone = ZoneInfo(session.get_one(SchoolRow, actor.school).zone)
    return list(whereabouts(session, actor.school, now=now, zone=zone, only_leavers=True).values())


def _record(session: Session, out: _Absence, actor: Actor, *, why: str, now: datetime) -> None:
    location = out.location
    if location is None or location.location is Location.IN:
        seen = location.seen.by if location and location.seen else None
        raise ReturnError(
            f"{seen} has recorded already that they are back; nothing was changed"
            if seen
            else "they are no longer signed out; nothing was changed"
        )
    _store(session, out, actor, "back", why=why.strip() or "seen on site", now=now)


def _undo(session: Session, out: _Absence, actor: Actor, *, now: datetime) -> None:
    location = out.location
    if location is None or location.seen is None:
        raise ReturnError("the office has not recorded that they are back; nothing was changed")
    _store(session, out, actor, "out", why=f"{location.seen.by} was wrong", now=now)


def _store(session: Session, out: _Absence, actor: Actor, choice: str, *, why: str, now: datetime) -> None:
    session.add(
        WorkItemRow(
            school_id=out.school,
            kind=WorkKind.BACK.value,
            kiosk_id=out.kiosk,
            entry_id=out.entry,
            detail=out.item.detail(),
            opened_at=now,
            resolved_at=now,
            resolution=f"{choice}: {why[:LONGEST_REASON]}",
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
