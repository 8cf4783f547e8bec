"""“Are you …?”: the name of one child, large, with a Yes and an easy way back."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header, palette
from kiosk.screens.kit.base import Stack, anything, text
from kiosk.screens.kit.symbols import symbol_of
from kiosk.screens.staff import staff_tile
from kiosk.screens.wording import youngest as youngest_wording
from kiosk.views import AskedChildView
from kiosk.views.touches import ConfirmPupil, OnTouch

__all__ = ["AskedChildScreen", "header", "staff_tile"]  # used by the kv file


class AskedChildScreen(Stack):
    """Shows an `AskedChildView`."""

    icon = text("")
    tone = anything(palette.INFO)
    question = anything(())
    pupil_id = text("")

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)

    def show(self, view: AskedChildView) -> None:
        """Draw what has changed."""
        self.icon, self.tone = symbol_of(view.label.animal, view.label.colour)
        self.question = youngest_wording.is_this(view)
        self.pupil_id = view.pupil.id

    def confirm(self) -> None:
        """Report Yes."""
        self.touch(ConfirmPupil(self.pupil_id))


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
