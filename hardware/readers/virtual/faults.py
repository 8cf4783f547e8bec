"""What can be wrong with a reader, as switches: what each does to a frame on its way over the line."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from random import Random

LATENCY_SECONDS = 0.3
PIECE_PAUSE_SECONDS = 0.01
BABBLE_PERIOD_SECONDS = 0.02
BABBLE_BYTES = 20
"""With the period: as fast as a line of 9600 baud can be."""


class Fault(StrEnum):
    """What can be wrong with a reader; each is on or off."""

    NOISE = "noise"
    """Stray bytes before every frame."""
    PIECES = "pieces"
    """A frame comes in pieces with pauses between them."""
    BAD_CHECKSUM = "bad_checksum"
    """No frame has the right checksum: no tap can come of it."""
    MIDFRAME = "midframe"
    """Every frame is begun, cut short by a new start byte, and sent whole."""
    REPEATS = "repeats"
    """Cards are held for a second."""
    LATENCY = "latency"
    """The reader takes a while to notice a card."""
    BABBLE = "babble"
    """Bytes without end, whether a card is there or not: a wrong line speed, or a broken cable."""


def disturb(
    data: bytes,
    faults: frozenset[Fault],
    random: Random,
    *,
    spoil: Callable[[bytes, Random], bytes],
    noise: Callable[[Random], bytes],
) -> Iterator[bytes]:
    """What goes over the line for one frame, in pieces to be sent with pauses between them.

    Args:
        data: the frame.
        faults: those that are on.
        random: where to cut, and what noise there is.
        spoil: gives the device's frame with a wrong checksum.
        noise: stray bytes as they can come before the device's frames.
    """
    if Fault.BAD_CHECKSUM in faults:
        data = spoil(data, random)
    if Fault.MIDFRAME in faults:
        data = data[: random.randint(1, len(data) - 1)] + data
    if Fault.NOISE in faults:
        data = noise(random) + data
    cuts = sorted(random.sample(range(1, len(data)), 3)) if Fault.PIECES in faults else []
    for begin, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
        yield data[begin:end]
