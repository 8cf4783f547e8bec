"""Days that come in with an address or a form: bounded, so that no page counts through all of time."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from sync.wire import FIRST_YEAR, LAST_YEAR

EARLIEST, LATEST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
"""As what a kiosk may send: every day that anything can be kept of can be looked at, also one that a wrong
clock has made up. The rest of the calendar ends in an overflow where a time zone or a day is added."""
OUT_OF_RANGE = "day_out_of_range"
"""The kind of error by which `sync.register.office.web.errors` knows that its text may be shown."""


def _in_range(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise PydanticCustomError(
            OUT_OF_RANGE,
            "The register knows no such day: choose one from {first} to {last}.",
            {"first": EARLIEST.year, "last": LATEST.year},
        )
    return day


def _maybe_in_range(day: date | None) -> date | None:
    return None if day is None else _in_range(day)


def _said(text: object) -> object:
    """A form sends an empty text where no day was chosen."""
    return None if text == "" else text


Day = Annotated[date, AfterValidator(_in_range)]
"""A day that must be there."""
MaybeDay = Annotated[date | None, BeforeValidator(_said), AfterValidator(_maybe_in_range)]
"""A day, or None where it was left open."""
