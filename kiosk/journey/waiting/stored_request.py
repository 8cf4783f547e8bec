"""A request as the kiosk's disk keeps it, so that a restart takes it up again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from attendance.reasons import Reason
from hardware.clock.clock import Reading
from kiosk.journey.waiting.request import CollectionRequest, PendingRelease, WaitingRequest
from kiosk.school.school import School
from kiosk.views import Evidence, Relationship, ReleaseState
from sync.wire import ClockReading, DepartureRequest, Instant, Message, Trust, WallTime

log = structlog.get_logger()


class StoredRelease(Message):
    """One pupil's release that was undecided or not recorded yet."""

    id: UUID
    message: DepartureRequest


class StoredRequest(Message):
    """An adult's request. Without `releases` it only keeps which pupils the office must release that day."""

    id: UUID
    asked_at: Instant
    clock: ClockReading
    back_at: WallTime | None = None
    releases: tuple[StoredRelease, ...] = ()
    office_only: tuple[str, ...] = ()
    """The ids of the pupils whom only the office may release."""

    @property
    def reading(self) -> Reading:
        """The clock when the adult asked."""
        return Reading(self.asked_at, self.clock.trust.value, self.clock.boot_id, self.clock.monotonic_ns)

    def age(self, now: Reading) -> timedelta | None:
        """How long ago the adult asked; `None` if no clock can tell."""
        if self.clock.boot_id == now.boot_id:
            return timedelta(microseconds=(now.monotonic_ns - self.clock.monotonic_ns) / 1000)
        if Trust.UNKNOWN in (self.clock.trust, now.trust):
            return None
        return now.at - self.asked_at


@dataclass(frozen=True, slots=True)
class Restored:
    """What `restore` could make of a stored request."""

    request: CollectionRequest
    releases: list[PendingRelease]


def stored(waiting: WaitingRequest, office_only: tuple[str, ...]) -> StoredRequest:
    """The request as it is kept: with its releases that are undecided or not on the disk yet."""
    asked = waiting.asked
    unsettled = [*waiting.undecided, *waiting.in_state(ReleaseState.SAVING, ReleaseState.NOT_SAVED)]
    return StoredRequest(
        id=waiting.id,
        asked_at=asked.at,
        clock=ClockReading(trust=Trust(asked.trust), boot_id=asked.boot_id, monotonic_ns=asked.monotonic_ns),
        back_at=waiting.request.back_at if unsettled else None,
        releases=tuple(StoredRelease(id=each.id, message=each.message) for each in unsettled),
        office_only=office_only,
    )


def restore(kept: StoredRequest, school: School, state: ReleaseState) -> Restored | None:
    """The request of a stored one; `None` if none of its pupils is on the roster, or a word is unknown."""
    releases = [
        PendingRelease(each.id, pupil, each.message, state)
        for each in kept.releases
        if (pupil := school.roster.by_id(each.message.pupil)) is not None
    ]
    if not releases:
        return None
    message = releases[0].message
    try:
        request = CollectionRequest(
            pupils=tuple(each.pupil for each in releases),
            collector=message.collector,
            relationship=Relationship(message.relationship) if message.relationship else None,
            reason=Reason(message.reason or ""),
            back_at=kept.back_at,
            evidence=Evidence(message.evidence) if message.evidence else None,
        )
    except ValueError:  # written by another version
        return None
    return Restored(request, releases)


def read_stored(texts: Iterable[str]) -> list[StoredRequest]:
    """The stored requests that this version understands."""
    kept = []
    for text in texts:
        try:
            kept.append(StoredRequest.model_validate_json(text))
        except ValueError:  # written by another version: the register lets it lapse
            log.error("request.unreadable")
    return kept
