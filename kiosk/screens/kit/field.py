"""The field that shows typed letters and a cursor."""

from pathlib import Path

from kivy.lang import Builder

from kiosk.screens.kit.base import Stack, text


class Field(Stack):
    """Shows `typed` and a cursor after it."""

    typed = text("")


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
