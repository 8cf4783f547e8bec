"""What all messages share: the base class, and the forms of instants, days, times and numbers.

Instants are UTC. A message from a newer version may have more keys; they are ignored, never refused.
"""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
)

BASE_PATH = "/api/v1"

FIRST_YEAR, LAST_YEAR = 1970, 9000
"""The years that an instant or a date may have, inclusive. No clock counts from before 1970. A clock that is
far ahead is wrong, and its entry is stored with that doubt; but near the ends of Python's calendar an instant
has no equivalent in another time zone, and no next day, so converting it would fail."""


class Message(BaseModel):
    """Base of all messages: immutable, and tolerant of keys that this version does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _within_years(value: date) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"must be of the years {FIRST_YEAR} to {LAST_YEAR}")
    return value


def _instant(value: datetime) -> datetime:
    _within_years(value)  # before the conversion: in the year 1 or 9999 there may be no equivalent in UTC
    _within_years(value.astimezone(UTC))
    return value


_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written(pattern: re.Pattern[str], example: str) -> BeforeValidator:
    """Accept text in this form only: pydantic alone would read a number as seconds since 1970."""

    def check(value: object) -> object:
        if isinstance(value, date) or (isinstance(value, str) and pattern.fullmatch(value)):
            return value
        raise ValueError(f"must be written like {example}")

    return BeforeValidator(check)


def _utc_text(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Instant = Annotated[
    AwareDatetime,
    _written(_INSTANT, "2026-11-24T09:07:42.120Z"),
    AfterValidator(_instant),
    PlainSerializer(_utc_text, return_type=str, when_used="json"),
]
"""A point in time with a zone, from `FIRST_YEAR` to `LAST_YEAR`; written in UTC to the millisecond:
`2026-11-24T09:07:42.120Z`."""

Day = Annotated[date, _written(_DAY, "2026-11-24"), AfterValidator(_within_years)]
"""A date at the school, `2026-11-24`, in the same years."""

Name = Annotated[str, Field(max_length=500)]
"""A name or a short text that a kiosk sends. None is without a length: a text of a megabyte is no entry, and
would be kept for six years."""

Term = Annotated[str, Field(max_length=64)]
"""A value of a list, such as an outcome or a reason, or an id."""

Whole = Annotated[int, Field(strict=True)]
"""A whole number; text with digits, `true` and `false` are refused."""

Count = Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)]
"""A number of things, no larger than every database can store."""

WallTime = Annotated[time, PlainSerializer(lambda t: t.strftime("%H:%M"), return_type=str, when_used="json")]
"""A time of day at the school, written `09:15`."""
