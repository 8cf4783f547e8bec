"""The clock of a card reader's thread: a card has the reading of the moment at which its first byte came."""

from collections import deque
from datetime import datetime

from hardware.clock.clock import Clock, Reading

READINGS_KEPT = 512
"""How many looks at the clock are kept: more than the 323 bytes of the longest code, each come alone."""


class ReaderClock:
    """Keeps what it read, for the card whose first byte came then. Used from one thread.

    A card may be told of late, when a callback was slow, and the clock may have been set since. So neither
    the time of a card nor what it is worth is worked out afterwards: it is the reading of its own moment,
    with the ticks from which the true instant can be worked out.

    Args:
        clock: the kiosk's.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._readings: deque[Reading] = deque(maxlen=READINGS_KEPT)

    def now(self) -> datetime:
        """The instant, in UTC, of bytes that have just come."""
        reading = self._clock.reading()
        self._readings.append(reading)
        return reading.at

    def reading_at(self, at: datetime) -> Reading:
        """The reading that `now` gave the instant of. One that is not kept is `unknown`, with these ticks."""
        for reading in reversed(self._readings):
            if reading.at == at:
                return reading
        return self._clock.reading()._replace(at=at, trust="unknown")
