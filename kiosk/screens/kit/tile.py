"""Tile, icon and chip."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

import kiosk.screens.kit.label  # noqa: F401  the kv file beside this one draws its words with it
from kiosk.screens.kit import palette
from kiosk.screens.kit.base import (
    ButtonBehavior,
    Label,
    Stack,
    anything,
    boolean,
    colour,
    derived,
    number,
    text,
)


class Icon(Label):
    """One icon of the icon font, as large as its font size."""


class Chip(Stack):
    """A short text with an icon, in a tone, on a rounded background."""

    icon = text("")
    words = anything("")
    tone = anything(palette.INFO)
    ground = anything(None)
    """The colour of the background; `None` for the tone's."""
    widest = number(100_000)
    """The most pixels for the words; longer words shrink."""


class Tile(ButtonBehavior, Stack):
    """A surface to touch: it changes colour at once, and reports when the finger lifts (`on_choose`)."""

    __events__ = ("on_choose",)

    fill = anything(None)
    line = anything(None)
    """The tile's own colours; `None` for those of a surface."""
    surface_fill = colour()
    surface_line = colour()
    radius = number(22)
    edge = number(2)
    roomy = boolean(True)
    """Has padding and spacing; `False` for a tile with only an icon. A subclass cannot set `padding: 0`
    in kv: the rule of `Tile` would win again when the theme's sizes change."""
    enabled = boolean(True)
    value = anything(None)
    """What the tile stands for; if it changes while the finger is down, the tile chooses nothing."""
    at_once = boolean(False)
    """Report when touched, not when the finger lifts: for keys, which are typed fast."""

    def __init__(self, **kwargs: Any) -> None:
        self._touched: Any = None
        super().__init__(**kwargs)

    def _current(self, which: str) -> Any:
        resting = getattr(self, which) or getattr(self, f"surface_{which}")
        return palette.pressed_colour(resting) if self.state == "down" else resting

    current_fill = derived(lambda self: self._current("fill"), ("fill", "surface_fill", "state"))
    current_line = derived(lambda self: self._current("line"), ("line", "surface_line", "state"))

    def on_touch_down(self, touch: Any) -> bool:
        """Take a touch only while enabled."""
        return self.enabled and bool(super().on_touch_down(touch))

    def on_press(self) -> None:
        """Kivy's event for a finger that comes down."""
        self._touched = self.value
        if self.at_once:
            self.dispatch("on_choose")

    def let_go(self) -> None:
        """Forget the finger: lifting it chooses nothing."""
        self.state = "normal"

    def on_release(self) -> None:
        """Kivy's event for a finger that lifts: chooses nothing if the tile or the screen has changed."""
        same = self.value == self._touched and self.get_parent_window() is not None
        if not self.at_once and self.enabled and same:
            self.dispatch("on_choose")

    def on_choose(self) -> None:
        """Called when the tile is chosen."""


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
