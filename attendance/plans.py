"""A pupil's part-time timetable on one day: the plan that the school and a parent have agreed.

Law: The School Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208), reg. 11(6).
"""

from datetime import time
from enum import StrEnum

from pydantic import model_validator

from attendance.clock_time import ClockTime, clock_time
from attendance.errors import WrongValueError, require_one_of
from attendance.frozen import Frozen
from attendance.policy.model import SessionTimes
from attendance.sessions import SessionName

NEVER = time.max
"""The due time of a pupil who is not due in a session: later than every arrival."""

_HOW = "write CODE:FROM-UNTIL or CODE:none, for example C2:10:30-14:00"
_NOT_OF_COMPULSORY_AGE = frozenset({"N", "12", "13", "14"})


class PlanCode(StrEnum):
    """The mark of a session in which a plan does not have the pupil due."""

    PART_TIME = "C2"
    """A part-time timetable of a pupil of compulsory school age: authorised absence."""
    NOT_REQUIRED = "X"
    """A pupil below or above compulsory school age who is not required to attend."""


class DayPlan(Frozen):
    """A plan on one day. Without times the pupil is not due at all on that day."""

    code: PlanCode
    due_in: ClockTime | None = None
    due_out: ClockTime | None = None
    """When the pupil is due to leave; `None` with `due_in` for a plan that names no end."""
    confirmed: bool = True
    """Whether the school has said that it agreed this plan; if not, the plan's code is only suggested."""

    @model_validator(mode="after")
    def _in_order(self) -> "DayPlan":
        if self.due_in is None and self.due_out is not None:
            raise ValueError("a plan with a time to leave needs a time to come")
        if self.due_in is not None and self.due_out is not None and self.due_out <= self.due_in:
            raise ValueError(
                f"a plan from {self.due_in:%H:%M} until {self.due_out:%H:%M} ends before it begins"
            )
        return self

    def __str__(self) -> str:
        """The plan as commands and files have it: `C2:10:30-14:00` or `C2:none`."""
        if self.due_in is None:
            return f"{self.code}:none"
        until = f"{self.due_out:%H:%M}" if self.due_out else ""
        return f"{self.code}:{self.due_in:%H:%M}-{until}"

    def due(self, session: SessionName, times: SessionTimes, am_ends: time) -> time | None:
        """When the pupil is due in a session: a time, or `NEVER`.

        `None` when the plan says nothing of the session: it began in the morning and this is the afternoon,
        or it begins before anybody would be late.

        Args:
            session: the session.
            times: its register's times, the same for everybody (reg. 10(1)).
            am_ends: when the pupil's morning session ends.
        """
        if self.due_in is None or (self.due_out is not None and self.due_out <= times.opens):
            return NEVER
        begins_in = SessionName.AM if self.due_in < am_ends else SessionName.PM
        if begins_in is SessionName.PM and session is SessionName.AM:
            return NEVER
        return self.due_in if begins_in is session and self.due_in >= times.late_after else None


def day_plan(text: str) -> DayPlan:
    """The plan written as `CODE:FROM-UNTIL` or `CODE:none`.

    Raises:
        ValueError: the text is not written that way; the error says how.
    """
    code, colon, times = text.partition(":")
    known = PlanCode(require_one_of(code, "a plan's code", tuple(PlanCode)))
    if times == "none":
        return DayPlan(code=known)
    due_in, dash, due_out = times.partition("-")
    if not (colon and dash):
        raise WrongValueError(f"{text!r} is not a plan; {_HOW}", expected=_HOW)
    first, last = clock_time(due_in), clock_time(due_out)
    if last <= first:
        raise WrongValueError(f"{text!r} ends before it begins; {_HOW}", expected=_HOW)
    return DayPlan(code=known, due_in=first, due_out=last)


def plan_of_start(start: time, year: str) -> DayPlan:
    """The plan that an individual start stands for, as earlier versions of Latebook had them: not confirmed.

    `X` for year groups outside compulsory school age. Reception has pupils on both sides of it: `C2` there.
    """
    outside = year in _NOT_OF_COMPULSORY_AGE
    code = PlanCode.NOT_REQUIRED if outside else PlanCode.PART_TIME
    return DayPlan(code=code, due_in=start, confirmed=False)
