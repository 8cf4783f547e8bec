"""Counting lates: totals, and the rolling ten school weeks against a brute-force count."""

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
def test_every_mark_is_counted_once(marks: list[LateMark]) -> None:
    for key in (lambda each: each.pupil, lambda each: each.reason, lambda each: each.date):
        found = tally(marks, key)
        assert sum(each.total for each in found.values()) == len(marks)
        assert sum(each.closed for each in found.values()) == sum(mark.code == "U" for mark in marks)


@given(lates, st.lists(days))
def test_days_are_in_order_including_those_without_lates(marks: list[LateMark], school: list[date]) -> None:
    found = by_day(marks, school)
    assert list(found) == sorted({*school, *(mark.date for mark in marks)})
    assert sum(each.total for each in found.values()) == len(marks)


def test_l_and_u_both_count_towards_ten_lates() -> None:
    marks = [late("P1", day) for day in weeks(9)] + [late("P1", MONDAY, "U")]
    marks += [late("P2", day) for day in weeks(9)]
    assert at_least(marks) == [("P1", Tally(9, 1))]


def test_tallies_are_sorted_by_total_and_then_by_u() -> None:
    found = most_first({"b": Tally(2, 0), "a": Tally(2, 0), "c": Tally(1, 1), "d": Tally(5, 0)})
    assert [name for name, _ in found] == ["d", "c", "a", "b"]


def brute_force(own: list[date], school: list[date], width: int) -> int:
    """The largest count of every window of that many school weeks."""
    known = sorted({*school, *map(monday_of, own)})
    counts = Counter(map(monday_of, own))
    return max(
        (sum(counts[week] for week in known[start : start + width]) for start in range(len(known))), default=0
    )


@given(st.lists(days), st.lists(days.map(monday_of), unique=True), st.integers(1, 12))
def test_the_rolling_window_matches_a_brute_force_count(
    own: list[date], school: list[date], width: int
) -> None:
    found = most_in_window(own, school, width)
    assert (found.sessions if found else 0) == brute_force(own, school, width)
    if found:
        inside = [day for day in own if found.first <= monday_of(day) <= found.last]
        assert len(inside) == found.sessions


def test_the_eleventh_week_is_outside_the_window() -> None:
    assert most_in_window(weeks(10), weeks(20)) == Window(10, MONDAY, MONDAY + timedelta(weeks=9))
    apart = [MONDAY, MONDAY + timedelta(weeks=10)]
    assert most_in_window(apart, weeks(20)) == Window(1, apart[1], apart[1])


def test_holidays_do_not_count_and_both_sessions_of_a_day_do() -> None:
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
    own = [MONDAY, MONDAY, MONDAY + timedelta(weeks=10)]  # the eleventh calendar week, the tenth of school
    assert most_in_window(own, known) == Window(3, MONDAY, MONDAY + timedelta(weeks=10))


def test_a_week_with_a_mark_counts_whatever_the_calendar_says() -> None:
    assert most_in_window([MONDAY], []) == Window(1, MONDAY, MONDAY)
    assert most_in_window([], weeks(3)) is None


def test_only_u_counts_and_the_most_comes_first() -> None:
    marks = [late("P1", MONDAY, "U"), late("P2", MONDAY), *(late("P3", day, "U") for day in weeks(3))]
    assert [(pupil, window.sessions) for pupil, window in unauthorised(marks, weeks(20))] == [
        ("P3", 3),
        ("P1", 1),
    ]


def test_a_window_may_begin_in_the_previous_year_and_must_end_in_this_one() -> None:
    before = [late("P1", day, "U") for day in weeks(4)] + [late("P2", MONDAY, "U")]
    now = late("P1", MONDAY + timedelta(weeks=8), "U")
    found = unauthorised([*before, now], weeks(20), ends_from=MONDAY + timedelta(weeks=6))
    assert found == [("P1", Window(5, MONDAY, MONDAY + timedelta(weeks=8)))]
    later = late("P1", MONDAY + timedelta(weeks=15), "U")
    found = unauthorised([*before, later], weeks(20), ends_from=MONDAY + timedelta(weeks=12))
    assert found == [("P1", Window(1, later.date, later.date))]
