"""Coverage-guided fuzzing of every parser, to be run by hand.

Atheris is in no lock file, since no other test needs it. Run it in a virtual environment of its own:

    python3 -m venv fuzz && fuzz/bin/pip install atheris pyserial structlog
    fuzz/bin/python -m tests.hardware.readers.fuzz -max_total_time=600 -print_final_stats=1

The same must hold as in `campaign`: no exception; only frames with a right checksum count as cards; and a
true frame after the noise is found. It stops at the first input that violates this and saves it as `crash-…`.
"""

import sys
from random import Random

import atheris  # type: ignore[import-untyped]  # in no lock file

with atheris.instrument_imports(include=["hardware.readers"]):
    from hardware.readers.families import FAMILIES
    from hardware.readers.family import Options
    from hardware.readers.reader import Event, Tap

from tests.hardware.readers.campaign import AT, KINDS, frame

NAMES = tuple(KINDS)


def one_input(data: bytes) -> None:
    """The first byte chooses the family, the second the card and the pieces, the rest is noise.

    Raises:
        AssertionError: a true card was missed, or noise was read as a card.
    """
    if len(data) < 2:
        return
    name, random, noise = NAMES[data[0] % len(NAMES)], Random(data[1]), data[2:]  # noqa: S311 - not a secret
    kind, parser = KINDS[name], FAMILIES[name].parser(Options())
    card = kind.card(random)
    stream = noise + frame(name, card)
    size = random.choice((1, 7, 4096))
    events: list[Event] = []
    for part in (noise, frame(name, card)) if kind.pauses else (stream,):
        for place in range(0, len(part), size):
            events += parser.feed(part[place : place + size], AT)
        while kind.pauses and parser.patience is not None:
            events += parser.silence()
    events += parser.silence()
    taps = [event.card for event in events if isinstance(event, Tap)]
    if taps[-1:] != [card]:
        raise AssertionError(f"{name}: {card} was lost after {noise.hex()}")
    for other in taps[:-1]:
        if not kind.by_chance(stream, other):
            raise AssertionError(f"{name}: {other} was made of {stream.hex()}")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
