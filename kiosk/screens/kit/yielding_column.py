"""A column whose texts yield when there is no room for all of them at full size.

Large text, longer languages and long names meet on the small displays. A text alone shrinks to its area; in a
column each text takes the height that it needs, so that the last ones would leave the window.
"""

from collections.abc import Iterator
from typing import Any

from kiosk.screens.kit.base import ButtonBehavior, Stack, Widget, number
from kiosk.screens.kit.label import TextBlock

LEAST_SHARE = 0.5
"""The least share of their height that texts keep. Below it a display is too small for the screen."""
_AIR = 0.06
"""The share of a line's height that is air: with so little missing no text needs to shrink."""
_CLOSE_ENOUGH = 0.01


class YieldingColumn(Stack):
    """A vertical stack that shrinks all its texts by the same share, and no more than it has to."""

    room = number(0)
    """The height that there is, in pixels; 0 for the column's own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("room", self._trigger_layout)

    def do_layout(self, *args: object) -> None:
        """Place the children, and give the texts their share of the room."""
        super().do_layout(*args)
        room = self.room or self.height
        now, whole = _height_of_texts(self, whole=False), _height_of_texts(self, whole=True)
        if self.orientation != "vertical" or whole <= 0 or room <= 1:
            return
        share = (room - self.minimum_height + now) / whole
        share = 1.0 if share > 1 - _AIR else max(LEAST_SHARE, share)
        for text in _texts(self):
            if abs(text.share - share) > _CLOSE_ENOUGH:
                text.share = share


def _texts(widget: Widget) -> Iterator[TextBlock]:
    """The texts in a widget, but not those of what can be pressed: a target keeps its size."""
    for child in widget.children:
        if isinstance(child, TextBlock):
            yield child
        elif not isinstance(child, ButtonBehavior):
            yield from _texts(child)


def _height_of_texts(widget: Widget, *, whole: bool) -> float:
    """The part of a widget's height that its texts take, now or as a whole."""
    if isinstance(widget, TextBlock):
        height = float(min(widget.needed_height, widget.height))
        return height / widget.share if whole else height
    if isinstance(widget, ButtonBehavior):
        return 0.0
    heights = [_height_of_texts(child, whole=whole) for child in widget.children]
    if not heights:
        return 0.0
    return sum(heights) if getattr(widget, "orientation", "") == "vertical" else max(heights)
