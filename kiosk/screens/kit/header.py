"""The head of a visit: Back on the left, the subject on the right.

It stands in the bar at the top; on a portrait display in the screen, with Back in the bar at the bottom.
"""

from pathlib import Path

from kivy.lang import Builder

from kiosk.screens.kit.base import Stack, anything, boolean, number
from kiosk.screens.kit.steps import Steps
from kiosk.screens.kit.tile import Chip, Tile
from kiosk.views.touches import GoBack, OnTouch


class BackTile(Tile):
    """Back; its touch area is larger than it looks."""

    cancels = boolean(False)
    """Shows “Cancel”: the whole request is withdrawn."""


class Header(Stack):
    """Reports `GoBack` to `touch`. Children are placed on the right."""

    touch: OnTouch | None = anything(None)
    cancels = boolean(False)
    empty = boolean(False)
    """Has nothing besides Back, which stands in the bar at the bottom on a portrait display."""
    has_tiles = boolean(False)
    """Has a tile besides Back."""
    step = number(0)
    """The screen's step of collecting, 1 to 5; 0 on other visits."""

    def go_back(self) -> None:
        """Report a touch on Back."""
        if self.touch is not None:
            self.touch(GoBack())


class StepsBelow(Steps):
    """The steps in a row under the header, for portrait screens, where the header has no room for them."""

    step = number(0)


class PupilsChip(Chip):
    """The pupils of the visit."""


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
