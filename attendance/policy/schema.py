"""What a file may contain at each place, read off its pydantic model and put into words for its author."""

from collections.abc import Sequence
from datetime import date, time
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from attendance.clock_time import CLOCK_TIME_EXPECTED
from attendance.text import nearest, one_of

KEY_ITSELF = "[key]"
"""The last part of pydantic's path, after the key, when a key rather than its value is wrong."""

_SHAPES: dict[object, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text in quotes",
    time: CLOCK_TIME_EXPECTED,
    date: "a date, for example 2026-11-24",
}


def annotation_at(annotation: Any, path: Sequence[str | int]) -> Any:
    """The type at `path` within a value of type `annotation`; `None` if nothing is allowed there."""
    for part in path:
        annotation = type_inside(annotation, part)
    return bare(annotation)


def type_inside(annotation: Any, part: str | int) -> Any:
    """The type of one key or item of a value; `None` if nothing is allowed there."""
    annotation = bare(annotation)
    if is_model(annotation):
        for name, field in annotation.model_fields.items():
            if part in {name, field.alias}:
                return field.annotation
    origin = get_origin(annotation)
    if origin is dict:
        key, value = get_args(annotation)
        return key if part == KEY_ITSELF else value
    return get_args(annotation)[0] if origin in {tuple, list} and isinstance(part, int) else None


def keys_at(annotation: Any, path: Sequence[str | int]) -> tuple[str, ...]:
    """The keys of the table at `path`, in their order; empty if it has no fixed keys."""
    table = annotation_at(annotation, path)
    if is_model(table):
        return tuple(field.alias or name for name, field in table.model_fields.items())
    keys = bare(get_args(table)[0]) if get_origin(table) is dict else None
    return choices(keys)


def right_key(annotation: Any, path: Sequence[str | int]) -> str:
    """What was expected in place of the unknown key at `path`: the nearest key of its table, or of another
    table, written as in a file: `"am.opens" or "pm.opens"`."""
    table, key = path[:-1], str(path[-1])
    here = keys_at(annotation, table)
    elsewhere = _keys_elsewhere(annotation, table)
    near = key if key in elsewhere else nearest(key, [*here, *elsewhere])
    return elsewhere[near] if near in elsewhere else one_of(key, here)


def _keys_elsewhere(annotation: Any, table: Sequence[str | int]) -> dict[str, str]:
    """Keys that do not belong in this table but in another, with the place where each belongs."""
    here, top = keys_at(annotation, table), keys_at(annotation, ())
    if len(table) > 1:
        return {}
    if table:  # in TOML everything after a heading belongs to its table
        return {key: f'"{key}" above the first table, not in [{table[0]}]' for key in top if key not in here}
    inner: dict[str, list[str]] = {}
    for name in top:
        if is_model(annotation_at(annotation, (name,))):
            for key in keys_at(annotation, (name,)):
                inner.setdefault(key, []).append(f'"{name}.{key}"')
    return {key: " or ".join(places) for key, places in inner.items() if key not in here}


def choices(annotation: Any) -> tuple[str, ...]:
    """The values of an enumeration; empty for any other type."""
    is_enum = isinstance(annotation, type) and issubclass(annotation, Enum)
    return tuple(str(member.value) for member in annotation) if is_enum else ()


def expected_key(annotation: Any, dotted: str) -> str | None:
    """What was expected in place of a dotted key that does not exist; `None` if it does."""
    known: list[str] = []
    for part in dotted.split("."):
        allowed = keys_at(annotation, known)
        if (allowed and part not in allowed) or annotation_at(annotation, [*known, part]) is None:
            return one_of(dotted, [".".join((*known, each)) for each in allowed] or [".".join(known)])
        known.append(part)
    return None


def shape(annotation: Any) -> str:
    """How a value of that type is written in TOML; empty if this module has no words for it."""
    if words := choices(annotation):
        return f"one of {', '.join(words)}"
    if is_model(annotation):
        needed = [name for name, field in annotation.model_fields.items() if field.is_required()]
        return f"a table with {', '.join(needed)}" if needed else "a table"
    origin = get_origin(annotation)
    if origin in {tuple, list}:
        return f"a list, each item {shape(bare(get_args(annotation)[0]))}"
    if origin is dict:
        return "a table"
    return _SHAPES.get(annotation, "")


def is_model(annotation: Any) -> bool:
    """Whether it is a pydantic model."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def bare(annotation: Any) -> Any:
    """The type without `Annotated` and `| None` around it."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        real = [each for each in get_args(annotation) if each is not NoneType]
        return bare(real[0]) if len(real) == 1 else annotation
    return annotation
