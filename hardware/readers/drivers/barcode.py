"""Barcode scanners on a USB serial port, and readers that type: turns lines of text into cards.

A scanner sends the text of a code, then CR, LF, both or nothing. It may prefix the text with an AIM symbology
identifier (ISO/IEC 15424): `]`, a letter for the kind of code (`A` Code 39, `C` Code 128, `Q` QR) and a digit
or letter, as in `]C0`. The line carries no checksum, so a check digit in the code itself is the only guard
against a misread; the settings can require one.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from random import Random

from hardware.readers.drivers.check_digits import strip_code39_check, strip_mod10_check
from hardware.readers.family import CheckDigit, Ending, Family
from hardware.readers.reader import Tap, barcode_card
from hardware.readers.simulation import ReaderFault

SHORTEST = 3
"""The fewest characters of a pupil's number; shorter text is line noise."""
LONGEST = 80
"""The most characters. Admission numbers and UPNs have up to 13; a poster's QR code can have thousands."""
PAUSE_SECONDS = 0.1
"""Silence that ends a text: a scanner's characters follow each other within 50 ms, usually within 1 ms."""

_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_LINES = re.compile(rb"[\r\n]")
_BYTES = LONGEST * 4 + 3
"""The longest text in UTF-8 with its prefix; the rest of a longer line is discarded."""


class Barcode:
    """Finds texts in the bytes of a scanner; a `hardware.readers.reader.Parser`.

    Skips text that is not printable, too short or too long, and text with a wrong check digit.
    """

    baud = 9600

    def __init__(self, *, check: CheckDigit = CheckDigit.NONE, ending: Ending = Ending.ANY) -> None:
        """See `Options`; a check digit is verified and left out of the card's name."""
        self._check = check
        self._ending = ending
        self._line = bytearray()
        self._began: datetime | None = None
        self.frames = 0
        """Number of texts so far."""
        self.bad_checksum = 0
        """Texts with a wrong check digit."""
        self.malformed = 0
        """Lines that cannot be a card's text."""

    @property
    def patience(self) -> float | None:
        """See `Parser.patience`."""
        return PAUSE_SECONDS if self._line else None

    def feed(self, data: bytes, at: datetime) -> list[Tap]:
        """See `Parser.feed`."""
        *ended, rest = _LINES.split(data)
        taps = []
        for line in ended:
            self._add(line, at)
            taps.append(self._finish())
        self._add(rest, at)
        return [tap for tap in taps if tap is not None]

    def silence(self) -> list[Tap]:
        """See `Parser.silence`: the pause ends a text that has no other ending."""
        if self._ending is Ending.LINE:
            self.reset()
            return []
        tap = self._finish()
        return [] if tap is None else [tap]

    def reset(self) -> None:
        """See `Parser.reset`; a partial text counts as malformed."""
        self.malformed += bool(self._line)
        self._line.clear()
        self._began = None

    def _add(self, data: bytes, at: datetime) -> None:
        if data and self._began is None:
            self._began = at
        # One byte more than the longest text, so that a longer line is recognised.
        self._line += data[: _BYTES + 1 - len(self._line)]

    def _finish(self) -> Tap | None:
        line, began = bytes(self._line), self._began
        self._line.clear()
        self._began = None
        if not line or began is None:
            return None  # LF after CR
        text = self._without_check_digit(_text(line))
        if text is None:
            return None
        self.frames += 1
        return Tap(barcode_card(text), began)

    def _without_check_digit(self, text: str | None) -> str | None:
        if text is None:
            self.malformed += 1
            return None
        match self._check:
            case CheckDigit.NONE:
                return text
            case CheckDigit.CODE39:
                rest = strip_code39_check(text)
            case CheckDigit.MOD10:
                rest = strip_mod10_check(text)
        self.bad_checksum += rest is None
        return rest


def _text(line: bytes) -> str | None:
    """The text of a line, without what scanners add to it; `None` when it cannot be a card's."""
    if len(line) > _BYTES:
        return None
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return None
    text = _AIM.sub("", text, count=1) if _AIM.match(text) else text
    text = text.strip(" \t")
    if len(text) > 2 and text.startswith("*") and text.endswith("*"):
        text = text[1:-1]  # Code 39's start and stop characters, which some scanners send
    return text if SHORTEST <= len(text) <= LONGEST and text.isprintable() else None


class SimulatedBarcode:
    """A simulated barcode scanner on its serial port. Its cards are texts, or their names `barcode:TEXT`."""

    baud = Barcode.baud
    period = None
    # Text has neither start byte nor checksum: cut short, or with a wrong character, it is another text.
    faults = frozenset({ReaderFault.NOISE, ReaderFault.PIECES, ReaderFault.LATENCY, ReaderFault.BABBLE})
    is_polled = False

    def __init__(self, *, prefix: str = "", ending: str = "\r\n") -> None:
        """`prefix` is an AIM identifier; `ending` follows the text."""
        self._prefix = prefix
        self._ending = ending

    def show(self, cards: Sequence[str | int]) -> bytes:
        """See `SimulatedReader.show`."""
        if len(cards) != 1:
            return b""
        text = str(cards[0]).removeprefix("barcode:")
        if not text or not text.isprintable():
            raise ValueError("A barcode is a line of printable text, as barcode:004321.")
        return (self._prefix + text + self._ending).encode()

    def answer(self, data: bytes) -> list[tuple[bytes, bool]]:
        """See `SimulatedReader.answer`."""
        return []

    def spoil(self, data: bytes, random: Random) -> bytes:
        """See `SimulatedReader.spoil`; text has no checksum to spoil."""
        return data

    def noise(self, random: Random) -> bytes:
        """See `SimulatedReader.noise`: on a line of its own, or it would become part of the text."""
        return bytes(random.randrange(0x80, 0xC0) for _ in range(random.randint(1, 12))) + b"\r"


FAMILY = Family(
    "barcode",
    "Barcode scanner as a USB serial port",
    lambda options: Barcode(check=options.check, ending=options.ending),
    example_cards=("barcode:B801200005001", "barcode:004321"),
    # Symbol/Zebra, PSC/Datalogic, Metrologic/Honeywell, Newland: from usb.ids.
    makers=frozenset({0x05E0, 0x05F9, 0x0C2E, 0x1EAB}),
    simulated=SimulatedBarcode,
)
