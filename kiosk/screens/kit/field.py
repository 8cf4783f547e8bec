"""The field that shows typed letters and a cursor."""

from pathlib import Path

from kivy.lang import Builder

from kiosk.screens.kit.base import Stack, number, text


class Field(Stack):
    """Shows `typed`, a long name in two lines, and a cursor after it."""

    typed = text("")
    caret = number(0)
    """The height of the cursor, in pixels."""


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
