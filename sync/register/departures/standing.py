"""Where one pupil is, by what was signed of them on one day and what the office has said of it. Pure."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sync.wire import DepartureDetail, Kind


class Where(StrEnum):
    """What is known of somebody."""

    OUT = "out"
    """Signed out, and not back."""
    RELEASED = "released"
    """The office has let them go, and the kiosk has not told that they went."""
    IN = "in"
    """Signed in late, signed back in, or seen back by the office."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Something signed at a kiosk that nobody has taken back."""

    id: uuid.UUID
    kind: Kind
    pupil: str
    at: datetime
    """UTC. Where the kiosk's clock was in doubt: when the register received it."""
    certain: bool = True
    reason: str | None = None
    detail: DepartureDetail | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """The office has said of somebody who was signed out or released that they are here, or are not after
    all."""

    departure: uuid.UUID
    """The sign-out's entry, or the request that was released."""
    back: bool
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Release:
    """The office has let somebody go, and no sign-out has come of it: or none but one from before somebody at
    the office saw them here."""

    id: uuid.UUID
    """The request's."""
    pupil: str
    at: datetime
    by: str
    collector: str
    reason: str | None = None
    expected_back: datetime | None = None
    seen: Seen | None = None
    """What the office has said of it since, last."""
    came: bool = False
    """A sign-out has come since."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The last that is known of one pupil."""

    pupil: str
    where: Where
    since: datetime
    visit: Visit | None = None
    """The last that was signed. None: nothing but a release."""
    seen: Seen | None = None
    release: Release | None = None

    @property
    def certain(self) -> bool:
        """The time is, and with it whether this was the last."""
        return self.visit is None or self.visit.certain

    @property
    def due(self) -> datetime | None:
        """When somebody who is out or released was to be back, if it was said."""
        if self.where is Where.RELEASED:
            return self.release.expected_back if self.release else None
        detail = self.visit.detail if self.where is Where.OUT and self.visit else None
        return detail.expected_back if detail else None

    def overdue(self, now: datetime) -> timedelta | None:
        """For how long they should have been back; None where they are not late, or no time was given."""
        return now - self.due if self.due is not None and now >= self.due else None


def standings(
    visits: Iterable[Visit], seen: Mapping[uuid.UUID, Seen], releases: Iterable[Release]
) -> dict[str, Standing]:
    """The last that is known of each pupil, by their ids.

    Args:
        visits: the day's, the earliest first.
        seen: by the departure that it is about, what the office said last.
        releases: the day's, the earliest first.
    """
    last = {visit.pupil: visit for visit in visits}
    found = {pupil: _standing(visit, seen.get(visit.id)) for pupil, visit in last.items()}
    for release in releases:
        before = found.get(release.pupil)
        after = _released(release, before.visit if before else None)
        if after is not None and (before is None or before.since <= after.since):
            found[release.pupil] = after
    return found


def _released(release: Release, visit: Visit | None) -> Standing | None:
    """How a release leaves its pupil; None where a sign-out has come of it that says more."""
    seen = release.seen if release.seen is not None and release.seen.back else None
    if seen is not None:  # also where the sign-out came after all: it is from before
        return Standing(release.pupil, Where.IN, seen.at, visit, seen, release)
    if release.came:
        return None
    return Standing(release.pupil, Where.RELEASED, release.at, visit, release=release)


def _standing(visit: Visit, seen: Seen | None) -> Standing:
    if visit.kind is not Kind.DEPARTURE:
        return Standing(visit.pupil, Where.IN, visit.at, visit)
    if seen is not None and seen.back:
        return Standing(visit.pupil, Where.IN, seen.at, visit, seen)
    return Standing(visit.pupil, Where.OUT, visit.at, visit)
