"""The attendance codes of England's registers and what each means in the statistics.

Source: DfE, "Working together to improve school attendance", chapter 8 (codes from August 2024).
"""

from enum import StrEnum


class Meaning(StrEnum):
    """The statistical meaning of a code."""

    ATTENDING = "attending"
    EDUCATED_OFF_SITE = "attending an approved educational activity"
    AUTHORISED = "authorised absence"
    UNAUTHORISED = "unauthorised absence"
    NOT_POSSIBLE = "not a possible attendance"
    NOT_COLLECTED = "not collected"


_CODES = {
    Meaning.ATTENDING: "/ \\ L",
    Meaning.EDUCATED_OFF_SITE: "K V P W B",
    Meaning.AUTHORISED: "C C1 C2 E I J1 M R S T",
    Meaning.UNAUTHORISED: "G N O U",
    Meaning.NOT_POSSIBLE: "D Q X Y1 Y2 Y3 Y4 Y5 Y6 Y7",
    Meaning.NOT_COLLECTED: "Z #",
}

MEANING: dict[str, Meaning] = {code: meaning for meaning, codes in _CODES.items() for code in codes.split()}
"""Every code that a register may hold, with its meaning."""

LATE = "L"
"""Late, before the register closed."""

LATE_AFTER_CLOSE = "U"
"""Arrived in school after the register closed."""

LATE_CODES = (LATE, LATE_AFTER_CLOSE)
"""The codes with which minutes late are recorded."""

WITHDRAWN = frozenset({"H", "J", "Y"})
"""Codes in use before August 2024 that no register may hold now."""

NOT_YET_EXPLAINED = "N"
"""Absent, reason not yet provided: the one code that a kiosk's mark may replace."""


def kiosk_may_replace(mark: str | None) -> bool:
    """Whether a mark made at a kiosk may take the place of `mark` (None: no mark yet).

    Anything but an empty mark or `N` was put there by a person, or is an attendance already.
    """
    return mark is None or mark == NOT_YET_EXPLAINED
