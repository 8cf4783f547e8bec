"""Small functions for text in English, above all for error messages."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from difflib import get_close_matches

_LONGEST = 40
"""Characters of a value that an error message repeats."""

_CLOSE_ENOUGH = 0.5
"""The least ratio of difflib. Codes and keys are short: its default, 0.6, finds nothing near `C3`."""

_SEPARATORS = re.compile(r"[\W_]+")
"""What separates the words of a key."""


def one_line(text: str) -> str:
    """The text without anything that would break a line or move a terminal's cursor."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def shortened(text: str) -> str:
    """The text on one line, cut to the length that an error message repeats."""
    text = one_line(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def as_written(value: object) -> str:
    """A value as its file has it, or the kind of value if it is long."""
    if isinstance(value, dict | list | tuple):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, str):
        return json.dumps(shortened(value), ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) >= 10**_LONGEST:
        return "a very large number"  # Python refuses to print one of more than 4300 digits
    return shortened(value.isoformat() if isinstance(value, date | time) else str(value))


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word most like `word`, or `None` if none is similar: `am_session` is like `am`."""
    by_form = {each.casefold(): each for each in allowed}
    for part in _SEPARATORS.split(word.casefold()):
        if part in by_form:
            return by_form[part]
    close = get_close_matches(word.casefold(), by_form, n=1, cutoff=_CLOSE_ENOUGH)
    return by_form[close[0]] if close else None


def one_of(word: str, allowed: Sequence[str]) -> str:
    """What was expected in place of `word`: the nearest allowed word, or else all of them."""
    near = nearest(word, allowed)
    return f'"{near}"' if near else f"one of {', '.join(allowed)}"


def capitalise(text: str) -> str:
    """The text with a capital first letter; unlike `str.capitalize`, the others stay as they are."""
    return text[:1].upper() + text[1:]


def as_sentence(text: object) -> str:
    """A text or an error's message with a capital first letter and one full stop."""
    return f"{capitalise(str(text)).rstrip('.')}."
