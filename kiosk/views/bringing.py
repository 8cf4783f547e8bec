"""The views of an adult who brings late children: the children and one reason, then the result."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from attendance.reasons import Reason
from kiosk.views.arriving import DoneView
from kiosk.views.common import Link, Progress, PupilLabel, View


@dataclass(frozen=True, slots=True)
class BringView(View):
    """The adult, the children named so far, and the reasons, of which one holds for all children.

    `ChooseReason` selects a reason; `SignInChildren` signs the children in.
    """

    adult: str
    """As it is shown: `Ruth Anne-Marie O’Kane`."""
    pupils: tuple[PupilLabel, ...]
    """At least one."""
    started: datetime
    """Wall time of the first touch, which counts as the time of arrival."""
    reasons: tuple[Reason, ...]
    """Empty when no child needs a reason."""
    chosen: Reason | None
    required: bool
    """Whether one of the reasons must be chosen."""
    may_add: bool
    """Whether another child may be added."""

    @property
    def complete(self) -> bool:
        """Whether the children can be signed in."""
        return self.chosen is not None or not (self.required and self.reasons)


@dataclass(frozen=True, slots=True)
class BroughtView(View):
    """The result for the children whom an adult brought: what is recorded for each of them."""

    adult: str
    arrivals: tuple[DoneView, ...]
    """At least one, in the order in which the children were named."""
    progress: Progress
    """The progress of the least advanced entry."""
    link: Link
    not_saved: tuple[PupilLabel, ...] = ()
    """The children whose arrival could not be saved yet."""

    @property
    def entries(self) -> tuple[UUID, ...]:
        """The ids of the recorded arrivals."""
        return tuple(each.entry for each in self.arrivals)
