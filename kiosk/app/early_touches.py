"""Keeps the first touch while the kiosk starts, and passes it to the journey once there is one."""

import time
from collections.abc import Callable
from typing import Protocol

from kiosk.views.touches import Touch


class TouchHandler(Protocol):
    """Handles touches: `Journey.handle`."""

    def __call__(self, touch: Touch, *, age_s: float = 0.0) -> None:
        """Handle a touch that was made `age_s` seconds ago."""


class EarlyTouches:
    """Receives every touch, on the UI thread.

    While the kiosk starts, only the first touch is kept, with its instant, which decides whether a pupil is
    late. Any later touch was meant for a screen that had not been shown yet.

    Args:
        monotonic: seconds of a clock that never goes back.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._handler: TouchHandler | None = None
        self._first: tuple[Touch, float] | None = None

    def __call__(self, touch: Touch) -> None:
        """Pass the touch on; keep it if it is the first and there is no journey yet."""
        if self._handler is not None:
            self._handler(touch)
        elif self._first is None:
            self._first = (touch, self._monotonic())

    def hand_over(self, handler: TouchHandler) -> None:
        """Pass every touch to `handler` from now on, beginning with the first touch if there was one."""
        self._handler = handler
        if self._first is not None:
            touch, made_at = self._first
            handler(touch, age_s=self._monotonic() - made_at)
