"""The pupils who are out: signed out today and not back, and those overdue."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.departures.collectors import PupilContact, compare
from sync.register.departures.contacts import contacts_of, grounds_of
from sync.register.departures.whereabouts import Location, PupilLocation, whereabouts
from sync.register.office.views import wording
from sync.register.office.views.collector import Doubt, doubt_of, stated
from sync.register.office.views.today_visits import short_name
from sync.register.storage.models import PupilRow
from sync.wire import DepartureDetail

ALONE = "on their own"


@dataclass(frozen=True, slots=True)
class SignedOutPupil:
    """A pupil who was signed out today. Times are at the school."""

    entry: uuid.UUID | None
    """The sign-out; `None` when only the office's release is known."""
    request: uuid.UUID | None
    """The release, when nothing later is known."""
    name: str
    brief: str
    """A short name, for a screen that visitors can see: `Maja W.`."""
    form: str
    since: str
    certain: bool
    """The kiosk's clock was trusted at the time."""
    collector: str
    reason: str
    due: str | None
    overdue: str | None
    """`12 min`: how long they are overdue."""
    released_by: str
    """The user who released them."""
    grounds: str | None = None
    """How the office knew that the adult may collect the pupil."""
    doubt: Doubt | None = None
    """The doubt that the family's list raises about the collector."""
    seen_back: str | None = None
    """The user who saw them back and when, if they have not signed in."""


def pupils_out(session: Session, school: str, *, now: datetime, zone: ZoneInfo) -> list[SignedOutPupil]:
    """The pupils who are out, by return time, and last those whom only the office has seen back."""
    known = whereabouts(session, school, now=now, zone=zone, only_leavers=True)
    out = [each for each in known.values() if each.location is not Location.IN or each.seen is not None]
    out.sort(key=lambda each: (each.seen is not None, each.due is None, each.due or each.since, each.since))
    pupils = pupils_of(session, school, (each.pupil for each in out))
    contacts = contacts_of(session, school, set(pupils))
    details = [detail for each in out if (detail := _detail(each)) is not None]
    grounds = grounds_of(session, school, [each.request for each in details if each.request])
    return [
        replace(
            _out(each, pupils.get(each.pupil), contacts.get(each.pupil, []), now, zone),
            grounds=_grounds(each, grounds),
        )
        for each in out
    ]


def overdue(session: Session, school: str, *, now: datetime, zone: ZoneInfo) -> list[str]:
    """A sentence for each pupil who should have been back by now: `Maja W. was due back at 11:30`."""
    return [
        f"{each.brief} ({each.form}) was due back at {each.due}"
        for each in pupils_out(session, school, now=now, zone=zone)
        if each.overdue
    ]


def pupils_of(session: Session, school: str, ids: Iterable[str]) -> dict[str, PupilRow]:
    """The pupils of these ids, including leavers. Unknown ids are left out."""
    query = select(PupilRow).where(PupilRow.school_id == school, PupilRow.id.in_(list(ids)))
    return {pupil.id: pupil for pupil in session.scalars(query)}


def full_name(pupil: PupilRow | None) -> str:
    """The full name, for staff who release or look for a pupil."""
    return f"{pupil.preferred or pupil.first} {pupil.last}" if pupil else wording.NOT_ON_ROLL


def _out(
    location: PupilLocation,
    pupil: PupilRow | None,
    contacts: Sequence[PupilContact],
    now: datetime,
    zone: ZoneInfo,
) -> SignedOutPupil:
    visit, release, detail = location.visit, location.release, _detail(location)
    since = release.at if release else visit.at if visit else location.since
    today = now.astimezone(zone).date()
    late = location.overdue(now)
    return SignedOutPupil(
        entry=visit.id if visit and not release else None,
        request=release.id if release else None,
        name=full_name(pupil),
        brief=short_name((pupil.preferred or pupil.first) if pupil else None, pupil.last if pupil else None),
        form=pupil.form if pupil else wording.NOTHING,
        since=f"{since.astimezone(zone):%H:%M}",
        certain=location.certain,
        collector=collector_text(location),
        reason=wording.reason(release.reason if release else visit.reason if visit else None, "", None),
        due=wording.since(location.due.astimezone(zone), today) if location.due else None,
        overdue=wording.ago(late) if late is not None else None,
        released_by=release.by if release else (detail.released_by if detail else None) or wording.NOTHING,
        doubt=_doubt(location, contacts),
        seen_back=f"{location.seen.by}, {location.seen.at.astimezone(zone):%H:%M}" if location.seen else None,
    )


def _detail(location: PupilLocation) -> DepartureDetail | None:
    return location.visit.detail if location.visit and not location.release else None


def _grounds(location: PupilLocation, grounds: Mapping[uuid.UUID, str]) -> str | None:
    if location.release:
        return location.release.grounds
    detail = _detail(location)
    return grounds.get(detail.request) if detail and detail.request else None


def _doubt(location: PupilLocation, contacts: Sequence[PupilContact]) -> Doubt | None:
    if location.release:
        release = location.release
        found = compare(release.collector, release.relationship, contacts)
        return doubt_of(found, release.relationship)
    detail = location.visit.detail if location.visit else None
    return doubt_about(detail, contacts) if detail else None


def doubt_about(detail: DepartureDetail, contacts: Sequence[PupilContact]) -> Doubt | None:
    """The doubt about the collector. A pupil who was not released left alone."""
    if not detail.released_by:
        return None
    return doubt_of(compare(detail.collector, detail.relationship, contacts), detail.relationship)


def collector_text(location: PupilLocation) -> str:
    """The collector in words; `on their own` without one."""
    if location.release:
        return stated(location.release.collector, location.release.relationship)
    detail = location.visit.detail if location.visit else None
    return collected_by(detail) if detail else ALONE


def collected_by(detail: DepartureDetail) -> str:
    """The collector, as the kiosk sent it. A pupil who was not released left alone."""
    return stated(detail.collector, detail.relationship) if detail.released_by else ALONE
