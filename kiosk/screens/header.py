"""The row at the top of a screen with a way back, and what the screen is about on the right."""

from pathlib import Path

from kivy.lang import Builder

from kiosk.screens.base import Box, anything
from kiosk.screens.tile import Tile
from kiosk.screens.touches import Touches


class BackTile(Tile):
    """Back: larger under the finger than it looks."""


class Header(Box):
    """`touches` is told when somebody goes back. Children added to it stand on the right."""

    touches: Touches | None = anything(None)

    def go_back(self) -> None:
        """Back was chosen."""
        if self.touches is not None:
            self.touches.back()


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
