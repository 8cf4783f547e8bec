"""On which line of a TOML text each key stands: the standard library's reader does not say.

For text that the standard library could read. Of other text it tells what it can, and never fails: so a list
that nobody closed is found where it begins, and not where the next thing does not fit into it.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

Path = tuple[str | int, ...]
"""Where a value is: the keys that lead to it, and places (from 0) in lists."""

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


@dataclass(frozen=True, slots=True)
class Twice:
    """A key or a table that a text has twice, which TOML forbids."""

    path: Path
    first: int
    """The line where it stands first."""
    again: int
    """The line where it stands again."""


@dataclass(frozen=True, slots=True)
class Unclosed:
    """A value that had begun and not ended where TOML stopped making sense."""

    path: Path
    line: int
    """Where it begins."""
    opened_by: str
    """One of `[`, `{` and three quotes."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value, and where in the text it stands."""

    path: Path
    line: int
    """Where it begins."""
    start: int
    """Its first character, counted from 0."""
    end: int | None = None
    """The character after it and the blanks behind it. None: the text makes no sense before it ends."""
    bare: str = ""
    """All of it, where it has neither quotes nor brackets."""


class TomlLines:
    """The line of every key, table and list item of a TOML text."""

    def __init__(self, text: str) -> None:
        scanner = _Scanner(text)
        with suppress(_LostError, RecursionError):  # what was found until then still helps
            scanner.document()
        self._found = scanner.found
        self.twice: Twice | None = scanner.twice
        """The first of what stands there twice."""
        self.unclosed: Unclosed | None = next(iter(scanner.open), None)
        """The outermost of what is open where the text stops making sense."""
        self.values: tuple[Value, ...] = tuple(scanner.values)
        """In the order in which they begin: a list comes before its items."""

    def __contains__(self, path: Sequence[str | int]) -> bool:
        return tuple(path) in self._found

    def of(self, path: Sequence[str | int]) -> int:
        """The line (from 1) of that value, or of the nearest thing around it that has one."""
        for length in range(len(path), 0, -1):
            line = self._found.get(tuple(path[:length]))
            if line is not None:
                return line
        return 1

    def value_at(self, place: int) -> Value | None:
        """The innermost value around that character (from 0), or right before it."""
        around = (
            value
            for value in reversed(self.values)
            if value.start <= place and (value.end is None or place <= value.end)
        )
        return next(around, None)


class _LostError(Exception):
    """This is not how TOML goes on."""


class _Scanner:
    """A reader of TOML that remembers places and forgets values."""

    def __init__(self, text: str) -> None:
        self.found: dict[Path, int] = {}
        self.twice: Twice | None = None
        self.open: list[Unclosed] = []
        """What has begun and not ended, the outermost first."""
        self.values: list[Value] = []
        self._given: dict[Path, int] = {}
        """What may be given only once: keys with a value, and tables with a heading."""
        self._text = text
        self._at = 0
        self._newlines = [newline.start() for newline in re.finditer("\n", text)]
        self._listed: dict[Path, int] = {}
        """The place of the last table of each list of tables, `[[…]]`."""

    def document(self) -> None:
        table: Path = ()
        self._skip(_BETWEEN)
        while self._at < len(self._text):
            if self._sees("["):
                table = self._heading()
            else:
                self._pair(table)
            self._skip(_BETWEEN)

    def _heading(self) -> Path:
        line = self._line()
        brackets = 2 if self._sees("[[") else 1
        self._take("[" * brackets)
        keys = self._keys()
        self._take("]" * brackets)
        table: Path = ()
        for key in keys[:-1]:
            table = self._last_of(self._note((*table, key), line))
        table = self._note((*table, keys[-1]), line)
        if brackets == 1:
            self._give(table, line)
        else:
            self._listed[table] = self._listed.get(table, -1) + 1
            table = self._note(self._last_of(table), line)
        return table

    def _last_of(self, table: Path) -> Path:
        return (*table, self._listed[table]) if table in self._listed else table

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table
        for key in self._keys():
            path = self._note((*path, key), line)
        self._give(path, line)
        self._take("=")
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip(_BLANKS)
        place, begun = len(self.values), Value(path, self._line(), self._at)
        self.values.append(begun)
        bare = self._any_value(path)
        self._skip(_BLANKS)
        self.values[place] = replace(begun, end=self._at, bare=bare)  # not reached where it does not end

    def _any_value(self, path: Path) -> str:
        """Pass over a value, and give it if it is bare."""
        for opener in ("[", "{", *_LONG_QUOTES):
            if self._sees(opener):
                self.open.append(Unclosed(path, self._line(), opener))
                self._long_value(path, opener)
                self.open.pop()  # not reached where it does not end
                return ""
        if self._sees(('"', "'")):
            self._match(_STRING)
            return ""
        return self._match(_PLAIN).rstrip()

    def _long_value(self, path: Path, opener: str) -> None:
        if opener == "[":
            self._list(path)
        elif opener == "{":
            self._inline_table(path)
        else:
            self._match(_LONG_STRING)

    def _list(self, path: Path) -> None:
        self._take("[")
        place = 0
        self._skip(_BETWEEN)
        while not self._sees("]"):
            self._value(self._note((*path, place), self._line()))
            place += 1
            self._skip(_BETWEEN)
            if not self._sees("]"):
                self._take(",")
                self._skip(_BETWEEN)
        self._take("]")

    def _inline_table(self, path: Path) -> None:
        self._take("{")
        self._skip(_BETWEEN)  # newer TOML lets it run over several lines
        while not self._sees("}"):
            self._pair(path)
            self._skip(_BETWEEN)
            if not self._sees("}"):
                self._take(",")
                self._skip(_BETWEEN)
        self._take("}")

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

    def _note(self, path: Path, line: int) -> Path:
        self.found.setdefault(path, line)
        return path

    def _give(self, path: Path, line: int) -> None:
        if path in self._given and self.twice is None:
            self.twice = Twice(path, self._given[path], line)
        self._given.setdefault(path, line)

    def _line(self) -> int:
        return bisect_left(self._newlines, self._at) + 1

    def _sees(self, what: str | tuple[str, ...]) -> bool:
        return self._text.startswith(what, self._at)

    def _take(self, what: str) -> None:
        if not self._sees(what):
            raise _LostError
        self._at += len(what)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise _LostError
        self._at = match.end()
        return match[0]


def _unquoted(key: str) -> str:
    if "\\" not in key:
        return key[1:-1]
    try:
        return str(tomllib.loads(f"key = {key}")["key"])
    except ValueError:
        raise _LostError from None
