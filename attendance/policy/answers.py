"""Readers of the answers about a policy, typed at a question or given as an option.

Each takes the answer and all answers so far, and raises a `ValueError` whose text is one sentence for the
person who answered. A `check_…` takes the text alone and serves a policy file, too.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from attendance.clock_time import clock_time
from attendance.codes import current_code, current_code_or_present
from attendance.errors import WrongValueError, require_one_of
from attendance.reasons import Reason
from attendance.text import one_line
from attendance.years import YEARS, known_year

Answers = Mapping[str, str]
"""Dotted key → the answer as it was given."""

FileValue = str | int | bool | list[str] | dict[str, str] | dict[str, dict[str, str]]
"""An answer as the policy file has it. Empty text, lists and tables are left out of the file."""

Reader = Callable[[str, Answers], FileValue]

LONGEST_ROUTE = 40
"""The most characters of a bus route."""

_SHORT_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_SEPARATORS = re.compile(r"[,\s]+")


def leaf_keys(key: str, value: FileValue) -> Iterator[str]:
    """The dotted keys that an answer fills in the file: one for each value of a table, none if empty."""
    if isinstance(value, dict):
        for inner, inner_value in value.items():
            yield from leaf_keys(f"{key}.{inner}", inner_value)
    elif value not in ("", []):
        yield key


def nearest_name(text: str) -> str | None:
    """The short name nearest to some words: `oak-lane` for `Oak Lane`; `None` if they have no letters."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))) or None


def check_title(text: str) -> str:
    """The school's name on one line; raises `WrongValueError` if it is empty."""
    if not text.strip():
        empty = "this cannot be left empty; write it in a few words"
        raise WrongValueError(empty, expected="the school's name, as people know it")
    return one_line(text)


def check_name(text: str) -> str:
    """A short name, usable in commands, file names and addresses; raises `WrongValueError` if it is not."""
    if not _SHORT_NAME.fullmatch(text):
        near = nearest_name(text)
        example = f'; the nearest is "{near}"' if near else ', for example "oak-lane"'
        raise WrongValueError(
            f"{text!r} is not a short name; write small letters, digits and hyphens: oak-lane",
            expected=f"a short name of small letters, digits and hyphens{example}",
        )
    return text


def read_optional_text(text: str, _: Answers) -> str:
    """Text on one line, or nothing."""
    return one_line(text)


def read_clock(text: str, _: Answers) -> str:
    """A time of day, `HH:MM`."""
    return f"{clock_time(text.strip()):%H:%M}"


def read_number(text: str, _: Answers) -> int:
    """A whole number of at most two digits."""
    if not re.fullmatch(r"\d{1,2}", text.strip(), re.ASCII):
        raise ValueError(f"{text!r} is not a whole number; write one from 0 to 99")
    return int(text)


def read_yes_or_no(text: str, _: Answers) -> bool:
    """Yes or no."""
    answer = text.strip().lower()
    if answer not in {"yes", "y", "no", "n"}:
        raise ValueError(f"{text!r} is neither yes nor no; write one of them")
    return answer in {"yes", "y"}


def read_years(text: str, _: Answers) -> list[str]:
    """Year groups, the youngest first: `7-13`, `R-6`, `7 8 9`."""
    years = {year for part in _parts(text) for year in _year_range(part)}
    if not years:
        raise ValueError("a school has at least one year; write for example 7-13, R-6 or 7 8 9")
    return sorted(years, key=YEARS.index)


def read_some_years(text: str, answers: Answers) -> list[str]:
    """Some of the school's year groups, or none: `12-13`."""
    return _years_of_school(read_years(text, answers), answers) if _parts(text) else []


def read_clock_by_year(text: str, answers: Answers) -> dict[str, str]:
    """Some of the school's year groups, each with a time: `R=15:10 1-3=15:20`."""
    times: dict[str, str] = {}
    for part in _parts(text):
        group, equals, time = part.partition("=")
        if not equals:
            raise ValueError(f"{part!r} is not a year with a time; write for example R=15:10 or 1-3=15:20")
        for year in _years_of_school(_year_range(group), answers):
            times[year] = read_clock(time, answers)
    return times


def check_route(text: str) -> str:
    """The name of a bus route on one line; raises `WrongValueError` if it is empty or too long."""
    name = one_line(text)
    if not 1 <= len(name) <= LONGEST_ROUTE:
        raise WrongValueError(
            f"{text!r} is not a bus route; write a name of at most {LONGEST_ROUTE} characters",
            expected=f"a bus route in 1 to {LONGEST_ROUTE} characters",
        )
    return name


def read_routes(text: str, _: Answers) -> list[str]:
    """Bus routes, separated by commas, because a name may have spaces."""
    return list(dict.fromkeys(check_route(part) for part in text.split(",") if part.strip()))


def read_each(check: Callable[[str], str]) -> Reader:
    """A reader of words, in the order given and without repeats; `check` refuses words not allowed."""
    return lambda text, _: list(dict.fromkeys(check(part) for part in _parts(text)))


def known_reason(text: str) -> str:
    """The reason itself, if a kiosk can offer it; raises `WrongValueError` if not."""
    return require_one_of(text, "a reason", tuple(Reason))


def read_review(text: str, _: Answers) -> dict[str, dict[str, str]]:
    """Reasons, each with the codes suggested before and after close: `school-transport=present:Y1`."""
    rules: dict[str, dict[str, str]] = {}
    for part in _parts(text):
        reason, equals, codes = part.partition("=")
        before, colon, after = codes.partition(":")
        if not (equals and colon):
            raise ValueError(
                f"{part!r} is not a reason with two codes; write for example school-transport=present:Y1"
            )
        rules[known_reason(reason)] = {
            "before_close": current_code_or_present(before),
            "after_close": current_code(after),
        }
    return rules


def _year_range(text: str) -> Sequence[str]:
    """`7-9` or `7`, as year groups."""
    first, dash, last = text.replace("–", "-").partition("-")
    start, end = (YEARS.index(known_year(year)) for year in (first, last if dash else first))
    if end < start:
        raise ValueError(f"{text!r} runs backwards; write the younger year first")
    return YEARS[start : end + 1]


def _years_of_school(years: Sequence[str], answers: Answers) -> list[str]:
    school = read_years(answers.get("years", f"{YEARS[0]}-{YEARS[-1]}"), answers)
    for year in years:
        if year not in school:
            raise ValueError(f"the school has no year {year}; its years are {', '.join(school)}")
    return list(years)


def _parts(text: str) -> list[str]:
    return [part for part in _SEPARATORS.split(text) if part]
