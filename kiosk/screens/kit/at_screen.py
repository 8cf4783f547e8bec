"""Who stands at the screen and who comes next, as properties that kv rules follow."""

from kiosk.screens.kit.base import EventDispatcher, anything, number
from kiosk.views import PupilLabel

COLOURS = 3
"""How many colours take turns."""


class PersonAtScreen(EventDispatcher):
    """Who stands at the screen, and who comes next."""

    turn = number(0)
    """Which of the colours is this person's, from 0."""
    next_pupils: tuple[PupilLabel, ...] = anything(())
    closes_in: int | None = anything(None)
    """Seconds until the result on the screen closes by itself."""
    stays: int = number(1)
    """Seconds from which `closes_in` began to count."""

    def count(self, closes_in: int | None) -> None:
        """Count down to the end of a result; a higher number begins a new count."""
        if closes_in is not None and (self.closes_in is None or closes_in > self.closes_in):
            self.stays = max(1, closes_in)
        self.closes_in = closes_in

    def change(self) -> None:
        """Give the next person another colour than the last one's."""
        self.turn = (self.turn + 1) % COLOURS


person = PersonAtScreen()
"""The person at the window; a process has one."""
