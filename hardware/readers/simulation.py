"""What a driver provides so that its reader can be simulated: a model of the device, seen from its line."""

from collections.abc import Sequence
from enum import StrEnum
from random import Random
from typing import Protocol


class ReaderFault(StrEnum):
    """A fault of a real reader that a virtual one can imitate; each is on or off."""

    NOISE = "noise"
    """Stray bytes before every frame."""
    PIECES = "pieces"
    """Frames arrive in pieces with pauses between them."""
    BAD_CHECKSUM = "bad_checksum"
    """Every frame has a wrong checksum, so no tap can result."""
    MIDFRAME = "midframe"
    """Every frame is started, cut short by a new start byte, and then sent whole."""
    REPEATS = "repeats"
    """Cards are held for a second, so their frames repeat for longer than usual."""
    LATENCY = "latency"
    """The reader takes a while to notice a card."""
    BABBLE = "babble"
    """An endless stream of bytes, card or no card: a wrong line speed, or a broken cable."""


ALL_FAULTS = frozenset(ReaderFault)


class SimulatedReader(Protocol):
    """A model of a reader as seen from its line. Pure: no I/O, no clock."""

    @property
    def baud(self) -> int:
        """Line speed in bits a second."""

    @property
    def period(self) -> float | None:
        """Seconds between the frames of a held card; `None` when the reader sends a card only once."""

    @property
    def rest(self) -> float:
        """The least seconds between two cards that a person presents; 0 when cards need no pause."""

    @property
    def faults(self) -> frozenset[ReaderFault]:
        """The faults that this kind of reader can have."""

    @property
    def is_polled(self) -> bool:
        """Whether the reader sends only in answer to the host."""

    def show(self, cards: Sequence[str | int]) -> bytes:
        """Put these cards into the field; return what the reader sends unprompted (nothing when polled).

        Raises:
            ValueError: a card that this reader cannot read, or too many at once.
        """

    def answer(self, data: bytes) -> list[tuple[bytes, bool]]:
        """The frames that answer these bytes from the host, each with whether it names a card."""

    def spoil(self, data: bytes, random: Random) -> bytes:
        """The frame `data` with a wrong checksum."""

    def noise(self, random: Random) -> bytes:
        """Stray bytes such as may precede a frame."""
