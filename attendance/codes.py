"""The attendance codes of England's registers: their names, and what each counts as in the statistics.

Law: The School Attendance (Pupil Registration) (England) Regulations 2024, SI 2024/208, reg. 10. Names and
meanings: DfE, "Working together to improve school attendance", chapter 8 (codes from August 2024).
"""

from enum import StrEnum
from typing import NamedTuple

from attendance.errors import require_one_of


class CodeMeaning(StrEnum):
    """What a code counts as in the attendance statistics."""

    ATTENDING = "attending"
    EDUCATED_OFF_SITE = "attending an approved educational activity"
    AUTHORISED = "authorised absence"
    UNAUTHORISED = "unauthorised absence"
    NOT_POSSIBLE = "not a possible attendance"
    NOT_COLLECTED = "not collected"


class AttendanceCode(NamedTuple):
    """One code of the register."""

    code: str
    name: str
    """What it stands for, in the guidance's sense."""
    meaning: CodeMeaning
    law: str = "reg. 10"
    """Where the 2024 Regulations have it; with the table as far as it was read (docs/law.md)."""
    nature: bool = False
    """Whether the nature of the activity or circumstances is recorded beside it."""


_TABLE_1, _TABLE_2 = "reg. 10(2), Table 1", "reg. 10(3), Table 2"
_M = CodeMeaning

CODES: tuple[AttendanceCode, ...] = (
    AttendanceCode("/", "Present in the morning", _M.ATTENDING, _TABLE_1),
    AttendanceCode("\\", "Present in the afternoon", _M.ATTENDING, _TABLE_1),
    AttendanceCode("L", "Late, before the register closed", _M.ATTENDING, _TABLE_1),
    AttendanceCode("K", "Education arranged by the local authority", _M.EDUCATED_OFF_SITE, _TABLE_2),
    AttendanceCode("V", "Educational visit or trip", _M.EDUCATED_OFF_SITE, _TABLE_2),
    AttendanceCode("P", "Sporting activity", _M.EDUCATED_OFF_SITE, _TABLE_2),
    AttendanceCode("W", "Work experience", _M.EDUCATED_OFF_SITE, _TABLE_2),
    AttendanceCode("B", "Other approved activity off site", _M.EDUCATED_OFF_SITE, _TABLE_2, nature=True),
    AttendanceCode("C", "Leave for exceptional circumstances", _M.AUTHORISED),
    AttendanceCode("C1", "Leave for a performance or employment abroad", _M.AUTHORISED),
    AttendanceCode("C2", "Leave by a part-time timetable", _M.AUTHORISED),
    AttendanceCode("E", "Suspended or excluded, nothing else arranged", _M.AUTHORISED),
    AttendanceCode("I", "Illness", _M.AUTHORISED),
    AttendanceCode("J1", "Leave for an interview", _M.AUTHORISED),
    AttendanceCode("M", "Medical or dental appointment", _M.AUTHORISED),
    AttendanceCode("R", "Religious observance", _M.AUTHORISED),
    AttendanceCode("S", "Leave to study for a public examination", _M.AUTHORISED),
    AttendanceCode("T", "Parent travelling for work", _M.AUTHORISED),
    AttendanceCode("G", "Holiday not granted by the school", _M.UNAUTHORISED),
    AttendanceCode("N", "Reason not yet established", _M.UNAUTHORISED),
    AttendanceCode("O", "Other or unknown circumstances", _M.UNAUTHORISED),
    AttendanceCode("U", "Arrived after the register closed", _M.UNAUTHORISED),
    AttendanceCode("D", "At another school where registered", _M.NOT_POSSIBLE),
    AttendanceCode("Q", "No access arrangements", _M.NOT_POSSIBLE),
    AttendanceCode("X", "Not of compulsory school age, not required", _M.NOT_POSSIBLE),
    AttendanceCode("Y1", "Transport normally provided not available", _M.NOT_POSSIBLE),
    AttendanceCode("Y2", "Widespread disruption to travel", _M.NOT_POSSIBLE),
    AttendanceCode("Y3", "Part of the school premises closed", _M.NOT_POSSIBLE),
    AttendanceCode("Y4", "Whole school site unexpectedly closed", _M.NOT_POSSIBLE),
    AttendanceCode("Y5", "In criminal justice detention", _M.NOT_POSSIBLE),
    AttendanceCode("Y6", "Public health guidance or law", _M.NOT_POSSIBLE),
    AttendanceCode("Y7", "Another unavoidable cause", _M.NOT_POSSIBLE, nature=True),
    AttendanceCode("Z", "Not yet on the admission register", _M.NOT_COLLECTED),
    AttendanceCode("#", "Planned closure of the school", _M.NOT_COLLECTED),
)
"""Every code that a register may hold, in groups of one statistical meaning."""

MEANING: dict[str, CodeMeaning] = {each.code: each.meaning for each in CODES}
"""Every code with its meaning."""

_NAMES = {each.code: each.name for each in CODES}

CODES_BY_MEANING: dict[CodeMeaning, list[AttendanceCode]] = {
    meaning: [each for each in CODES if each.meaning is meaning] for meaning in CodeMeaning
}
"""The codes in groups, for a choice."""


def code_and_name(code: str) -> str:
    """`I – Illness`; a code unknown to this version stays as it is."""
    return f"{code} – {_NAMES[code]}" if code in _NAMES else code


LATE = "L"
"""Late, before the register closed."""

LATE_AFTER_CLOSE = "U"
"""Arrived in school after the register closed."""

LATE_CODES = (LATE, LATE_AFTER_CLOSE)
"""The codes with which minutes late are recorded."""

WITHDRAWN = frozenset({"H", "J", "Y"})
"""Codes withdrawn in August 2024, which no register may hold now."""

NOT_YET_EXPLAINED = "N"
"""Absent, reason not yet established: the only code that a kiosk's mark may replace."""

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
