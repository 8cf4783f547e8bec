"""A pause without touches: a tap meant for the last screen must not choose anything on the new one."""

from collections.abc import Callable
from math import inf

from kivy.clock import Clock

PAUSE_S = 0.25
"""Seconds. The taps of a double tap are closer together, and no one reads and touches a new screen sooner."""
PERSON_PAUSE_S = 0.6
"""The same when the screen passes to another person: the touch of the one before is still on its way."""


class Pause:
    """Starts with a new screen, and ends some time after the screen was first drawn.

    Args:
        now: seconds of a clock that never goes back.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._seconds = 0.0
        self._until = 0.0
        self._then: list[Callable[[], None]] = []
        self._end = Clock.create_trigger(lambda _seconds: self._check(), 0)
        # Counted from the frame after the next: by then the screen has been drawn, however slow it was.
        self._drawn = Clock.create_trigger(lambda _seconds: self._count(), 0)

    @property
    def is_active(self) -> bool:
        """Whether touches are ignored now."""
        return self._now() < self._until

    def begin(self, seconds: float) -> None:
        """Start the pause, or start it again; a longer pause that has begun is not cut short."""
        if self.is_active:
            seconds = max(seconds, self._seconds)
        self._seconds, self._until = seconds, inf
        self._end.cancel()
        self._drawn.cancel()
        self._drawn()

    def when_over(self, do: Callable[[], None]) -> None:
        """Call `do` once touches are taken; after the next frame if they are taken now."""
        if self.is_active:
            self._then.append(do)
        else:
            Clock.schedule_once(lambda _seconds: do(), 0)

    def _count(self) -> None:
        self._until = self._now() + self._seconds
        self._wait()

    def _wait(self) -> None:
        self._end.timeout = max(0.0, self._until - self._now())
        self._end()

    def _check(self) -> None:
        if self.is_active:
            self._wait()
            return
        then, self._then = self._then, []
        for do in then:
            do()
