"""Codes that users read from one screen and type on another."""

import secrets

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without I, L, O, 0 and 1, which look alike."""


def random_code(groups: int, length: int) -> str:
    """A random code such as `K7QX-9MHT`; each letter is worth 4.95 bits.

    Args:
        groups: the number of groups, separated by hyphens.
        length: the letters in a group.
    """
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(length)) for _ in range(groups))
