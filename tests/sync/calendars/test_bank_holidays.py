"""England's bank holidays, against published dates, and school years in their usual forms."""

from datetime import date

import pytest

from sync.calendars.bank_holidays import bank_holidays
from sync.calendars.school_years import SchoolYears, parse, spanning


def test_the_bank_holidays_of_2026_and_2027_are_those_of_the_governments_list() -> None:
    assert [(str(each.first), each.reason) for each in bank_holidays(parse("2026-2027"))] == [
        ("2026-12-25", "Christmas Day bank holiday"),
        ("2026-12-28", "Boxing Day bank holiday"),  # 26 December is a Saturday
        ("2027-01-01", "New Year's Day bank holiday"),
        ("2027-03-26", "Good Friday bank holiday"),
        ("2027-03-29", "Easter Monday bank holiday"),
        ("2027-05-03", "Early May bank holiday"),
        ("2027-05-31", "Spring bank holiday"),
        ("2027-08-30", "Summer bank holiday"),
    ]


def test_a_christmas_at_the_weekend_is_made_up_for_on_the_days_after() -> None:
    in_winter = [str(each.first) for each in bank_holidays(parse("2027-28"))[:3]]
    assert in_winter == ["2027-12-27", "2027-12-28", "2028-01-03"]


def test_a_holiday_of_a_single_year_is_known() -> None:
    coronation = next(each for each in bank_holidays(parse("2022-23")) if each.first == date(2023, 5, 8))
    assert coronation.reason.endswith("bank holiday")


def test_two_school_years_have_the_bank_holidays_of_both() -> None:
    both = bank_holidays(SchoolYears(2026, 2028))
    assert both == [*bank_holidays(SchoolYears(2026, 2027)), *bank_holidays(SchoolYears(2027, 2028))]


@pytest.mark.parametrize("text", ["2026-2027", "2026-27", "2026/27", " 2026 – 2027 "])
def test_a_school_year_goes_from_september_to_august(text: str) -> None:
    years = parse(text)
    assert (years.first, years.last, years.after) == (date(2026, 9, 1), date(2027, 8, 31), date(2027, 9, 1))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026", "'2026' is not a school year; write it as 2026-2027"),
        ("2027-2026", "is not a school year"),
        ("2026-2026", "is not a school year"),
        ("next", "is not a school year"),
        ("2000-2026", "is 26 school years; at most 10 at once"),
        ("٢٠٢٦-٢٠٢٧", "is not a school year"),
    ],
)
def test_another_text_is_not_a_school_year(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse(text)


def test_the_school_years_of_two_days_contain_both() -> None:
    assert spanning(date(2026, 8, 31), date(2026, 9, 1)) == SchoolYears(2025, 2027)
    assert spanning(date(2026, 9, 1), date(2027, 8, 31)) == SchoolYears(2026, 2027)
