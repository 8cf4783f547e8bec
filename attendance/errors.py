"""The errors of the rule, its calendars and its policies. Every one is a `ValueError`."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance.text import one_line, one_of


class AttendanceError(ValueError):
    """Base of every error that this package raises on purpose."""


class UnknownYearError(AttendanceError):
    """A year group that the policy does not have."""


class WrongValueError(AttendanceError):
    """A value that is not allowed where it stands.

    The text is a whole sentence. `expected` and `found` complete "found …, expected …" for a person who
    wrote the value in a file; `found` is `None` when the value itself says enough.
    """

    def __init__(self, text: str, expected: str, found: str | None = None) -> None:
        super().__init__(text)
        self.expected = expected
        self.found = found


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a policy file."""

    path: tuple[str | int, ...]
    """Its keys and list positions (from 0). Empty when the text is not TOML at that place."""
    found: str
    expected: str
    line: int | None = None
    """From 1; `None` while it is unknown or when the mistake has no line."""
    column: int | None = None
    """From 1; set when the line alone would not show the mistake."""

    @property
    def key(self) -> str:
        """The dotted key. List positions count from 1, as people count."""
        key = ""
        for part in self.path:
            key += f"[{part + 1}]" if isinstance(part, int) else f".{one_line(part)}"
        return key.removeprefix(".")

    @property
    def place(self) -> str:
        """Line and column, as far as they are known, written to follow the file's name."""
        line = f", line {self.line}" if self.line else ""
        return f"{line}, column {self.column}" if line and self.column else line

    def __str__(self) -> str:
        return f"{self.key or 'not a TOML file'}: found {self.found}, expected {self.expected}"


class PolicyError(AttendanceError):
    """A policy that does not exist, cannot be read or is wrong. The text names it and says what to do."""

    def __init__(self, text: str, mistakes: Sequence[Mistake] = ()) -> None:
        super().__init__(text)
        self.mistakes = tuple(mistakes)
        """What is wrong inside the file: one line of the text each. Empty when the text says it all."""

    @classmethod
    def in_file(cls, name: str, mistakes: Sequence[Mistake]) -> "PolicyError":
        """The error for a file with these mistakes: one sentence a line, in the order of the file."""
        ordered = sorted(mistakes, key=lambda mistake: mistake.line or 0)
        return cls("\n".join(f"{name}{mistake.place}: {mistake}" for mistake in ordered), ordered)


def require_one_of(word: str, what: str, allowed: Sequence[str]) -> str:
    """The word itself, if it is allowed.

    Args:
        word: the word.
        what: what it should be, with its article: `a reason`.
        allowed: every word that is one.

    Raises:
        WrongValueError: it is not; the text has the nearest allowed word.
    """
    if word not in allowed:
        near = one_of(word, allowed)
        raise WrongValueError(f"{word!r} is not {what}; write {near}", expected=f"{what}, {near}")
    return word
