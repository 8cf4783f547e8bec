"""What may stand where in a file that a pydantic model describes, in words for the person who writes it."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from difflib import get_close_matches
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

KEY_ITSELF = "[key]"
"""Where pydantic finds fault with a key of a table, its path ends with the key and this."""

_CLOSE_ENOUGH = 0.5
"""Of difflib's ratio. Codes and keys are short: its own 0.6 would see nothing near `C3`."""

_PARTS = re.compile(r"[\W_]+")
"""Between the words of a key."""

_SHAPES: dict[object, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text in quotes",
    time: 'a time as "HH:MM", for example "08:45"',
    date: "a date, for example 2026-11-24",
}


def nearest(word: str, right: Iterable[str]) -> str | None:
    """Of the right words the one most like `word`, if any is like it: `am_session` is like `am`."""
    by_form = {each.casefold(): each for each in right}
    for part in _PARTS.split(word.casefold()):
        if part in by_form:
            return by_form[part]
    close = get_close_matches(word.casefold(), by_form, n=1, cutoff=_CLOSE_ENOUGH)
    return by_form[close[0]] if close else None


def one_of(word: str, right: Sequence[str]) -> str:
    """What was expected in place of `word`: the nearest of the right words, else all of them."""
    near = nearest(word, right)
    return f'"{near}"' if near else f"one of {', '.join(right)}"


def annotation_at(annotation: Any, path: Sequence[str | int]) -> Any:
    """The type of what stands at `path` within something of type `annotation`; None where nothing may."""
    for part in path:
        annotation = _inside(_bare(annotation), part)
    return _bare(annotation)


def keys_at(annotation: Any, path: Sequence[str | int]) -> tuple[str, ...]:
    """The keys of the table at `path`, in their order; none where it is no table of fixed keys."""
    table = annotation_at(annotation, path)
    if _is_model(table):
        return tuple(field.alias or name for name, field in table.model_fields.items())
    keys = _bare(get_args(table)[0]) if get_origin(table) is dict else None
    return choices(keys)


def right_key(annotation: Any, path: Sequence[str | int]) -> str:
    """What was expected in place of the unknown key at `path`: the nearest of its table's keys, or of those
    that belong elsewhere, in the words of a file: `"am.opens" or "pm.opens"`."""
    table, key = path[:-1], str(path[-1])
    here = keys_at(annotation, table)
    elsewhere = _keys_elsewhere(annotation, table)
    near = key if key in elsewhere else nearest(key, [*here, *elsewhere])
    return elsewhere[near] if near in elsewhere else one_of(key, here)


def _keys_elsewhere(annotation: Any, table: Sequence[str | int]) -> dict[str, str]:
    """The keys that one table does not have and others do: the top of the file, and the tables in it."""
    here, top = keys_at(annotation, table), keys_at(annotation, ())
    if len(table) > 1:
        return {}
    if table:  # TOML counts whatever follows a heading to its table
        return {key: f'"{key}" above the first table, not in [{table[0]}]' for key in top if key not in here}
    inner: dict[str, list[str]] = {}
    for name in top:
        if _is_model(annotation_at(annotation, (name,))):
            for key in keys_at(annotation, (name,)):
                inner.setdefault(key, []).append(f'"{name}.{key}"')
    return {key: " or ".join(places) for key, places in inner.items() if key not in here}


def choices(annotation: Any) -> tuple[str, ...]:
    """The words of an enumeration; none of any other type."""
    is_enum = isinstance(annotation, type) and issubclass(annotation, Enum)
    return tuple(str(member.value) for member in annotation) if is_enum else ()


def expected_key(annotation: Any, dotted: str) -> str | None:
    """What was expected in place of a dotted key that leads nowhere; None when it leads somewhere."""
    good: list[str] = []
    for part in dotted.split("."):
        right = keys_at(annotation, good)
        if (right and part not in right) or annotation_at(annotation, [*good, part]) is None:
            return one_of(dotted, [".".join((*good, each)) for each in right] or [".".join(good)])
        good.append(part)
    return None


def shape(annotation: Any) -> str:
    """How a value of that type is written in TOML; empty if there are no words for it."""
    if words := choices(annotation):
        return f"one of {', '.join(words)}"
    if _is_model(annotation):
        needed = [name for name, field in annotation.model_fields.items() if field.is_required()]
        return f"a table with {', '.join(needed)}" if needed else "a table"
    origin = get_origin(annotation)
    if origin in {tuple, list}:
        return f"a list, each of it {shape(_bare(get_args(annotation)[0]))}"
    if origin is dict:
        return "a table"
    return _SHAPES.get(annotation, "")


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _bare(annotation: Any) -> Any:
    """The type without what `Annotated` and `| None` put around it."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        real = [each for each in get_args(annotation) if each is not NoneType]
        return _bare(real[0]) if len(real) == 1 else annotation
    return annotation


def _inside(annotation: Any, part: str | int) -> Any:
    if _is_model(annotation):
        for name, field in annotation.model_fields.items():
            if part in {name, field.alias}:
                return field.annotation
    origin = get_origin(annotation)
    if origin is dict:
        key, value = get_args(annotation)
        return key if part == KEY_ITSELF else value
    return get_args(annotation)[0] if origin in {tuple, list} and isinstance(part, int) else None


_DIGITS = re.compile(r"\d+", re.ASCII)


def nearest_year(word: str, years: Sequence[str]) -> str | None:
    """The year group that somebody meant: `Year 7` is 7, `15` is the last year, `reception` is R."""
    if number := _DIGITS.search(word):
        numbers = [year for year in years if year.isdigit()]
        return min(numbers, key=lambda year: abs(int(year) - int(number[0][:4])), default=None)
    letter = word[:1].upper()
    return letter if letter in years else None
