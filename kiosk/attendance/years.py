"""Year groups as the policies and calendars write them."""

from collections.abc import Iterable

YEARS = ("N", "R", *(str(year) for year in range(1, 15)))
"""Nursery, reception, then 1 to 14."""


def check_years(years: Iterable[str]) -> None:
    """Make sure that each is a year group.

    Raises:
        ValueError: one is not; the text says which.
    """
    for year in years:
        if year not in YEARS:
            raise ValueError(f"{year!r} is not a year; years are N, R and 1 to 14")
