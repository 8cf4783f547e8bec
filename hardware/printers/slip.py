"""What a slip says, line by line. Pure."""

import textwrap
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Slip:
    """One pupil's slip: the proof, for the lesson, of what was recorded."""

    name: str
    """The pupil's, as the screen lists it, in any script. Keep it out of logs."""
    form: str
    when: str
    """The time and the date, in words; empty where the clock is not to be believed."""
    words: str
    """The code in words, as the screen said it."""
    reason: str
    """Why, in words; empty if none was given."""
    entry_id: str
    """The entry's id, printed as a QR code for the office."""


class Paper(Enum):
    """Rolls that slip printers take, with what fits on a line in font A (12 dots a character)."""

    MM_58 = (32, 384)
    MM_80 = (48, 576)

    @property
    def columns(self) -> int:
        """Characters on a line."""
        return self.value[0]

    @property
    def dots(self) -> int:
        """Dots across."""
        return self.value[1]


class Line(NamedTuple):
    """A line of a slip."""

    text: str
    large: bool = False
    """Twice as high, and bold."""


def lines(slip: Slip, paper: Paper) -> list[Line]:
    """The slip's text from top to bottom, wrapped to the paper's width; the QR code comes after it.

    A text that has to be printed as a picture is one line here: its width is known when it is drawn.
    """
    said = [Line(slip.name, large=True), *map(Line, (slip.form, slip.when, slip.words, slip.reason))]
    return [Line(part, line.large) for line in said for part in _wrapped(line.text, paper.columns)]


def is_plain(text: str) -> bool:
    """Whether every printer has all its characters: beyond ASCII, code pages differ from maker to maker."""
    return text.isascii() and text.isprintable()


def _wrapped(text: str, columns: int) -> list[str]:
    text = " ".join(text.split())  # also takes a line feed, or another control, out of a name
    return textwrap.wrap(text, columns) if is_plain(text) else [text]  # of nothing there is no line
