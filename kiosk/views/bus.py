"""The views of a late bus, behind the PIN: the route, and then each card as an arrival."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from attendance.reasons import Reason
from kiosk.views.common import PupilLabel, View


@dataclass(frozen=True, slots=True)
class BusRouteView(View):
    """“Which bus is late?”: the routes of the policy. The user may also type another (`BusTypedView`)."""

    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BusTypedView(View):
    """A route as it is typed."""

    letters: str
    keys: frozenset[str]
    """The letters and digits that may come next, and the space."""
    complete: bool
    """Whether there is a route, so that the user can go on."""


@dataclass(frozen=True, slots=True)
class BusReasonView(View):
    """The question for the reason of all passengers who come from now on."""

    reasons: tuple[Reason, ...]


class PassengerState(StrEnum):
    """The state of one passenger's arrival."""

    SAVING = "saving"
    SIGNED_IN = "signed_in"
    """Recorded on the kiosk's disk."""
    ALREADY = "already"
    """Signed in earlier; nothing new is recorded."""
    UNDONE = "undone"
    NOT_SAVED = "not_saved"
    """The disk could not take it; the kiosk keeps trying."""
    CLOSED = "closed"
    """The pupil has no school now; nothing is recorded."""
    SAME_NAME = "same_name"
    """Found by name, and two pupils have the name; nothing is recorded."""


@dataclass(frozen=True, slots=True)
class PassengerLine:
    """A passenger of the bus."""

    pupil: PupilLabel
    at: datetime
    """Wall time of the card, or of the first touch."""
    state: PassengerState
    entry: UUID | None = None
    """The entry, once it is on the disk."""


@dataclass(frozen=True, slots=True)
class BusView(View):
    """The bus: every card is an arrival with this route and reason."""

    route: str
    reason: Reason
    count: int
    """How many passengers this visit has signed in."""
    lines: tuple[PassengerLine, ...] = ()
    """The newest first."""
    undo: PassengerLine | None = None
    """The passenger whose arrival can be undone: the newest that was signed in."""
    undo_failed: bool = False
    """Whether the last undo could not be saved, so that nothing was changed."""
    minutes: int = 3
    """The bus ends by itself after these minutes without a card or a touch."""
    card_reader: bool = True
    """Whether a reader is ready."""
