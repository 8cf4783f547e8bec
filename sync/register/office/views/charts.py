"""The geometry of a bar chart in SVG units. Templates style it with classes alone, because the Content
Security Policy allows no style attribute."""

from collections.abc import Sequence
from dataclasses import dataclass

ROOM_ABOVE, ROOM_BELOW = 18.0, 20.0
"""Space for the number above a bar and the label under it, in SVG units."""
NARROWEST_WITH_NUMBER = 14.0
"""A narrower bar shows no number; the table beside the chart has it."""
HALF_LABEL = 20.0
"""Half the width of a label, in SVG units."""
MOST_LABELS = 12
"""How many labels fit under the bars. With more bars only some have a label."""


@dataclass(frozen=True, slots=True)
class ChartBar:
    """The data of one bar."""

    label: str
    """The label under the bar: `Tue`."""
    full: str
    """The label in the table: `Tuesday 24 November`."""
    late: int
    closed: int

    @property
    def total(self) -> int:
        """The number of L and U."""
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
    """A text centred on `x`, with its baseline at `y`."""

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
    """A chart of these bars. The highest fills the height.

    Args:
        bars: from left to right.
        width: the drawing's width in SVG units.
        height: the drawing's height in SVG units.
    """
    step = width / max(len(bars), 1)
    bar_width = step * 0.7
    floor = height - ROOM_BELOW
    unit = (floor - ROOM_ABOVE) / max([bar.total for bar in bars], default=0) if any_late(bars) else 0.0
    every = -(-len(bars) // MOST_LABELS)
    boxes: list[ChartBox] = []
    numbers: list[ChartLabel] = []
    labels: list[ChartLabel] = []
    for place, bar in enumerate(bars):
        x, middle = place * step + (step - bar_width) / 2, (place + 0.5) * step
        top = floor
        for kind, number in (("late", bar.late), ("closed", bar.closed)):
            if number:
                top -= number * unit
                boxes.append(ChartBox(kind, _r(x), _r(top), _r(bar_width), _r(number * unit)))
        if bar.total and bar_width >= NARROWEST_WITH_NUMBER:
            numbers.append(ChartLabel(_r(middle), _r(top - 5), str(bar.total)))
        if place % max(every, 1) == 0:
            labels.append(ChartLabel(_r(_within(middle, width)), height - 5, bar.label))
    return Chart(width, height, bars, boxes, numbers, labels)


def _within(middle: float, width: float) -> float:
    """The label's centre, moved away from the edge so that the label is not cut off."""
    return min(max(middle, HALF_LABEL), width - HALF_LABEL)


def any_late(bars: Sequence[ChartBar]) -> bool:
    """Whether there is anything to draw."""
    return any(bar.total for bar in bars)


def _r(value: float) -> float:
    return round(value, 2)
