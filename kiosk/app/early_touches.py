"""Keeps the first touch while the kiosk starts, and hands it to the journey once there is one."""

from kiosk.views.touches import OnTouch, Touch


class EarlyTouches:
    """Receives every touch, on the UI thread.

    Only the first touch is kept: any later one was meant for a screen that nobody had seen yet.
    """

    def __init__(self) -> None:
        self._on_touch: OnTouch | None = None
        self._kept: Touch | None = None

    def __call__(self, touch: Touch) -> None:
        """Pass the touch on; keep it if it is the first and there is no journey yet."""
        if self._on_touch is not None:
            self._on_touch(touch)
        elif self._kept is None:
            self._kept = touch

    def hand_over(self, on_touch: OnTouch) -> None:
        """Pass every touch to `on_touch` from now on, beginning with the one that was kept."""
        self._on_touch = on_touch
        if self._kept is not None:
            on_touch(self._kept)
