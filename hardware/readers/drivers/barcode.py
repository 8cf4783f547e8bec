"""Barcode scanners that are a USB serial port, and readers that type: lines of text become cards.

A scanner sends what it read as text, then CR, LF, both or nothing. It may put an AIM symbology identifier
before the text (ISO/IEC 15424): `]`, a letter for the kind of code (`A` Code 39, `C` Code 128, `Q` QR) and a
digit or letter, as in `]C0`. Text has no checksum of its own on the line: a check digit in the code is the
only guard against a misread, so it can be asked for.
"""

import re
from datetime import datetime
from enum import StrEnum

from hardware.readers.drivers.check_digits import code39_rest, mod10_rest
from hardware.readers.reader import Tap, barcode_card

SHORTEST = 3
"""Shorter text is a disturbance, not a pupil's number."""
LONGEST = 80
"""Characters; an admission number or a UPN has up to 13, and a QR of somebody's poster can have thousands."""
PAUSE_SECONDS = 0.1
"""Silence that ends a text: scanners send a character every millisecond, and at most 50 ms apart."""

_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_LINES = re.compile(rb"[\r\n]")
_BYTES = LONGEST * 4 + 3
"""Enough for the longest text in UTF-8 with its prefix: more is kept of no line."""


class CheckDigit(StrEnum):
    """What the last character of a code is."""

    NONE = "none"
    """A character like the others."""
    CODE39 = "code39"
    """Code 39's check character, modulo 43."""
    MOD10 = "mod10"
    """The check digit of EAN, ITF-14 and GS1: weights 3 and 1, modulo 10."""


class Ending(StrEnum):
    """What ends a text."""

    ANY = "any"
    """CR, LF or a pause."""
    LINE = "line"
    """Only CR or LF: half a text before a pause is dropped, where a pause could make a false card of it."""


class Barcode:
    """Finds the texts in what a scanner sends; a `hardware.readers.reader.Parser`.

    Text that is not printable, too short, too long, or whose check digit is wrong, is passed over.
    """

    baud = 9600

    def __init__(self, *, check: CheckDigit = CheckDigit.NONE, ending: Ending = Ending.ANY) -> None:
        """`check`: what the last character is; a check digit is tested and left out of the card's name."""
        self._check = check
        self._ending = ending
        self._line = bytearray()
        self._began: datetime | None = None
        self.frames = 0
        """Texts so far."""
        self.bad_checksum = 0
        """Texts whose check digit is wrong."""
        self.malformed = 0
        """Lines that are no text of a card."""

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
        """See `Parser.silence`: a text without an ending ends here."""
        if self._ending is Ending.LINE:
            self.reset()
            return []
        tap = self._finish()
        return [] if tap is None else [tap]

    def reset(self) -> None:
        """See `Parser.reset`; half a text counts as malformed."""
        self.malformed += bool(self._line)
        self._line.clear()
        self._began = None

    def _add(self, data: bytes, at: datetime) -> None:
        if data and self._began is None:
            self._began = at
        self._line += data[: _BYTES + 1 - len(self._line)]  # one more, so that too long a line is seen to be

    def _finish(self) -> Tap | None:
        line, began = bytes(self._line), self._began
        self._line.clear()
        self._began = None
        if not line or began is None:
            return None  # LF after CR
        text = self._checked(_text(line))
        if text is None:
            return None
        self.frames += 1
        return Tap(barcode_card(text), began)

    def _checked(self, text: str | None) -> str | None:
        if text is None:
            self.malformed += 1
            return None
        match self._check:
            case CheckDigit.NONE:
                return text
            case CheckDigit.CODE39:
                rest = code39_rest(text)
            case CheckDigit.MOD10:
                rest = mod10_rest(text)
        self.bad_checksum += rest is None
        return rest


def _text(line: bytes) -> str | None:
    """The text of a line without what scanners put around it; None if that is no text of a card."""
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
