"""Breaks words into lines. Pure: the function that measures text is passed in."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk.screens.kit.scripts import Script, script_of
from kiosk.screens.wording.sentence import Sentence, SentencePart

CHUNKS = re.compile(r" |[^ -]*-+|[^ -]+")
"""A space, letters up to a hyphen (where a line may end), or letters."""
EVEN_ENOUGH = 4.0
"""Pixels; lines are evened out to this difference."""


@dataclass(frozen=True, slots=True)
class Style:
    """The style of letters that are drawn together. A value never shares a run with words."""

    bold: bool
    is_value: bool = False
    script: Script = Script.LATIN


@dataclass(frozen=True, slots=True)
class Word:
    """Letters that are never broken, perhaps in several styles; `spaced` is whether a space precedes them."""

    pieces: tuple[tuple[str, Style], ...]
    spaced: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Letters and spaces drawn together, `x` pixels from the start of the line."""

    text: str
    style: Style
    x: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text; pixels."""

    runs: tuple[Run, ...]
    width: float


Measure = Callable[[str, Style], float]
"""Measures the width of a text in a style, in pixels."""

ELLIPSIS = Word((("…", Style(bold=False)),), spaced=False)


def words_of(text: str | Sentence, *, bold: bool, bold_values: bool) -> tuple[Word, ...]:
    """A string or a sentence as words."""
    words: list[Word] = []
    pieces: list[tuple[str, Style]] = []
    spaced = may_part = False
    for part in (SentencePart(text),) if isinstance(text, str) else text:
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
    """Whether the text is read from the right, as any of its own words is; values may be foreign names."""
    return any(style.script.right_to_left for word in words for _, style in word.pieces if not style.is_value)


def one_line(words: Sequence[Word], measure: Measure, *, from_right: bool = False) -> TextLine:
    """All the words on one line; with `from_right` the first word is at the right end."""
    pieces = _runs(words)
    runs: list[Run] = []
    x = 0.0
    for index, (spaced, letters, style) in enumerate(pieces):
        # In a right-to-left line, a space in a run of Latin letters would be on the wrong side of the run.
        follows = not from_right and index + 1 < len(pieces) and pieces[index + 1][0]
        x += measure(" ", style) if spaced and from_right else 0.0
        drawn = letters + " " if follows else letters
        width = measure(drawn, style)
        runs.append(Run(drawn, style, x))
        x += width
        if from_right:
            runs[-1] = Run(drawn, style, -x)
    return TextLine(tuple(Run(run.text, run.style, run.x + x) if from_right else run for run in runs), x)


def _runs(words: Sequence[Word]) -> list[tuple[bool, str, Style]]:
    """The runs of a line: whether a space precedes each, its letters, their style."""
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


def lines_of(words: Sequence[Word], measure: Measure, width: float) -> list[TextLine]:
    """The words on as few lines as the width allows, with lines as even as possible.

    A word that is wider than the width gets a line of its own and overflows it.
    """
    lines = _break(cache := _LineCache(words, measure), width)
    narrow, enough = 0.0, max(line.width for line in lines)
    while len(lines) > 1 and enough - narrow > EVEN_ENOUGH:
        middle = (narrow + enough) / 2
        narrower = _break(cache, middle)
        if len(narrower) == len(lines) and max(line.width for line in narrower) <= middle:
            lines, enough = narrower, middle
        else:
            narrow = middle
    return lines


def fewest_lines(words: Sequence[Word], measure: Measure, width: float) -> int:
    """How many lines `lines_of` would make; ten times faster, because it does not even them out."""
    return len(_break(_LineCache(words, measure), width))


class _LineCache:
    """Caches the lines for ranges of the words, which are measured repeatedly."""

    def __init__(self, words: Sequence[Word], measure: Measure) -> None:
        self.count = len(words)
        self._words = words
        self._measure = measure
        self._from_right = right_to_left(words)
        self._lines: dict[tuple[int, int], TextLine] = {}

    def line(self, first: int, end: int) -> TextLine:
        """The words from `first` up to but not including `end`, on one line."""
        line = self._lines.get((first, end))
        if line is None:
            line = one_line(self._words[first:end], self._measure, from_right=self._from_right)
            self._lines[first, end] = line
        return line


def _break(cache: _LineCache, width: float) -> list[TextLine]:
    lines: list[TextLine] = []
    first = 0
    line = cache.line(0, 1)
    for end in range(2, cache.count + 1):
        longer = cache.line(first, end)
        if longer.width > width:
            lines.append(line)
            first = end - 1
            longer = cache.line(first, end)
        line = longer
    return [*lines, line]
