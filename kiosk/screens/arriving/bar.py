"""The geometry of the register's times as a bar drawn to scale. Pure; positions are from 0 to 1."""

from __future__ import annotations  # the home screen starts sooner without the rule's modules

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attendance.policy.model import SessionTimes


OPEN_END = 0.5
"""The closed zone has no end: it is drawn half as long as everything before it."""
LEAD_IN = 1 / 3
"""A register without an on-time zone gets one of this share of its length, before it opens."""


class ZoneName(StrEnum):
    """How an arrival in the zone is recorded."""

    ON_TIME = "on_time"
    LATE = "late"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of the bar, longer than zero."""

    name: ZoneName
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class BarMark:
    """A time of day below the bar, and its position."""

    at: float
    time: time


@dataclass(frozen=True, slots=True)
class Bar:
    """The whole bar; `now` is clamped to it."""

    zones: tuple[Zone, ...]
    marks: tuple[BarMark, ...]
    now: float


def bar(times: SessionTimes, now: time) -> Bar:
    """The bar for a register's times, with *now* on it."""
    opens, late, closes, unauthorised = map(
        _seconds, (times.opens, times.late_after, times.closes, times.unauthorised_after)
    )
    length = max(unauthorised - opens, 60)
    start = opens - (length * LEAD_IN if late == opens else 0)
    whole = unauthorised + length * OPEN_END - start

    def place(seconds: float) -> float:
        return min(max((seconds - start) / whole, 0.0), 1.0)

    zones = (
        Zone(ZoneName.ON_TIME, 0.0, place(late)),
        Zone(ZoneName.LATE, place(late), place(unauthorised)),
        Zone(ZoneName.CLOSED, place(unauthorised), 1.0),
    )
    boundaries = {opens: times.opens, late: times.late_after, closes: times.closes}
    boundaries[unauthorised] = times.unauthorised_after
    return Bar(
        zones=tuple(zone for zone in zones if zone.end > zone.start),
        marks=tuple(BarMark(place(seconds), boundaries[seconds]) for seconds in sorted(boundaries)),
        now=place(_seconds(now)),
    )


def _seconds(value: time) -> int:
    return value.hour * 3600 + value.minute * 60 + value.second


def label_place(zone: tuple[float, float], now: float, gap: float, width: float) -> float | None:
    """Where a label starts inside a zone (pixels), clear of the marker at `now`; `None` when it does not fit.

    It stands in the middle of the zone, or of the wider side of the marker when the marker is in the way.
    """
    left, right = zone
    middle = (left + right - width) / 2
    if now + gap <= middle or now - gap >= middle + width or not left < now < right:
        sides = [(left, right)]
    else:
        sides = [(left, now - gap), (now + gap, right)]
    best = max(sides, key=lambda side: side[1] - side[0])
    if best[1] - best[0] < width:
        return None
    return (best[0] + best[1] - width) / 2


def mark_places(at: Sequence[float], widths: Sequence[float], total: float, gap: float) -> list[float | None]:
    """Where the times below the bar start (pixels); `None` for a time that would overlap another.

    Each starts at its boundary. Later boundaries matter more, so an earlier time gives way.
    """
    places: list[float | None] = [None] * len(at)
    free_until = total
    for index in reversed(range(len(at))):
        start = min(at[index], total - widths[index])
        if start + widths[index] <= free_until + 0.5 and start >= 0:
            places[index] = start
            free_until = start - gap
    return places


def left_edge(start: float, width: float, total: float, *, from_right: bool) -> float:
    """The left edge of something `width` wide that begins `start` pixels after the bar's first end.

    In a right-to-left language the first end is the right one: the day runs as the language reads.
    """
    return total - start - width if from_right else start
