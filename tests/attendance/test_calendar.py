"""Local time before and after the clocks change, and weekdays."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from attendance.calendar import instant, is_weekday, wall_time

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("utc", "wall"),
    [
        ("2026-03-27T09:20:00", "2026-03-27T09:20:00"),  # Friday, before the clocks go forward
        ("2026-03-30T08:20:00", "2026-03-30T09:20:00"),  # Monday, after
        ("2026-10-23T08:20:00", "2026-10-23T09:20:00"),  # Friday, before the clocks go back
        ("2026-10-26T09:20:00", "2026-10-26T09:20:00"),  # Monday, after
        ("2026-06-30T23:30:00", "2026-07-01T00:30:00"),  # tomorrow at the school
    ],
)
def test_local_time_follows_summer_time_and_converts_back(utc: str, wall: str) -> None:
    at = datetime.fromisoformat(utc).replace(tzinfo=UTC)

    assert wall_time(at, LONDON).isoformat() == wall
    assert wall_time(at, LONDON).tzinfo is None
    assert instant(wall_time(at, LONDON), LONDON) == at


def test_a_repeated_local_time_in_october_means_the_earlier_instant() -> None:
    twice = datetime.fromisoformat("2026-10-25T01:30:00")

    assert instant(twice, LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        wall_time(datetime.fromisoformat("2026-11-24T09:07:00"), LONDON)


def test_monday_to_friday_are_weekdays() -> None:
    week = [date(2026, 11, 23 + day) for day in range(7)]

    assert [is_weekday(day) for day in week] == [True] * 5 + [False] * 2
