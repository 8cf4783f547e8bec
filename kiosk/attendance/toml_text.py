"""TOML read by the standard library, with errors that name the file, the line and what stands there."""

import re
import tomllib
from typing import Any

from kiosk.attendance.faults import one_line, show

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")
"""Where tomllib's errors say what is wrong."""


class TomlError(ValueError):
    """A text that is not TOML. The text of the error is one sentence, with file, line and column."""


def read_toml(text: str, where: str) -> dict[str, Any]:
    """The values in a TOML text; `where` names it in errors.

    Raises:
        TomlError: it is not TOML.
    """
    try:
        text.encode()  # half of a surrogate pair is no character: not TOML, though tomllib reads it
        return tomllib.loads(text)
    except RecursionError as error:
        raise TomlError(f"{where}: not a TOML file: lists or tables are nested too deeply") from error
    except ValueError as error:  # tomllib's own, and that of a number with thousands of digits
        raise TomlError(_in_one_sentence(str(error), text, where)) from error


def _in_one_sentence(message: str, text: str, where: str) -> str:
    place = _PLACE.search(message)
    if place is None:
        return f"{where}: not a TOML file: {one_line(message)}"
    lines = text.replace("\r\n", "\n").split("\n")  # as tomllib counts
    line, column = (int(place[1]), int(place[2])) if place[1] else (len(lines), len(lines[-1]) + 1)
    found = one_line(lines[line - 1][column - 1 :])
    return (
        f"{where}, line {line}, column {column}: not a TOML file: found"
        f" {show(found) if found else 'the end of the line'}: {one_line(message[: place.start()])}"
    )
