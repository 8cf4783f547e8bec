"""An adult's name as it is typed: letters, spaces, hyphens, apostrophes. Nothing is ever suggested."""

from string import ascii_uppercase

HYPHEN, APOSTROPHE, SPACE = "-", "’", " "
MOST = 60
_BETWEEN = frozenset({HYPHEN, APOSTROPHE, SPACE})
_LETTERS = frozenset(ascii_uppercase)


def keys_after(typed: str) -> frozenset[str]:
    """The keys that may come next: a hyphen, an apostrophe and a space stand only after a letter."""
    if len(typed) >= MOST:
        return frozenset()
    return _LETTERS | _BETWEEN if typed[-1:] in _LETTERS and typed else _LETTERS


def is_whole(typed: str) -> bool:
    """Whether a first and a last name are there. An initial is no first name: `S MENSAH` is not whole; a
    last name of one letter is one (`Bo O`)."""
    words = [[letter for letter in word if letter in _LETTERS] for word in typed.split(SPACE)]
    whole = [word for word in words if word]
    return len(whole) >= 2 and len(whole[0]) >= 2 and typed[-1:] in _LETTERS


def as_written(typed: str) -> str:
    """The name as people write it: `RUTH ANNE-MARIE O’KANE` → `Ruth Anne-Marie O’Kane`."""
    before = [SPACE, *typed]
    return "".join(
        letter if previous in _BETWEEN else letter.lower()
        for previous, letter in zip(before, typed, strict=False)
    )
