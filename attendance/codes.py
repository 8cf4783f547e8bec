"""The attendance codes of England's registers and what each counts as in the statistics.

Source: DfE, "Working together to improve school attendance", chapter 8 (codes from August 2024).
"""

from enum import StrEnum

from attendance.errors import require_one_of


class CodeMeaning(StrEnum):
    """What a code counts as in the attendance statistics."""

    ATTENDING = "attending"
    EDUCATED_OFF_SITE = "attending an approved educational activity"
    AUTHORISED = "authorised absence"
    UNAUTHORISED = "unauthorised absence"
    NOT_POSSIBLE = "not a possible attendance"
    NOT_COLLECTED = "not collected"


_CODES = {
    CodeMeaning.ATTENDING: "/ \\ L",
    CodeMeaning.EDUCATED_OFF_SITE: "K V P W B",
    CodeMeaning.AUTHORISED: "C C1 C2 E I J1 M R S T",
    CodeMeaning.UNAUTHORISED: "G N O U",
    CodeMeaning.NOT_POSSIBLE: "D Q X Y1 Y2 Y3 Y4 Y5 Y6 Y7",
    CodeMeaning.NOT_COLLECTED: "Z #",
}

MEANING: dict[str, CodeMeaning] = {
    code: meaning for meaning, codes in _CODES.items() for code in codes.split()
}
"""Every code that a register may hold, with its meaning."""

LATE = "L"
"""Late, before the register closed."""

LATE_AFTER_CLOSE = "U"
"""Arrived in school after the register closed."""

LATE_CODES = (LATE, LATE_AFTER_CLOSE)
"""The codes with which minutes late are recorded."""

WITHDRAWN = frozenset({"H", "J", "Y"})
"""Codes withdrawn in August 2024, which no register may hold now."""

NOT_YET_EXPLAINED = "N"
"""Absent, reason not yet provided: the only code that a kiosk's mark may replace."""

PRESENT_CODES = ("/", "\\")
"""Present when the register began to be taken, in the morning and in the afternoon."""

PRESENT_MARK = "present"
"""Stands in a policy file for the present mark of the session, `/` or `\\`."""


def kiosk_may_replace(mark: str | None) -> bool:
    """Whether a kiosk's mark may replace `mark` (`None` when there is no mark yet).

    Every mark but `N` was entered by a person or is an attendance already.
    """
    return mark is None or mark == NOT_YET_EXPLAINED


def known_code(code: str) -> str:
    """The code itself, if it is or was an attendance code; raises `WrongValueError` if not."""
    return require_one_of(code, "an attendance code", (*MEANING, *sorted(WITHDRAWN)))


def current_code(code: str) -> str:
    """The code itself, if a register may hold it now; raises `WrongValueError` if not."""
    return require_one_of(code, "a current code", tuple(MEANING))


def current_code_or_present(code: str) -> str:
    """The same, or `present`; raises `WrongValueError` if it is neither."""
    return require_one_of(code, f'a current code or "{PRESENT_MARK}"', (PRESENT_MARK, *MEANING))
