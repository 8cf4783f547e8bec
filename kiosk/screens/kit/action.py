"""The tile that continues: a screen's main action, or a quiet one beside it."""

from pathlib import Path

from kivy.lang import Builder

from kiosk.screens.kit import ring
from kiosk.screens.kit.base import Stack, boolean, colour, number, text
from kiosk.screens.kit.tile import Tile

__all__ = ["ActionTile", "DoneRow", "DoneTile", "ring"]  # used by the kv file


class ActionTile(Tile):
    """At least as wide as its words and as `narrowest`. A quiet one has no colour; a disabled one is grey."""

    icon = text("")
    words = text("")
    quiet = boolean(False)
    narrowest = number(0)
    beside = number(0)
    """The width of what stands beside the words, in pixels."""
    natural_width = number(0)
    """As wide as its words, and as `narrowest`."""
    ink = colour()


class DoneTile(ActionTile):
    """Done, in its place at the end of a `DoneRow`, with the seconds until the screen closes by itself."""


class DoneRow(Stack):
    """The row at the bottom of a result; Done stands at its end.

    Nothing that commits may stand in that place on another screen: the next card can replace a result just
    as Done is touched.
    """


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
