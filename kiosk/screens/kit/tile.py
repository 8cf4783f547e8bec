"""Things to touch, and small things to look at: tile, icon, chip."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

import kiosk.screens.kit.label  # noqa: F401  the kv file beside this one draws its words with it
from kiosk.screens.kit import palette
from kiosk.screens.kit.base import (
    Box,
    ButtonBehavior,
    Label,
    anything,
    boolean,
    colour,
    derived,
    number,
    text,
)


class Icon(Label):
    """One glyph of the icon font, as large as its font size."""


class Chip(Box):
    """A short word with an icon, in a tone, on a rounded ground."""

    icon = text("")
    said = anything("")
    tone = anything(palette.INFO)
    widest = number(100_000)
    """The words take no more than so many pixels; what is longer is drawn smaller."""


class Tile(ButtonBehavior, Box):
    """A surface that changes under the finger at once, and reports when the finger lifts (`on_choose`)."""

    __events__ = ("on_choose",)

    fill = anything(None)
    line = anything(None)
    """Colours of its own; None: those of a surface."""
    surface_fill = colour()
    surface_line = colour()
    radius = number(22)
    edge = number(2)
    roomy = boolean(True)
    """Air beside and between what is in it; not where that is one icon alone. A kind of tile that says
    `padding: 0` instead loses it when the theme's sizes change: then the rule of all tiles speaks again."""
    enabled = boolean(True)
    value = anything(None)
    """What is chosen with it: one that was lent out for another under the finger chooses nothing."""
    at_once = boolean(False)
    """Report at the touch, not when the finger lifts: for keys, which are struck in haste."""

    def __init__(self, **kwargs: Any) -> None:
        self._touched: Any = None
        super().__init__(**kwargs)

    def _shown(self, which: str) -> Any:
        given = getattr(self, which) or getattr(self, f"surface_{which}")
        return palette.pressed(given) if self.state == "down" else given

    shown_fill = derived(lambda self: self._shown("fill"), ("fill", "surface_fill", "state"))
    shown_line = derived(lambda self: self._shown("line"), ("line", "surface_line", "state"))

    def on_touch_down(self, touch: Any) -> bool:
        """A tile that is not enabled cannot be pressed."""
        return self.enabled and bool(super().on_touch_down(touch))

    def on_press(self) -> None:
        """Kivy's own event."""
        self._touched = self.value
        if self.at_once:
            self.dispatch("on_choose")

    def on_release(self) -> None:
        """Kivy's own event; a finger that lifts after the screen or the tile has changed chooses nothing."""
        same = self.value == self._touched and self.get_parent_window() is not None
        if not self.at_once and self.enabled and same:
            self.dispatch("on_choose")

    def on_choose(self) -> None:
        """Somebody chose this tile."""


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
