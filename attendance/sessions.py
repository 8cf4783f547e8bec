"""The two sessions of a school day, and the calendar's reasons for a day without school."""

from enum import StrEnum


class SessionName(StrEnum):
    """A half day, which has one register."""

    AM = "AM"
    PM = "PM"


WEEKEND = "weekend"
HALF_TERM = "half term"
HOLIDAY = "holiday"
"""The calendar's own reasons for a day without school; a closure has its own text."""
