"""The warning that the family's list is not checked here."""

from pathlib import Path

from kivy.lang import Builder

import kiosk.screens.kit.tile  # noqa: F401  the kv file beside this one draws its icon with it
from kiosk.screens.kit.base import Stack, anything


class UncheckedList(Stack):
    """A warning, and a second line. Without words it takes no room."""

    words = anything("")
    more = anything("")


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
