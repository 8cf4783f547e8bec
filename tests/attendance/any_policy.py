"""Made-up policies: any times in order, and any policy move to other times of the day."""

from datetime import time
from typing import Any

from hypothesis import strategies as st

from attendance.plans import DayPlan
from attendance.policy.model import Policy
from attendance.reasons import Reason

EARLIEST, LATEST = 6 * 60, 18 * 60
"""Minutes of the day that limit all times, so that a policy can move by up to six hours within the day."""

TIMES = ("opens", "late_after", "closes", "unauthorised_after", "ends")


def clock(minutes: int) -> str:
    """A time of day, in minutes after midnight, as a file has it."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


@st.composite
def ordered_policies(draw: st.DrawFn) -> Policy:
    """A policy in which opens ≤ late after ≤ closes ≤ unauthorised after ≤ ends, and AM is before PM."""
    marks = sorted(draw(st.lists(st.integers(EARLIEST, LATEST), min_size=10, max_size=10)))
    am, pm = (dict(zip(TIMES, map(clock, half), strict=True)) for half in (marks[:5], marks[5:]))
    early = draw(st.none() | st.integers(marks[8], LATEST).map(clock))
    rule = {"before_close": "present", "after_close": "Y1"}
    return Policy.model_validate(
        {
            "name": "any",
            "title": "Any School",
            "years": ["7", "8"],
            "am": am,
            "pm": pm | ({"ends_by_year": {"8": early}} if early else {}),
            "review": {Reason.SCHOOL_TRANSPORT: rule} if draw(st.booleans()) else {},
        }
    )


def move_time(value: time, minutes: int) -> time:
    """The time moved by that many minutes, on the same day."""
    return value.replace(*divmod(value.hour * 60 + value.minute + minutes, 60))


def move_plan(plan: DayPlan, minutes: int) -> DayPlan:
    """The plan with its times moved by that many minutes."""
    due_in, due_out = (move_time(at, minutes) if at else None for at in (plan.due_in, plan.due_out))
    return plan.model_copy(update={"due_in": due_in, "due_out": due_out})


def move(policy: Policy, minutes: int) -> Policy:
    """The same policy with every time moved by that many minutes."""

    def later(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: later(each) for key, each in value.items()}
        return clock(int(value[:2]) * 60 + int(value[3:]) + minutes)

    written = policy.model_dump(mode="json")
    return Policy.model_validate(written | {session: later(written[session]) for session in ("am", "pm")})
