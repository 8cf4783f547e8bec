"""Checks of a policy file that its model cannot make: unknown keys and years, repeated items, empty text.

pydantic accepts each of these, but it is always a slip.

Only files are checked: the register must still read every policy that it has ever sent out.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from attendance.errors import Mistake, WrongValueError
from attendance.policy.keys import PolicyKey
from attendance.policy.schema import KEY_ITSELF, expected_key, type_inside
from attendance.text import as_written
from attendance.years import YEARS, Year

_Path = tuple[str | int, ...]


def inconsistencies(
    values: Mapping[str, Any], model: type[BaseModel], keys: Sequence[PolicyKey]
) -> Iterator[Mistake]:
    """Every such mistake in a file's values.

    The values are taken as they were read, so that these mistakes are reported together with all others.
    Values of a wrong type are left to pydantic.
    """
    for key in keys:
        value = values.get(key.name)
        if key.guide.check and isinstance(value, str):
            try:
                key.guide.check(value)
            except WrongValueError as error:
                yield Mistake((key.name,), as_written(value), error.expected)
        if key.kind is tuple:
            yield from _repeats(key.name, _list(value))
    for position, name in enumerate(_list(values.get("provisional"))):
        if isinstance(name, str) and (expected := expected_key(model, name)):
            yield Mistake(("provisional", position), as_written(name), f"the key of a value, {expected}")
    for name, paragraph in _table(values.get("sources")).items():
        path = ("sources", name)
        if expected := expected_key(model, name):
            yield Mistake(path, "an unknown key", f"the key of a value, {expected}")
        elif isinstance(paragraph, str) and not paragraph.strip():
            yield Mistake(path, as_written(paragraph), "the paragraph of the document, or no such key")
    yield from _unknown_years(values, model)


def _repeats(name: str, items: list[Any]) -> Iterator[Mistake]:
    for position, item in enumerate(items):
        if isinstance(item, str) and item in items[:position]:
            yield Mistake((name, position), f"{as_written(item)} a second time", "each once")


def _unknown_years(values: Mapping[str, Any], model: type[BaseModel]) -> Iterator[Mistake]:
    """Year groups that exist but are not the policy's."""
    school = dict.fromkeys(year for year in _list(values.get("years")) if isinstance(year, str))
    for path, year in _years(values, model):
        if school and year in YEARS and year not in school:
            yield Mistake(
                path, as_written(year), f"a year of this policy, {', '.join(map(as_written, school))}"
            )


def _years(value: Any, annotation: Any, path: _Path = ()) -> Iterator[tuple[_Path, str]]:
    """Every year group in a value of that type, as a key or an item, with the path to it."""
    if annotation == Year:
        if isinstance(value, str):
            yield path, value
    elif annotation is not None:
        for key, inner in _table(value).items():
            yield from _years(key, type_inside(annotation, KEY_ITSELF), (*path, key))
            yield from _years(inner, type_inside(annotation, key), (*path, key))
        for position, item in enumerate(_list(value)):
            yield from _years(item, type_inside(annotation, position), (*path, position))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
