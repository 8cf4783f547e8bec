"""Saving: the entry is on its way to the disk. Shown only when that takes a while."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit.base import Box, anything
from kiosk.screens.wording.leaving import pupils
from kiosk.views import SavingView
from kiosk.views.touches import OnTouch


class SavingScreen(Box):
    """Shows a `SavingView`. Claims nothing: nothing is recorded yet. There is nothing to touch."""

    who = anything(())

    def __init__(self, _touch: OnTouch, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def show(self, view: SavingView) -> None:
        """Draw what has changed."""
        self.who = pupils((view.pupil,))


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
