"""Times of day at a school, to the minute, as policies and rosters write them."""

import re
from datetime import time
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from attendance.errors import WrongValueError

CLOCK_TIME_EXPECTED = 'a time as "HH:MM", for example "08:45"'

_HH_MM = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def clock_time(text: str) -> time:
    """The time of day written as `HH:MM`.

    Raises:
        WrongValueError: the text is not written that way.
    """
    written = _HH_MM.fullmatch(text)
    if written is None:
        raise WrongValueError(
            f"{text!r} is not a time; write it as HH:MM, for example 08:45", CLOCK_TIME_EXPECTED
        )
    return time(int(written[1]), int(written[2]))


def minutes_since_midnight(value: time) -> int:
    """Whole minutes from midnight to that time."""
    return value.hour * 60 + value.minute


def _to_the_minute(value: object) -> object:
    if isinstance(value, str):
        return clock_time(value)
    if not isinstance(value, time) or value != time(value.hour, value.minute):
        # pydantic would read a number as seconds since midnight
        raise WrongValueError(f"{value} is not a time to the minute; write it as HH:MM", CLOCK_TIME_EXPECTED)
    return value


ClockTime = Annotated[
    time,
    BeforeValidator(_to_the_minute),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
]
"""A time of day at the school, to the minute, written `HH:MM`."""
