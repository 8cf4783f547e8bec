"""What a school day is made of, in words: its two sessions, and why there may be none."""

from enum import StrEnum


class SessionName(StrEnum):
    """A half day. Each has one register."""

    AM = "AM"
    PM = "PM"


WEEKEND = "weekend"
HALF_TERM = "half term"
HOLIDAY = "holiday"
"""The calendar's own words for why there is no school. All others are a school's own, from its closures."""
