"""Checks of a policy file that its model cannot make: keys and years that the policy does not have, repeated
items, empty text. pydantic accepts each of these, but it is always a slip.

Only files are checked: the register must still read every policy that it has ever sent out.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from attendance.errors import Mistake
from attendance.policy.answers import SHORT_NAME, nearest_name
from attendance.policy.keys import PolicyKey
from attendance.policy.schema import bare, expected_key, is_model
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
    yield from _name(values.get("name"))
    for key in keys:
        value = values.get(key.name)
        if key.guide.expected and _is_empty(value):
            yield Mistake((key.name,), as_written(value), key.guide.expected)
        if key.kind is tuple:
            yield from _repeats(key.name, _list(value))
    for position, name in enumerate(_list(values.get("provisional"))):
        if isinstance(name, str) and (expected := expected_key(model, name)):
            yield Mistake(("provisional", position), as_written(name), f"the key of a value, {expected}")
    for name, paragraph in _table(values.get("sources")).items():
        if expected := expected_key(model, name):
            yield Mistake(("sources", name), "an unknown key", f"the key of a value, {expected}")
        elif _is_empty(paragraph):
            yield Mistake(
                ("sources", name), as_written(paragraph), "the paragraph of the document, or no such key"
            )
    yield from _unknown_years(values, model)


def _name(name: object) -> Iterator[Mistake]:
    if isinstance(name, str) and not SHORT_NAME.fullmatch(name):
        near = nearest_name(name)
        example = f'; the nearest is "{near}"' if near else ', for example "oak-lane"'
        yield Mistake(
            ("name",), as_written(name), f"a short name of small letters, digits and hyphens{example}"
        )


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
        return
    annotation = bare(annotation)
    arguments = get_args(annotation)
    if is_model(annotation):
        for name, field in annotation.model_fields.items():
            if name in _table(value):
                yield from _years(value[name], field.annotation, (*path, name))
    elif get_origin(annotation) is tuple:
        for position, item in enumerate(_list(value)):
            yield from _years(item, arguments[0], (*path, position))
    elif get_origin(annotation) is dict:
        for key, inner in _table(value).items():
            yield from _years(key, arguments[0], (*path, key))
            yield from _years(inner, arguments[1], (*path, key))


def _is_empty(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
