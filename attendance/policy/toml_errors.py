"""TOML read by the standard library, with errors that name the file, line and key and what stands there."""

import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from attendance.policy.errors import Fault, one_line, shortened, show
from attendance.policy.toml_positions import TomlLines, Value

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
    "Unescaped": "two backslashes for one",
}
"""How tomllib's words begin, and ours."""

_NO_VALUE = "a number, true or false; a time and other text stand in quotes"
_EXPECTED_BARE = {
    "Invalid date": "a date or a time that there is",
    "Invalid value": _NO_VALUE,
    "Expected newline": _NO_VALUE,
    "Unclosed array": _NO_VALUE,
    "Unclosed inline table": _NO_VALUE,
}
"""The same where they are about a value that has neither quotes nor brackets."""

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")
"""A time to the minute. Without quotes it is not TOML, whose own times have seconds: 08:45:00."""

_WHOLE_NUMBER = re.compile(r"[+-]?([0-9_]++)(?!\.[0-9]|[eE][+-]?[0-9])")


class TomlError(ValueError):
    """A text that is not TOML. The text of the error has a sentence for each fault, a line each."""

    def __init__(self, where: str, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(f"{where}{fault.place}: {fault}" for fault in faults))
        self.faults = tuple(faults)


class Reading(NamedTuple):
    """What a TOML text says."""

    values: dict[str, Any]
    faults: tuple[Fault, ...]
    """Its times without quotes. They are read as if they had them, so that the rest can be checked."""


def read_toml(text: str, where: str) -> Reading:
    """The values in a TOML text; `where` names it in errors.

    Raises:
        TomlError: it is not TOML, and would not be if its times stood in quotes.
    """
    text = text.replace("\r\n", "\n")  # as tomllib counts
    with suppress(ValueError, RecursionError):  # it comes again below, if it is not about times alone
        return Reading(_values(text), ())
    known = TomlLines(text)
    times = [value for value in known.values if _TIME.fullmatch(value.bare)]
    faults = [
        Fault(time.path, time.bare, f"the time in quotes: {_in_quotes(time.bare)}", time.line)
        for time in times
    ]
    try:
        _values(_rewritten(text, times, _number_as_long))
    except (ValueError, RecursionError) as error:
        faults.append(_fault(error, text, known))
        raise TomlError(where, sorted(faults, key=lambda fault: fault.line or 0)) from error
    return Reading(_values(_rewritten(text, times, _in_quotes)), tuple(faults))


def _values(text: str) -> dict[str, Any]:
    text.encode()  # half of a surrogate pair is no character: not TOML, though tomllib reads it
    return tomllib.loads(text)


def _rewritten(text: str, times: Iterable[Value], write: Callable[[str], str]) -> str:
    """The text with its bare times written in another way."""
    parts, done = [], 0
    for time in times:
        parts += [text[done : time.start], write(time.bare)]
        done = time.start + len(time.bare)
    return "".join([*parts, text[done:]])


def _in_quotes(time: str) -> str:
    return f'"{time:0>5}"'


def _number_as_long(time: str) -> str:
    """What TOML allows in place of a time without moving anything behind it."""
    return "1" * len(time)


def _fault(error: Exception, text: str, known: TomlLines) -> Fault:
    if isinstance(error, RecursionError):
        return Fault((), "lists or tables nested too deeply", "a few within each other at most")
    message = str(error)
    place = _PLACE.search(message)
    if place is None:
        return _too_many_digits(known) or Fault((), one_line(message), "text that can be read")
    lines = text.split("\n")
    line, column = (int(place[1]), int(place[2])) if place[1] else (len(lines), len(lines[-1]) + 1)
    if earlier := _earlier(known, line, lines[line - 1], at_the_end=not place[1]):
        return earlier
    said = message[: place.start()]
    at = sum(len(before) + 1 for before in lines[: line - 1]) + column - 1
    value = known.value_at(at)
    if value and at < value.start + len(value.bare) and (ours := _ours(said, _EXPECTED_BARE)):
        return Fault(value.path, shortened(value.bare) or "what cannot be shown", ours, line)
    found = one_line(lines[line - 1][column - 1 :])
    return Fault(
        value.path if value else (),
        show(found) if found else "the end of the line",
        _ours(said, _EXPECTED) or f"what TOML allows: {one_line(said)}",
        line,
        column,
    )


def _ours(said: str, words: Mapping[str, str]) -> str | None:
    return next((ours for its, ours in words.items() if said.startswith(its)), None)


def _too_many_digits(known: TomlLines) -> Fault | None:
    """The whole number that Python will not read: of that, its error says neither the key nor the line."""
    for value in known.values:
        number = _WHOLE_NUMBER.match(value.bare)
        digits = len(number[1].replace("_", "")) if number else 0
        if digits > sys.get_int_max_str_digits():
            return Fault(value.path, f"a number of {digits} digits", "a smaller one", value.line)
    return None


def _earlier(known: TomlLines, line: int, its_text: str, *, at_the_end: bool) -> Fault | None:
    """The mistake that tomllib noticed on that line, if it was made further up."""
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
