"""pydantic's errors as mistakes in a file: which key, what was found there and what was expected."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from attendance.errors import Mistake, WrongValueError
from attendance.policy.schema import KEY_ITSELF, annotation_at, choices, right_key, shape
from attendance.text import as_written, one_line, one_of

_BY_SHAPE = ("int_from_float", "enum")
"""Kinds of pydantic error that only repeat the expected type, beside `…_type` and `…_parsing`."""

_PYDANTICS_WORDS = re.compile(r"^(?:Value error, |\w+ should (?:be|have) )| after validation.*$")
"""Removed from pydantic's message; the rest completes "expected …"."""


def mistakes_in(error: ValidationError, model: type[BaseModel], values: Mapping[str, Any]) -> list[Mistake]:
    """Every mistake that pydantic found in `values` as a `model`; at least one."""
    errors = error.errors(include_url=False)
    # A key that was left out may copy another, which then reports the mistake itself.
    own = [each for each in errors if each["type"] == "missing" or _is_written(values, each["loc"])]
    return [_mistake(each, tuple(each["loc"]), model) for each in own or errors]


def _mistake(error: Mapping[str, Any], path: tuple[str | int, ...], model: type[BaseModel]) -> Mistake:
    is_key = path[-1:] == (KEY_ITSELF,)
    kind, its_type = error["type"], annotation_at(model, (*path[:-2], KEY_ITSELF) if is_key else path)
    if kind == "missing":
        return Mistake(path, "nothing", shape(its_type) or "this key")
    if kind == "extra_forbidden":
        return Mistake(path, "an unknown key", right_key(model, path))
    path = path[:-1] if is_key else path
    found, cause = as_written(error["input"]), error.get("ctx", {}).get("error")
    if isinstance(cause, WrongValueError):
        return Mistake(path, found if cause.found is None else one_line(cause.found), cause.expected)
    if kind == "enum" and isinstance(error["input"], str):
        return Mistake(path, found, one_of(error["input"], choices(its_type)))
    by_shape = kind.endswith(("_type", "_parsing")) or kind in _BY_SHAPE
    in_words = _PYDANTICS_WORDS.sub("", one_line(error["msg"]))
    return Mistake(path, found, (shape(its_type) if by_shape else "") or in_words)


def _is_written(values: Any, path: Sequence[str | int]) -> bool:
    for part in path:
        if part == KEY_ITSELF:
            return True
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
