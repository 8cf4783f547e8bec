"""Where letters appear as they are typed, with the place where the next one will stand."""

from pathlib import Path

from kivy.lang import Builder

from kiosk.screens.kit.base import Box, text


class Field(Box):
    """Shows `typed` and a cursor after it."""

    typed = text("")


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
