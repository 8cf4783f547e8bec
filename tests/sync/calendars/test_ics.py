"""Calendars as schools' programs export them: which days close the school, and what a user must decide."""

from contextlib import suppress
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.calendars.events import CalendarFileError
from sync.calendars.ics import CalendarSelection, read
from sync.calendars.school_years import SchoolYears
from sync.calendars.titles import EventMeaning, closed_years, meaning, term_name

LONDON = ZoneInfo("Europe/London")
LONDON_RULES = """BEGIN:VTIMEZONE
TZID:GMT Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def event(title: str, *lines: str) -> str:
    return "\n".join(
        ["BEGIN:VEVENT", f"UID:{title}@oak-lane.invalid", f"SUMMARY:{title}", *lines, "END:VEVENT"]
    )


def day(title: str, on: str, *more: str) -> str:
    return event(title, f"DTSTART;VALUE=DATE:{on}", *more)


def file(*parts: str, newline: str = "\r\n") -> bytes:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Oak Lane//Calendar//EN",
        *parts,
        "END:VCALENDAR",
        "",
    ]
    return "\n".join(lines).replace("\n", newline).encode()


def closures_of(data: bytes, **selection: Any) -> list[tuple[str, str | None, str]]:
    return [
        (closure.first.isoformat(), closure.last.isoformat() if closure.last else None, closure.reason)
        for closure in read(data, LONDON, CalendarSelection(**selection)).calendar.closures
    ]


# --- how programs write whole days ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "first", "last"),
    [
        (["DTSTART;VALUE=DATE:20261126"], "2026-11-26", None),
        (["DTSTART;VALUE=DATE:20261126", "DTEND;VALUE=DATE:20261127"], "2026-11-26", None),
        (["DTSTART;VALUE=DATE:20261026", "DTEND;VALUE=DATE:20261031"], "2026-10-26", "2026-10-30"),
        (["DTSTART;VALUE=DATE:20261026", "DURATION:P5D"], "2026-10-26", "2026-10-30"),
        (["DTSTART;VALUE=DATE:20261126", "DTEND;VALUE=DATE:20261126"], "2026-11-26", None),
        (["DTSTART;VALUE=DATE:20280228", "DTEND;VALUE=DATE:20280301"], "2028-02-28", "2028-02-29"),
        # midnights without a zone
        (["DTSTART:20261126T000000", "DTEND:20261127T000000"], "2026-11-26", None),
        # midnights in a zone, in winter and in summer, and over a change of the clocks
        (
            [
                "DTSTART;TZID=GMT Standard Time:20261126T000000",
                "DTEND;TZID=GMT Standard Time:20261127T000000",
                "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
            ],
            "2026-11-26",
            None,
        ),
        (
            [
                "DTSTART;TZID=GMT Standard Time:20261023T000000",
                "DTEND;TZID=GMT Standard Time:20261031T000000",
            ],
            "2026-10-23",
            "2026-10-30",
        ),
        (
            ["DTSTART;TZID=Europe/London:20270628T000000", "DTEND;TZID=Europe/London:20270630T000000"],
            "2027-06-28",
            "2027-06-29",
        ),
        # UTC: the school's midnight in summer, and a midnight that is the school's only in winter
        (["DTSTART:20270627T230000Z", "DTEND:20270628T230000Z"], "2027-06-28", None),
        (["DTSTART:20270628T000000Z", "DTEND:20270629T000000Z"], "2027-06-28", None),
        (["DTSTART:20261126T000000Z", "DTEND:20261128T000000Z"], "2026-11-26", "2026-11-27"),
    ],
)
def test_a_whole_day_is_the_same_day_however_it_is_written(
    lines: list[str], first: str, last: str | None
) -> None:
    assert closures_of(file(LONDON_RULES, event("INSET day", *lines))) == [(first, last, "INSET day")]


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_a_file_from_google_is_read(newline: str) -> None:
    data = file(
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Oak Lane term dates",
        "X-WR-TIMEZONE:Europe/London",
        event(
            "Half term",
            "DTSTART;VALUE=DATE:20261026",
            "DTEND;VALUE=DATE:20261031",
            "DTSTAMP:20260715T091500Z",
            "CREATED:20260701T120000Z",
            "DESCRIPTION:",
            "SEQUENCE:1",
            "STATUS:CONFIRMED",
            "TRANSP:TRANSPARENT",
        ),
        newline=newline,
    )
    assert closures_of(data) == [("2026-10-26", "2026-10-30", "Half term")]


def test_folded_lines_a_byte_order_mark_escapes_and_accents_are_read() -> None:
    data = file(
        "\n".join(
            [
                "BEGIN:VEVENT",
                "UID:1",
                "SUMMARY;LANGUAGE=en-gb:INSET day\\, staff at Ysgol Glan-y-",
                " Môr\\; no pup",
                "\tils",
                "DTSTART;VALUE=DATE:20261126",
                "END:VEVENT",
            ]
        )
    )
    read_as = [("2026-11-26", None, "INSET day, staff at Ysgol Glan-y-Môr; no pupils")]
    assert closures_of(data) == closures_of(b"\xef\xbb\xbf" + data) == read_as


def test_two_calendars_in_one_file_and_an_event_twice_are_one_list_without_repetition() -> None:
    data = file(day("INSET day", "20261126")) + file(
        day("INSET day", "20261126"), day("Half term", "20261026")
    )
    assert [each[0] for each in closures_of(data)] == ["2026-10-26", "2026-11-26"]


# --- series ---------------------------------------------------------------------------------------


def test_a_series_is_closed_on_each_of_its_days_less_those_taken_out() -> None:
    data = file(
        day("INSET day", "20261106", "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;VALUE=DATE:20261113"),
    )
    assert [each[0] for each in closures_of(data)] == ["2026-11-06", "2026-11-20", "2026-11-27"]


def test_a_day_of_a_series_that_was_moved_is_closed_where_it_was_moved_to() -> None:
    moved = [
        "BEGIN:VEVENT",
        "UID:INSET day@oak-lane.invalid",
        "RECURRENCE-ID;VALUE=DATE:20261113",
        "SUMMARY:INSET day",
        "DTSTART;VALUE=DATE:20261112",
        "END:VEVENT",
    ]
    data = file(day("INSET day", "20261106", "RRULE:FREQ=WEEKLY;COUNT=2"), "\n".join(moved))
    assert [each[0] for each in closures_of(data)] == ["2026-11-06", "2026-11-12"]


def test_a_series_without_an_end_goes_on_to_the_end_of_the_school_years() -> None:
    data = file(day("Christmas Day", "20201225", "RRULE:FREQ=YEARLY"), day("INSET day", "20270104"))
    assert [each[0] for each in closures_of(data)][-2:] == ["2026-12-25", "2027-01-04"]
    assert [each[0] for each in closures_of(data, years=SchoolYears(2027, 2029))] == [
        "2027-12-25",
        "2028-12-25",
    ]


def test_only_the_requested_school_years_are_read() -> None:
    data = file(
        day("INSET day", "20260831"), day("Half term", "20261026"), day("Snow: school closed", "20270901")
    )
    assert closures_of(data, years=SchoolYears(2026, 2027)) == [("2026-10-26", None, "Half term")]


# --- what a day means -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "days", "says"),
    [
        ("INSET day", 1, EventMeaning.CLOSED),
        ("Inset day cancelled", 1, EventMeaning.OTHER),
        ("INSET day moved to Friday", 1, EventMeaning.OTHER),
        ("Non pupil day", 1, EventMeaning.CLOSED),
        ("Closed: snow", 1, EventMeaning.CLOSED),
        ("Closed - polling day", 1, EventMeaning.CLOSED),
        ("Closed to visitors", 1, EventMeaning.OTHER),
        ("Inset Day 3 - school closed to pupils", 1, EventMeaning.CLOSED),
        ("Staff training day", 1, EventMeaning.CLOSED),
        ("Half term", 5, EventMeaning.CLOSED),
        ("Half-Term Holiday", 9, EventMeaning.CLOSED),
        ("Bank holiday", 1, EventMeaning.CLOSED),
        ("May Day Bank Holiday", 1, EventMeaning.CLOSED),
        ("Good Friday", 1, EventMeaning.CLOSED),
        ("New Year’s Day", 1, EventMeaning.CLOSED),
        ("Christmas break", 14, EventMeaning.CLOSED),
        ("Summer holidays", 40, EventMeaning.CLOSED),
        ("School closed - polling station", 1, EventMeaning.CLOSED),
        ("School closed for half term, reopens 2 November", 5, EventMeaning.CLOSED),
        ("INSET day (Years 7 and 8 only)", 1, EventMeaning.SOME_YEARS),
        ("Y11 study leave: no school", 1, EventMeaning.SOME_YEARS),
        ("Nursery closed: staff training", 1, EventMeaning.SOME_YEARS),
        ("Year R INSET", 1, EventMeaning.SOME_YEARS),
        ("Year 7A INSET", 1, EventMeaning.SOME_YEARS),
        ("New Year 2027 holiday", 1, EventMeaning.CLOSED),
        ("Autumn term begins", 1, EventMeaning.FIRST_DAY),
        ("Start of Spring Term", 1, EventMeaning.FIRST_DAY),
        ("First day of the summer term", 1, EventMeaning.FIRST_DAY),
        ("Term 1 starts", 1, EventMeaning.FIRST_DAY),
        ("Autumn Term ends 1.30pm", 1, EventMeaning.LAST_DAY),
        ("Last day of term", 1, EventMeaning.LAST_DAY),
        ("Autumn term", 108, EventMeaning.TERM),
        ("Half term begins", 1, EventMeaning.OTHER),
        ("School closes for half term", 1, EventMeaning.OTHER),
        ("Last day before the Christmas holiday", 1, EventMeaning.OTHER),
        ("Break up for half term", 1, EventMeaning.OTHER),
        ("Return to school after half term", 1, EventMeaning.OTHER),
        ("Autumn term (half term holiday 26-30 October)", 108, EventMeaning.OTHER),
        ("Holiday club", 5, EventMeaning.OTHER),
        ("Easter holiday revision", 3, EventMeaning.OTHER),
        ("Sports day", 1, EventMeaning.OTHER),
        ("Year 7 parents' evening", 1, EventMeaning.OTHER),
        ("Non-uniform day", 1, EventMeaning.OTHER),
        ("(no title)", 1, EventMeaning.OTHER),
    ],
)
def test_only_clear_titles_close_the_school(title: str, days: int, says: EventMeaning) -> None:
    assert meaning(title, [], days) is says


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("INSET day - Years 10 and 11 only", "10 11"),
        ("Reception INSET", "R"),
        ("Nursery INSET", "N"),
        ("Nursery closed: staff training", "N"),
        ("Year R INSET", "R"),
        ("INSET day (Year 12)", "12"),
        ("INSET day 3 – Yr. 9", "9"),
        ("INSET 2: Years 1,2,3", "1 2 3"),
        ("Year 7-9 INSET", "7 8 9"),
        ("Occasional day: Years 12 – 13", "12 13"),
        ("INSET day for Years 7 to 9", "7 8 9"),
        ("Years 10–11, 7 and 8: INSET", "7 8 10 11"),
        ("Year 5/6 INSET", "5 6"),
        ("Year 10 and Year 11 INSET", "10 11"),
        ("Nursery & Reception INSET", "N R"),
        ("Reception to Year 2: no school", "R 1 2"),
        ("School closed to Years 7 and 8", "7 8"),
        ("Y11 study leave: no school", "11"),
        ("Half term, Year 7 pupils only", "7"),
    ],
)
def test_years_that_a_title_clearly_names_are_closed(title: str, years: str) -> None:
    assert closed_years(title) == tuple(years.split())
    [closure] = read(file(day(title, "20261127")), LONDON).calendar.closures
    assert (closure.reason, closure.years) == (title, years.split())


@pytest.mark.parametrize(
    "title",
    [
        "INSET day for all except Year 11",
        "INSET day (not Year 7)",
        "INSET day, Year 11 exams as normal",
        "School closed - polling station. Year 6 at the church",
        "Whole school INSET including Nursery",
        "School and Nursery INSET",
        "School reception closed: INSET day",
        "Reception closed for training day",
        "Year 7 INSET, Year 8 too",
        "Year 7 INSET / Year 8",
        "Year 7 or 8 INSET",
        "Years 9 to 7 INSET",
        "Years 7-8-9 INSET",
        "Year 7A INSET",
        "Year 7 INSET am",
        "Year 7 INSET 10.30",
        "Year 7 INSET 2 November",
        "Year 7 - 9 day closure",
        "Years 7 and KS4 INSET",
        "Key Stage 3 INSET",
        "Sixth form INSET",
    ],
)
def test_a_title_with_doubtful_years_is_left_to_a_user(title: str) -> None:
    published = read(file(day(title, "20261127"), day("Half term", "20261026")), LONDON)

    assert [closure.reason for closure in published.calendar.closures] == ["Half term"]
    assert published.notices == (
        f"left out, because their year groups are unclear: enter these by hand: {title} (2026-11-27)",
    )


def test_every_closure_for_some_years_is_in_a_notice_with_its_years() -> None:
    data = file(
        day("INSET day - Years 10 and 11 only", "20261127", "RRULE:FREQ=WEEKLY;COUNT=2"),
        day("INSET day", "20261130"),
        *[day(f"Year {n} INSET", f"202701{n:02}") for n in range(4, 11)],
    )
    published = read(data, LONDON)

    assert [(closure.first.day, closure.years) for closure in published.calendar.closures[:3]] == [
        (27, ["10", "11"]),
        (30, None),
        (4, ["10", "11"]),
    ]
    [notice] = published.notices
    assert notice.startswith(
        "closed for these years only, please check: INSET day - Years 10 and 11 only (2026-11-27): 10, 11;"
        " Year 4 INSET (2027-01-04): 4; "
    )
    assert notice.endswith("; Year 10 INSET (2027-01-10): 10")


def test_a_title_that_clearly_names_years_is_for_these_whatever_the_selection() -> None:
    data = file(day("Reception INSET", "20261127"), day("KS3 INSET", "20261130"))
    for selection in (CalendarSelection(every_event=True), CalendarSelection(closed=("inset",))):
        years = [closure.years for closure in read(data, LONDON, selection).calendar.closures]
        assert years == [["R"], None]


def test_a_category_can_say_that_a_day_is_closed() -> None:
    data = file(day("Founder's Day", "20261126", "CATEGORIES:Whole school,Holiday"))
    assert closures_of(data) == [("2026-11-26", None, "Founder's Day")]


def test_omitted_events_are_named_once_for_each_title() -> None:
    data = file(
        day("INSET day", "20261126"),
        day("Sports day", "20270618"),
        day("INSET day (Key Stage 3)", "20261127"),
        day("Autumn term begins", "20260902"),
        day("Half term", "20261026", "STATUS:CANCELLED"),
        event(
            "Breakfast club",
            "DTSTART;TZID=Europe/London:20261109T080000",
            "DTEND;TZID=Europe/London:20261109T084500",
            "RRULE:FREQ=DAILY;COUNT=5",
        ),
    )
    published = read(data, LONDON)
    assert [closure.reason for closure in published.calendar.closures] == ["INSET day"]
    assert published.notices == (
        "left out, because they have times of day: Breakfast club (2026-11-09)",
        "left out, because they do not clearly say that there is no school: Sports day (2027-06-18)",
        "left out, because their year groups are unclear: enter these by hand:"
        " INSET day (Key Stage 3) (2026-11-27)",
        "left out, because terms were not requested: Autumn term begins (2026-09-02)",
    )


def test_a_long_list_of_omitted_events_is_shortened() -> None:
    data = file(*[day(f"Match {n}", f"202611{n:02}") for n in range(2, 10)])
    [notice] = read(data, LONDON).notices
    assert notice.endswith("Match 6 (2026-11-06) and 3 more")


def test_a_word_or_every_event_can_be_selected() -> None:
    data = file(
        day("Founder's Day", "20261126"), day("Sports day", "20270618"), day("Autumn term begins", "20260902")
    )
    assert closures_of(data, closed=("founder",)) == [("2026-11-26", None, "Founder's Day")]
    assert [each[2] for each in closures_of(data, every_event=True)] == ["Founder's Day", "Sports day"]


def test_a_title_too_long_for_the_screen_is_cut_at_a_word() -> None:
    [(_, _, reason)] = closures_of(file(day("INSET day " + "and so on " * 20, "20261126")))
    assert len(reason) <= 100
    assert reason.startswith("INSET day and so on")
    assert reason.endswith("…")


# --- terms ----------------------------------------------------------------------------------------


def test_terms_are_made_of_first_and_last_days_and_of_whole_terms() -> None:
    data = file(
        day("Autumn term ends", "20261218"),
        day("Autumn term begins", "20260902"),
        day("Spring term", "20270105", "DTEND;VALUE=DATE:20270326"),
        day("Half term", "20261026", "DTEND;VALUE=DATE:20261031"),
    )
    calendar = read(data, LONDON, CalendarSelection(terms=True)).calendar
    assert [(term.name, term.starts, term.ends) for term in calendar.terms] == [
        ("Autumn term", date(2026, 9, 2), date(2026, 12, 18)),
        ("Spring term", date(2027, 1, 5), date(2027, 3, 25)),
    ]
    assert [closure.reason for closure in calendar.closures] == ["Half term"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Autumn term begins", "Autumn term"),
        ("Start of Spring Term", "Spring Term"),
        ("First day of the summer term", "Summer term"),
        ("Term 1 starts", "Term 1"),
    ],
)
def test_a_term_is_named_without_its_first_day(title: str, name: str) -> None:
    assert term_name(title) == name


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ([("Autumn term begins", "20260902")], r"Autumn term begins \(2026-09-02\) has no counterpart"),
        (
            [("Autumn term begins", "20260902"), ("Spring term begins", "20270105")],
            "after Autumn term begins .* comes Spring term begins",
        ),
        (
            [("Autumn term ends", "20261218"), ("Spring term begins", "20270105")],
            "after Autumn term ends .* comes Spring term begins",
        ),
        ([("INSET day", "20261126")], "it has no terms"),
    ],
)
def test_terms_that_do_not_fit_together_are_not_guessed(days: list[tuple[str, str]], says: str) -> None:
    with pytest.raises(CalendarFileError, match=says):
        read(file(*[day(*each) for each in days]), LONDON, CalendarSelection(terms=True))


# --- files that cannot be used --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "BEGIN:VCALENDAR is missing"),
        (b"<!DOCTYPE html><html>Sign in</html>", "BEGIN:VCALENDAR is missing"),
        (b"BEGIN:VCALENDAR\r\nSUMMARY:caf\xe9\r\nEND:VCALENDAR", "not a text in UTF-8"),
        (file(), "it has no events"),
        (file("BEGIN:VEVENT", "SUMMARY:INSET day"), "broken iCalendar file"),
        (file(day("INSET day", "20261126"))[:-20], "broken iCalendar file"),
        (file("this is no line of a calendar"), "broken iCalendar file"),
        (file(day("INSET day", "26/11/2026")), "'INSET day' has a DTSTART that cannot be read"),
        (file(day("INSET day", "20261131")), "'INSET day' has a DTSTART that cannot be read"),
        (file(event("INSET day")), "'INSET day' has no DTSTART"),
        (
            file(day("INSET day", "20261126", "DTEND;VALUE=DATE:20261125")),
            "'INSET day' ends on 2026-11-25, before it begins on 2026-11-26",
        ),
        (file(day("INSET day", "20261126", "DTEND:20261127T000000Z")), "'INSET day' cannot be read"),
        (file(day("INSET day", "20261126", "RRULE:FREQ=HOURLY")), "repeats more often than once a day"),
        (file(day("INSET day", "20261126", "RRULE:FREQ=SOMETIMES")), "'INSET day'|repeats"),
        (file(day("INSET day", "16010101"), day("Half term", "20261026")), "too far apart .*give the years"),
        (b"BEGIN:VCALENDAR" + b" " * 10_000_000, "larger than 10 MB"),
    ],
)
def test_an_unusable_file_is_reported_in_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(CalendarFileError, match=says) as refused:
        read(data, LONDON)
    assert "\n" not in str(refused.value)


WHOLE = file(
    LONDON_RULES, day("INSET day", "20261106", "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;VALUE=DATE:20261113")
)


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 40), st.binary(max_size=6))
def test_a_damaged_file_is_read_or_refused_and_never_crashes(at: int, lost: int, instead: bytes) -> None:
    with suppress(CalendarFileError):
        read(WHOLE[:at] + instead + WHOLE[at + lost :], LONDON)
