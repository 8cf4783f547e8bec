"""A pupil's plan in the bundle: the part-time timetable that the school and a parent have agreed."""

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from attendance.plans import DayPlan, PlanCode
from sync.wire.message import Message, WallTime

Weekday = Literal["mon", "tue", "wed", "thu", "fri"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")


class PlanDay(Message):
    """When the pupil is due on one weekday. Without times the pupil is not due at all."""

    due_in: WallTime | None = None
    due_out: WallTime | None = None

    @model_validator(mode="after")
    def _as_the_rule_has_it(self) -> "PlanDay":
        self.day_plan(PlanCode.PART_TIME)
        return self

    def day_plan(self, code: PlanCode) -> DayPlan:
        """The day in the types of the rule."""
        return DayPlan(code=code, due_in=self.due_in, due_out=self.due_out)


class PupilPlan(Message):
    """A plan that the office has confirmed. On a weekday that it does not name, the pupil is due as usual."""

    code: Literal["C2", "X"]
    days: dict[Weekday, PlanDay] = Field(default_factory=dict)
    first: dt.date
    review: dt.date
    """The last day on which it applies."""

    def applies(self, day: dt.date) -> bool:
        """Whether the plan applies on that day."""
        return self.first <= day <= self.review

    def on(self, day: dt.date) -> DayPlan | None:
        """The plan for that day in the types of the rule; `None` when the pupil is due as usual."""
        weekday = weekday_of(day)
        its = self.days.get(weekday) if weekday is not None and self.applies(day) else None
        return None if its is None else its.day_plan(PlanCode(self.code))


def weekday_of(day: dt.date) -> Weekday | None:
    """The name of a day from Monday to Friday; `None` on the others."""
    return WEEKDAYS[day.weekday()] if day.weekday() < len(WEEKDAYS) else None
