"""How many frames of a reader could not be used, told now and then: a loose cable shows in the log early."""

from typing import NamedTuple, Protocol, runtime_checkable

EVERY_SECONDS = 60.0
"""The log hears of it no more often: a card held askew spoils twenty frames a second."""


@runtime_checkable
class Counting(Protocol):
    """A parser that counts what it could not use."""

    @property
    def bad_checksum(self) -> int:
        """Frames of the right form whose checksum is wrong, since the program began."""

    @property
    def malformed(self) -> int:
        """What began as a frame and was none."""


class Spoiled(NamedTuple):
    """What could not be used since it was told last."""

    bad_checksum: int
    malformed: int


class SpoiledFrames:
    """Looks at a parser's counts. Pure; instants are seconds of one monotonic clock."""

    def __init__(self, parser: object) -> None:
        """The counts of that parser; one that counts nothing has nothing to tell."""
        self._parser = parser if isinstance(parser, Counting) else None
        self._told = Spoiled(0, 0)
        self._told_at: float | None = None

    def to_tell(self, at: float) -> Spoiled | None:
        """What is to be told now; None where there is nothing new, or it was told less than a minute ago.

        A frame without its end is told with the next bad checksum only: every unplugging leaves one.
        """
        if self._parser is None:
            return None
        seen = Spoiled(self._parser.bad_checksum, self._parser.malformed)
        if seen.bad_checksum == self._told.bad_checksum:
            return None
        if self._told_at is not None and at - self._told_at < EVERY_SECONDS:
            return None
        new = Spoiled(seen.bad_checksum - self._told.bad_checksum, seen.malformed - self._told.malformed)
        self._told, self._told_at = seen, at
        return new
