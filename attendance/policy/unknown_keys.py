"""What in a policy file speaks of a value or a year group that the policy does not have, is there twice, or
is left empty. Each of it means something to pydantic, and nothing to a school.

Asked of files alone: the register keeps every policy that it ever gave out, and must go on reading them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from attendance.policy.errors import Fault, show
from attendance.policy.expected import expected_key
from attendance.years import YEARS

SHORT_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
"""What commands, files and addresses can call a policy."""

_NO_TWO_ALIKE = ("years", "leaves_alone", "reasons", "codes_used")
_FOR_YEARS = [(session, name) for session in ("am", "pm") for name in ("ends_by_year", "doors_by_year")]


def loose_ends(values: Mapping[str, Any], model: type[BaseModel]) -> Iterator[Fault]:
    """Every one of them in a file's values.

    From the values as they are, so that these mistakes are reported together with all others. Values of a
    wrong type are left to pydantic.
    """
    yield from _names(values)
    for place, key in enumerate(_list(values.get("provisional"))):
        if isinstance(key, str) and (expected := expected_key(model, key)):
            yield Fault(("provisional", place), show(key), f"the key of a value, {expected}")
    for key, paragraph in _table(values.get("sources")).items():
        if expected := expected_key(model, key):
            yield Fault(("sources", key), "an unknown key", f"the key of a value, {expected}")
        elif _is_empty(paragraph):
            yield Fault(("sources", key), show(paragraph), "the paragraph of the document, or no such key")
    for name in _NO_TWO_ALIKE:
        yield from _twice(name, _list(values.get(name)))
    yield from _years(values)


def nearest_name(text: str) -> str | None:
    """The short name nearest to some words: `oak-lane` of `Oak Lane`. None: they have nothing of one."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))) or None


def _names(values: Mapping[str, Any]) -> Iterator[Fault]:
    name = values.get("name")
    if isinstance(name, str) and not SHORT_NAME.fullmatch(name):
        near = nearest_name(name)
        example = f'; the nearest is "{near}"' if near else ', like "oak-lane"'
        yield Fault(("name",), show(name), f"a short name of small letters, digits and hyphens{example}")
    if _is_empty(values.get("title")):
        yield Fault(("title",), show(values["title"]), "the school's name, as people know it")


def _twice(name: str, items: list[Any]) -> Iterator[Fault]:
    for place, item in enumerate(items):
        if isinstance(item, str) and item in items[:place]:
            yield Fault((name, place), f"{show(item)} a second time", "each once")


def _years(values: Mapping[str, Any]) -> Iterator[Fault]:
    """Years that exist, and that the policy does not have."""
    its_years = dict.fromkeys(year for year in _list(values.get("years")) if isinstance(year, str))
    for path in _of_years(values):
        year = path[-1] if isinstance(path[-1], str) else _at(values, path)
        if its_years and year in YEARS and year not in its_years:
            yield Fault(path, show(year), f"a year of this policy, {', '.join(map(show, its_years))}")


def _of_years(values: Mapping[str, Any]) -> Iterator[tuple[str | int, ...]]:
    """Where a year stands, as a key or as an item of a list."""
    for session, name in _FOR_YEARS:
        for year in _table(_table(values.get(session)).get(name)):
            yield session, name, year
    for place, _ in enumerate(_list(values.get("leaves_alone"))):
        yield "leaves_alone", place
    for number, closure in enumerate(_list(_table(values.get("calendar")).get("closures"))):
        for place, _ in enumerate(_list(_table(closure).get("years"))):
            yield "calendar", "closures", number, "years", place


def _at(values: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        values = values[part]
    return values


def _is_empty(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
