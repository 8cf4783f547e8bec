"""A long press on the school's name opens the staff screen: hard to find by accident."""

from typing import Any

from kivy.clock import Clock

from kiosk.screens.kit.base import Stack, text

HELD_S = 1.5
"""Seconds that the finger must stay."""


class LongPressArea(Stack):
    """An area that opens something (`on_open`) when a finger stays on it."""

    __events__ = ("on_open",)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._timer = Clock.create_trigger(lambda _seconds: self.dispatch("on_open"), HELD_S)

    def on_touch_down(self, touch: Any) -> bool:
        """Start the timer."""
        if not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        self._timer()
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """Cancel the timer."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._timer.cancel()
        return True

    def let_go(self) -> None:
        """Forget the finger: keeping it there opens nothing."""
        self._timer.cancel()

    def on_open(self) -> None:
        """Called when the finger has stayed long enough."""


class SchoolArea(LongPressArea):
    """The school's name in the bar."""

    name = text("")
