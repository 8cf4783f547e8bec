"""Where a pupil is, from the day's kiosk entries, releases and the office's records of returns. Pure."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sync.wire import DepartureDetail, Kind


class Location(StrEnum):
    """Where a pupil is."""

    OUT = "out"
    """Signed out, and not back."""
    RELEASED = "released"
    """Released by the office; no sign-out has arrived yet."""
    IN = "in"
    """Signed in late, signed back in, or seen on site by the office."""


@dataclass(frozen=True, slots=True)
class KioskVisit:
    """A kiosk entry (arrival, return or departure) that was not taken back."""

    id: uuid.UUID
    kind: Kind
    pupil: str
    at: datetime
    """UTC. When the kiosk's clock was doubtful: the instant at which the register received the entry."""
    certain: bool = True
    reason: str | None = None
    detail: DepartureDetail | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """The office's record that a pupil who was signed out or released is on site, or is not after all."""

    departure: uuid.UUID
    """The sign-out's entry, or the released request."""
    back: bool
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Release:
    """A release by the office."""

    id: uuid.UUID
    """The request's id."""
    pupil: str
    at: datetime
    by: str
    collector: str
    relationship: str | None = None
    """As the adult stated it at the kiosk."""
    grounds: str | None = None
    """How the releaser knew that the adult may collect the pupil."""
    reason: str | None = None
    expected_back: datetime | None = None
    seen: Sighting | None = None
    """The office's last record about it."""
    left: bool = False
    """Whether a sign-out has arrived since the release."""


@dataclass(frozen=True, slots=True)
class PupilLocation:
    """The latest known location of one pupil."""

    pupil: str
    location: Location
    since: datetime
    visit: KioskVisit | None = None
    """The last kiosk entry; `None` when there is only a release."""
    seen: Sighting | None = None
    release: Release | None = None

    @property
    def certain(self) -> bool:
        """Whether the time is certain, and with it that no other entry was later."""
        return self.visit is None or self.visit.certain

    @property
    def due(self) -> datetime | None:
        """When a pupil who is out or released is expected back, if known."""
        if self.location is Location.RELEASED:
            return self.release.expected_back if self.release else None
        detail = self.visit.detail if self.location is Location.OUT and self.visit else None
        return detail.expected_back if detail else None

    def overdue(self, now: datetime) -> timedelta | None:
        """How long the pupil has been overdue; `None` when they are not, or no time is known."""
        return now - self.due if self.due is not None and now >= self.due else None


def latest_locations(
    visits: Iterable[KioskVisit], seen: Mapping[uuid.UUID, Sighting], releases: Iterable[Release]
) -> dict[str, PupilLocation]:
    """The latest known location of each pupil, by pupil id.

    Args:
        visits: the day's kiosk entries, the earliest first.
        seen: the office's last record about each departure.
        releases: the day's releases, the earliest first.
    """
    last = {visit.pupil: visit for visit in visits}
    latest = {pupil: _after_visit(visit, seen.get(visit.id)) for pupil, visit in last.items()}
    for release in releases:
        before = latest.get(release.pupil)
        after = _released(release, before.visit if before else None)
        if after is not None and (before is None or before.since <= after.since):
            latest[release.pupil] = after
    return latest


def _released(release: Release, visit: KioskVisit | None) -> PupilLocation | None:
    """The pupil's location after a release; `None` when its sign-out has arrived, which is more exact."""
    seen = release.seen if release.seen is not None and release.seen.back else None
    if seen is not None:  # even if a sign-out has arrived: it is from before the pupil was seen
        return PupilLocation(release.pupil, Location.IN, seen.at, visit, seen, release)
    if release.left:
        return None
    return PupilLocation(release.pupil, Location.RELEASED, release.at, visit, release=release)


def _after_visit(visit: KioskVisit, seen: Sighting | None) -> PupilLocation:
    if visit.kind is not Kind.DEPARTURE:
        return PupilLocation(visit.pupil, Location.IN, visit.at, visit)
    if seen is not None and seen.back:
        return PupilLocation(visit.pupil, Location.IN, seen.at, visit, seen)
    return PupilLocation(visit.pupil, Location.OUT, visit.at, visit)
