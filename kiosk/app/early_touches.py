"""Stands in for the journey while the kiosk starts: what is touched is kept, and led on once there is one."""

from collections.abc import Callable


class KeptTouches:
    """Any of the touches of `kiosk.screens.kit.touches`, on the UI thread.

    Only the first is kept: whatever was touched after it was meant for a screen that nobody had seen yet.
    """

    def __init__(self) -> None:
        self._journey: object | None = None
        self._kept: Callable[[], None] | None = None

    def __getattr__(self, touch: str) -> Callable[..., None]:
        def touched(*what: object) -> None:
            if self._journey is not None:
                getattr(self._journey, touch)(*what)
            elif self._kept is None:
                self._kept = lambda: touched(*what)

        return touched

    def hand_over(self, journey: object) -> None:
        """From now on the journey is told of every touch; first of the one that was kept."""
        self._journey = journey
        if self._kept is not None:
            self._kept()
