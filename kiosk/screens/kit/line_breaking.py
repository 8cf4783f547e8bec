"""Words onto lines. Pure: what a piece of text measures is handed in."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk.screens.kit.scripts import Script, script_of
from kiosk.screens.kit.sentence import Part, Sentence

CHUNKS = re.compile(r" |[^ -]*-+|[^ -]+")
"""A space, letters up to a hyphen (a line may end there), or letters."""
EVEN_ENOUGH = 4.0
"""Pixels. Lines are not made more even than this."""


@dataclass(frozen=True, slots=True)
class Style:
    """What letters that are drawn in one go have in common. A value never shares a run with words."""

    bold: bool
    is_value: bool = False
    script: Script = Script.LATIN


@dataclass(frozen=True, slots=True)
class Word:
    """Letters that are never parted, perhaps of two styles. After a hyphen a word follows without a space."""

    pieces: tuple[tuple[str, Style], ...]
    spaced: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Letters and spaces drawn in one go, `x` pixels from where the line starts."""

    text: str
    style: Style
    x: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; pixels."""

    runs: tuple[Run, ...]
    width: float


Measure = Callable[[str, Style], float]
"""How wide a text is in that style, in pixels."""

ELLIPSIS = Word((("…", Style(bold=False)),), spaced=False)


def words_of(said: str | Sentence, *, bold: bool, bold_values: bool) -> tuple[Word, ...]:
    """A string or a sentence as words."""
    words: list[Word] = []
    pieces: list[tuple[str, Style]] = []
    spaced = may_part = False
    for part in (Part(said),) if isinstance(said, str) else said:
        strong = bold or (part.is_value and bold_values)
        for chunk in CHUNKS.findall(part.text):
            style = Style(strong, part.is_value, script_of(chunk))
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


def right_to_left(words: Sequence[Word]) -> bool:
    """Whether the text is read from the right: any of its own words is. A value may be a foreign name."""
    return any(style.script.right_to_left for word in words for _, style in word.pieces if not style.is_value)


def one_line(words: Sequence[Word], measure: Measure, *, from_right: bool = False) -> Line:
    """All the words on one line; `from_right`: the first stands at its right end."""
    pieces = _joined(words)
    runs: list[Run] = []
    x = 0.0
    for index, (spaced, letters, style) in enumerate(pieces):
        # Read from the right, a space within a run of Latin letters would stand on the wrong side of it.
        follows = not from_right and index + 1 < len(pieces) and pieces[index + 1][0]
        x += measure(" ", style) if spaced and from_right else 0.0
        drawn = letters + " " if follows else letters
        width = measure(drawn, style)
        runs.append(Run(drawn, style, x))
        x += width
        if from_right:
            runs[-1] = Run(drawn, style, -x)
    return Line(tuple(Run(run.text, run.style, run.x + x) if from_right else run for run in runs), x)


def _joined(words: Sequence[Word]) -> list[tuple[bool, str, Style]]:
    """What is drawn in one go: whether a space comes before it, its letters, their style."""
    pieces: list[tuple[bool, str, Style]] = []
    for index, word in enumerate(words):
        spaced = word.spaced and index > 0
        for letters, style in word.pieces:
            if pieces and pieces[-1][2] == style:
                gap = " " if spaced else ""
                pieces[-1] = (pieces[-1][0], pieces[-1][1] + gap + letters, style)
            else:
                pieces.append((spaced, letters, style))
            spaced = False
    return pieces


def lines_of(words: Sequence[Word], measure: Measure, width: float) -> list[Line]:
    """The words on as few lines as that width allows, the lines as even as they can be.

    A word that is wider than the width has a line of its own, and leaves it.
    """
    lines = _broken(measured := _Measured(words, measure), width)
    narrow, enough = 0.0, max(line.width for line in lines)
    while len(lines) > 1 and enough - narrow > EVEN_ENOUGH:
        tried = (narrow + enough) / 2
        broken = _broken(measured, tried)
        if len(broken) == len(lines) and max(line.width for line in broken) <= tried:
            lines, enough = broken, tried
        else:
            narrow = tried
    return lines


def fewest_lines(words: Sequence[Word], measure: Measure, width: float) -> int:
    """How many lines `lines_of` would make, at a tenth of the work: even they need not be."""
    return len(_broken(_Measured(words, measure), width))


class _Measured:
    """Some of the words, on one line; measured once, however often the words are broken anew."""

    def __init__(self, words: Sequence[Word], measure: Measure) -> None:
        self.count = len(words)
        self._words = words
        self._measure = measure
        self._from_right = right_to_left(words)
        self._lines: dict[tuple[int, int], Line] = {}

    def line(self, first: int, end: int) -> Line:
        """The words from `first` up to `end`, without it."""
        line = self._lines.get((first, end))
        if line is None:
            line = one_line(self._words[first:end], self._measure, from_right=self._from_right)
            self._lines[first, end] = line
        return line


def _broken(measured: _Measured, width: float) -> list[Line]:
    lines: list[Line] = []
    first = 0
    line = measured.line(0, 1)
    for end in range(2, measured.count + 1):
        longer = measured.line(first, end)
        if longer.width > width:
            lines.append(line)
            first = end - 1
            longer = measured.line(first, end)
        line = longer
    return [*lines, line]
