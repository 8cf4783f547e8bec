"""RDM6300, the usual 125 kHz EM4100 reader: its frames, read and written.

A frame is 14 bytes at 9600 8N1: 0x02, the card's version byte and number as 10 hex digits, the exclusive or
of those five bytes as 2 hex digits, 0x03. It comes again about every 50 ms while the card is there.
"""

from binascii import Error as NotHex
from binascii import unhexlify
from datetime import datetime
from functools import reduce
from operator import xor

from hardware.readers.reader import Tap, em4100_card

START = b"\x02"
END = b"\x03"
DIGITS = 12
"""Hex digits between start and end: 10 of the card, 2 of the checksum."""
REPEAT_SECONDS = 0.05
"""How soon the frame of a card that is held comes again."""


class Rdm6300:
    """Finds the frames in what an RDM6300 sends; a `hardware.readers.reader.Parser`.

    Whatever is not a whole, intact frame is passed over. Never holds more than one frame.
    """

    baud = 9600
    end = END
    """What follows the digits."""
    patience: float | None = None
    """Any silence ends half a frame, which takes 15 ms whole: see `Parser.patience`."""

    def __init__(self) -> None:
        self.frames = 0
        """Intact frames so far."""
        self.bad_checksum = 0
        """Frames of the right form whose checksum is wrong: a card at the edge of the field."""
        self.malformed = 0
        """Start bytes that no frame followed: cut short, not hex, or without its end."""
        self._body = bytearray()
        self._began: datetime | None = None

    def feed(self, data: bytes, at: datetime) -> list[Tap]:
        """See `Parser.feed`."""
        # A start byte always begins a frame anew, so each stretch between two of them stands alone.
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
        """See `Parser.reset`; half a frame counts as malformed."""
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
        if reduce(xor, data):  # five bytes and their checksum cancel out
            self.bad_checksum += 1
            return None
        self.frames += 1
        return em4100_card(int.from_bytes(data[1:5]))


def frame(number: int, *, version: int = 0x0A, end: bytes = Rdm6300.end) -> bytes:
    """The frame an RDM6300 sends for a card.

    Args:
        number: the four bytes printed on the card in decimal.
        version: the byte before them, the maker's or customer's.
        end: what follows the digits.

    Raises:
        OverflowError: the number does not fit in four bytes, or the version in one.
    """
    data = version.to_bytes(1) + number.to_bytes(4)
    digits = (data + reduce(xor, data).to_bytes(1)).hex().upper().encode("ascii")
    return START + digits + end
