"""The confirm screen: one question before an action that cannot be undone."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header
from kiosk.screens.kit.base import Stack, anything, text
from kiosk.screens.staff import staff_tile
from kiosk.screens.wording import staff as staff_wording
from kiosk.views import ConfirmView
from kiosk.views.touches import OnTouch

__all__ = ["ConfirmScreen", "header", "staff_tile"]  # used by the kv file


class ConfirmScreen(Stack):
    """Shows a `ConfirmView`."""

    question = text("")
    subject = anything(())
    consequence = text("")
    yes = text("")

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)

    def show(self, view: ConfirmView) -> None:
        """Draw what has changed."""
        self.question = staff_wording.question(view)
        self.subject = staff_wording.subject(view)
        self.consequence = staff_wording.consequence(view)
        self.yes = staff_wording.yes(view)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
