"""Every kind of closed day, for everyone and for one year group, from the day before to the day after."""

import tomllib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from attendance.calendar import Calendar, is_weekday, merge
from attendance.sessions import HALF_TERM, HOLIDAY, WEEKEND

SCHOOL_YEAR = Calendar.model_validate(
    tomllib.loads("""
    terms = [
        { name = "Autumn 1", starts = 2026-09-02, ends = 2026-10-23 },
        { name = "Autumn 2", starts = 2026-11-02, ends = 2026-12-18 },
        { name = "Spring 1", starts = 2027-01-05, ends = 2027-02-12 },
    ]

    [[closures]]
    first = 2026-11-26
    reason = "INSET day"

    [[closures]]
    first = 2026-12-10
    last = 2026-12-14
    reason = "No heating"

    [[closures]]
    first = 2026-12-17
    last = 2026-12-18
    reason = "Year 11 is on a visit"
    years = ["11"]

    [[closures]]
    first = 2026-12-21
    last = 2027-01-01
    reason = "Christmas holiday"
    """)
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def term(name: str, starts: str, ends: str) -> dict[str, str]:
    return {"name": name, "starts": starts, "ends": ends}


@pytest.mark.parametrize(
    ("on", "because"),
    [
        ("2026-11-24", None),
        ("2026-11-25", None),
        ("2026-11-26", "INSET day"),
        ("2026-11-27", None),
        ("2026-11-28", WEEKEND),
        ("2026-11-29", WEEKEND),
        ("2026-12-09", None),
        ("2026-12-10", "No heating"),
        ("2026-12-11", "No heating"),
        ("2026-12-12", WEEKEND),
        ("2026-12-14", "No heating"),
        ("2026-12-15", None),
        ("2026-08-03", HOLIDAY),
        ("2026-09-01", HOLIDAY),
        ("2026-09-02", None),
        ("2026-10-23", None),
        ("2026-10-24", WEEKEND),
        ("2026-10-26", HALF_TERM),
        ("2026-10-30", HALF_TERM),
        ("2026-11-02", None),
        ("2026-12-18", None),
        ("2026-12-21", "Christmas holiday"),
        ("2027-01-01", "Christmas holiday"),
        ("2027-01-04", HOLIDAY),
        ("2027-01-05", None),
        ("2027-02-12", None),
        ("2027-02-15", HOLIDAY),
        ("2027-08-31", HOLIDAY),
    ],
)
def test_the_school_is_closed_outside_terms_and_during_closures(on: str, because: str | None) -> None:
    assert SCHOOL_YEAR.closed_because(day(on)) == because


@pytest.mark.parametrize("on", ["2026-12-17", "2026-12-18"])
def test_a_day_closed_for_one_year_group_is_open_for_the_others_and_for_the_school(on: str) -> None:
    assert SCHOOL_YEAR.closed_because(day(on), "11") == "Year 11 is on a visit"
    assert SCHOOL_YEAR.closed_because(day(on), "10") is None
    assert SCHOOL_YEAR.closed_because(day(on), "1") is None
    assert SCHOOL_YEAR.closed_because(day(on)) is None


def test_a_day_closed_for_everyone_is_closed_for_each_year_group() -> None:
    assert {SCHOOL_YEAR.closed_because(day("2026-11-26"), year) for year in ("N", "7", "14", "??")} == {
        "INSET day"
    }


def test_without_terms_every_weekday_is_a_school_day() -> None:
    calendar = Calendar()
    assert [calendar.closed_because(day("2026-08-03") + timedelta(days=n)) for n in range(7)] == [
        *[None] * 5,
        *[WEEKEND] * 2,
    ]


def test_a_kiosk_whose_terms_were_not_renewed_is_open_in_september() -> None:
    assert SCHOOL_YEAR.closed_because(day("2027-08-31")) == HOLIDAY
    assert SCHOOL_YEAR.closed_because(day("2027-09-01")) is None


def test_entering_next_years_terms_early_does_not_close_the_rest_of_this_year() -> None:
    next_year = Calendar.model_validate({"terms": [term("Autumn", "2027-09-02", "2027-12-17")]})
    assert next_year.closed_because(day("2027-07-20")) is None
    assert next_year.closed_because(day("2027-08-02")) == HOLIDAY


def test_closures_hold_however_far_from_the_terms() -> None:
    calendar = SCHOOL_YEAR.model_copy(
        update={
            "closures": Calendar.model_validate(
                {"closures": [{"first": "2029-06-06", "reason": "Flood"}]}
            ).closures
        }
    )
    assert calendar.closed_because(day("2029-06-06")) == "Flood"


@pytest.mark.parametrize(
    ("back", "word"),
    [("2027-02-22", HALF_TERM), ("2027-02-24", HALF_TERM), ("2027-02-25", HOLIDAY), ("2027-03-01", HOLIDAY)],
)
def test_a_gap_of_a_week_and_two_inset_days_is_half_term_and_a_longer_gap_a_holiday(
    back: str, word: str
) -> None:
    calendar = Calendar.model_validate(
        {"terms": [term("Spring 1", "2027-01-05", "2027-02-12"), term("Spring 2", back, "2027-03-25")]}
    )
    assert calendar.closed_because(day("2027-02-17")) == word


def test_of_two_closures_on_one_day_the_first_gives_the_reason() -> None:
    closures = [
        {"first": "2027-03-22", "last": "2027-04-02", "reason": "Easter holiday"},
        {"first": "2027-03-26", "reason": "Good Friday"},
    ]
    assert (
        Calendar.model_validate({"closures": closures}).closed_because(day("2027-03-26")) == "Easter holiday"
    )
    closures.reverse()
    assert Calendar.model_validate({"closures": closures}).closed_because(day("2027-03-26")) == "Good Friday"


def test_29_february_is_a_day_like_any_other() -> None:
    calendar = Calendar.model_validate(
        {
            "terms": [
                term("Spring 1", "2028-01-05", "2028-02-28"),
                term("Spring 2", "2028-03-01", "2028-03-31"),
            ],
        }
    )
    assert calendar.closed_because(day("2028-02-28")) is None
    assert calendar.closed_because(day("2028-02-29")) == HALF_TERM
    assert calendar.closed_because(day("2028-03-01")) is None
    closed = Calendar.model_validate({"closures": [{"first": "2028-02-29", "reason": "Leap day"}]})
    assert closed.closed_because(day("2028-02-29")) == "Leap day"


@pytest.mark.parametrize("year", [1, 9999])
def test_terms_in_the_first_and_last_year_of_dates_work(year: int) -> None:
    calendar = Calendar.model_validate({"terms": [term("T", f"{year:04}-01-01", f"{year:04}-12-31")]})
    assert (
        calendar.closed_because(date(year, 3, 1) + timedelta(days=(7 - date(year, 3, 1).weekday()) % 7))
        is None
    )


@given(st.dates(), st.sampled_from(["7", "11", None]))
def test_no_year_group_is_open_on_a_day_when_the_school_is_closed(on: date, year: str | None) -> None:
    whole = SCHOOL_YEAR.closed_because(on)
    assert whole is None or SCHOOL_YEAR.closed_because(on, year) is not None
    assert (whole == WEEKEND) is not is_weekday(on)


# --- A policy's calendar and a school's own --------------------------------------------------------


def test_a_schools_closures_add_to_its_policys() -> None:
    trust = Calendar.model_validate(
        {
            "terms": [term("Autumn", "2026-09-01", "2026-12-18")],
            "closures": [
                {"first": "2026-10-26", "last": "2026-10-30", "reason": "Half term"},
                {"first": "2026-11-26", "reason": "Trust training day"},
            ],
        }
    )
    own = Calendar.model_validate({"closures": [{"first": "2026-11-26", "reason": "INSET day"}]})
    both = merge(trust, own)
    assert both.closed_because(day("2026-08-31")) == HOLIDAY
    assert both.closed_because(day("2026-10-28")) == "Half term"
    assert both.closed_because(day("2026-11-26")) == "INSET day"
    assert merge(trust, Calendar()) == merge(Calendar(), trust) == trust


def test_a_schools_terms_replace_its_policys() -> None:
    trust = Calendar.model_validate({"terms": [term("Autumn", "2026-09-01", "2026-12-18")]})
    own = Calendar.model_validate({"terms": [term("Autumn", "2026-09-03", "2026-12-18")]})
    assert merge(trust, own).closed_because(day("2026-09-01")) == HOLIDAY


# --- Mistakes in a calendar -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (
            {"terms": [term("Autumn", "2026-12-18", "2026-09-01")]},
            "'Autumn' ends on 2026-09-01, before it starts",
        ),
        (
            {"terms": [term("B", "2026-09-01", "2026-10-23"), term("A", "2026-10-23", "2026-12-18")]},
            "the term 'A' starts on 2026-10-23, but 'B' does not end until 2026-10-23",
        ),
        (
            {
                "terms": [
                    term("Spring", "2027-01-05", "2027-03-25"),
                    term("Autumn", "2026-09-01", "2026-12-18"),
                ]
            },
            "write the terms in order",
        ),
        (
            {"closures": [{"first": "2026-11-26", "last": "2026-11-25", "reason": "INSET"}]},
            "'INSET' ends on 2026-11-25, before it starts on 2026-11-26",
        ),
        (
            {"closures": [{"first": "2026-11-26", "reason": "x", "years": []}]},
            "leave years out to close the school for everyone",
        ),
        ({"closures": [{"first": "2026-11-26", "reason": "x", "years": ["15"]}]}, "'15' is not a year"),
        ({"closures": [{"first": "2026-11-26", "reason": "  "}]}, "at least 1 character"),
        ({"closures": [{"first": "2026-11-26", "reason": "x" * 101}]}, "at most 100 characters"),
        (
            {"closures": [{"first": 20261126, "reason": "x"}]},
            "20261126 is not a date; write it as 2026-11-24",
        ),
        ({"closures": [{"first": "26/11/2026", "reason": "x"}]}, "'?26/11/2026'? is not a date"),
        ({"closures": [{"first": "2026-11-26T00:00", "reason": "x"}]}, "is not a date"),
        ({"closures": [{"first": "2027-02-29", "reason": "x"}]}, "valid date"),
        ({"closures": [{"date": "2026-11-26", "reason": "x"}]}, "first"),
        ({"closure": []}, "Extra inputs are not permitted"),
    ],
)
def test_a_mistake_in_a_calendar_has_its_own_sentence(values: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Calendar.model_validate(values)
