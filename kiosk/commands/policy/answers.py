"""How an answer is read, whether it was typed at a question of `latebook policy new` or given as an option.

Each reader raises a ValueError whose text is one sentence for the person who answered.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from attendance.codes import MEANING, WITHDRAWN
from attendance.policy.errors import one_line
from attendance.policy.expected import nearest_year, one_of
from attendance.policy.model import PRESENT_MARK, clock_time
from attendance.policy.unknown_keys import SHORT_NAME
from attendance.reasons import Reason
from attendance.years import YEARS

Answers = Mapping[str, str]
"""Dotted key → the answer as it was given."""

Value = str | int | bool | list[str] | dict[str, str] | dict[str, dict[str, str]]
"""An answer as the policy file has it. An empty one is left out of the file."""

_BETWEEN = re.compile(r"[,\s]+")


def leaf_keys(key: str, value: Value) -> Iterator[str]:
    """The dotted keys that an answer has in the file: one for each value of its tables; none, if empty."""
    if isinstance(value, dict):
        for inner, its_value in value.items():
            yield from leaf_keys(f"{key}.{inner}", its_value)
    elif value not in ("", []):
        yield key


def words(text: str, _: Answers) -> str:
    """Some words in one line."""
    line = one_line(text)
    if not line:
        raise ValueError("this cannot be left empty; write it in a few words")
    return line


def words_or_none(text: str, _: Answers) -> str:
    """Some words in one line, or none."""
    return one_line(text)


def short_name(text: str, _: Answers) -> str:
    """A name for commands and files."""
    if not SHORT_NAME.fullmatch(text):
        raise ValueError(f"{text!r} is not a short name; write small letters, digits and hyphens: oak-lane")
    return text


def years(text: str, _: Answers) -> list[str]:
    """Year groups, the youngest first: `7-13`, `R-6`, `7 8 9`."""
    found = {year for part in _parts(text) for year in _range(part)}
    if not found:
        raise ValueError("a school has at least one year; write them like 7-13, R-6 or 7 8 9")
    return sorted(found, key=YEARS.index)


def _range(text: str) -> Sequence[str]:
    """`7-9` or `7`, as years."""
    first, dash, last = text.replace("–", "-").partition("-")
    ends = [_year(first), _year(last if dash else first)]
    start, end = map(YEARS.index, ends)
    if end < start:
        raise ValueError(f"{text!r} runs backwards; write the younger year first")
    return YEARS[start : end + 1]


def _year(text: str) -> str:
    if text not in YEARS:
        near = nearest_year(text, YEARS)
        meant = f"; the nearest is {near}" if near else ""
        raise ValueError(f"{text!r} is not a year; years are N, R and 1 to 14{meant}")
    return text


def clock(text: str, _: Answers) -> str:
    """A time of day, `HH:MM`."""
    return f"{clock_time(text.strip()):%H:%M}"


def ends_by_year(text: str, answers: Answers) -> dict[str, str]:
    """Year groups with their ends: `R=15:10 1-3=15:20`. Only years of the school."""
    ends: dict[str, str] = {}
    for part in _parts(text):
        group, equals, end = part.partition("=")
        if not equals:
            raise ValueError(f"{part!r} is not a year with its end; write it like R=15:10 or 1-3=15:20")
        for year in _of_the_school(_range(group), answers):
            ends[year] = clock(end, answers)
    return ends


def years_of_the_school(text: str, answers: Answers) -> list[str]:
    """Some of the school's year groups, or none: `12-13`."""
    return _of_the_school(years(text, answers), answers) if _parts(text) else []


def _of_the_school(some: Sequence[str], answers: Answers) -> list[str]:
    its_years = years(answers.get("years", f"{YEARS[0]}-{YEARS[-1]}"), answers)
    for year in some:
        if year not in its_years:
            raise ValueError(f"the school has no year {year}; its years are {', '.join(its_years)}")
    return list(some)


def kept_years(text: str, _: Answers) -> int:
    """A number of years."""
    if not re.fullmatch(r"\d{1,2}", text.strip(), re.ASCII):
        raise ValueError(f"{text!r} is not a number of years; write a whole number, for example 6")
    return int(text)


def yes_or_no(text: str, _: Answers) -> bool:
    """Yes or no."""
    answer = text.strip().lower()
    if answer not in {"yes", "y", "no", "n"}:
        raise ValueError(f"{text!r} is neither yes nor no; write one of them")
    return answer in {"yes", "y"}


def reasons(text: str, _: Answers) -> list[str]:
    """Reasons, in the order that they were given."""
    return list(dict.fromkeys(_reason(part) for part in _parts(text)))


def _reason(text: str) -> str:
    return _among(text, "a reason", tuple(Reason))


def review(text: str, _: Answers) -> dict[str, dict[str, str]]:
    """Reasons with the codes before and after close: `school-transport=present:Y1`."""
    rules: dict[str, dict[str, str]] = {}
    for part in _parts(text):
        reason, equals, pair = part.partition("=")
        before, colon, after = pair.partition(":")
        if not (equals and colon):
            raise ValueError(
                f"{part!r} is not a reason with two codes; write it like school-transport=present:Y1"
            )
        rules[_reason(reason)] = {
            "before_close": _among(before, f"a code of today or {PRESENT_MARK}", (PRESENT_MARK, *MEANING)),
            "after_close": _among(after, "a code of today", tuple(MEANING)),
        }
    return rules


def codes(text: str, _: Answers) -> list[str]:
    """Attendance codes, those of today and those that have been withdrawn."""
    known = (*MEANING, *sorted(WITHDRAWN))
    return list(dict.fromkeys(_among(part, "an attendance code", known) for part in _parts(text)))


def _among(text: str, what: str, right: Sequence[str]) -> str:
    if text not in right:
        raise ValueError(f"{text!r} is not {what}; write {one_of(text, right)}")
    return text


def _parts(text: str) -> list[str]:
    return [part for part in _BETWEEN.split(text) if part]
