"""The name screen: the adult types their full name. No name is suggested or completed."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import action, field, header
from kiosk.screens.kit.base import Stack, anything, boolean, number, text
from kiosk.screens.kit.keyboard import Keyboard
from kiosk.screens.wording import leaving as leaving_wording
from kiosk.views import NameView, Purpose
from kiosk.views.touches import OnTouch

__all__ = ["NameScreen", "action", "field", "header"]  # used by the kv file


class NameScreen(Stack):
    """Shows a `NameView`."""

    typed = text("")
    who = anything(())
    whole = boolean(False)
    step = number(0)

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._keyboard = Keyboard(touch, marks=True)
        self.ids.keyboard_place.add_widget(self._keyboard)

    def show(self, view: NameView) -> None:
        """Draw what has changed."""
        self.typed = view.name
        self.step = 2 if view.purpose is Purpose.COLLECTING else 0
        self.who = leaving_wording.pupils(view.pupils)
        self.whole = view.complete
        self._keyboard.enable(view.keys, may_erase=bool(view.name))


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
