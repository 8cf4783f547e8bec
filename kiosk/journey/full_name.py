"""A name as it is typed in full: letters, spaces, hyphens and apostrophes. Nothing is ever suggested."""

from string import ascii_uppercase

HYPHEN, APOSTROPHE, SPACE = "-", "’", " "
MOST = 60
"""The longest name, in characters."""
_BETWEEN = frozenset({HYPHEN, APOSTROPHE, SPACE})
_LETTERS = frozenset(ascii_uppercase)


def keys_after(typed: str) -> frozenset[str]:
    """The keys that may come next: a hyphen, an apostrophe or a space only after a letter."""
    if len(typed) >= MOST:
        return frozenset()
    return _LETTERS | _BETWEEN if typed[-1:] in _LETTERS and typed else _LETTERS


def is_complete(typed: str) -> bool:
    """Whether there is a first name and a last name. An initial does not count as a first name (`S MENSAH`);
    a last name may be one letter (`BO O`)."""
    words = [[letter for letter in word if letter in _LETTERS] for word in typed.split(SPACE)]
    names = [word for word in words if word]
    return len(names) >= 2 and len(names[0]) >= 2 and typed[-1:] in _LETTERS


def as_written(typed: str) -> str:
    """The name as people write it: `RUTH ANNE-MARIE O’KANE` → `Ruth Anne-Marie O’Kane`."""
    before = [SPACE, *typed]
    return "".join(
        letter if previous in _BETWEEN else letter.lower()
        for previous, letter in zip(before, typed, strict=False)
    )
