"""The widget that draws the register's times on the home screen."""

from __future__ import annotations  # the home screen starts sooner without the rule's modules

from datetime import time
from typing import TYPE_CHECKING, Any

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle, SmoothRoundedRectangle

from kiosk.screens.arriving import bar
from kiosk.screens.kit import line_breaking, palette
from kiosk.screens.kit.base import Widget, anything, number, reading
from kiosk.screens.kit.label import below_baseline, draw, extents, line_height, texture
from kiosk.screens.kit.look import tr
from kiosk.screens.kit.theme import theme
from kiosk.screens.wording import common as common_wording
from kiosk.screens.wording.translate import _

if TYPE_CHECKING:
    from attendance.policy.model import SessionTimes

TONES = {
    bar.ZoneName.ON_TIME: palette.ZONE_ON_TIME,
    bar.ZoneName.LATE: palette.ZONE_LATE,
    bar.ZoneName.CLOSED: palette.ZONE_CLOSED,
}


def labels(zone: bar.ZoneName) -> tuple[str, ...]:
    """A zone's labels from the longest to the shortest: the first that fits is drawn. The codes are for the
    office."""
    return {
        bar.ZoneName.ON_TIME: (_("on time"),),
        bar.ZoneName.LATE: (_("late"),),
        bar.ZoneName.CLOSED: (_("register closed"), _("closed")),
    }[zone]


class TimeBar(Widget):
    """Draws `times` with a marker at `now`; nothing without times."""

    times = anything(None)
    now = anything(None)
    font_size = number(20)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.drawn_labels: tuple[str, ...] = ()
        """The labels in the zones now."""
        self._redraw = Clock.create_trigger(self._draw, -1)
        tr.fbind("_", self._redraw)
        reading.fbind("right_to_left", self._redraw)
        for name in ("times", "now", "pos", "size", "font_size"):
            self.fbind(name, self._redraw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        self.drawn_labels = ()
        if self.times is None or self.now is None or self.width <= 1:
            return
        drawn = self._bar(self.times, self.now)
        thickness = round(self.height * 0.66)
        bottom = self.top - thickness
        with self.canvas:
            for zone in drawn.zones:
                self._zone(zone, drawn, bottom, thickness)
            self._marker(drawn.now, bottom, thickness)
            self._marks(drawn.marks, bottom)

    def _bar(self, times: SessionTimes, now: time) -> bar.Bar:
        return bar.bar(times, now)

    def _zone(self, zone: bar.Zone, drawn: bar.Bar, bottom: float, thickness: float) -> None:
        tone = TONES[zone.name]
        left, right = zone.start * self.width, zone.end * self.width
        round_left = theme.radius * 0.6 if zone.start == 0 else 0.01
        round_right = theme.radius * 0.6 if zone.end == 1 else 0.01
        if reading.right_to_left:
            round_left, round_right = round_right, round_left
        Color(rgba=tone.ground)
        SmoothRoundedRectangle(
            pos=(self._left(left, right - left), bottom),
            size=(right - left, thickness),
            radius=[round_left, round_right, round_right, round_left],
        )
        for label in labels(zone.name):
            line = self._line(label)
            gap = self.font_size * 0.6
            room = (left + gap * 0.4, right - gap * 0.4)
            place = bar.label_place(room, drawn.now * self.width, gap, line.width)
            if place is not None:
                self.drawn_labels = (*self.drawn_labels, label)
                self._label(line, self._left(place, line.width), bottom + thickness / 2, tone.text)
                return

    def _left(self, start: float, width: float) -> float:
        """Where something is drawn that begins `start` pixels after the bar, in the direction of reading."""
        total = float(self.width)
        return float(self.x) + bar.left_edge(start, width, total, from_right=reading.right_to_left)

    def _line(self, label: str) -> line_breaking.TextLine:
        # A label has words and a code: in Urdu and Punjabi, two scripts with a font each.
        words = line_breaking.words_of(label, bold=True, bold_values=False)
        size = self.font_size
        return line_breaking.one_line(
            words,
            lambda letters, style: extents(letters, size, style)[0],
            from_right=line_breaking.right_to_left(words),
        )

    def _label(self, line: line_breaking.TextLine, left: float, middle: float, ink: object) -> None:
        Color(rgba=ink)
        styles = {run.style for run in line.runs}
        bottom = middle - line_height(self.font_size, styles) / 2
        draw(line, self.font_size, (left, bottom), below_baseline(self.font_size, styles))

    def _marker(self, now: float, bottom: float, thickness: float) -> None:
        width = max(4, round(5 * theme.u))
        beyond = round(5 * theme.u)
        x = self._left(min(max(now * self.width - width / 2, 0), self.width - width), width)
        Color(rgba=palette.colours.ink)
        SmoothRoundedRectangle(
            pos=(x, bottom - beyond), size=(width, thickness + 2 * beyond), radius=[width / 2]
        )

    def _marks(self, marks: tuple[bar.BarMark, ...], bottom: float) -> None:
        images = [texture(common_wording.clock(mark.time), self.font_size) for mark in marks]
        places = bar.mark_places(
            [mark.at * self.width for mark in marks],
            [image.width for image in images],
            self.width,
            self.font_size * 0.5,
        )
        Color(rgba=palette.colours.muted)
        for image, place in zip(images, places, strict=True):
            if place is not None:
                y = bottom - round(7 * theme.u) - image.height
                Rectangle(
                    texture=image, size=image.size, pos=(round(self._left(place, image.width)), round(y))
                )
