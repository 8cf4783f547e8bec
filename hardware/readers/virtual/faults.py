"""Applies the faults of a virtual reader to a frame on its way over the line."""

from collections.abc import Callable, Iterator
from random import Random

from hardware.readers.simulation import ReaderFault

LATENCY_SECONDS = 0.3
PIECE_PAUSE_SECONDS = 0.01
BABBLE_PERIOD_SECONDS = 0.02
BABBLE_BYTES = 20
"""Bytes per `BABBLE_PERIOD_SECONDS`: the full speed of a line at 9600 baud."""


def disturb(
    data: bytes,
    faults: frozenset[ReaderFault],
    random: Random,
    *,
    spoil: Callable[[bytes, Random], bytes],
    noise: Callable[[Random], bytes],
) -> Iterator[bytes]:
    """The bytes sent for one frame, in pieces to be sent with pauses between them.

    Args:
        data: the frame.
        faults: the faults that are on.
        random: decides the cuts and the noise.
        spoil: makes the frame with a wrong checksum.
        noise: makes stray bytes such as may precede the device's frames.
    """
    if ReaderFault.BAD_CHECKSUM in faults:
        data = spoil(data, random)
    if ReaderFault.MIDFRAME in faults:
        data = data[: random.randint(1, len(data) - 1)] + data
    if ReaderFault.NOISE in faults:
        data = noise(random) + data
    cuts = sorted(random.sample(range(1, len(data)), 3)) if ReaderFault.PIECES in faults else []
    for begin, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
        yield data[begin:end]
