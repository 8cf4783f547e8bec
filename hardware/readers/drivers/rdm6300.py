"""RDM6300, the common 125 kHz EM4100 reader: reads and writes its frames.

A frame is 14 bytes at 9600 baud, 8N1: 0x02, the card's version byte and number as 10 hex digits, the
exclusive or of those five bytes as 2 hex digits, 0x03 (the module's data sheet). The reader repeats it about
every 50 ms while the card stays in the field.
"""

from binascii import Error as NotHex
from binascii import unhexlify
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import reduce
from operator import xor
from random import Random

from hardware.readers.family import Family
from hardware.readers.reader import Tap, em4100_card, em4100_number
from hardware.readers.simulation import ALL_FAULTS, ReaderFault

START = b"\x02"
END = b"\x03"
DIGITS = 12
"""Hex digits between start and end byte: 10 of the card, 2 of the checksum."""
REPEAT_SECONDS = 0.05
"""Interval at which the frame of a held card repeats."""


class Rdm6300:
    """Finds frames in the bytes of an RDM6300; a `hardware.readers.reader.Parser`.

    Skips everything that is not a whole, intact frame. Never buffers more than one frame.
    """

    baud = 9600
    end = END
    """The bytes after the digits."""
    patience: float | None = None
    """Any silence ends a partial frame, since a whole one takes 15 ms: see `Parser.patience`."""

    def __init__(self) -> None:
        self.frames = 0
        """Number of intact frames so far."""
        self.bad_checksum = 0
        """Well-formed frames with a wrong checksum: usually a card at the edge of the field."""
        self.malformed = 0
        """Start bytes that no frame followed: it was cut short, not hex, or had no end byte."""
        self._body = bytearray()
        self._began: datetime | None = None

    def feed(self, data: bytes, at: datetime) -> list[Tap]:
        """See `Parser.feed`."""
        # A start byte always starts a new frame, so each stretch between two of them is parsed alone.
        rest, *stretches = data.split(START)
        taps = [self._take(rest)]
        for stretch in stretches:
            self.reset()
            self._began = at
            taps.append(self._take(stretch))
        return [tap for tap in taps if tap is not None]

    def silence(self) -> list[Tap]:
        """See `Parser.silence`."""
        self.reset()
        return []

    def reset(self) -> None:
        """See `Parser.reset`; a partial frame counts as malformed."""
        if self._began is not None:
            self.malformed += 1
        self._body.clear()
        self._began = None

    def _take(self, stretch: bytes) -> Tap | None:
        if self._began is None:
            return None  # noise between frames
        whole = DIGITS + len(self.end)
        self._body += stretch[: whole - len(self._body)]
        if len(self._body) < whole:
            return None
        card, began = self._card(), self._began
        self._body.clear()
        self._began = None
        return None if card is None else Tap(card, began)

    def _card(self) -> str | None:
        try:
            data = unhexlify(self._body[:DIGITS])
        except NotHex:
            data = b""
        if not data or self._body[DIGITS:] != self.end:
            self.malformed += 1
            return None
        if reduce(xor, data):  # five bytes and their checksum cancel to zero
            self.bad_checksum += 1
            return None
        self.frames += 1
        return em4100_card(int.from_bytes(data[1:5]))


def frame(number: int, *, version: int = 0x0A, end: bytes = Rdm6300.end) -> bytes:
    """The frame an RDM6300 sends for a card.

    Args:
        number: the four bytes printed on the card in decimal.
        version: the maker's or customer's byte before them.
        end: the bytes after the digits.

    Raises:
        OverflowError: the number does not fit in four bytes, or the version in one.
    """
    data = version.to_bytes(1) + number.to_bytes(4)
    digits = (data + reduce(xor, data).to_bytes(1)).hex().upper().encode("ascii")
    return START + digits + end


class SimulatedEm4100:
    """A simulated RDM6300 or, with another frame and period, another EM4100 reader."""

    baud = Rdm6300.baud
    is_polled = False

    def __init__(
        self, frame_of: Callable[[int], bytes] = frame, *, period: float | None = REPEAT_SECONDS
    ) -> None:
        self._frame_of = frame_of
        self.period = period
        self.rest = 0.0
        self.faults = ALL_FAULTS - {ReaderFault.REPEATS} if period is None else ALL_FAULTS

    def show(self, cards: Sequence[str | int]) -> bytes:
        """See `SimulatedReader.show`: two cards garble each other's answers, and neither is read."""
        numbers = [_number(card) for card in cards]
        return self._frame_of(numbers[0]) if len(numbers) == 1 else b""

    def answer(self, data: bytes) -> list[tuple[bytes, bool]]:
        """See `SimulatedReader.answer`."""
        return []

    def spoil(self, data: bytes, random: Random) -> bytes:
        """See `SimulatedReader.spoil`."""
        wrong = int(data[11:13], 16) ^ random.randint(1, 255)
        return data[:11] + b"%02X" % wrong + data[13:]

    def noise(self, random: Random) -> bytes:
        """See `SimulatedReader.noise`."""
        return random.randbytes(random.randint(1, 12))


def _number(card: str | int) -> int:
    """The number of a card given by its canonical name, its 8 hex digits, or the number itself."""
    if isinstance(card, int):
        return em4100_number(em4100_card(card))
    return em4100_number(card if ":" in card else f"em4100:{card.upper()}")


FAMILY = Family(
    "rdm6300",
    "RDM6300 and compatible (125 kHz, EM4100)",
    lambda options: Rdm6300(),
    example_cards=("em4100:00000001", "em4100:00000002"),
    simulated=SimulatedEm4100,
)
