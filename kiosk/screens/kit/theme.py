"""Every size on the kiosk, computed from the window's size: one base size, nothing stretched.

The kv files read `theme`; when the window is resized, `fit` updates the properties and layouts follow.
"""

from typing import Any

from kivy.core.text import LabelBase

from kiosk.screens import fonts
from kiosk.screens.kit.base import EventDispatcher, boolean, number

ICON_FONT = "Lucide"
LANDSCAPE = (1280, 800)
PORTRAIT = (720, 1280)
"""The design's sizes, in pixels: there the base size is 1."""

LARGER = 1.3
"""The factor of large text. A text that no longer fits takes more lines, and only then shrinks."""


def base_size(width: float, height: float) -> float:
    """How many pixels one pixel of the design becomes in a window of this size."""
    drawn = PORTRAIT if height > width else LANDSCAPE
    return min(width / drawn[0], height / drawn[1])


class Theme(EventDispatcher):
    """The current sizes, in pixels. Minimums keep text and targets large enough on a 7-inch display."""

    u = number(1.0)
    width = number(1280)
    portrait = boolean(False)
    large = boolean(False)
    """Larger text, for visitors in a wheelchair or with low vision."""
    compact = boolean(False)
    """A small display: less space between tiles, so that they stay large enough."""
    small = number(20)
    body = number(26)
    title = number(36)
    heading = number(52)
    clock = number(152)
    gap = number(22)
    pad = number(40)
    radius = number(22)
    edge = number(2)
    touch = number(76)
    bar = number(64)
    done = number(300)
    """The width of Done, in whose place nothing else commits."""
    key = number(95)
    key_gap = number(10)
    key_pad = number(24)
    result_gap = number(14)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._window: tuple[float, float] = LANDSCAPE
        self.fbind("large", lambda *_: self.fit(*self._window))

    def fit(self, width: float, height: float) -> None:
        """Compute every size for a window of this size."""
        self._window = (width, height)
        u = base_size(width, height)
        self.portrait, self.width = height > width, width
        self.compact = u < 0.8
        self.u = u
        self.done = round((316 if self.compact else 300) * u)
        more = LARGER if self.large else 1.0
        # Read at 60 cm: nothing below 16 minutes of arc on a 7-inch display.
        self.small = round(max(21, (32 if self.portrait else 24) * u) * more)
        self.body = round(max(22, (35 if self.portrait else 28) * u) * more)
        self.title = round(max(26, (44 if self.portrait else 38) * u) * more)
        self.heading = round(max(34, (56 if self.portrait else 54) * u) * more)
        self.clock = round((148 if not self.portrait else 140) * u)
        self.gap = round(10 if self.compact else (16 if self.portrait else 20) * u)
        self.pad = round(14 if self.compact else (30 if self.portrait else 32) * u)
        self.radius = round(max(16, 22 * u))
        self.edge = max(2, round(2 * u))
        self.touch = round(max(64, (104 if self.portrait else 84) * u))
        self.bar = round(max(64, (80 if self.portrait else 84) * u))
        self.key = round(max(64, (104 if self.portrait else 92) * u))
        self.key_gap = 6 if self.compact else round(10 * u)
        self.key_pad = 8 if self.compact else round((14 if self.portrait else 24) * u)
        self.result_gap = round(4 if self.compact else (10 if self.portrait else 14) * u)


theme = Theme()
"""The theme of the window; a process has one."""

LabelBase.register(ICON_FONT, str(fonts.LUCIDE))
