"""Text that always stays inside its widget: it wraps, then shrinks, and only then ends in an ellipsis."""

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
"""Tried in turn until the text fits."""
NASKH_SPARE = 0.1
"""The share of a line's height that is taken off at its top, and at its bottom."""
SLACK = 1.0
"""Pixels: widths are rounded in layouts."""


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
    """Draw one letter. Kivy 2.3.1 tells a font its script and direction only when it draws with it, and
    forgets a font after 64 others: what is measured before is as wide as letters that are not joined."""
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
    """One line of white text, to be tinted where it is drawn."""
    _settle(size, style)
    renderer = _renderer(size, style, letters)
    renderer.refresh()
    return renderer.texture


def line_height(size: float, styles: Iterable[Style]) -> float:
    """How high a line with these styles is, in pixels."""
    return max(extents("Ag", size, style)[1] - 2 * _spare(size, style) for style in styles)


def below_baseline(size: float, styles: Iterable[Style]) -> float:
    """Pixels from the baseline to the bottom of a line with these styles."""
    return max(_below(size, style) - _spare(size, style) for style in styles)


def _spare(size: float, style: Style) -> float:
    """Pixels above and below a line of Naskh that only vowel marks would need. Urdu is written without, and
    its lines would be half as high again as any other's."""
    return extents("Ag", size, style)[1] * NASKH_SPARE if style.script is Script.ARABIC else 0.0


def draw(line: line_breaking.Line, size: float, corner: tuple[float, float], below: float) -> None:
    """Draw a line on the canvas of the moment: its lower left at `corner`, its baseline so far above it."""
    left, bottom = corner
    for run in line.runs:
        image = texture(run.text, size, run.style)
        rise = below - _below(size, run.style)  # scripts share a baseline, not a bottom
        Rectangle(texture=image, size=image.size, pos=(round(left + run.x), round(bottom + rise)))


class Text(Widget):
    """A string or a sentence. `needed_height` and `natural_width` are for a layout to bind to."""

    said = anything("")
    font_size = number(20)
    bold = boolean(False)
    bold_values = boolean(False)
    color = colour((0, 0, 0, 1))
    max_lines = number(0)
    """At most this many lines; 0: as many as fit."""
    smallest = number(0.4)
    """The text shrinks to no less than this share of its size; what does not fit then is cut short."""
    halign = text("left")
    """`left` is where reading begins: the right in a language that is read from there."""
    valign = text("middle")
    needed_height = number(0)
    natural_width = number(0)
    drawn_size = anything((0.0, 0.0))
    """What the text covers: never more than the widget."""

    def __init__(self, **kwargs: Any) -> None:
        self._words: tuple[line_breaking.Word, ...] = ()
        super().__init__(**kwargs)
        self._redraw = Clock.create_trigger(self._draw, -1)
        for name in ("said", "font_size", "bold", "bold_values", "max_lines", "width"):
            self.fbind(name, self._measure)
        for name in ("pos", "size", "color", "halign", "valign", "said", "font_size"):
            self.fbind(name, self._redraw)
        reading.bind(right_to_left=self._redraw)
        self._measure()

    def _measure(self, *_: object) -> None:
        self._words = line_breaking.words_of(self.said or "", bold=self.bold, bold_values=self.bold_values)
        self._redraw()
        if not self._words:
            self.natural_width = self.needed_height = 0
            return
        self.natural_width = line_breaking.one_line(self._words, self._measured(1.0)).width + SLACK
        lines = line_breaking.fewest_lines(self._words, self._measured(1.0), self.width)
        self.needed_height = min(lines, self.max_lines or lines) * self._line_height(1.0)

    def longest_word(self) -> float:
        """How wide the widest of its words is, in pixels: in less the text shrinks."""
        measure = self._measured(1.0)
        return max((line_breaking.one_line([word], measure).width + SLACK for word in self._words), default=0)

    def _measured(self, scale: float) -> line_breaking.Measure:
        size = self.font_size * scale
        return lambda letters, style: extents(letters, size, style)[0]

    def _line_height(self, scale: float) -> float:
        size = self.font_size * scale
        return line_height(size, self._styles())

    def _styles(self) -> set[Style]:
        return {style for word in self._words for _, style in word.pieces}

    def _fitting(self) -> tuple[float, list[line_breaking.Line]]:
        """The largest scale at which the text fits, and its lines there."""
        scales = [scale for scale in SHRINK if scale >= self.smallest]
        for scale in scales:
            lines = self._lines(self._words, scale)
            if self._fits(lines, scale):
                return scale, lines
        kept: Sequence[line_breaking.Word] = self._words
        while len(kept) > 1 and not self._fits(lines, scales[-1]):
            kept = kept[:-1]
            lines = self._lines((*kept, line_breaking.ELLIPSIS), scales[-1])
        return scales[-1], lines

    def _lines(self, words: Sequence[line_breaking.Word], scale: float) -> list[line_breaking.Line]:
        return line_breaking.lines_of(words, self._measured(scale), self.width)

    def _fits(self, lines: list[line_breaking.Line], scale: float) -> bool:
        return (
            max(line.width for line in lines) <= self.width + SLACK
            and len(lines) * self._line_height(scale) <= self.height + SLACK
            and len(lines) <= (self.max_lines or len(lines))
        )

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        if not self._words or self.width <= 1 or self.height <= 1:
            self.drawn_size = (0.0, 0.0)
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
        self.drawn_size = (max(line.width for line in lines), total)

    def _left(self, width: float) -> float:
        slack = float(self.width) - width
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[self.halign]
        return float(self.x) + slack * (1 - share if reading.right_to_left else share)
