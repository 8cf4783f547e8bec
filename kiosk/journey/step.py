"""The base of every step of a visit, and the events that a step can handle."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hardware.clock.clock import Reading
from kiosk.desk import PupilTap
from kiosk.journey.waiting.request import WaitingRequest
from kiosk.views.touches import Touch


class CardTap(NamedTuple):
    """A card that was read."""

    names: Sequence[str]
    """The names under which the roster may know the card, the likeliest first."""
    reading: Reading
    """The clock at the card's first byte."""


class JourneyStep:
    """Base step: ignores every event by default. Each method handles one event."""

    staff_can_enter = False
    """Whether a member of staff may open the staff screen from here."""

    @property
    def busy(self) -> bool:
        """Whether somebody is using this step, so that another pupil's card waits until it is over."""
        return False

    def start(self) -> None:
        """Show the first view. Called by `Session.change_step`."""

    def handle(self, touch: Touch) -> None:
        """Handle a touch; ignore a touch that this step has no use for."""
        del touch

    def take_card(self, tap: CardTap) -> bool:
        """Handle a card, whoever owns it. Returns whether this step used it; if not, it is a pupil's tap."""
        del tap
        return False

    def take_tap(self, tap: PupilTap) -> bool:
        """Handle the tap of a pupil's card. Returns whether this step used it; if not, the tap begins a visit
        or waits for its turn. It is never the answer of another person who stands at the screen."""
        del tap
        return False

    def tick(self) -> None:
        """Called about once a second."""

    def time_is_up(self) -> None:
        """The view has been on the screen for its whole time without a touch (see `view_rules`)."""

    def suspend(self) -> Callable[[], None] | None:
        """Called before another user's visit takes over, to set this one aside without ending it.

        Returns:
            What makes this step current again, with its instant and its answers; `None` if the visit has
            nothing to come back to, and has to end instead (see `abandon`).
        """
        return None

    def abandon(self) -> None:
        """Called before another step takes over: record a pupil who came by card."""

    def requests_changed(self, waiting: WaitingRequest) -> None:
        """A request for release that waits has changed: its delivery, the office's answer, or its result."""
        del waiting

    def entries_changed(self) -> None:
        """The register has answered for some entries, or the connection to it has changed."""
