"""The tile that goes on: one in a screen, or a quiet one beside it."""

from pathlib import Path

from kivy.lang import Builder

from kiosk.screens.kit.base import boolean, colour, number, text
from kiosk.screens.kit.tile import Tile


class ActionTile(Tile):
    """At least as wide as its words and `narrowest`. A `quiet` one is a surface; one not enabled is grey."""

    icon = text("")
    said = text("")
    quiet = boolean(False)
    narrowest = number(0)
    ink = colour()


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
