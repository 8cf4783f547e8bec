"""Confirm: what cannot be taken back is asked once."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header
from kiosk.screens.kit.base import Box, anything, text
from kiosk.screens.staff import staff_tile
from kiosk.screens.wording import staff
from kiosk.views import ConfirmView
from kiosk.views.touches import OnTouch

__all__ = ["ConfirmScreen", "header", "staff_tile"]  # the kv file beside this one builds what is in these


class ConfirmScreen(Box):
    """Shows a `ConfirmView`."""

    question = text("")
    of_whom = anything(())
    consequence = text("")
    yes = text("")

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)

    def show(self, view: ConfirmView) -> None:
        """Draw what has changed."""
        self.question = staff.question(view)
        self.of_whom = staff.of_whom(view)
        self.consequence = staff.consequence(view)
        self.yes = staff.yes(view)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
