"""The cleaning screen: ignores touches while the display is wiped."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit.base import Stack, anything
from kiosk.screens.wording.sentence import say
from kiosk.screens.wording.translate import ngettext
from kiosk.views import CleaningView
from kiosk.views.touches import OnTouch


class CleaningScreen(Stack):
    """Shows a `CleaningView`. It has no tiles."""

    left = anything(())

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)

    def show(self, view: CleaningView) -> None:
        """Draw what has changed."""
        count = view.seconds_left
        self.left = say(ngettext("{count} second left", "{count} seconds left", count), count=count)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
