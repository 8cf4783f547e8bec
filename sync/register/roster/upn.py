"""Unique pupil numbers: a check letter and twelve characters.

Only the check letter is checked. It is the sum of position × value over positions 2 to 13, modulo 23, counted
into `LETTERS` (DfE, "Unique pupil numbers: guide for schools and local authorities"). Whether the digits name
an existing local authority is not checked: such lists become outdated.
"""

import re

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""The 23 possible check letters: I, O and S look like digits."""

_SHAPE = re.compile(f"[{LETTERS}][0-9]{{11}}[0-9{LETTERS}]", re.ASCII)
_GAPS = re.compile(r"[\s-]+")


def tidy(text: str) -> str:
    """A UPN as it is stored: upper case, no gaps."""
    return _GAPS.sub("", text).upper()


def fault(upn: str) -> str | None:
    """Why a tidy UPN is not valid, as the end of a sentence; `None` when it is valid.

    The last character of a temporary UPN is a letter; its value is its place among the letters.
    """
    if not _SHAPE.fullmatch(upn):
        return "is not a letter, 11 digits and a last digit or letter"
    expected = check_letter(upn[1:])
    if upn[0] != expected:
        return f"has the check letter {upn[0]} but should have {expected}"
    return None


def check_letter(characters: str) -> str:
    """The letter that belongs before the twelve characters."""
    values = (int(c) if c.isdigit() else LETTERS.index(c) for c in characters)
    return LETTERS[sum(position * value for position, value in enumerate(values, start=2)) % len(LETTERS)]
