"""Dates from an address or a form, within the years that the register can hold."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from sync.wire import FIRST_YEAR, LAST_YEAR

EARLIEST, LATEST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
"""The same bounds as for a kiosk's entries, so that an entry with a wrong date can be looked up. Without
bounds, arithmetic near the end of Python's calendar would overflow."""
OUT_OF_RANGE = "day_out_of_range"
"""The error's type, whose text `sync.register.office.web.errors` shows to the user."""


def _in_range(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise PydanticCustomError(
            OUT_OF_RANGE,
            "The date must be between {first} and {last}.",
            {"first": EARLIEST.year, "last": LATEST.year},
        )
    return day


def _optional_in_range(day: date | None) -> date | None:
    return None if day is None else _in_range(day)


def _empty_as_none(text: object) -> object:
    """A form sends an empty text for a date field that was left empty."""
    return None if text == "" else text


RequiredDate = Annotated[date, AfterValidator(_in_range)]
"""A required date."""
OptionalDate = Annotated[date | None, BeforeValidator(_empty_as_none), AfterValidator(_optional_in_range)]
"""A date, or `None` when the field was left empty."""
