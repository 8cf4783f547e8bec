"""The check digits of barcodes. Pure.

Sources: ISO/IEC 16388 (Code 39) and the GS1 General Specifications, 7.9 (mod 10).
"""

_CODE39 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
"""Code 39's characters in the order of their values."""


def code39_check(text: str) -> str:
    """The check character of a Code 39 text: the sum of its characters' values, modulo 43.

    Raises:
        ValueError: the text has a character that Code 39 lacks.
    """
    return _CODE39[sum(map(_CODE39.index, text)) % len(_CODE39)]


def mod10_check(digits: str) -> str:
    """The check digit of EAN, ITF-14 and GS1: from the right, digits are weighted 3 and 1 in turn, modulo 10.

    Raises:
        ValueError: the text is not made of the digits 0–9.
    """
    if not (digits.isascii() and digits.isdecimal()):
        raise ValueError("A mod 10 check digit is made from the digits 0–9.")
    return str(-sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(digits[::-1])) % 10)


def strip_code39_check(text: str) -> str | None:
    """The text without its Code 39 check character; `None` when that character is wrong."""
    return _rest(text) if set(text) <= set(_CODE39) and code39_check(text[:-1]) == text[-1:] else None


def strip_mod10_check(text: str) -> str | None:
    """The digits without their mod 10 check digit; `None` when that digit is wrong."""
    if len(text) < 2 or not (text.isascii() and text.isdecimal()):
        return None
    return _rest(text) if mod10_check(text[:-1]) == text[-1] else None


def _rest(text: str) -> str | None:
    return text[:-1] or None
