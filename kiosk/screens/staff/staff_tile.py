"""A tile with an icon and a few words: something that a member of staff does next."""

from pathlib import Path

from kivy.lang import Builder

from kiosk.screens.kit.base import anything, boolean, number, text
from kiosk.screens.kit.tile import Tile


class DeedTile(Tile):
    """`main`: what the screen is for; `danger`: think before it. Words as `said`."""

    icon = text("")
    said = anything("")
    font_size = number(20)
    main = boolean(False)
    danger = boolean(False)
    hidden = boolean(False)
    """Its place is kept, and it cannot be seen or pressed."""


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
