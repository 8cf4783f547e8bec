"""The tile that continues: a screen's main action, or a quiet one beside it."""

from pathlib import Path

from kivy.lang import Builder

from kiosk.screens.kit.base import boolean, colour, number, text
from kiosk.screens.kit.tile import Tile


class ActionTile(Tile):
    """At least as wide as its words and as `narrowest`. A quiet one has no colour; a disabled one is grey."""

    icon = text("")
    words = text("")
    quiet = boolean(False)
    narrowest = number(0)
    ink = colour()


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
