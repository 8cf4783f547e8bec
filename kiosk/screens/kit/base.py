"""Kivy's classes as ours are built from them, in one place.

Kivy 2.3.1 ships no types, so every class of it is `Any` to a type checker. What is `Any` is named here once;
everything above is checked strictly.
"""

# mypy: disable-error-code="misc"
# Reason: a class of ours cannot but subclass a class of Kivy's, and those are `Any`.

from collections.abc import Callable
from typing import Any

from kivy import app, event, properties
from kivy.uix import behaviors, boxlayout, floatlayout, label, widget
from kivy.uix import layout as _layout


class EventDispatcher(event.EventDispatcher):
    """Something with observable properties."""


class Widget(widget.Widget):
    """Something on the screen."""


class Direction(EventDispatcher):
    """Which way the language in use is read."""

    right_to_left = properties.BooleanProperty(False)


reading = Direction()
"""The one direction of the one window."""


class Box(boxlayout.BoxLayout):
    """Children in a row or a column. A row begins on the side where reading begins."""

    mirrors = properties.BooleanProperty(True)
    """False: from the left in every language, as the keys of a keyboard are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        reading.bind(right_to_left=self._trigger_layout)

    def do_layout(self, *args: object) -> None:
        """Place the children, from the right where reading begins there."""
        super().do_layout(*args)
        if reading.right_to_left and self.mirrors and self.orientation == "horizontal":
            for child in self.children:
                child.x = self.x + self.right - child.right


class Layered(floatlayout.FloatLayout):
    """Children on top of each other."""


class Layout(_layout.Layout):
    """A widget that places its children itself, in `do_layout`."""


class Label(label.Label):
    """One piece of text."""


class ButtonBehavior(behaviors.ButtonBehavior):
    """Something that can be pressed."""


class App(app.App):
    """A Kivy application."""


def number(default: float) -> Any:
    """An observable number."""
    return properties.NumericProperty(default)


def boolean(default: bool) -> Any:
    """An observable yes or no."""
    return properties.BooleanProperty(default)


def text(default: str = "") -> Any:
    """An observable string."""
    return properties.StringProperty(default)


def anything(default: object = None) -> Any:
    """An observable value; a change is one by equality. What a kv rule reads of its attributes follows it."""
    return properties.ObjectProperty(default, allownone=True, rebind=True)


def colour(default: tuple[float, ...] = (0, 0, 0, 1)) -> Any:
    """An observable colour."""
    return properties.ColorProperty(default)


def derived(getter: Callable[[Any], Any], bind: tuple[str, ...]) -> Any:
    """An observable value worked out from other properties of the same object."""
    return properties.AliasProperty(getter, None, bind=bind, cache=True)
