"""Barcode scanners on a USB serial port, and readers that type: turns lines of text into cards.

A scanner sends the text of a code, then CR, LF, both or nothing. It may prefix the text with an AIM symbology
identifier (ISO/IEC 15424): `]`, a letter for the kind of code (`A` Code 39, `C` Code 128, `Q` QR) and a digit
or letter, as in `]C0`. The line carries no checksum, so a check digit in the code itself is the only guard
against a misread; the settings can require one.

A card is a text that stands alone. Lines that follow each other without a human's pause are one code, of a
bank transfer or a visiting card, and no card; neither are the pieces of a long text.
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
HUMAN_PAUSE_SECONDS = 0.5
"""The shortest pause between two codes that a person presents. What follows sooner belongs to the same code:
a bank transfer's QR code has twelve lines, each of which could be a pupil's number."""
PIECE_BYTES = 32
"""A text this long may be the first piece of a longer one, so its end is waited for longer: scanners send
long codes in packets of 64 bytes, sometimes more than 100 ms apart. No pupil's number is as long."""

_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_LINES = re.compile(rb"[\r\n]")
_BYTES = LONGEST * 4 + 3 + 2
"""The longest text in UTF-8 with its prefix and ending; the rest of a longer code is discarded."""


class Barcode:
    """Finds texts in the bytes of a scanner; a `hardware.readers.reader.Parser`.

    Skips text that is not printable, too short or too long, text with a wrong check digit, and codes of
    several lines. A card is known only from the silence after it.
    """

    baud = 9600

    def __init__(self, *, check: CheckDigit = CheckDigit.NONE, ending: Ending = Ending.ANY) -> None:
        """See `Options`; a check digit is verified and left out of the card's name."""
        self._check = check
        self._ending = ending
        self._code = bytearray()
        """The bytes since the last pause."""
        self._began: datetime | None = None
        self._is_recent = False
        """Whether the last code ended less than a human's pause ago."""
        self._continues: bytes | None = None
        """The code that `_code` follows without a human's pause."""
        self._last = b""
        """The last code; empty if it was none."""
        self.frames = 0
        """Number of texts so far."""
        self.bad_checksum = 0
        """Texts with a wrong check digit."""
        self.malformed = 0
        """Codes that cannot be a card's text."""

    @property
    def patience(self) -> float | None:
        """See `Parser.patience`."""
        if not self._code:
            return HUMAN_PAUSE_SECONDS - PAUSE_SECONDS if self._is_recent else None
        return HUMAN_PAUSE_SECONDS if self._may_go_on else PAUSE_SECONDS

    def feed(self, data: bytes, at: datetime) -> list[Tap]:
        """See `Parser.feed`; a card is complete only with the `silence` after it."""
        if data and self._began is None:
            self._began = at
            self._continues = self._last if self._is_recent else None
        # One byte more than the longest code, so that a longer one is recognised.
        self._code += data[: _BYTES + 1 - len(self._code)]
        return []

    def silence(self) -> list[Tap]:
        """See `Parser.silence`: the pause ends a code, or makes the next one independent of the last."""
        code, began, continues = bytes(self._code), self._began, self._continues
        is_recent = not self._may_go_on
        self._forget()
        lines = [line for line in _LINES.split(code) if not _is_noise(line)]
        if began is None or not lines:
            self.malformed += bool(code.strip(b"\r\n"))
            return []
        self._is_recent, self._last = is_recent, code
        # A scanner may send a held code again; every other text so soon is the rest of the last one.
        is_alone = len(lines) == 1 and len(code) <= _BYTES and continues in (None, code)
        is_ended = self._ending is Ending.ANY or code.endswith((b"\r", b"\n"))
        text = self._without_check_digit(_text(lines[0]) if is_alone and is_ended else None)
        if text is None:
            return []
        self.frames += 1
        return [Tap(barcode_card(text), began)]

    def reset(self) -> None:
        """See `Parser.reset`; a partial text counts as malformed."""
        self.malformed += bool(self._code)
        self._forget()

    @property
    def _may_go_on(self) -> bool:
        """Whether the code may continue after a short pause; then only a human's pause ends it."""
        return len(self._code) >= PIECE_BYTES or self._continues is not None

    def _forget(self) -> None:
        self._code.clear()
        self._began = self._continues = None
        self._is_recent, self._last = False, b""

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


def _is_noise(line: bytes) -> bool:
    """Whether a line has no character of a text: stray bytes of the cable, or nothing between CR and LF."""
    return not any(char.isprintable() for char in line.decode("utf-8", "ignore"))


def _text(line: bytes) -> str | None:
    """The text of a line, without what scanners add to it; `None` when it cannot be a card's."""
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
    rest = 2 * HUMAN_PAUSE_SECONDS
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
