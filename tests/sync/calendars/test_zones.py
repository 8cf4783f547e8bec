"""Which zones of a calendar file are worked out, and that the others cost no time."""

import time

import pytest

from sync.calendars.events import CalendarFileError
from sync.calendars.ics import read
from tests.sync.calendars.test_repeats import ZONE

RULES = {
    "every second": "RRULE:FREQ=SECONDLY",
    "every second of the year": "RRULE:FREQ=YEARLY;BYHOUR=1,2;BYMINUTE=1,2;BYSECOND=1,2",
    "every day": "RRULE:FREQ=YEARLY;BYYEARDAY=" + ",".join(map(str, range(1, 367))),
    "a rule that is folded": "RRULE:FREQ=SECO\r\n NDLY",
    "a rule to leave out": "RRULE:FREQ=YEARLY\r\nEXRULE:FREQ=SECONDLY",
    "many dates": "RDATE:" + ",".join(["20260101T000000"] * 6_000),
    "many rules": "\r\n".join(["RRULE:FREQ=YEARLY"] * 201),
}


def calendar(rule: str, start: str = "19700101T000000") -> bytes:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\n"
        f"DTSTART:{start}\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\n{rule}\r\nEND:STANDARD\r\n"
        "END:VTIMEZONE\r\nBEGIN:VEVENT\r\nDTSTART;TZID=Own:20260901T000000\r\n"
        "DTEND;TZID=Own:20260902T000000\r\nSUMMARY:School closed\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_zone_that_is_a_bomb_is_refused_in_one_sentence(rule: str) -> None:
    began = time.process_time()
    with pytest.raises(CalendarFileError, match="a time zone in it changes its clock"):
        read(calendar(rule), ZONE)
    assert time.process_time() - began < 1


def test_a_zone_from_before_every_calendar_is_refused() -> None:
    with pytest.raises(CalendarFileError, match="a time zone in it"):
        read(calendar("RRULE:FREQ=YEARLY", "00010101T000000"), ZONE)


@pytest.mark.parametrize(
    "rule",
    [
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYMONTH=10;BYDAY=-1SU;WKST=MO",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=25,26,27,28,29,30,31;BYDAY=SU;UNTIL=20370101T000000Z",
        "RDATE:20251026T020000",
    ],
)
def test_a_real_zone_is_read(rule: str) -> None:
    assert len(read(calendar(rule, "16010101T020000"), ZONE).calendar.closures) == 1
