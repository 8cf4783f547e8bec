"""School years, from 1 September to 31 August, written 2026-2027."""

import re
from datetime import date, timedelta
from typing import NamedTuple

_WRITTEN = re.compile(r"(\d{4})\s*[-/–]\s*(\d{2}|\d{4})", re.ASCII)
_SEPTEMBER = 9
MOST = 10
"""The most school years in one request: more is a typing error or a faulty file."""


class SchoolYears(NamedTuple):
    """One or more consecutive school years."""

    begins: int
    """The calendar year of the first September."""
    ends: int
    """The calendar year of the last August."""

    @property
    def first(self) -> date:
        """The first day, 1 September."""
        return date(self.begins, _SEPTEMBER, 1)

    @property
    def after(self) -> date:
        """The first day after them, 1 September."""
        return date(self.ends, _SEPTEMBER, 1)

    @property
    def last(self) -> date:
        """The last day, 31 August."""
        return self.after - timedelta(days=1)


def parse(text: str) -> SchoolYears:
    """The school years in a text: `2026-2027`, `2026-27` and `2026/27` are one, `2026-2028` is two.

    Raises:
        ValueError: the text has another form, or means no years or too many.
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise ValueError(f"{text!r} is not a school year; write it as 2026-2027")
    begins = int(written[1])
    ends = int(written[2]) if len(written[2]) == 4 else begins // 100 * 100 + int(written[2])
    return _checked(SchoolYears(begins, ends), text)


def spanning(first: date, last: date) -> SchoolYears:
    """The school years that contain both days.

    Raises:
        ValueError: they are too many.
    """
    begins = first.year if first.month >= _SEPTEMBER else first.year - 1
    ends = last.year + 1 if last.month >= _SEPTEMBER else last.year
    return _checked(SchoolYears(begins, ends), f"{first} to {last}")


def _checked(years: SchoolYears, text: str) -> SchoolYears:
    if not (1900 <= years.begins < years.ends <= 2999):
        raise ValueError(f"{text!r} is not a school year; write for example 2026-2027")
    if years.ends - years.begins > MOST:
        raise ValueError(f"{text!r} is {years.ends - years.begins} school years; at most {MOST} at once")
    return years
