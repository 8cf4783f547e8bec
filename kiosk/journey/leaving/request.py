"""An adult's request to collect pupils, and the state of the release of each pupil."""

from dataclasses import dataclass
from datetime import time
from uuid import UUID

from attendance.reasons import Reason
from kiosk.desk import SignOut
from kiosk.views import Evidence, Relationship, ReleaseState
from sync.wire import Pupil

UNDECIDED = frozenset(
    {ReleaseState.SENDING, ReleaseState.WAITING, ReleaseState.OFFLINE, ReleaseState.STAFF_ONLY}
)
"""The states in which the pupil may still be released or refused."""


@dataclass(frozen=True, slots=True)
class CollectionRequest:
    """An adult's request to collect one pupil or several."""

    pupils: tuple[Pupil, ...]
    collector: str
    relationship: Relationship | None
    reason: Reason
    back_at: time | None
    """Wall time."""
    evidence: Evidence | None


@dataclass(slots=True)
class PendingRelease:
    """The release of one pupil of a request."""

    id: UUID
    """The id of the request for this pupil, at the register."""
    pupil: Pupil
    state: ReleaseState
    sign_out: SignOut | None = None
    """The departure, once it is recorded."""
    disk_until: float = 0.0
    """While the departure is being saved: the monotonic second at which the kiosk stops waiting for it."""

    @property
    def is_undecided(self) -> bool:
        """Whether the pupil may still be released or refused."""
        return self.state in UNDECIDED
