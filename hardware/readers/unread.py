"""Describes a code that a reader sent and that is no card, so that it leaves a trace. Pure.

A card's number is personal: a description has the code's length, kind and first bytes, never all of it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from hardware.readers.families import FAMILIES
from hardware.readers.family import Family, Options
from hardware.readers.reader import Parser, PolledParser, Tap

MOST_BYTES = 512
"""The most bytes of a code that are looked at: many repeats of any frame."""
SHORTEST_BYTES = 4
"""Fewer bytes are line noise: plugging in makes one to three."""
END_SECONDS = 0.5
"""A silence this long ends a code, even if the parser itself waits for nothing or for much longer."""
_HEAD_BYTES = 3
_TEXT_PART = 0.75
"""The part of a text's bytes that are ASCII characters, or control characters that scanners add."""
_FEWEST_LETTERS = 3
_FEWEST_VALUES = 3
"""A repeated code without text has at least so many different bytes; a broken cable repeats one or two."""

_LETTERS = re.compile(rb"[0-9A-Za-z]")
_OF_TEXT = re.compile(rb"[\x20-\x7e\x00\x02\x03\x04\t\r\n]")
_CONTROLS = re.compile(rb"[\x01-\x08\x0b-\x1f]")


class CodeKind(StrEnum):
    """What the bytes of a code look like."""

    CHECKSUM = "frames with a wrong checksum"
    FRAMED = "text between control characters such as STX and ETX"
    ZEROS = "text with zero bytes"
    NOT_UTF8 = "text that is not UTF-8"
    LINES = "text of several lines"
    TEXT = "text"
    BINARY = "no text"


_ADVICE = {
    CodeKind.CHECKSUM: "check the kind of reader and of check digit in the configuration, then the reader's"
    " cable and power",
    CodeKind.FRAMED: "set the reader to send the number alone, without prefix and suffix",
    CodeKind.ZEROS: "set the reader to send the number alone, as plain text",
    CodeKind.NOT_UTF8: "show a card with a plain number, or set the reader to send UTF-8",
    CodeKind.LINES: "show a card with one number",
    CodeKind.TEXT: "show a card with one number, and check the kind of reader in the configuration",
    CodeKind.BINARY: "check the kind of reader in the configuration, then the line speed set at the reader",
}


@dataclass(frozen=True, slots=True)
class UnreadCode:
    """A code that is no card."""

    length: int
    """Its number of bytes."""
    head: str
    """Its first bytes in hex: too few to know the card by."""
    kind: CodeKind
    drivers: tuple[str, ...] = ()
    """The families of readers whose bytes these would be."""

    def sentence(self, path: object, baud: int | None) -> str:
        """What came, at which port and speed (`None` for a keyboard), and what to do."""
        advice = _ADVICE[self.kind]
        if self.drivers:
            advice = (
                f"this is what a reader of the kind {' or '.join(self.drivers)} sends, so set that driver"
            )
        speed = "" if baud is None else f" at {baud} baud"
        return (
            f"{path} sends bytes but no card can be read from them"
            f" ({self.length}{speed}, beginning {self.head}: {self.kind}): {advice}."
        )


@runtime_checkable
class _ChecksumCounter(Protocol):
    @property
    def bad_checksum(self) -> int:
        """See `hardware.readers.spoiled.CountingParser`."""


def describe(data: bytes, length: int, *, spoiled: bool = False, parser: Parser | None = None) -> UnreadCode:
    """Describe a code.

    Args:
        data: its bytes, or the first of them.
        length: the number of its bytes.
        spoiled: whether it had whole frames with a wrong checksum.
        parser: the parser that could not read it.
    """
    head = data[: min(_HEAD_BYTES, len(data) // 4)].hex(" ").upper()
    once = _once(data)  # a held card's code repeats, and several would be lines of one code
    kind = CodeKind.CHECKSUM if spoiled else _kind(once)
    return UnreadCode(length, head, kind, tuple(drivers_for(once, unless=parser)))


def drivers_for(
    data: bytes, *, unless: Parser | None = None, families: Iterable[Family] = tuple(FAMILIES.values())
) -> list[str]:
    """The families of serial readers whose parser finds a card in these bytes.

    Args:
        data: the bytes.
        unless: the parser that could not read them; its own family is left out.
        families: the families to try.
    """
    fitting = []
    for family in families:
        parser = family.parser(Options())
        # A reader that is polled sends nothing unasked.
        if not family.is_serial or isinstance(parser, PolledParser) or type(parser) is type(unless):
            continue
        events = [*parser.feed(data, datetime.min.replace(tzinfo=UTC)), *parser.silence()]
        if any(isinstance(event, Tap) for event in events):
            fitting.append(family.name)
    return fitting


class UnreadBytes:
    """Collects the bytes of each code, and tells those that are no card from line noise.

    Instants are seconds of one monotonic clock.
    """

    def __init__(self, parser: Parser) -> None:
        """`parser`: the parser that reads the same bytes."""
        self._parser = parser
        self._data = bytearray()
        self._length = 0
        self._has_events = False
        self._last_at = 0.0
        self._spoiled_before = self._spoiled()
        self._earlier = b""
        """The last code that was not text: line noise, unless it comes again."""

    def add(self, data: bytes, *, events: bool, at: float) -> None:
        """Note the bytes of a read, and whether the parser made anything of them."""
        self._has_events |= events
        if data:
            self._data += data[: MOST_BYTES - len(self._data)]
            self._length += len(data)
            self._last_at = at

    def so_far(self) -> UnreadCode:
        """What the bytes since the last pause look like."""
        return self._describe()

    def ended(self, at: float) -> UnreadCode | None:
        """The code that this silence ends, if it is no card and not line noise either."""
        if not self._length:
            self._has_events = False
            return None
        if self._parser.patience is not None and at - self._last_at < END_SECONDS:
            return None
        code = self._describe() if self._is_unread() else None
        self._data.clear()
        self._length, self._has_events, self._spoiled_before = 0, False, self._spoiled()
        return code

    def _is_unread(self) -> bool:
        # A frame at the edge of the field is often spoiled just before or after the intact one.
        if self._has_events or self._length < SHORTEST_BYTES:
            return False
        if self._spoiled() > self._spoiled_before or _is_like_text(self._data):
            return True
        earlier, self._earlier = self._earlier, bytes(self._data)
        is_repeated = self._data == earlier or len(_once(self._data)) < len(self._data)
        return is_repeated and len(set(self._data)) >= _FEWEST_VALUES

    def _describe(self) -> UnreadCode:
        spoiled = self._spoiled() > self._spoiled_before
        return describe(bytes(self._data), self._length, spoiled=spoiled, parser=self._parser)

    def _spoiled(self) -> int:
        return self._parser.bad_checksum if isinstance(self._parser, _ChecksumCounter) else 0


def _once(data: bytes | bytearray) -> bytes:
    """The bytes that these repeat, all of them if they repeat none."""
    return bytes(data[: (data + data).find(data, 1)])


def _is_like_text(data: bytes | bytearray) -> bool:
    """Whether the bytes are text, with what scanners add to it; seldom true of noise."""
    if len(_LETTERS.findall(data)) < _FEWEST_LETTERS:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return len(_OF_TEXT.findall(data)) >= _TEXT_PART * len(data)
    return True  # with characters that cannot be seen, such as a byte order mark


def _kind(data: bytes) -> CodeKind:
    if not _is_like_text(data):
        return CodeKind.BINARY
    if b"\0" in data:
        return CodeKind.ZEROS
    if _CONTROLS.search(data.replace(b"\r", b"")):
        return CodeKind.FRAMED
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return CodeKind.NOT_UTF8
    return CodeKind.LINES if len(data.split()) > 1 and len(data.splitlines()) > 1 else CodeKind.TEXT
