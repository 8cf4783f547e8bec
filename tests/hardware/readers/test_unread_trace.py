"""When codes that are no card are a fault of the reader, and when they are logged."""

from hardware.readers.unread import CodeKind, UnreadCode
from hardware.readers.unread_trace import LASTS_SECONDS, LOG_SECONDS, UnreadTrace

CODE = UnreadCode(9, "4D", CodeKind.NOT_UTF8)
OTHER = UnreadCode(16, "02 30", CodeKind.FRAMED)
FITTING = UnreadCode(16, "02 30", CodeKind.FRAMED, ("id12la",))


def test_one_code_is_no_fault_and_two_are_one_until_a_card_is_read() -> None:
    trace = UnreadTrace()
    trace.code(CODE, 1000.0)
    assert trace.fault(1000.0) is None
    trace.code(OTHER, 1001.0)
    assert trace.fault(1001.0) == CODE
    trace.card()
    assert trace.fault(1002.0) is None
    trace.code(OTHER, 1003.0)
    assert trace.fault(1003.0) is None


def test_a_fault_ends_by_itself() -> None:
    trace = UnreadTrace()
    for at in (1000.0, 1001.0):
        trace.code(CODE, at)
    assert trace.fault(1000.0 + LASTS_SECONDS) == CODE
    assert trace.fault(1001.0 + LASTS_SECONDS) is None
    trace.code(OTHER, 1001.0 + LASTS_SECONDS)
    assert trace.fault(1001.0 + LASTS_SECONDS) is None


def test_a_code_that_shows_the_driver_takes_the_place_of_one_that_does_not() -> None:
    trace = UnreadTrace()
    for code in (CODE, FITTING, OTHER):
        trace.code(code, 1000.0)
    assert trace.fault(1000.0) == FITTING


def test_codes_are_logged_at_once_and_then_once_a_minute() -> None:
    trace = UnreadTrace()
    logged = [trace.code(CODE, 1000.0 + second) for second in range(int(LOG_SECONDS) + 1)]
    assert logged == [True, *[False] * (int(LOG_SECONDS) - 1), True]
