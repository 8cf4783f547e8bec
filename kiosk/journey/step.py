"""What a visit may answer to. One that does not say otherwise lets a touch lead nowhere."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from hardware.clock.clock import Reading
from kiosk.views import ReleaseState
from kiosk.views.touches import Touch
from sync.wire import DepartureAnswer


class Tap(NamedTuple):
    """A card was read."""

    names: Sequence[str]
    """What it may be called, the likeliest first."""
    reading: Reading
    """The clock at its first byte."""


class Visit:
    """Somebody stands here, or nobody."""

    for_staff = False
    """Whether a member of staff may open the staff screen from here."""

    @property
    def busy(self) -> bool:
        """Whether a card that is read now waits until this is over."""
        return False

    # --- what happens of itself ------------------------------------------------------------------

    def wants(self, tap: Tap) -> bool:
        """Take a card that was read; False: it is not for this visit."""
        del tap
        return False

    def tick(self) -> None:
        """About once a second."""

    def time_is_up(self) -> None:
        """Nobody has touched the screen for as long as the view was to stay."""

    def leave(self) -> None:
        """Something else takes this visit's place: let go of all that it has begun, and lose nobody."""

    def asking(self, request: UUID, asked: ReleaseState) -> bool:
        """How a request to the office stands has changed; False: it is not one of this visit's."""
        del request, asked
        return False

    def answered(self, request: UUID, answer: DepartureAnswer | None) -> bool:
        """The office has answered a request; False: it is not one of this visit's."""
        del request, answer
        return False

    def settled(self) -> None:
        """The register has answered for some entries, or the link has changed."""

    def handle(self, touch: Touch) -> None:
        """Handle a touch. A step ignores every touch that it does not know."""
        del touch
