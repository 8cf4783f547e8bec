"""A long run of noise with true cards through every parser: `python -m tests.hardware.readers.campaign`.

The noise is random bytes and damaged frames: true frames with a changed byte, or cut short. In each block a
true frame follows the noise, then silence. For readers that send lines of text, half of the noise is codes of
several lines. It must hold that no exception is raised, that every true frame is found and never called
unreadable, that no line of several is a card, and that any other card is a frame whose checksum is right by
chance, as an independent search confirms.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import xor
from random import Random

from hardware.readers.families import FAMILIES
from hardware.readers.family import Options
from hardware.readers.reader import Event, Tap, iso14443a_uid
from hardware.readers.unread import END_SECONDS, UnreadBytes

AT = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)
TEN_MILLION = 10_000_000
_BURSTS = 0.5
"""The part of the noise that is codes of several lines, where a card is a line of text."""


@dataclass
class FamilyNoise:
    """What the campaign needs of a family besides its parser."""

    card: Callable[[Random], str]
    by_chance: Callable[[bytes, str], bool]
    """Whether the stream contains, by chance, a whole frame of this card."""
    pauses: bool = False
    """Whether a card needs a pause before it, because its frame has no start byte."""


@dataclass
class CampaignResult:
    """The counts of a family's run."""

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
    return any(not reduce(xor, bytes.fromhex(match[1].decode())) for match in frames)


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
    # Text has no checksum, so any printable text is read.
    return card.removeprefix("barcode:").encode() in stream


KINDS = {
    "rdm6300": FamilyNoise(_em4100, _em4100_by_chance),
    "id12la": FamilyNoise(_em4100, _em4100_by_chance),
    "pn532": FamilyNoise(_uid, _uid_by_chance),
    "barcode": FamilyNoise(_text, _text_by_chance, pauses=True),
}


def run(name: str, count: int, random: Random) -> CampaignResult:
    """Feed a family's parser about `count` bytes of noise with true cards.

    Raises:
        AssertionError: a true card was missed, or a card was found that is in no frame.
    """
    kind, parser, result = KINDS[name], FAMILIES[name].parser(Options()), CampaignResult()
    unread = UnreadBytes(parser)
    while result.sent < count:
        card = kind.card(random)
        is_burst = kind.pauses and random.random() < _BURSTS
        noise = _lines(name, random) if is_burst else b"".join(_noise(random, lambda: _another(name, random)))
        stream = noise + frame(name, card)
        events: list[Event] = []
        for part in (noise, frame(name, card)) if kind.pauses else (stream,):
            for piece in _pieces(part, random):
                events += _noted(unread, piece, parser.feed(piece, AT))
            while kind.pauses and parser.patience is not None:
                events += _noted(unread, b"", parser.silence())
            if kind.pauses and part is noise:
                code = unread.ended(END_SECONDS)
                assert code is None or len(code.head.split()) <= code.length // 4, (
                    "too much of a code is told"
                )
                assert not (is_burst and events), f"{name}: {noise!r} was read as {len(events)} cards"
        events += _noted(unread, b"", parser.silence())
        assert unread.ended(END_SECONDS) is None, f"{name}: {card} was read and called unreadable"
        taps = [event.card for event in events if isinstance(event, Tap)]
        assert taps[-1:] == [card], f"{name}: {card} was lost after {noise.hex()}"
        for other in taps[:-1]:
            assert kind.by_chance(stream, other), f"{name}: {other} was made of {stream.hex()}"
        result.sent += len(stream)
        result.true += 1
        result.by_chance += len(taps) - 1
    return result


def frame(name: str, card: str) -> bytes:
    """The bytes with which a reader of that family sends a card once."""
    simulated = FAMILIES[name].simulated
    assert simulated is not None
    device = simulated()
    unprompted = device.show([card])
    # a polled device is woken and polled for cards
    return unprompted or device.answer(bytes.fromhex("5500 00FF04FCD44A0200E000"))[0][0]


def _another(name: str, random: Random) -> bytes:
    return frame(name, KINDS[name].card(random))


def _lines(name: str, random: Random) -> bytes:
    """A code of several lines, each of which could be a pupil's number."""
    return b"".join(_another(name, random) for _ in range(random.randint(2, 12)))


def _noted(unread: UnreadBytes, data: bytes, events: Iterable[Event]) -> list[Event]:
    """The events of a read, which the description of unread codes is to know as well."""
    found = list(events)
    unread.add(data, events=bool(found), at=0.0)
    return found


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
    """Run the campaign and print its results."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--bytes", type=int, default=TEN_MILLION, help="for each family")
    arguments.add_argument("--seed", type=int, default=None)
    given = arguments.parse_args()
    seed = given.seed if given.seed is not None else time.time_ns()
    print(f"seed {seed}")  # noqa: T201 - program output
    for name in KINDS:
        began = time.monotonic()
        done = run(name, given.bytes, Random(seed))  # noqa: S311 - noise, not a secret
        print(  # noqa: T201 - program output
            f"{name}: {done.sent:,} bytes, {done.true:,} true cards, all found; {done.by_chance:,} others"
            " intact, or right by chance;"
            f" {time.monotonic() - began:.0f} s"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
