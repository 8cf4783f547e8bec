"""A text block that never leaves its widget: it wraps, then shrinks, and only then is cut short."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from kivy.clock import Clock
from kivy.core.text import Label as Renderer
from kivy.core.text import LabelBase
from kivy.graphics import Color, Rectangle

from kiosk.screens import fonts
from kiosk.screens.kit import line_breaking
from kiosk.screens.kit.base import Widget, anything, boolean, colour, number, reading, text
from kiosk.screens.kit.line_breaking import Style
from kiosk.screens.kit.scripts import Script

FONTS = {Script.LATIN: "Roboto", Script.ARABIC: "Noto Naskh Arabic", Script.GURMUKHI: "Noto Sans Gurmukhi"}
PLAIN, BOLD = Style(bold=False), Style(bold=True)
SHRINK = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52, 0.46, 0.4)
"""Scales that are tried in turn until the text fits."""
NASKH_SPARE = 0.1
"""The share of a line's height that is cut off at its top and at its bottom."""
SLACK = 1.0
"""Pixels; layouts round widths."""


for _script, _files in ((Script.ARABIC, fonts.NASKH), (Script.GURMUKHI, fonts.GURMUKHI)):
    LabelBase.register(FONTS[_script], str(_files[0]), fn_bold=str(_files[1]))


def _renderer(size: float, style: Style, letters: str = "") -> Any:
    return Renderer(
        text=letters,
        font_name=FONTS[style.script],
        font_size=size,
        bold=style.bold,
        font_script_name=style.script.value,
        font_direction="rtl" if style.script.right_to_left else "ltr",
    )


def _settle(size: float, style: Style) -> None:
    """Draw one letter, so that measurements are right. Kivy 2.3.1 sets a font's script and direction only
    when it draws, and drops a font after 64 others; without them, letters are measured unjoined."""
    if style.script is not Script.LATIN:
        renderer = _renderer(size, style, "\N{ARABIC LETTER BEH}")
        renderer.refresh()
        renderer.render(real=True)


@lru_cache(maxsize=4096)
def extents(letters: str, size: float, style: Style = PLAIN) -> tuple[int, int]:
    """Width and height in pixels of one line of text."""
    _settle(size, style)
    width, height = _renderer(size, style).get_extents(letters)
    return int(width), int(height)


@lru_cache(maxsize=256)
def _below(size: float, style: Style) -> int:
    """Pixels from the baseline to the bottom of a line."""
    return -int(_renderer(size, style).get_descent())


def texture(letters: str, size: float, style: Style = PLAIN) -> Any:
    """One line of white text, to be tinted when drawn."""
    _settle(size, style)
    renderer = _renderer(size, style, letters)
    renderer.refresh()
    return renderer.texture


def line_height(size: float, styles: Iterable[Style]) -> float:
    """The height of a line with these styles, in pixels."""
    return max(extents("Ag", size, style)[1] - 2 * _spare(size, style) for style in styles)


def below_baseline(size: float, styles: Iterable[Style]) -> float:
    """Pixels from the baseline to the bottom of a line with these styles."""
    return max(_below(size, style) - _spare(size, style) for style in styles)


def _spare(size: float, style: Style) -> float:
    """Pixels above and below a line of Naskh for vowel marks. Urdu is written without them, and its lines
    would be half as high again as those of other scripts."""
    return extents("Ag", size, style)[1] * NASKH_SPARE if style.script is Script.ARABIC else 0.0


def draw(line: line_breaking.TextLine, size: float, corner: tuple[float, float], below: float) -> None:
    """Draw a line on the active canvas: lower left at `corner`, baseline `below` pixels above it."""
    left, bottom = corner
    for run in line.runs:
        image = texture(run.text, size, run.style)
        rise = below - _below(size, run.style)  # scripts share a baseline, not a bottom
        Rectangle(texture=image, size=image.size, pos=(round(left + run.x), round(bottom + rise)))


class TextBlock(Widget):
    """Shows a string or a sentence. Layouts bind to `needed_height` and `natural_width`."""

    words = anything("")
    font_size = number(20)
    bold = boolean(False)
    bold_values = boolean(False)
    color = colour((0, 0, 0, 1))
    max_lines = number(0)
    """The most lines; 0 for as many as fit."""
    smallest = number(0.4)
    """The text shrinks to this share of its size at most; then it is cut short."""
    halign = text("left")
    """`left` means where reading starts: the right in a right-to-left language."""
    valign = text("middle")
    share = number(1)
    """The share of the height that its lines need which is left for it (`yielding_column`)."""
    needed_height = number(0)
    natural_width = number(0)
    drawn_size = anything((0.0, 0.0))
    """The area that the text covers, never more than the widget."""

    drawn_lines = number(0)
    end = anything((0.0, 0.0))
    """Where the last line ends at the right, and its middle: the place of a cursor."""
    drawn_font_size = number(0)
    """The size at which the text is drawn, in pixels; smaller than `font_size` if it had to shrink."""

    def __init__(self, **kwargs: Any) -> None:
        self._words: tuple[line_breaking.Word, ...] = ()
        super().__init__(**kwargs)
        self._redraw = Clock.create_trigger(self._draw, -1)
        for name in ("words", "font_size", "bold", "bold_values", "max_lines", "width", "share"):
            self.fbind(name, self._measure)
        for name in ("pos", "size", "color", "halign", "valign", "words", "font_size"):
            self.fbind(name, self._redraw)
        reading.bind(right_to_left=self._redraw)
        self._measure()

    def _measure(self, *_: object) -> None:
        self._words = line_breaking.words_of(self.words or "", bold=self.bold, bold_values=self.bold_values)
        self._redraw()
        if not self._words:
            self.natural_width = self.needed_height = 0
            return
        self.natural_width = line_breaking.one_line(self._words, self._measure_at(1.0)).width + SLACK
        lines = line_breaking.fewest_lines(self._words, self._measure_at(1.0), self.width)
        self.needed_height = min(lines, self.max_lines or lines) * self._line_height(1.0) * self.share

    def longest_word(self) -> float:
        """The width of its widest word, in pixels; with less room the text shrinks."""
        measure = self._measure_at(1.0)
        return max((line_breaking.one_line([word], measure).width + SLACK for word in self._words), default=0)

    def _measure_at(self, scale: float) -> line_breaking.Measure:
        size = self.font_size * scale
        return lambda letters, style: extents(letters, size, style)[0]

    def _line_height(self, scale: float) -> float:
        size = self.font_size * scale
        return line_height(size, self._styles())

    def _styles(self) -> set[Style]:
        return {style for word in self._words for _, style in word.pieces}

    def _fitting(self) -> tuple[float, list[line_breaking.TextLine]]:
        """The largest scale at which the text fits, and its lines there."""
        scales = [scale for scale in SHRINK if scale >= self.smallest]
        for scale in scales:
            lines = self._lines(self._words, scale)
            if self._fits(lines, scale):
                return scale, lines
        start: Sequence[line_breaking.Word] = self._words
        while len(start) > 1 and not self._fits(lines, scales[-1]):
            start = start[:-1]
            lines = self._lines((*start, line_breaking.ELLIPSIS), scales[-1])
        return scales[-1], lines

    def _lines(self, words: Sequence[line_breaking.Word], scale: float) -> list[line_breaking.TextLine]:
        return line_breaking.lines_of(words, self._measure_at(scale), self.width)

    def _fits(self, lines: list[line_breaking.TextLine], scale: float) -> bool:
        return (
            max(line.width for line in lines) <= self.width + SLACK
            and len(lines) * self._line_height(scale) <= self.height + SLACK
            and len(lines) <= (self.max_lines or len(lines))
        )

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        if not self._words or self.width <= 1 or self.height <= 1:
            self.drawn_size, self.drawn_lines = (0.0, 0.0), 0
            self.end = (float(self.x), float(self.center_y))
            return
        scale, lines = self._fitting()
        size, line_height = self.font_size * scale, self._line_height(scale)
        below = below_baseline(size, self._styles())
        total = line_height * len(lines)
        top = self.top if self.valign == "top" else self.center_y + total / 2
        with self.canvas:
            Color(rgba=self.color)
            for index, line in enumerate(lines):
                draw(line, size, (self._left(line.width), top - (index + 1) * line_height), below)
        self.drawn_font_size, self.drawn_lines = size, len(lines)
        last = lines[-1].width
        self.end = (self._left(last) + last, top - total + line_height / 2)
        self.drawn_size = (max(line.width for line in lines), total)

    def _left(self, width: float) -> float:
        slack = float(self.width) - width
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[self.halign]
        return float(self.x) + slack * (1 - share if reading.right_to_left else share)
