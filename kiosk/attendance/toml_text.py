"""TOML read by the standard library, with errors that name the file, the line and what stands there."""

import re
import tomllib
from typing import Any

from kiosk.attendance.faults import Fault, one_line, show
from kiosk.attendance.toml_lines import TomlLines

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")
"""Where tomllib's errors say what is wrong."""

_NEXT_THING = re.compile(r"""\s*(?:[\w."'-]+\s*=|\[[^"',]+\]\s*(?:#.*)?$)""")
"""A line that gives a key or begins a table. In a list it means that the list should have ended before."""

_CLOSED_BY = {"[": "] after the last item", "{": "} after the last value"}

_EXPECTED = {
    "Invalid statement": "a key, a [table] or a # comment",
    "Expected newline": "the end of the line after the value; a time and other text stand in quotes",
    "Expected '='": "= after the key",
    "Expected ']'": "] at the end of the heading",
    "Expected ']]'": "]] at the end of the heading",
    "Unclosed array": "a comma or ] after the item before",
    "Unclosed inline table": "a comma or } after the value before",
    "Invalid initial character": "a key",
    "Unterminated string": "the quote that ends the text",
    "Illegal character '\\n'": "the quote that ends the text",
    "Invalid value": "a value: text in quotes, a number, true, false or a [list]",
    "Invalid date": "a date or a time that there is",
    "Unescaped": "two backslashes for one",
}
"""How tomllib's words begin, and ours."""


class TomlError(ValueError):
    """A text that is not TOML. The text of the error is one sentence, with file, line and column."""

    def __init__(self, where: str, fault: Fault) -> None:
        super().__init__(f"{where}{fault.place}: {fault}")
        self.fault = fault


def read_toml(text: str, where: str) -> dict[str, Any]:
    """The values in a TOML text; `where` names it in errors.

    Raises:
        TomlError: it is not TOML.
    """
    try:
        text.encode()  # half of a surrogate pair is no character: not TOML, though tomllib reads it
        return tomllib.loads(text)
    except RecursionError as error:
        too_deep = Fault((), "lists or tables nested too deeply", "a few within each other at most")
        raise TomlError(where, too_deep) from error
    except ValueError as error:  # tomllib's own, and that of a number with thousands of digits
        raise TomlError(where, _fault(str(error), text)) from error


def _fault(message: str, text: str) -> Fault:
    place = _PLACE.search(message)
    if place is None:
        return Fault((), one_line(message), "text that can be read")
    lines = text.replace("\r\n", "\n").split("\n")  # as tomllib counts
    line, column = (int(place[1]), int(place[2])) if place[1] else (len(lines), len(lines[-1]) + 1)
    if earlier := _earlier(text, line, lines[line - 1], at_the_end=not place[1]):
        return earlier
    found = one_line(lines[line - 1][column - 1 :])
    said = message[: place.start()]
    ours = next((ours for its, ours in _EXPECTED.items() if said.startswith(its)), None)
    return Fault(
        (),
        show(found) if found else "the end of the line",
        ours or f"what TOML allows: {one_line(said)}",
        line,
        column,
    )


def _earlier(text: str, line: int, its_text: str, *, at_the_end: bool) -> Fault | None:
    """The mistake that tomllib noticed on that line, if it was made further up."""
    known = TomlLines(text)
    if (twice := known.twice) and twice.again <= line:
        found = f"it a second time, the first on line {twice.first}"
        return Fault(twice.path, found, "each key and table once", twice.again)
    unclosed = known.unclosed
    if unclosed is None or unclosed.line >= line or not (at_the_end or _NEXT_THING.match(its_text)):
        return None
    until = "that never ends" if at_the_end else f"that has not ended before line {line}"
    what = {"[": "a list", "{": "a table"}.get(unclosed.opened_by, f"text in {unclosed.opened_by}")
    closed_by = _CLOSED_BY.get(unclosed.opened_by, f"{unclosed.opened_by} after the last word")
    return Fault(unclosed.path, f"{what} {until}", closed_by, unclosed.line)
