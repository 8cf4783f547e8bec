"""A moment in which no touch is taken: the second tap of a double tap is not meant for what has just come."""

from collections.abc import Callable

from kivy.clock import Clock

DEAF_S = 0.25
"""Seconds. Two taps of one hand are closer together; nobody reads a new screen and touches it sooner."""


class Pause:
    """Begins with a new screen, and is over so long after that screen could first be seen.

    Args:
        seconds: how long.
    """

    def __init__(self, seconds: float = DEAF_S) -> None:
        self.lasts = False
        """Whether no touch is to be taken now."""
        self._then: list[Callable[[], None]] = []
        self._end = Clock.create_trigger(lambda _seconds: self._over(), seconds)
        # From the frame after the next: however long the screen took to be built, it has been drawn by then.
        self._drawn = Clock.create_trigger(lambda _seconds: self._end(), 0)

    def begin(self) -> None:
        """From now on, and anew if it lasts already."""
        self.lasts = True
        self._end.cancel()
        self._drawn.cancel()
        self._drawn()

    def when_over(self, do: Callable[[], None]) -> None:
        """Do that once touches are taken: after the next frame where they are taken now."""
        if self.lasts:
            self._then.append(do)
        else:
            Clock.schedule_once(lambda _seconds: do(), 0)

    def _over(self) -> None:
        self.lasts = False
        then, self._then = self._then, []
        for do in then:
            do()
