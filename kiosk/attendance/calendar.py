"""School days, and the wall time at a school of an instant."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SATURDAY = 5


def wall_time(instant: datetime, zone: ZoneInfo) -> datetime:
    """The time on the school's wall at that instant, without a zone: what the rule is given.

    Raises:
        ValueError: the instant has no time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(zone).replace(tzinfo=None)


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the school's wall shows `wall`; the earlier of two in October."""
    return wall.replace(tzinfo=zone).astimezone(UTC)


def is_weekday(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < SATURDAY


def closed_because(day: date, closures: Mapping[date, str]) -> str | None:
    """Why the school is closed on that day, or None on a school day. `closures` are dates with reasons."""
    if not is_weekday(day):
        return "weekend"
    return closures.get(day)
