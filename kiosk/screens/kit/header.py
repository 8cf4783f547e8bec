"""The row at the top of a screen with a way back, and what the screen is about on the right."""

from pathlib import Path

from kivy.lang import Builder

from kiosk.screens.kit.base import Box, anything, boolean, number
from kiosk.screens.kit.steps import Steps
from kiosk.screens.kit.tile import Chip, Tile
from kiosk.views.touches import GoBack, OnTouch


class BackTile(Tile):
    """Back: larger under the finger than it looks."""

    cancels = boolean(False)
    """There is nothing to go back to: the whole request is taken back."""


class Header(Box):
    """Reports `GoBack` to `touch`. Children added to it stand on the right."""

    touch: OnTouch | None = anything(None)
    cancels = boolean(False)
    step = number(0)
    """The step of collecting that this screen is, 1 to 5; 0: none."""

    def go_back(self) -> None:
        """Back was chosen."""
        if self.touch is not None:
            self.touch(GoBack())


class StepsBelow(Steps):
    """The steps in a row of their own under the header: upright, the header has no room for them."""

    step = number(0)


class PupilsChip(Chip):
    """Whom the visit is about."""


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
