"""Noise with true cards in it through every parser, for long: `python -m tests.hardware.readers.campaign`.

Noise is random bytes, and bytes that nearly are frames: true frames spoilt in a place, or cut short. In each
block a true frame follows the noise, then silence. What must hold: no exception; every true frame is found;
and whatever else is taken for a card is a frame whose checksum is right by chance, which is looked for by
another way than the parser's.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import xor
from random import Random

from hardware.readers.families import FAMILIES
from hardware.readers.family import Options
from hardware.readers.reader import Event, Tap, iso14443a_uid

AT = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)
TEN_MILLION = 10_000_000


@dataclass
class Kind:
    """What the campaign knows of a family, apart from its parser."""

    card: Callable[[Random], str]
    by_chance: Callable[[bytes, str], bool]
    """Whether the stream holds, by chance, a whole frame of this card."""
    between: bytes = b""
    """What ends the noise where frames have no start of their own."""


@dataclass
class Result:
    """What came of a family's run."""

    sent: int = 0
    true: int = 0
    by_chance: int = 0


def _em4100(random: Random) -> str:
    return f"em4100:{random.getrandbits(32):08X}"


def _em4100_by_chance(stream: bytes, card: str) -> bool:
    number = card.removeprefix("em4100:").encode()
    frames = re.finditer(
        rb"\x02(?=([0-9A-F]{2}" + number + rb"[0-9A-F]{2})(?:\r\n)?\x03)", stream, re.IGNORECASE
    )
    return any(not reduce(xor, bytes.fromhex(found[1].decode())) for found in frames)


def _uid(random: Random) -> str:
    return f"iso14443a:{random.randbytes(random.choice((4, 7, 10))).hex().upper()}"


def _uid_by_chance(stream: bytes, card: str) -> bool:
    uid = iso14443a_uid(card)
    for found in re.finditer(rb"(?=\x00\xff)", stream):
        length, rest = stream[found.start() + 2 : found.start() + 3], stream[found.start() + 4 :]
        whole = rest[: length[0] + 1] if length else b""
        if uid in whole and len(whole) == length[0] + 1 and not sum(whole) & 0xFF:
            return True
    return False


def _text(random: Random) -> str:
    return "barcode:" + "".join(
        random.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-", k=random.randint(3, 20))
    )


def _text_by_chance(stream: bytes, card: str) -> bool:
    return (
        card.removeprefix("barcode:").encode() in stream
    )  # text has no checksum: all that can be read is read


KINDS = {
    "rdm6300": Kind(_em4100, _em4100_by_chance),
    "id12la": Kind(_em4100, _em4100_by_chance),
    "pn532": Kind(_uid, _uid_by_chance),
    "barcode": Kind(_text, _text_by_chance, between=b"\r"),
}


def run(name: str, count: int, random: Random) -> Result:
    """Send a family's parser about `count` bytes of noise with true cards.

    Raises:
        AssertionError: a true card was not found, or something was taken for a card that is none.
    """
    kind, parser, result = KINDS[name], FAMILIES[name].parser(Options()), Result()
    while result.sent < count:
        card = kind.card(random)
        noise = b"".join(_noise(random, lambda: frame(name, kind.card(random)))) + kind.between
        stream = noise + frame(name, card)
        events: list[Event] = []
        for piece in _pieces(stream, random):
            events += parser.feed(piece, AT)
        taps = [event.card for event in [*events, *parser.silence()] if isinstance(event, Tap)]
        assert taps[-1:] == [card], f"{name}: {card} was lost after {noise.hex()}"
        for other in taps[:-1]:
            assert kind.by_chance(stream, other), f"{name}: {other} was made of {stream.hex()}"
        result.sent += len(stream)
        result.true += 1
        result.by_chance += len(taps) - 1
    return result


def frame(name: str, card: str) -> bytes:
    """What a reader of that family sends of that card, once."""
    simulated = FAMILIES[name].simulated
    assert simulated is not None
    device = simulated()
    unasked = device.show([card])
    # an asked device is woken, and asked which cards there are
    return unasked or device.answer(bytes.fromhex("5500 00FF04FCD44A0200E000"))[0][0]


def _noise(random: Random, another: Callable[[], bytes]) -> Iterator[bytes]:
    for _ in range(random.randint(0, 12)):
        yield random.randbytes(random.randint(0, 2 ** random.randint(0, 12)))
        whole = bytearray(another())
        match random.randrange(4):
            case 0:
                whole[random.randrange(len(whole))] ^= random.randint(1, 255)
            case 1:
                del whole[random.randrange(len(whole)) :]
            case 2:
                del whole[: random.randrange(len(whole))]
            case _:
                whole.insert(random.randrange(len(whole)), random.randrange(256))
        yield bytes(whole)


def _pieces(stream: bytes, random: Random) -> Iterator[bytes]:
    longest = random.choice((1, 16, 4096))
    place = 0
    while place < len(stream):
        size = random.randint(1, longest)
        yield stream[place : place + size]
        place += size


def main() -> int:
    """Run it, and say what came of it."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--bytes", type=int, default=TEN_MILLION, help="for each family")
    arguments.add_argument("--seed", type=int, default=None)
    given = arguments.parse_args()
    seed = given.seed if given.seed is not None else time.time_ns()
    print(f"seed {seed}")  # noqa: T201 - a program's answer
    for name in KINDS:
        began = time.monotonic()
        done = run(name, given.bytes, Random(seed))  # noqa: S311 - noise, not a secret
        print(  # noqa: T201 - a program's answer
            f"{name}: {done.sent:,} bytes, {done.true:,} true cards, all found; {done.by_chance:,} others"
            " intact, or right by chance;"
            f" {time.monotonic() - began:.0f} s"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
