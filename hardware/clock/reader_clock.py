"""The clock of a card reader's thread: a card gets the reading at which its first byte arrived."""

from collections import deque
from datetime import datetime

from hardware.clock.clock import Clock, Reading

READINGS_KEPT = 512
"""Readings kept: more than the 323 bytes of the longest code, if each byte arrived alone."""


class ReaderClock:
    """Keeps recent readings, so that a card gets the one of its first byte. For one thread.

    A slow callback can delay a card, and the clock may be set in between. So the time and trust of a card are
    never derived afterwards: they come from the reading taken at the time, whose monotonic time also gives
    the true instant once the clock is right.

    Args:
        clock: the kiosk's clock.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._readings: deque[Reading] = deque(maxlen=READINGS_KEPT)

    def now(self) -> datetime:
        """The instant (UTC) of bytes that have just arrived."""
        reading = self._clock.reading()
        self._readings.append(reading)
        return reading.at

    def reading_at(self, at: datetime) -> Reading:
        """The reading at the instant that `now` returned.

        When it is no longer kept: `unknown` trust, with the current monotonic time.
        """
        for reading in reversed(self._readings):
            if reading.at == at:
                return reading
        return self._clock.reading()._replace(at=at, trust="unknown")
