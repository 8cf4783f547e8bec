"""A ring that shows how much of a time is left, with the seconds in it."""

from pathlib import Path

from kivy.lang import Builder

import kiosk.screens.kit.label  # noqa: F401  the kv file beside this one draws its number with it
from kiosk.screens.kit.base import Layered, anything, colour, number


class CountRing(Layered):
    """Drawn anew once a second: each change of `seconds`. Without seconds it takes no room.

    What is left begins at the top and ends where reading goes, so the ring is mirrored right to left.
    """

    seconds: int | None = anything(None)
    whole = number(1)
    """The seconds that are the whole ring."""
    side = number(58)
    """Its width and height, in pixels."""
    stroke = number(5)
    share = number(0)
    """What is left, from 0 to 1."""
    ink = colour()
    track = colour()
    """The colours of what is left, and of what has passed."""


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
