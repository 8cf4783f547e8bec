"""Counting lates: sums that add up, and the rolling ten school weeks beside a count by hand."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from attendance.calendar import Calendar, Closure, Term
from sync.register.office.views.punctuality_counts import (
    LateMark,
    Tally,
    Window,
    at_least,
    by_day,
    most_first,
    most_in_window,
    tally,
    unauthorised,
)
from sync.register.office.views.school_days import monday_of, school_weeks

MONDAY = date(2026, 9, 7)
days = st.integers(0, 200).map(lambda n: MONDAY + timedelta(days=n))
lates = st.lists(
    st.builds(
        LateMark,
        st.sampled_from(["P1", "P2", "P3"]),
        days,
        st.sampled_from(["AM", "PM"]),
        st.sampled_from(["L", "U"]),
        st.sampled_from(["traffic", "overslept", None]),
    )
)


def late(pupil: str, day: date, code: str = "L") -> LateMark:
    return LateMark(pupil, day, "AM", code, None)


def weeks(number: int, first: date = MONDAY) -> list[date]:
    return [first + timedelta(weeks=n) for n in range(number)]


@given(lates)
def test_nobody_is_counted_twice_or_left_out(marks: list[LateMark]) -> None:
    for key in (lambda each: each.pupil, lambda each: each.reason, lambda each: each.date):
        found = tally(marks, key)
        assert sum(each.total for each in found.values()) == len(marks)
        assert sum(each.closed for each in found.values()) == sum(mark.code == "U" for mark in marks)


@given(lates, st.lists(days))
def test_days_are_in_order_and_those_without_a_late_are_there(
    marks: list[LateMark], school: list[date]
) -> None:
    found = by_day(marks, school)
    assert list(found) == sorted({*school, *(mark.date for mark in marks)})
    assert sum(each.total for each in found.values()) == len(marks)


def test_ten_lates_are_counted_of_l_and_u_together() -> None:
    marks = [late("P1", day) for day in weeks(9)] + [late("P1", MONDAY, "U")]
    marks += [late("P2", day) for day in weeks(9)]
    assert at_least(marks) == [("P1", Tally(9, 1))]


def test_the_most_come_first_and_of_as_many_the_one_with_more_u() -> None:
    found = most_first({"b": Tally(2, 0), "a": Tally(2, 0), "c": Tally(1, 1), "d": Tally(5, 0)})
    assert [name for name, _ in found] == ["d", "c", "a", "b"]


def by_hand(mine: list[date], school: list[date], width: int) -> int:
    """Every window of that many school weeks, one after the other."""
    known = sorted({*school, *map(monday_of, mine)})
    counts = Counter(map(monday_of, mine))
    return max(
        (sum(counts[week] for week in known[start : start + width]) for start in range(len(known))), default=0
    )


@given(st.lists(days), st.lists(days.map(monday_of), unique=True), st.integers(1, 12))
def test_a_rolling_window_is_what_a_count_by_hand_finds(
    mine: list[date], school: list[date], width: int
) -> None:
    found = most_in_window(mine, school, width)
    assert (found.sessions if found else 0) == by_hand(mine, school, width)
    if found:
        inside = [day for day in mine if found.first <= monday_of(day) <= found.last]
        assert len(inside) == found.sessions


def test_the_eleventh_week_is_out_of_the_window() -> None:
    assert most_in_window(weeks(10), weeks(20)) == Window(10, MONDAY, MONDAY + timedelta(weeks=9))
    apart = [MONDAY, MONDAY + timedelta(weeks=10)]
    assert most_in_window(apart, weeks(20)) == Window(1, apart[1], apart[1])


def test_a_holiday_is_no_school_week_and_two_sessions_on_one_day_are_two() -> None:
    calendar = Calendar(
        terms=(Term(name="Autumn", starts=MONDAY, ends=MONDAY + timedelta(weeks=12)),),
        closures=(
            Closure(
                first=MONDAY + timedelta(weeks=7),
                last=MONDAY + timedelta(weeks=7, days=4),
                reason="half term",
            ),
            Closure(first=MONDAY + timedelta(weeks=3), reason="INSET day"),
        ),
    )
    known = school_weeks(calendar, MONDAY, MONDAY + timedelta(weeks=12))
    assert MONDAY + timedelta(weeks=7) not in known
    assert MONDAY + timedelta(weeks=3) in known
    mine = [MONDAY, MONDAY, MONDAY + timedelta(weeks=10)]  # the eleventh calendar week, the tenth of school
    assert most_in_window(mine, known) == Window(3, MONDAY, MONDAY + timedelta(weeks=10))


def test_a_week_with_a_mark_counts_whatever_the_calendar_says() -> None:
    assert most_in_window([MONDAY], []) == Window(1, MONDAY, MONDAY)
    assert most_in_window([], weeks(3)) is None


def test_only_u_counts_and_the_highest_is_first() -> None:
    marks = [late("P1", MONDAY, "U"), late("P2", MONDAY), *(late("P3", day, "U") for day in weeks(3))]
    assert [(pupil, window.sessions) for pupil, window in unauthorised(marks, weeks(20))] == [
        ("P3", 3),
        ("P1", 1),
    ]


def test_a_window_may_begin_in_the_year_before_and_must_end_in_this_one() -> None:
    before = [late("P1", day, "U") for day in weeks(4)] + [late("P2", MONDAY, "U")]
    now = late("P1", MONDAY + timedelta(weeks=8), "U")
    found = unauthorised([*before, now], weeks(20), ends_from=MONDAY + timedelta(weeks=6))
    assert found == [("P1", Window(5, MONDAY, MONDAY + timedelta(weeks=8)))]
    later = late("P1", MONDAY + timedelta(weeks=15), "U")
    found = unauthorised([*before, later], weeks(20), ends_from=MONDAY + timedelta(weeks=12))
    assert found == [("P1", Window(1, later.date, later.date))]
