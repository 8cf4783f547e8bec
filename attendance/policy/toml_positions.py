"""The line of each key in a TOML text. Hand-written: neither tomllib nor tomlkit keeps positions.

tomlkit drops them while it parses, and both stop at the first error. This scanner also works on text that is
not valid TOML: it finds what it can and never fails, so an unclosed list is reported where it begins, not
where the next key does not fit into it.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

KeyPath = tuple[str | int, ...]
"""The keys and list positions (from 0) that lead to a value."""

_BLANKS = re.compile(r"[ \t]*")
_BETWEEN = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'")
_LONG_QUOTES = ('"""', "'''")
_LONG_STRING = re.compile(
    r'"""(?:[^"\\]|\\[\s\S]|""?(?!"))*"{3,5}'  # up to two quotes may stand before the last three
    r"|'''[\s\S]*?'''(?:'{0,2})"
)
_PLAIN = re.compile(r"[^,\[\]{}#\n]+")
"""A number, a date, true or false."""


class DuplicateKey(NamedTuple):
    """A key or a table that appears twice, which TOML forbids, with the lines of both."""

    path: KeyPath
    first: int
    again: int


class UnclosedValue(NamedTuple):
    """A value that had not ended where the text stopped being TOML, and the line on which it begins."""

    path: KeyPath
    line: int
    opened_by: str
    """`[`, `{` or three quotes."""


@dataclass(frozen=True, slots=True)
class TomlValue:
    """A value and its place in the text."""

    path: KeyPath
    line: int
    """Where it begins."""
    start: int
    """Its first character, counted from 0."""
    end: int | None = None
    """The character after it and any blanks; `None` if the text stops being TOML before it ends."""
    unquoted: str = ""
    """The value itself, if it has neither quotes nor brackets."""


class _NotTomlError(Exception):
    """The text is not TOML here."""


class TomlLines:
    """The line of every key, table and list item of a TOML text."""

    def __init__(self, text: str) -> None:
        self.duplicate: DuplicateKey | None = None
        """The first key or table that appears twice."""
        self.values: list[TomlValue] = []
        """In the order in which they begin, so a list comes before its items."""
        self._open: list[UnclosedValue] = []
        """Values that have begun and not ended, the outermost first."""
        self._lines: dict[KeyPath, int] = {}
        self._defined: dict[KeyPath, int] = {}
        """The line of everything that TOML allows only once: keys with a value, tables with a heading."""
        self._last_index: dict[KeyPath, int] = {}
        """The index of the last table in each list of tables, `[[…]]`."""
        self._text = text
        self._at = 0
        self._newlines = [newline.start() for newline in re.finditer("\n", text)]
        with suppress(_NotTomlError, RecursionError):  # the scan until then is still useful
            self._document()

    def __contains__(self, path: Sequence[str | int]) -> bool:
        return tuple(path) in self._lines

    @property
    def unclosed(self) -> UnclosedValue | None:
        """The outermost value that is still open where the text stops being TOML."""
        return next(iter(self._open), None)

    def line_of(self, path: Sequence[str | int]) -> int:
        """The line (from 1) of that value, or of the nearest table or list around it that has one."""
        around = (tuple(path[:length]) for length in range(len(path), 0, -1))
        return next((self._lines[each] for each in around if each in self._lines), 1)

    def value_at(self, position: int) -> TomlValue | None:
        """The innermost value that contains that character (from 0) or ends right before it."""
        for value in reversed(self.values):
            if value.start <= position and (value.end is None or position <= value.end):
                return value
        return None

    # --- The scanner: each method reads one part of TOML's grammar for its position alone ---------

    def _document(self) -> None:
        table: KeyPath = ()
        self._skip(_BETWEEN)
        while self._at < len(self._text):
            if self._sees("["):
                table = self._heading()
            else:
                self._pair(table)
            self._skip(_BETWEEN)

    def _heading(self) -> KeyPath:
        line = self._line()
        brackets = 2 if self._sees("[[") else 1
        self._take("[" * brackets)
        *outer, last = self._keys()
        self._take("]" * brackets)
        table: KeyPath = ()
        for key in outer:
            table = self._last_of(self._note((*table, key), line))
        table = self._note((*table, last), line)
        if brackets == 1:
            self._define(table, line)
            return table
        self._last_index[table] = self._last_index.get(table, -1) + 1
        return self._note(self._last_of(table), line)

    def _last_of(self, table: KeyPath) -> KeyPath:
        return (*table, self._last_index[table]) if table in self._last_index else table

    def _pair(self, table: KeyPath) -> None:
        line, path = self._line(), table
        for key in self._keys():
            path = self._note((*path, key), line)
        self._define(path, line)
        self._take("=")
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        self._skip(_BLANKS)
        index, value = len(self.values), TomlValue(path, self._line(), self._at)
        self.values.append(value)
        unquoted = self._any_value(path)
        self._skip(_BLANKS)
        self.values[index] = replace(value, end=self._at, unquoted=unquoted)  # not reached if it never ends

    def _any_value(self, path: KeyPath) -> str:
        """Skip a value; return it if it has neither quotes nor brackets."""
        for opener in ("[", "{", *_LONG_QUOTES):
            if self._sees(opener):
                self._open.append(UnclosedValue(path, self._line(), opener))
                if opener == "[":
                    self._items("[", "]", lambda index: self._value(self._note((*path, index), self._line())))
                elif opener == "{":  # TOML 1.1 allows line breaks in it
                    self._items("{", "}", lambda _: self._pair(path))
                else:
                    self._match(_LONG_STRING)
                self._open.pop()  # not reached if it never ends
                return ""
        if self._sees(('"', "'")):
            self._match(_STRING)
            return ""
        return self._match(_PLAIN).rstrip()

    def _items(self, opening: str, closing: str, item: Callable[[int], None]) -> None:
        """The items of a list or an inline table, with commas between them."""
        self._take(opening)
        self._skip(_BETWEEN)
        index = 0
        while not self._sees(closing):
            item(index)
            index += 1
            self._skip(_BETWEEN)
            if not self._sees(closing):
                self._take(",")
                self._skip(_BETWEEN)
        self._take(closing)

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._sees("."):
            self._take(".")
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        self._skip(_BLANKS)
        quoted = self._sees(('"', "'"))
        key = self._match(_STRING if quoted else _BARE_KEY)
        self._skip(_BLANKS)
        return _unquoted(key) if quoted else key

    def _note(self, path: KeyPath, line: int) -> KeyPath:
        self._lines.setdefault(path, line)
        return path

    def _define(self, path: KeyPath, line: int) -> None:
        if path in self._defined and self.duplicate is None:
            self.duplicate = DuplicateKey(path, self._defined[path], line)
        self._defined.setdefault(path, line)

    def _line(self) -> int:
        return bisect_left(self._newlines, self._at) + 1

    def _sees(self, what: str | tuple[str, ...]) -> bool:
        return self._text.startswith(what, self._at)

    def _take(self, what: str) -> None:
        if not self._sees(what):
            raise _NotTomlError
        self._at += len(what)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise _NotTomlError
        self._at = match.end()
        return match[0]


def _unquoted(key: str) -> str:
    if "\\" not in key:
        return key[1:-1]
    try:
        return str(tomllib.loads(f"key = {key}")["key"])
    except ValueError:
        raise _NotTomlError from None
