"""The greatest size of a policy file, so that reading one takes no more than a moment.

TOML's own reader takes time and memory that grow with the square of the tables and of the parts of a key: a
line of 40 KB took 2 GB.
"""

import re

from attendance.errors import PolicyError

MOST_BYTES = 64 * 1024
"""The most bytes. The longest of the five schools' files has 8 KB."""
MOST_LINES = 2000
"""The most lines."""
MOST_DEPTH = 10
"""The deepest nesting of tables and lists, and the most parts of a key. A policy's keys have up to four."""

_TEXTS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\[^\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*",
    re.DOTALL,
)
"""Quoted texts and comments, whose dots and brackets do not count.

They end exactly where TOML's own reader ends them, or what follows would count for a text: three quotation
marks that end a text may be preceded by up to two that belong to it. A text that is not closed reaches to the
end of its line, or of the file, and the reader stops there; without that, the time would grow with the square
of the quotation marks.
"""
_OUTSIDE_KEYS = re.compile(r"[^\w\s.-]")
_OPEN, _CLOSED = frozenset("[{"), frozenset("]}")


def check_size(text: str, name: str) -> None:
    """Check that a text is no larger, longer or deeper than a policy can be.

    Args:
        text: the content of the file.
        name: what the error calls it.

    Raises:
        PolicyError: it is.
    """
    if len(text) > MOST_BYTES:
        raise PolicyError(too_large(name))
    if text.count("\n") > MOST_LINES:
        raise PolicyError(f"{name}: has more than {MOST_LINES:,} lines; a policy has about two hundred")
    bare = _TEXTS.sub("x", text)
    for number, line in enumerate(bare.splitlines(), start=1):
        if any(part.count(".") >= MOST_DEPTH for part in _OUTSIDE_KEYS.split(line)):
            raise PolicyError(
                f"{name}, line {number}: has a key of more than {MOST_DEPTH} parts; a policy's have four"
            )
    if _depth(bare) > MOST_DEPTH:
        raise PolicyError(
            f"{name}: has lists or tables more than {MOST_DEPTH} deep; a policy's are at most three deep"
        )


def too_large(name: str) -> str:
    """The sentence about a file that is too large."""
    return f"{name}: is larger than {MOST_BYTES // 1024} KB; a policy file has less than a tenth of that"


def _depth(text: str) -> int:
    deepest = depth = 0
    for char in text:
        if char in _OPEN:
            depth += 1
            deepest = max(deepest, depth)
        elif char in _CLOSED:
            depth = max(0, depth - 1)
    return deepest
