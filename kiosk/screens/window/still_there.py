"""“Are you still there?” in the middle of the screen, with the seconds that are left."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import action
from kiosk.screens.kit.base import Layered, anything, number

__all__ = ["StillThere", "action"]  # used by the kv file

ASKED_S = 20.0
"""The seconds that are a whole turn of the ring."""


class StillThere(Layered):
    """Lies over the screen while `seconds` is not `None`. Every touch is the answer (`on_stay`), and presses
    nothing below."""

    __events__ = ("on_stay",)

    seconds: int | None = anything(None)
    asked_s = number(ASKED_S)

    def on_touch_down(self, touch: Any) -> bool:
        """Take every touch while the question is shown."""
        if self.seconds is None:
            return False
        self.dispatch("on_stay")
        return True

    def on_stay(self) -> None:
        """Called when the screen is touched."""


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
