"""A calendar that asks for endless work is refused at once, in one sentence."""

import time
from zoneinfo import ZoneInfo

import pytest

from sync.calendars.events import CalendarFileError
from sync.calendars.ics import read

ZONE = ZoneInfo("Europe/London")
DAY = "DTSTART;VALUE=DATE:20260901\r\nSUMMARY:Closed\r\n"
INSTANT = "DTSTART:20260901T000000Z\r\nSUMMARY:Closed\r\n"


def calendar(*events: str) -> bytes:
    inside = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}END:VCALENDAR\r\n".encode()


def upto(most: int) -> str:
    return ",".join(map(str, range(1, most + 1)))


BOMBS = {
    "every second of a year": (
        (
            INSTANT + f"RRULE:FREQ=YEARLY;BYMONTH={upto(12)};BYMONTHDAY={upto(31)};BYHOUR={upto(23)};"
            f"BYMINUTE={upto(59)};BYSECOND={upto(59)}",
        ),
        "repeats more often than once a day",
    ),
    "two hours of each day": ((INSTANT + "RRULE:FREQ=DAILY;BYHOUR=8,9",), "more often than once a day"),
    "every minute": ((INSTANT + "RRULE:FREQ=MINUTELY",), "more often than once a day"),
    "2,000 daily rules": ((DAY + "RRULE:FREQ=DAILY",) * 2000, "repeat too often, over 50,000 times"),
    "a rule since the year 200": (
        ("DTSTART;VALUE=DATE:02000101\r\nSUMMARY:Closed\r\nRRULE:FREQ=DAILY", DAY),
        "lie too far apart",
    ),
    "many single dates": (
        (DAY + "RDATE;VALUE=DATE:" + ",".join(["20260902"] * 60_000),),
        "repeat too often",
    ),
    "an interval of nothing": ((DAY + "RRULE:FREQ=DAILY;INTERVAL=0",), "INTERVAL that is not 1 or more"),
    "an endless duration": ((INSTANT + "DURATION:P99999999W",), "cannot be read"),
    "an endless duration back": ((INSTANT + "DURATION:-P99999999W",), "cannot be read|before it begins"),
    "the end of time": (("DTSTART;VALUE=DATE:99991231\r\nSUMMARY:Closed",), "cannot be read"),
    "until the end of time": ((DAY + "DTEND;VALUE=DATE:99991231",), "cannot be read"),
    "a huge count": ((DAY + "RRULE:FREQ=DAILY;COUNT=" + "9" * 5000,), "cannot be read"),
    "a line without end": ((DAY + 'X-A;P="' + '""' * 1000 + ":b",), "has a line that cannot be read"),
    "many events": ((DAY,) * 10_001, "more than 10,000 events"),
    "nested components": (
        ("BEGIN:VALARM\r\n" * 10_001 + "END:VALARM\r\n" * 10_001 + DAY,),
        "more than 10,000",
    ),
}


@pytest.mark.parametrize(("events", "words"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_in_one_sentence(events: tuple[str, ...], words: str) -> None:
    began = time.process_time()
    with pytest.raises(CalendarFileError, match=words) as refused:
        read(calendar(*events), ZONE)
    assert len(str(refused.value)) < 300
    assert time.process_time() - began < 5.0


@pytest.mark.parametrize(
    "rule",
    [
        f"FREQ=YEARLY;BYMONTH={upto(12)};BYMONTHDAY={upto(31)};BYYEARDAY={upto(366)};BYWEEKNO={upto(53)};"
        f"BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS={upto(366)}",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20270720",
        "FREQ=MONTHLY;BYDAY=1MO",
        "FREQ=DAILY;COUNT=5",
    ],
)
def test_an_unusual_rule_is_read(rule: str) -> None:
    began = time.process_time()
    read(calendar(DAY + f"RRULE:{rule}"), ZONE)
    assert time.process_time() - began < 5.0
