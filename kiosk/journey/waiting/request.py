"""An adult's request to collect pupils, and the state of the release of each pupil."""

from dataclasses import dataclass, field
from datetime import time
from uuid import UUID

from attendance.reasons import Reason
from hardware.clock.clock import Reading
from kiosk.desk import SignOut
from kiosk.views import Evidence, Relationship, ReleaseState
from sync.wire import DepartureRequest, Pupil

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
    message: DepartureRequest
    """The request as the register has it: the same content under the same id, after a restart too."""
    state: ReleaseState
    sign_out: SignOut | None = None
    """The departure, once it is recorded."""
    disk_until: float = 0.0
    """While the departure is being saved: the monotonic second at which the kiosk stops waiting for it."""
    is_open_at_office: bool = False
    """Whether the office has perhaps not answered, because a PIN released the pupil: the request is withdrawn
    once the departure is on the disk."""

    @property
    def is_undecided(self) -> bool:
        """Whether the pupil may still be released or refused."""
        return self.state in UNDECIDED


@dataclass(slots=True, eq=False)
class WaitingRequest:
    """One adult's request, from the question to the result. It waits beside the screen, not on it."""

    id: UUID
    request: CollectionRequest
    asked: Reading
    """The clock when the adult asked."""
    releases: list[PendingRelease]
    until: float
    """The monotonic second at which the undecided releases are withdrawn."""
    cancelled: bool = False
    """Whether the adult cancelled it."""
    office_only: bool = False
    """Whether the register has said that only the office may release these pupils. Never taken back."""
    settled_at: float | None = None
    """The monotonic second of the result; `None` while there is none."""
    is_read: bool = False
    """Whether home no longer shows the result, although a departure still waits for the disk."""
    announced: bool = False
    """Whether the result has been on the screen."""
    ids: frozenset[UUID] = field(init=False)
    """The ids of its releases."""

    def __post_init__(self) -> None:
        self.ids = frozenset(each.id for each in self.releases)

    @property
    def undecided(self) -> list[PendingRelease]:
        """The releases that wait for an answer."""
        return [each for each in self.releases if each.is_undecided]

    @property
    def is_settled(self) -> bool:
        """Whether there is a result: no release waits for an answer or for the disk."""
        return not self.undecided and not self.in_state(ReleaseState.SAVING)

    @property
    def needs_no_result(self) -> bool:
        """Whether the adult cancelled it before any answer: there is nothing to say."""
        return self.cancelled and all(each.state is ReleaseState.WITHDRAWN for each in self.releases)

    @property
    def sign_outs(self) -> list[SignOut]:
        """The recorded departures."""
        return [each.sign_out for each in self.releases if each.sign_out is not None]

    def in_state(self, *states: ReleaseState) -> list[PendingRelease]:
        """The releases in one of these states."""
        return [each for each in self.releases if each.state in states]

    def release_of(self, request: UUID) -> PendingRelease | None:
        """The release with this id; `None` if it belongs to another request."""
        return next((each for each in self.releases if each.id == request), None)
