"""How often an event can repeat, estimated from its rules without expanding them. Pure.

A file of 2 KB can ask for millions of repetitions, which take minutes to list.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import icalendar

MOST_REPEATS = 50_000
"""The most repetitions of all events of a file: a hundred a day for two school years."""

_WITHIN_A_DAY = {"SECONDLY", "MINUTELY", "HOURLY"}
_DAYS, _WEEKS, _MONTHS = 366, 53, 12


def not_an_interval(event: icalendar.Event) -> bool:
    """Whether an event repeats at an interval of nothing, or backwards: for ever."""
    return any(int(interval) < 1 for rule in _rules(event) for interval in rule.get("INTERVAL", []))


def repeats_within_a_day(event: icalendar.Event) -> bool:
    """Whether an event repeats more often than once a day."""
    return any(
        _frequency(rule) in _WITHIN_A_DAY
        or any(len(set(rule.get(part, []))) > 1 for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))
        for rule in _rules(event)
    )


def most_repeats(event: icalendar.Event, until: date) -> int:
    """At most how often an event takes place before a day, its single dates included.

    Rules are listed from their beginning, so an early first day costs as much as many repetitions.
    """
    dates = sum(len(each.dts) for name in ("RDATE", "EXDATE") for each in _several(event.get(name)))
    return 1 + dates + sum(_of_rule(rule, event.start, until) for rule in _rules(event))


def _of_rule(rule: Any, start: date, until: date) -> int:
    first = start.date() if isinstance(start, datetime) else start
    years = max(1, until.year - first.year + 1)
    interval = max(1, int((rule.get("INTERVAL") or [1])[0]))
    match _frequency(rule):
        case "DAILY":
            in_a_year = _DAYS // interval + 1
        case "WEEKLY":
            in_a_year = (_WEEKS // interval + 1) * max(1, len(rule.get("BYDAY", [])))
        case "MONTHLY":
            days = max(len(rule.get("BYMONTHDAY", [])), 5 * len(rule.get("BYDAY", [])), 1)
            in_a_year = (_MONTHS // interval + 1) * min(days, 31)
        case _:
            # A rule for the year looks at each day once for each of its lists.
            lists = sum(part.startswith("BY") for part in rule)
            in_a_year = _DAYS * lists if lists else 1
    return years * in_a_year


def _frequency(rule: Any) -> str:
    return str((rule.get("FREQ") or [""])[0]).upper()


def _rules(event: icalendar.Event) -> Iterator[Any]:
    for name in ("RRULE", "EXRULE"):
        yield from _several(event.get(name))


def _several(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
