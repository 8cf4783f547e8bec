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

    def change(self) -> None:
        """Give the next person another colour than the last one's."""
        self.turn = (self.turn + 1) % COLOURS


person = PersonAtScreen()
"""The person at the window; a process has one."""
