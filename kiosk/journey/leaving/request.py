"""What an adult asks the office: who goes, with whom, why, until when; and how it stands for each pupil."""

from dataclasses import dataclass
from datetime import time
from uuid import UUID

from attendance.reasons import Reason
from kiosk.desk import SignOut
from kiosk.views import Evidence, Relationship, ReleaseState
from sync.wire import Pupil

OPEN = frozenset({ReleaseState.SENDING, ReleaseState.WAITING, ReleaseState.OFFLINE, ReleaseState.STAFF_ONLY})
"""Nobody has said yes or no yet."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked."""

    pupils: tuple[Pupil, ...]
    collector: str
    relationship: Relationship | None
    reason: Reason
    back_at: time | None
    evidence: Evidence | None


@dataclass(slots=True)
class One:
    """One pupil of the request."""

    id: UUID
    pupil: Pupil
    asked: ReleaseState
    sign_out: SignOut | None = None
    disk_until: float = 0.0
    """While it is being saved: the monotonic second at which the disk is no longer waited for."""

    @property
    def is_open(self) -> bool:
        """Whether somebody may still say yes or no."""
        return self.asked in OPEN
