"""A bus route that staff type."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import action, field, header
from kiosk.screens.kit.base import Stack, boolean, number, text
from kiosk.screens.kit.keyboard import Keyboard
from kiosk.views import BusTypedView
from kiosk.views.touches import OnTouch

__all__ = ["BusTypedScreen", "action", "field", "header"]  # used by the kv file


class BusTypedScreen(Stack):
    """Shows a `BusTypedView`."""

    typed = text("")
    whole = boolean(False)
    heading = number(52)
    """Pixels of the question's text: smaller beside four rows of keys on a small display."""

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._keyboard = Keyboard(touch, digits=True)
        self.ids.keyboard_place.add_widget(self._keyboard)

    def show(self, view: BusTypedView) -> None:
        """Draw what has changed."""
        self.typed = view.letters
        self.whole = view.complete
        self._keyboard.enable(view.keys, may_erase=bool(view.letters))


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
