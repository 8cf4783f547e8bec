"""Year groups as the policies and calendars write them."""

from typing import Annotated

from pydantic import AfterValidator

from attendance.policy.errors import WrongValueError
from attendance.policy.expected import nearest_year

YEARS = ("N", "R", *(str(year) for year in range(1, 15)))
"""Nursery, reception, then 1 to 14."""


def _known_year(year: str) -> str:
    if year not in YEARS:
        near = nearest_year(year, YEARS)
        raise WrongValueError(
            f"{year!r} is not a year; years are N, R and 1 to 14",
            expected="a year, N, R or 1 to 14" + (f'; the nearest is "{near}"' if near else ""),
        )
    return year


Year = Annotated[str, AfterValidator(_known_year)]
"""A year group as the policies write it."""
