"""The times offered for “back at about”, and adults’ names as they are typed."""

from datetime import datetime, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.journey import full_name
from kiosk.journey.leaving.return_times import MOST, SOONEST, times_between


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-24T{clock}")


def test_times_are_quarters_for_an_hour_then_half_hours_to_the_end_of_the_day() -> None:
    offered = [f"{each:%H:%M}" for each in times_between(at("10:00"), time(15, 15))]
    assert offered[:5] == ["10:15", "10:30", "10:45", "11:00", "11:30"]
    assert offered[-1] == "15:00"


def test_the_first_time_is_at_least_ten_minutes_away() -> None:
    assert times_between(at("10:06"), time(15))[0] == time(10, 30)
    assert times_between(at("10:05"), time(15))[0] == time(10, 15)


def test_no_time_is_offered_at_the_end_of_the_day() -> None:
    assert times_between(at("15:06"), time(15, 15)) == ()
    assert times_between(at("23:55"), time(23, 59)) == ()


@given(st.times(max_value=time(23, 59)), st.times())
def test_times_are_in_order_before_the_end_of_the_day_and_fit_on_a_screen(clock: time, ends: time) -> None:
    now = datetime.combine(at("10:00"), clock.replace(microsecond=0))
    offered = times_between(now, ends)
    assert len(offered) <= MOST
    assert list(offered) == sorted(set(offered))
    assert all(datetime.combine(now, each) >= now + SOONEST and each < ends for each in offered)


@pytest.mark.parametrize(
    ("typed", "complete"),
    [
        ("", False),
        ("RUTH", False),
        ("RUTH ", False),
        ("R OKAFOR", False),
        ("RUTH O", True),
        ("RUTH OKAFOR", True),
        ("RUTH OKAFOR-", False),
        ("ANNE-MARIE O’KANE", True),
        ("MR SUHARTO", True),
    ],
)
def test_a_name_is_complete_with_a_first_and_a_last_name(typed: str, complete: bool) -> None:
    assert full_name.is_complete(typed) is complete


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("RUTH OKAFOR", "Ruth Okafor"),
        ("ANNE-MARIE O’KANE", "Anne-Marie O’Kane"),
        ("LI", "Li"),
        ("", ""),
    ],
)
def test_a_name_is_written_as_people_write_it(typed: str, written: str) -> None:
    assert full_name.as_written(typed) == written


@given(st.lists(st.integers(min_value=0), max_size=80))
def test_a_typed_name_never_has_two_marks_in_a_row_and_never_grows_too_long(presses: list[int]) -> None:
    typed = ""
    for press in presses:
        keys = sorted(full_name.keys_after(typed))
        if keys:
            typed += keys[press % len(keys)]
    assert len(typed) <= full_name.MOST
    marks = [letter in " -’" for letter in typed]
    assert not any(one and other for one, other in pairwise(marks))
    assert full_name.as_written(typed).upper() == typed
