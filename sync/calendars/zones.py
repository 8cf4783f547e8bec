"""Whether a file's own time zones are simple enough to be worked out. Pure.

A zone's rules are expanded like an event's, from its first year on, so a file of 1 KB can ask for billions of
changes of the clock. A real zone has a rule for each of its two changes a year.
"""

import re
from collections.abc import Iterator

MOST_RULES = 200
"""The most rules of all zones of a file: some dozens of zones, two or three rules each."""
MOST_DATES = 5_000
_FIRST_YEAR = 1600
"""Outlook's zones begin in 1601."""
_MOST_VALUES = 7
"""Of a list in a rule: a week's days of the month, as some programs write the second Sunday."""

_FOLD = re.compile(r"\r?\n[ \t]")
_ZONE = re.compile(
    r"^BEGIN:VTIMEZONE\s*$(.*?)(?:^END:VTIMEZONE\s*$|\Z)", re.DOTALL | re.MULTILINE | re.IGNORECASE
)
_LINE = re.compile(r"^(RRULE|EXRULE|RDATE|EXDATE|DTSTART)\b[^:\r\n]*:(.*?)\s*$", re.MULTILINE | re.IGNORECASE)
_PART = re.compile(
    r"FREQ=YEARLY|(?:BYMONTH|BYDAY|BYMONTHDAY|BYYEARDAY)=[^=]+|(?:UNTIL|COUNT|INTERVAL|WKST)=[^=,]+"
)


def are_simple(text: str) -> bool:
    """Whether every zone in the text of an iCalendar file changes its clock as real zones do."""
    rules = dates = 0
    for name, value in _lines(text):
        if name == "DTSTART":
            year = value[:4]
            if year.isascii() and year.isdecimal() and int(year) < _FIRST_YEAR:
                return False
        elif name in ("RDATE", "EXDATE"):
            dates += 1 + value.count(",")
        else:
            rules += 1
            if not _is_yearly(value):
                return False
    return rules <= MOST_RULES and dates <= MOST_DATES


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for zone in _ZONE.finditer(_FOLD.sub("", text)):
        for line in _LINE.finditer(zone[1]):
            yield line[1].upper(), line[2].upper()


def _is_yearly(rule: str) -> bool:
    parts = rule.rstrip(";").split(";")
    return (
        "FREQ=YEARLY" in parts
        and len({part.partition("=")[0] for part in parts}) == len(parts)
        and all(_PART.fullmatch(part) and part.count(",") < _MOST_VALUES for part in parts)
    )
