"""The school, times, pupils and day that the samples share. All people are fictional."""

from dataclasses import replace
from datetime import datetime, time
from uuid import UUID

from attendance.policy.model import Policy, ReviewRule, SessionTimes
from attendance.reasons import Reason
from kiosk.views import (
    BroughtView,
    DoneView,
    Frame,
    LeftView,
    Link,
    LinkStatus,
    Notice,
    ProblemView,
    PupilLabel,
    ReleaseView,
    View,
)

SCHOOL = "Oak Lane School"
CONNECTED = LinkStatus(Link.CONNECTED)
ENTRY = UUID("019ab4d6-7c00-7000-8000-000000000001")
AMELIA = PupilLabel("p1", "Amelia K.", "7B", "Amelia")
NINE_REASONS = tuple(reason for reason in Reason if reason is not Reason.INTERVIEW)
LONG_NAME = PupilLabel("p9", "Oluwaseun-Bartholomew F.", "12SJK", "Oluwaseun-Bartholomew")

MORNING = SessionTimes(
    opens=time(8, 45),
    late_after=time(9),
    closes=time(9, 15),
    unauthorised_after=time(9, 15),
    ends=time(13, 15),
)
AFTERNOON = SessionTimes(
    opens=time(13, 55),
    late_after=time(14, 10),
    closes=time(14, 10),
    unauthorised_after=time(14, 10),
    ends=time(15, 15),
)
"""A register without a late zone."""
POLICY = Policy(
    name="oak-lane",
    title=SCHOOL,
    years=("7", "8", "9", "10", "11", "12", "13"),
    am=MORNING,
    pm=AFTERNOON,
    review={Reason.SCHOOL_TRANSPORT: ReviewRule(before_close="present", after_close="Y1")},
    consequence="This must never be seen on a screen",
)
LONG_LATE = SessionTimes(
    opens=time(9, 30),
    late_after=time(9, 30),
    closes=time(10),
    unauthorised_after=time(10, 30),
    ends=time(12),
)
"""A register without an on-time zone, and with L for half an hour after it closed."""
LONG_LATE_POLICY = POLICY.model_copy(update={"am": LONG_LATE})

FOUND = (
    AMELIA,
    PupilLabel("p2", "Amelie R.", "9A", "Amelie"),
    PupilLabel("p3", "Amelia-Rose T.", "8C", "Amelia-Rose"),
)
SIX = (
    *FOUND,
    PupilLabel("p4", "Améline D’A.", "10D", "Améline"),
    LONG_NAME,
    PupilLabel("p6", "Amy O’H.", "11F", "Amy"),
)

NEXT_PUPILS = (
    PupilLabel("p7", "Sinéad K.", "8B", "Sinéad"),
    PupilLabel("p8", "Thomas B.", "11D", "Thomas"),
)
"""Pupils whose cards wait."""


def at(clock: str) -> datetime:
    """A wall time on the samples' Tuesday: `09:07` or `09:14:13`."""
    return datetime.combine(datetime(2026, 11, 24), time.fromisoformat(clock))  # noqa: DTZ001  # wall time


def with_cards_waiting(
    base: Frame, waiting: int = 0, notice: Notice | None = None, *, large: bool = False
) -> Frame:
    """A frame with waiting cards, or with a notice about a card."""
    look = replace(base.look, large=large)
    return replace(base, next_pupils=(NEXT_PUPILS * 6)[:waiting], notice=notice, look=look)


def frame(
    view: View, status: LinkStatus = CONNECTED, *, demo_clock: bool = False, school: str = SCHOOL
) -> Frame:
    """A view in a window that is connected by default."""
    closes = isinstance(view, DoneView | LeftView | BroughtView | ReleaseView | ProblemView)
    return Frame(school, status, view, demo_clock, closes_in=12 if closes else None)
