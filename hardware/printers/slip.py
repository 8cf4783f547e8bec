"""The text of a slip, line by line. Pure."""

import textwrap
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Slip:
    """One pupil's slip, which shows the teacher or the gate what was recorded; or a list."""

    name: str
    """The pupil's name as the screen shows it, in any script. Keep it out of logs."""
    form: str
    when: str
    """Time and date in words; empty when the clock is not trusted."""
    words: str
    """The code in words, as on the screen."""
    reason: str
    """The reason in words; empty if none was given."""
    entry_id: str
    """The entry's id, printed as a QR code for the office; empty for a list."""
    lines: tuple[str, ...] = ()
    """The lines of a list, below the rest."""


class Paper(Enum):
    """Paper rolls, with the width of a line in characters of font A (12 dots each) and in dots."""

    MM_58 = (32, 384)
    MM_80 = (48, 576)

    @property
    def columns(self) -> int:
        """Characters on a line."""
        return self.value[0]

    @property
    def dots(self) -> int:
        """Dots on a line."""
        return self.value[1]


class SlipLine(NamedTuple):
    """One line of a slip."""

    text: str
    large: bool = False
    """Double height and bold."""


def slip_lines(slip: Slip, paper: Paper) -> list[SlipLine]:
    """The slip's text from top to bottom, wrapped to the paper's width. The QR code follows it.

    Text to be printed as a picture is one line here; it is wrapped when it is drawn.
    """
    texts = [
        SlipLine(slip.name, large=True),
        *map(SlipLine, (slip.form, slip.when, slip.words, slip.reason, *slip.lines)),
    ]
    return [SlipLine(part, line.large) for line in texts for part in _wrapped(line.text, paper.columns)]


def is_plain(text: str) -> bool:
    """Whether every printer can print the text: beyond ASCII, code pages differ between makers."""
    return text.isascii() and text.isprintable()


def _wrapped(text: str, columns: int) -> list[str]:
    text = " ".join(text.split())  # also removes line feeds and other control characters
    return textwrap.wrap(text, columns) if is_plain(text) else [text]  # empty text makes no line
