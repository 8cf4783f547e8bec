"""The Kivy classes and properties that our widgets are built from.

Kivy 2.3.1 ships no types, so a type checker sees its classes as `Any`. They are wrapped here once, and the
code above is checked strictly.
"""

# mypy: disable-error-code="misc"
# Reason: our widgets subclass Kivy's classes, which are `Any`.

from collections.abc import Callable
from typing import Any

from kivy import app, event, properties
from kivy.uix import behaviors, boxlayout, floatlayout, label, widget
from kivy.uix import layout as _layout


class EventDispatcher(event.EventDispatcher):
    """An object with observable properties."""


class Widget(widget.Widget):
    """A widget without a layout of its own."""


class Direction(EventDispatcher):
    """The reading direction of the current language."""

    right_to_left = properties.BooleanProperty(False)


reading = Direction()
"""The direction of the window; a process has one."""


class Stack(boxlayout.BoxLayout):
    """Children in a row or a column. A row starts on the side where reading starts."""

    mirrors = properties.BooleanProperty(True)
    """`False` keeps a row left to right in every language, as on a keyboard."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        reading.bind(right_to_left=self._trigger_layout)

    def do_layout(self, *args: object) -> None:
        """Place the children, from the right in a right-to-left language."""
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
    """A widget that can be pressed."""


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
    """An observable value, compared by equality; kv rules follow its attributes too."""
    return properties.ObjectProperty(default, allownone=True, rebind=True)


def colour(default: tuple[float, ...] = (0, 0, 0, 1)) -> Any:
    """An observable colour."""
    return properties.ColorProperty(default)


def derived(getter: Callable[[Any], Any], bind: tuple[str, ...]) -> Any:
    """An observable value computed from other properties of the same object."""
    return properties.AliasProperty(getter, None, bind=bind, cache=True)
