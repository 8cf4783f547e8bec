"""The pupils who are out: signed out today and not back, and those overdue."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.departures.collectors import PupilContact, compare
from sync.register.departures.contacts import contacts_of
from sync.register.departures.whereabouts import Location, PupilLocation, whereabouts
from sync.register.office.views import wording
from sync.register.office.views.collector import Doubt, doubt_of
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
    """The release, when that is the latest that is known."""
    name: str
    brief: str
    """A short name, for a screen that visitors can see: `Maja W.`."""
    form: str
    since: str
    certain: bool
    """The kiosk's clock was trusted at the time."""
    with_whom: str
    why: str
    due: str | None
    overdue: str | None
    """`12 min`: how long they are overdue."""
    let_go: str
    """The user who released them."""
    doubt: Doubt | None = None
    """A doubt about the collector, by the family's list."""
    back: str | None = None
    """Who saw them back and when, if they have not signed in."""


def who_is_out(session: Session, school: str, *, now: datetime, zone: ZoneInfo) -> list[SignedOutPupil]:
    """The pupils who are out: overdue, due, the others, then those whom only the office has seen back."""
    known = whereabouts(session, school, now=now, zone=zone, only_leavers=True)
    shown = [each for each in known.values() if each.location is not Location.IN or each.seen is not None]
    shown.sort(key=lambda each: (each.seen is not None, each.due is None, each.due or each.since, each.since))
    pupils = pupils_of(session, school, (each.pupil for each in shown))
    contacts = contacts_of(session, school, set(pupils))
    return [_out(each, pupils.get(each.pupil), contacts.get(each.pupil, []), now, zone) for each in shown]


def overdue(session: Session, school: str, *, now: datetime, zone: ZoneInfo) -> list[str]:
    """A sentence for each pupil who should have been back by now: `Maja W. was due back at 11:30`."""
    return [
        f"{each.brief} ({each.form}) was due back at {each.due}"
        for each in who_is_out(session, school, now=now, zone=zone)
        if each.overdue
    ]


def pupils_of(session: Session, school: str, ids: Iterable[str]) -> dict[str, PupilRow]:
    """The pupils of these ids, including leavers. Unknown ids are left out."""
    query = select(PupilRow).where(PupilRow.school_id == school, PupilRow.id.in_(list(ids)))
    return {pupil.id: pupil for pupil in session.scalars(query)}


def full_name(pupil: PupilRow | None) -> str:
    """The full name: staff who release or look for a pupil must know who it is."""
    return f"{pupil.preferred or pupil.first} {pupil.last}" if pupil else "Not on the roll"


def _out(
    standing: PupilLocation,
    pupil: PupilRow | None,
    contacts: Sequence[PupilContact],
    now: datetime,
    zone: ZoneInfo,
) -> SignedOutPupil:
    visit, release = standing.visit, standing.release
    detail = visit.detail if visit and not release else None
    since = release.at if release else visit.at if visit else standing.since
    today = now.astimezone(zone).date()
    late = standing.overdue(now)
    return SignedOutPupil(
        entry=visit.id if visit and not release else None,
        request=release.id if release else None,
        name=full_name(pupil),
        brief=short_name((pupil.preferred or pupil.first) if pupil else None, pupil.last if pupil else None),
        form=pupil.form if pupil else wording.NOTHING,
        since=f"{since.astimezone(zone):%H:%M}",
        certain=standing.certain,
        with_whom=with_whom(standing),
        why=wording.reason(release.reason if release else visit.reason if visit else None, "", None),
        due=wording.since(standing.due.astimezone(zone), today) if standing.due else None,
        overdue=wording.ago(late) if late is not None else None,
        let_go=release.by if release else (detail.released_by if detail else None) or wording.NOTHING,
        doubt=_doubt(standing, contacts),
        back=f"{standing.seen.by}, {standing.seen.at.astimezone(zone):%H:%M}" if standing.seen else None,
    )


def _doubt(standing: PupilLocation, contacts: Sequence[PupilContact]) -> Doubt | None:
    if standing.release:
        return doubt_of(compare(standing.release.collector, contacts))
    detail = standing.visit.detail if standing.visit else None
    return doubt_about(detail, contacts) if detail else None


def doubt_about(detail: DepartureDetail, contacts: Sequence[PupilContact]) -> Doubt | None:
    """The doubt about the collector. A pupil who was not released left alone."""
    return doubt_of(compare(detail.collector, contacts)) if detail.released_by else None


def with_whom(standing: PupilLocation) -> str:
    """The collector, in words."""
    if standing.release:
        return standing.release.collector
    detail = standing.visit.detail if standing.visit else None
    return collected_by(detail) if detail else ALONE


def collected_by(detail: DepartureDetail) -> str:
    """The collector, as the kiosk sent it. A pupil who was not released left alone."""
    return wording.related(detail.collector, detail.relationship) if detail.released_by else ALONE
