"""Year groups as policies and calendars write them."""

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator

from attendance.errors import WrongValueError

YEARS = ("N", "R", *(str(year) for year in range(1, 15)))
"""Nursery, Reception, then 1 to 14, the youngest first."""

_DIGITS = re.compile(r"\d+", re.ASCII)


def known_year(year: str) -> str:
    """The year group itself, if it exists.

    Raises:
        WrongValueError: there is no such year group.
    """
    if year not in YEARS:
        near = _nearest_year(year, YEARS)
        raise WrongValueError(
            f"{year!r} is not a year; years are N, R and 1 to 14"
            + (f"; the nearest is {near}" if near else ""),
            expected="a year, N, R or 1 to 14" + (f'; the nearest is "{near}"' if near else ""),
        )
    return year


Year = Annotated[str, AfterValidator(known_year)]
"""A year group: `N`, `R` or `1` to `14`."""


def _nearest_year(word: str, years: Sequence[str]) -> str | None:
    """The year group that the author probably meant: `Year 7` is 7, `15` is 14, `reception` is R."""
    if number := _DIGITS.search(word):
        numbers = [year for year in years if year.isdigit()]
        return min(numbers, key=lambda year: abs(int(year) - int(number[0][:4])), default=None)
    letter = word[:1].upper()
    return letter if letter in years else None
