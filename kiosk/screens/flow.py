"""Words onto lines. Pure: what a piece of text measures is handed in."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk.screens.sentence import Part, Sentence

CHUNKS = re.compile(r" |[^ -]*-+|[^ -]+")
"""A space, letters up to a hyphen (a line may end there), or letters."""
EVEN_ENOUGH = 4.0
"""Pixels. Lines are not made more even than this."""


@dataclass(frozen=True, slots=True)
class Style:
    """What letters that are drawn in one go have in common. A value never shares a run with words."""

    bold: bool
    is_value: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """Letters that are never parted, perhaps of two styles. After a hyphen a word follows without a space."""

    pieces: tuple[tuple[str, Style], ...]
    spaced: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Letters and spaces drawn in one go, `x` pixels from where the line starts."""

    text: str
    bold: bool
    x: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; pixels."""

    runs: tuple[Run, ...]
    width: float


Measure = Callable[[str, bool], float]
"""How wide a text is, in pixels, bold or not."""

ELLIPSIS = Word((("…", Style(bold=False)),), spaced=False)


def words_of(said: str | Sentence, *, bold: bool, bold_values: bool) -> tuple[Word, ...]:
    """A string or a sentence as words."""
    words: list[Word] = []
    pieces: list[tuple[str, Style]] = []
    spaced = may_part = False
    for part in (Part(said),) if isinstance(said, str) else said:
        style = Style(bold or (part.is_value and bold_values), part.is_value)
        for chunk in CHUNKS.findall(part.text):
            if pieces and (chunk == " " or may_part):
                words.append(Word(tuple(pieces), spaced))
                pieces, spaced = [], False
            if chunk == " ":
                spaced = True
            else:
                pieces.append((chunk, style))
            may_part = chunk.endswith("-")
    if pieces:
        words.append(Word(tuple(pieces), spaced))
    return tuple(words)


def one_line(words: Sequence[Word], measure: Measure) -> Line:
    """All the words on one line."""
    texts: list[tuple[str, Style]] = []
    for index, word in enumerate(words):
        gap = " " if word.spaced and index else ""
        for letters, style in word.pieces:
            if texts and texts[-1][1] == style:
                texts[-1] = (texts[-1][0] + gap + letters, style)
            elif texts:
                texts[-1] = (texts[-1][0] + gap, texts[-1][1])
                texts.append((letters, style))
            else:
                texts.append((letters, style))
            gap = ""
    runs: list[Run] = []
    x = 0.0
    for letters, style in texts:
        runs.append(Run(letters, style.bold, x))
        x += measure(letters, style.bold)
    return Line(tuple(runs), x)


def lines_of(words: Sequence[Word], measure: Measure, width: float) -> list[Line]:
    """The words on as few lines as that width allows, the lines as even as they can be.

    A word that is wider than the width has a line of its own, and leaves it.
    """
    lines = _broken(words, measure, width)
    narrow, enough = 0.0, max(line.width for line in lines)
    while len(lines) > 1 and enough - narrow > EVEN_ENOUGH:
        tried = (narrow + enough) / 2
        broken = _broken(words, measure, tried)
        if len(broken) == len(lines) and max(line.width for line in broken) <= tried:
            lines, enough = broken, tried
        else:
            narrow = tried
    return lines


def _broken(words: Sequence[Word], measure: Measure, width: float) -> list[Line]:
    lines: list[Line] = []
    first = 0
    line = one_line(words[:1], measure)
    for index in range(1, len(words)):
        longer = one_line(words[first : index + 1], measure)
        if longer.width > width:
            lines.append(line)
            first, longer = index, one_line(words[index : index + 1], measure)
        line = longer
    return [*lines, line]
