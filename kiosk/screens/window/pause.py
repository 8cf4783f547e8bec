"""A short pause in which touches are ignored, so that a double tap presses nothing on a new screen."""

from collections.abc import Callable

from kivy.clock import Clock

PAUSE_S = 0.25
"""Seconds: longer than between the taps of a double tap, shorter than it takes to read a new screen."""


class Pause:
    """Starts with a new screen, and ends some time after the screen was first drawn.

    Args:
        seconds: from the first drawing to the end.
    """

    def __init__(self, seconds: float = PAUSE_S) -> None:
        self.is_active = False
        """Whether touches are ignored now."""
        self._then: list[Callable[[], None]] = []
        self._end = Clock.create_trigger(lambda _seconds: self._over(), seconds)
        # Counted from the frame after the next: by then the screen has been drawn, however slow it was.
        self._drawn = Clock.create_trigger(lambda _seconds: self._end(), 0)

    def begin(self) -> None:
        """Start the pause, or start it again."""
        self.is_active = True
        self._end.cancel()
        self._drawn.cancel()
        self._drawn()

    def when_over(self, do: Callable[[], None]) -> None:
        """Call `do` once touches are taken; after the next frame if they are taken now."""
        if self.is_active:
            self._then.append(do)
        else:
            Clock.schedule_once(lambda _seconds: do(), 0)

    def _over(self) -> None:
        self.is_active = False
        then, self._then = self._then, []
        for do in then:
            do()
