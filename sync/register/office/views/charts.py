"""The positions and heights of a chart's bars in SVG units. Templates style them by classes alone, because
the Content Security Policy allows no style attribute."""

from collections.abc import Sequence
from dataclasses import dataclass

ROOM_ABOVE, ROOM_BELOW = 18.0, 20.0
"""Space for the number above a bar and the label under it, in SVG units."""
NARROWEST_WITH_NUMBER = 14.0
"""A narrower bar shows no number; the table beside the chart has it."""
HALF_A_WORD = 20.0
LONGEST_ROW = 12
"""How many labels fit under the bars. With more bars, only some have a label."""


@dataclass(frozen=True, slots=True)
class ChartBar:
    """The data of one bar."""

    label: str
    """Under it: `Tue`."""
    full: str
    """In the table: `Tuesday 24 November`."""
    late: int
    closed: int

    @property
    def total(self) -> int:
        """L and U together."""
        return self.late + self.closed


@dataclass(frozen=True, slots=True)
class ChartBox:
    """A rectangle; `kind` is its class: `late` or `closed`."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ChartLabel:
    """A text centred above a point."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Stacked bars, L below U."""

    width: float
    height: float
    bars: Sequence[ChartBar]
    boxes: Sequence[ChartBox]
    numbers: Sequence[ChartLabel]
    labels: Sequence[ChartLabel]


def stacked(bars: Sequence[ChartBar], *, width: float = 320, height: float = 180) -> Chart:
    """The chart of these bars; the highest fills the height.

    Args:
        bars: from left to right.
        width: of the drawing, in SVG units.
        height: of the drawing, in SVG units.
    """
    step = width / max(len(bars), 1)
    wide = step * 0.7
    floor = height - ROOM_BELOW
    unit = (floor - ROOM_ABOVE) / max([bar.total for bar in bars], default=0) if any_late(bars) else 0.0
    every = -(-len(bars) // LONGEST_ROW)
    boxes: list[ChartBox] = []
    numbers: list[ChartLabel] = []
    labels: list[ChartLabel] = []
    for place, bar in enumerate(bars):
        x, middle = place * step + (step - wide) / 2, (place + 0.5) * step
        top = floor
        for kind, number in (("late", bar.late), ("closed", bar.closed)):
            if number:
                top -= number * unit
                boxes.append(ChartBox(kind, _r(x), _r(top), _r(wide), _r(number * unit)))
        if bar.total and wide >= NARROWEST_WITH_NUMBER:
            numbers.append(ChartLabel(_r(middle), _r(top - 5), str(bar.total)))
        if place % max(every, 1) == 0:
            labels.append(ChartLabel(_r(_within(middle, width)), height - 5, bar.label))
    return Chart(width, height, bars, boxes, numbers, labels)


def _within(middle: float, width: float) -> float:
    """The label's centre, moved in from the edge so that nothing is cut off."""
    return min(max(middle, HALF_A_WORD), width - HALF_A_WORD)


def any_late(bars: Sequence[ChartBar]) -> bool:
    """Whether there is anything to draw."""
    return any(bar.total for bar in bars)


def _r(value: float) -> float:
    return round(value, 2)
