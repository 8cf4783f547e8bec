"""A tile with an icon and a few words: an action for a member of staff."""

from pathlib import Path

from kivy.lang import Builder

from kiosk.screens.kit.base import anything, boolean, number, text
from kiosk.screens.kit.tile import Tile


class StaffTile(Tile):
    """An action. `main`: the screen's main action; `danger`: one that deserves a second thought."""

    icon = text("")
    words = anything("")
    font_size = number(20)
    glyph = number(0)
    """The size of the icon, in pixels."""
    alone = boolean(False)
    """An icon without words."""
    main = boolean(False)
    danger = boolean(False)
    hidden = boolean(False)
    """Keeps its place, but cannot be seen or pressed."""


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
