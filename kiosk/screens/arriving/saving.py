"""The saving screen, shown only when the journal takes a while to store an entry."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit.base import Stack, anything
from kiosk.screens.wording.leaving import pupils
from kiosk.views import SavingView
from kiosk.views.touches import OnTouch


class SavingScreen(Stack):
    """Shows a `SavingView`. Nothing is recorded yet, so it shows no result and has no tiles."""

    who = anything(())

    def __init__(self, _touch: OnTouch, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def show(self, view: SavingView) -> None:
        """Draw what has changed."""
        self.who = pupils((view.pupil,))


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
