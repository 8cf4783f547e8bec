"""What is wrong with a file, in sentences for the person who wrote it: line, key, found, expected."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from pydantic import BaseModel, ValidationError

from attendance.policy.expected import KEY_ITSELF, annotation_at, choices, one_of, right_key, shape

_LONGEST = 40
"""Characters of a value that an error repeats."""

_BY_SHAPE = ("int_from_float", "enum")
"""Kinds of pydantic's errors, beside those of a wrong type, that say nothing but what the type is."""

_PYDANTICS_WORDS = re.compile(r"^(?:Value error, |\w+ should (?:be|have) )| after validation.*$")
"""What is left between them completes: expected …"""


class WrongValueError(ValueError):
    """A value that means nothing here. `expected` completes: found this, expected …

    `found` says what is wrong where the value alone does not: None, where it does.
    """

    def __init__(self, text: str, expected: str, found: str | None = None) -> None:
        super().__init__(text)
        self.expected = expected
        self.found = found


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a file."""

    path: tuple[str | int, ...]
    """The keys, and the places in lists, that lead to it. Empty: the text is no TOML, in no key's value."""
    found: str
    expected: str
    line: int | None = None
    """From 1. None: not known yet, or nowhere in particular."""
    column: int | None = None
    """From 1, where the line alone would not show it."""

    @property
    def key(self) -> str:
        """The dotted key; a place in a list counts from 1, as people do."""
        key = ""
        for part in self.path:
            key += f"[{part + 1}]" if isinstance(part, int) else f".{one_line(part)}"
        return key.removeprefix(".")

    @property
    def place(self) -> str:
        """Line and column, as far as they are known, to follow the file's name."""
        line = f", line {self.line}" if self.line else ""
        return f"{line}, column {self.column}" if line and self.column else line

    def __str__(self) -> str:
        return f"{self.key or 'not a TOML file'}: found {self.found}, expected {self.expected}"


def faults_in(error: ValidationError, model: type[BaseModel], values: Mapping[str, Any]) -> list[Fault]:
    """Every fault that pydantic found with `values` as a `model`; at least one."""
    errors = error.errors(include_url=False)
    # What was not written has its value from one that was, which has the fault itself.
    own = [each for each in errors if each["type"] == "missing" or _is_written(values, each["loc"])]
    return [_fault(each, tuple(each["loc"]), model) for each in own or errors]


def _fault(error: Mapping[str, Any], path: tuple[str | int, ...], model: type[BaseModel]) -> Fault:
    of_key = path[-1:] == (KEY_ITSELF,)
    kind, its_type = error["type"], annotation_at(model, (*path[:-2], KEY_ITSELF) if of_key else path)
    if kind == "missing":
        return Fault(path, "nothing", shape(its_type) or "this key")
    if kind == "extra_forbidden":
        return Fault(path, "an unknown key", right_key(model, path))
    path = path[:-1] if of_key else path
    found, cause = show(error["input"]), error.get("ctx", {}).get("error")
    if isinstance(cause, WrongValueError):
        return Fault(path, found if cause.found is None else one_line(cause.found), cause.expected)
    if kind == "enum" and isinstance(error["input"], str):
        return Fault(path, found, one_of(error["input"], choices(its_type)))
    by_shape = kind.endswith(("_type", "_parsing")) or kind in _BY_SHAPE
    in_words = _PYDANTICS_WORDS.sub("", one_line(error["msg"]))
    return Fault(path, found, (shape(its_type) if by_shape else "") or in_words)


def _is_written(values: Any, path: Sequence[str | int]) -> bool:
    for part in path:
        if part == KEY_ITSELF:
            return True
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def show(value: object) -> str:
    """A value as its file has it, if it is short; else what it is."""
    if isinstance(value, dict | list | tuple):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, str):
        return json.dumps(shortened(value), ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) >= 10**_LONGEST:
        return "a very large number"  # one of 4300 digits cannot even be written
    return shortened(value.isoformat() if isinstance(value, date | time) else str(value))


def one_line(text: str) -> str:
    """The text without anything that would break a line or move a terminal's cursor."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def shortened(text: str) -> str:
    """As much of a text as an error repeats, on one line."""
    text = one_line(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
