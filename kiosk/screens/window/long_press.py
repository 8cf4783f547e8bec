"""The way to the staff screen, which nobody finds by chance: the school's name, held for a while."""

from typing import Any

from kivy.clock import Clock

from kiosk.screens.kit.base import Box

HELD_S = 1.5
"""Seconds that a finger must stay on it."""


class Door(Box):
    """Opens (`on_open`) while a finger is still on it."""

    __events__ = ("on_open",)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._held = Clock.create_trigger(lambda _seconds: self.dispatch("on_open"), HELD_S)

    def on_touch_down(self, touch: Any) -> bool:
        """A finger is on it."""
        if not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        self._held()
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """The finger has left it."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._held.cancel()
        return True

    def on_open(self) -> None:
        """It was held long enough."""
