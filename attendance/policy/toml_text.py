"""TOML read by the standard library, with errors that name the line, the key, what was found and expected."""

import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from attendance.errors import Mistake, PolicyError
from attendance.policy.toml_positions import TomlLines, TomlValue
from attendance.text import as_written, one_line, shortened

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")
"""The place at the end of tomllib's error messages."""

_NEXT_THING = re.compile(r"""\s*(?:[\w."'-]+\s*=|\[[^"',]+\]\s*(?:#.*)?$)""")
"""A line that sets a key or begins a table. Inside a list it shows that the list should have ended before."""

_UNCLOSED = {"[": ("a list", "] after the last item"), "{": ("a table", "} after the last value")}
"""Opening bracket → the value that it opens, and the end that is missing, in words."""

_EXPECTED = {
    "Invalid statement": "a key, a [table] or a # comment",
    "Expected newline": "the end of the line after the value; write a time or other text in quotes",
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
"""How tomllib's message begins → what we say was expected."""

_NO_VALUE = "a number, true or false; write a time or other text in quotes"
_EXPECTED_UNQUOTED = {
    "Invalid date": "a date or a time that exists",
    "Invalid value": _NO_VALUE,
    "Expected newline": _NO_VALUE,
    "Unclosed array": _NO_VALUE,
    "Unclosed inline table": _NO_VALUE,
}
"""The same for a value that has neither quotes nor brackets."""

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")
"""A time to the minute. It is not TOML without quotes: TOML's own times have seconds, 08:45:00."""

_WHOLE_NUMBER = re.compile(r"[+-]?([0-9_]++)(?!\.[0-9]|[eE][+-]?[0-9])")


class TomlContents(NamedTuple):
    """What a TOML text says."""

    values: dict[str, Any]
    mistakes: tuple[Mistake, ...]
    """Times without quotes. They were read as if they had them, so that the rest can be checked."""


def read_toml(text: str, name: str) -> TomlContents:
    """The values in a TOML text; `name` is what errors call the text.

    Raises:
        PolicyError: the text is not TOML, even with quotes around its times.
    """
    text = text.replace("\r\n", "\n")  # tomllib counts columns this way
    with suppress(ValueError, RecursionError):  # raised again below, unless only times lack their quotes
        return TomlContents(_values(text), ())
    known = TomlLines(text)
    times = [value for value in known.values if _TIME.fullmatch(value.unquoted)]
    mistakes = [
        Mistake(time.path, time.unquoted, f"the time in quotes: {_in_quotes(time.unquoted)}", time.line)
        for time in times
    ]
    try:
        _values(_rewritten(text, times, _number_as_long))
    except (ValueError, RecursionError) as error:
        raise PolicyError.in_file(name, [*mistakes, _mistake(error, text, known)]) from error
    return TomlContents(_values(_rewritten(text, times, _in_quotes)), tuple(mistakes))


def _values(text: str) -> dict[str, Any]:
    text.encode()  # tomllib accepts half of a surrogate pair, which TOML does not
    return tomllib.loads(text)


def _rewritten(text: str, times: Iterable[TomlValue], write: Callable[[str], str]) -> str:
    """The text with its unquoted times written in another way."""
    parts, done = [], 0
    for time in times:
        parts += [text[done : time.start], write(time.unquoted)]
        done = time.start + len(time.unquoted)
    return "".join([*parts, text[done:]])


def _in_quotes(time: str) -> str:
    return f'"{time:0>5}"'


def _number_as_long(time: str) -> str:
    """A number as long as the time, so that everything after it keeps its column."""
    return "1" * len(time)


def _mistake(error: Exception, text: str, known: TomlLines) -> Mistake:
    if isinstance(error, RecursionError):
        return Mistake((), "lists or tables nested too deeply", "a few levels at most")
    message = str(error)
    place = _PLACE.search(message)
    if place is None:
        return _too_many_digits(known) or Mistake((), one_line(message), "text that can be read")
    lines = text.split("\n")
    line, column = (int(place[1]), int(place[2])) if place[1] else (len(lines), len(lines[-1]) + 1)
    if earlier := _earlier(known, line, lines[line - 1], at_the_end=not place[1]):
        return earlier
    complaint = message[: place.start()]
    at = sum(len(before) + 1 for before in lines[: line - 1]) + column - 1
    value = known.value_at(at)
    if (
        value
        and at < value.start + len(value.unquoted)
        and (expected := _expected(complaint, _EXPECTED_UNQUOTED))
    ):
        return Mistake(
            value.path, shortened(value.unquoted) or "a character that cannot be shown", expected, line
        )
    found = one_line(lines[line - 1][column - 1 :])
    return Mistake(
        value.path if value else (),
        as_written(found) if found else "the end of the line",
        _expected(complaint, _EXPECTED) or f"what TOML allows: {one_line(complaint)}",
        line,
        column,
    )


def _expected(complaint: str, words: Mapping[str, str]) -> str | None:
    return next((expected for start, expected in words.items() if complaint.startswith(start)), None)


def _too_many_digits(known: TomlLines) -> Mistake | None:
    """The whole number that Python refuses to read; its error names neither the key nor the line."""
    for value in known.values:
        number = _WHOLE_NUMBER.match(value.unquoted)
        digits = len(number[1].replace("_", "")) if number else 0
        if digits > sys.get_int_max_str_digits():
            return Mistake(value.path, f"a number of {digits} digits", "a smaller one", value.line)
    return None


def _earlier(known: TomlLines, line: int, line_text: str, *, at_the_end: bool) -> Mistake | None:
    """The mistake that tomllib noticed on that line, if it was really made further up."""
    if (duplicate := known.duplicate) and duplicate.again <= line:
        found = f"it a second time, the first on line {duplicate.first}"
        return Mistake(duplicate.path, found, "each key and table once", duplicate.again)
    unclosed = known.unclosed
    if unclosed is None or unclosed.line >= line or not (at_the_end or _NEXT_THING.match(line_text)):
        return None
    until = "that never ends" if at_the_end else f"that has not ended before line {line}"
    opener = unclosed.opened_by
    what, end = _UNCLOSED.get(opener, (f"text in {opener}", f"{opener} after the last word"))
    return Mistake(unclosed.path, f"{what} {until}", end, unclosed.line)
