"""Confirm: what cannot be taken back is asked once."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens import deed, header, staff_words
from kiosk.screens.base import Box, anything, text
from kiosk.screens.touches import Touches
from kiosk.views import ConfirmView

__all__ = ["ConfirmScreen", "deed", "header"]  # the kv file beside this one builds what is in these


class ConfirmScreen(Box):
    """Shows a `ConfirmView`."""

    question = text("")
    of_whom = anything(())
    consequence = text("")
    yes = text("")

    def __init__(self, touches: Touches, **kwargs: Any) -> None:
        self.touches = touches
        super().__init__(**kwargs)

    def show(self, view: ConfirmView) -> None:
        """Draw what has changed."""
        self.question = staff_words.question(view)
        self.of_whom = staff_words.of_whom(view)
        self.consequence = staff_words.consequence(view)
        self.yes = staff_words.yes(view)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
