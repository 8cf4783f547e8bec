"""What the rule is asked and what it answers: arrivals, departures, decisions and their outcomes."""

from datetime import time
from enum import StrEnum

from pydantic import NaiveDatetime

from attendance.clock_time import ClockTime
from attendance.frozen import Frozen
from attendance.plans import DayPlan
from attendance.reasons import AppointmentKind, Reason
from attendance.sessions import SessionName

FIRST_RULE = 1
"""The rule until December 2026: individual starts moved a register's times (`attendance/first_rule.py`)."""

RULE = 2
"""The rule of docs/rule.md, with plans. Raised whenever the same visit could get another decision."""


class Outcome(StrEnum):
    """What an arrival or a departure means for the register. docs/rule.md says when each applies."""

    ON_TIME = "on_time"
    LATE = "late"
    AFTER_CLOSE = "after_close"
    EXCUSED = "excused"
    PLANNED = "planned"
    PLANNED_LATE = "planned_late"
    REVIEW = "review"
    MISSED_SESSION = "missed_session"
    CLOSED = "closed"
    NO_EFFECT = "no_effect"
    BACK_LATE = "back_late"
    ABSENT_PM = "absent_pm"


def unexplained_session(outcome: str, session: str | None) -> str | None:
    """The session whose mark still needs an explanation after a visit.

    That is the visit's own session, except that a pupil who missed the morning is marked by the afternoon's
    teacher, while the morning still has no explanation.
    """
    return SessionName.AM.value if outcome == Outcome.MISSED_SESSION else session


class AgreedAppointment(Frozen):
    """An absence that the school agreed in advance; `until` is when the pupil is due back, if known."""

    kind: AppointmentKind
    until: time | None = None


class Arrival(Frozen):
    """A pupil arrives."""

    at: NaiveDatetime
    """Local time at the school of the first touch or scan. A time with a zone is refused: UTC taken for local
    time would be an hour out all summer."""
    year: str
    reason: Reason | None = None
    agreed: AgreedAppointment | None = None
    plan: DayPlan | None = None
    """The pupil's plan for that day, if they have one (part-time timetable)."""
    returning: bool = False
    """The pupil was signed out earlier today and is now back."""
    left: time | None = None
    """For a pupil who is back: when they were signed out, in local time of the same day, to the minute."""


class Departure(Frozen):
    """A pupil leaves."""

    at: NaiveDatetime
    """Local time at the school of the sign-out."""
    year: str
    back: time | None = None
    """When the pupil is expected back; `None` if not today."""
    reason: Reason | None = None
    agreed: AppointmentKind | None = None
    plan: DayPlan | None = None
    """The pupil's plan for that day, if they have one (part-time timetable)."""


class Decision(Frozen):
    """What the rule decided, with the register's times behind it."""

    outcome: Outcome
    session: SessionName | None = None
    code: str | None = None
    """The mark; `None` when the visit makes no mark."""
    suggested: str | None = None
    """The code suggested to the office. Only the school decides whether an absence is authorised."""
    minutes_late: int | None = None
    """Whole minutes since the register opened, or since the pupil was due by their plan, rounded down. Set
    with `late`, `after_close` and `planned_late` only."""
    needs_office: bool = False
    consequence: str | None = None
    """What the policy attaches to a U. The office sees it; the kiosk never shows it."""
    opens: ClockTime | None = None
    late_after: ClockTime | None = None
    closes: ClockTime | None = None
    unauthorised_after: ClockTime | None = None
    at: NaiveDatetime | None = None
    """Local time at the school of the visit, to the second."""
    agreed: AgreedAppointment | None = None
    """The appointment that was agreed in advance, if it affected the decision."""
    plan: DayPlan | None = None
    """The pupil's plan for that day, whether or not it affected the decision."""
    due: ClockTime | None = None
    """When the pupil was due by their plan, if the decision rests on that time."""
    back: ClockTime | None = None
    """For a departure: when the pupil is expected back."""
    starts: ClockTime | None = None
    """By the first rule only: the pupil's individual start, if it moved the register's times."""
    left: ClockTime | None = None
    """For a return: when the pupil had left, if that decided the outcome."""
    ended: ClockTime | None = None
    """When the school day ended for that year group, if that is why there is no mark."""
    paragraph: str | None = None
    """The paragraph of the school's document behind the decision."""
    clock_trusted: bool = True
    """False when the time could not be trusted: then the decision rests on the pupil's presence alone."""
    rule: int = RULE
    """The version of the rule that decided."""

    def with_untrusted_clock(self) -> "Decision":
        """The decision to make instead when the clock is not trusted: the office decides.

        It has no session and no suggestion, because both follow from the time.
        """
        return Decision(
            outcome=Outcome.REVIEW, needs_office=True, at=self.at, clock_trusted=False, rule=self.rule
        )

    def as_suggestion(self) -> "Decision":
        """The same decision with its code as a suggestion only. Used for a second arrival in one session."""
        return self.model_copy(
            update={"code": None, "suggested": self.code or self.suggested, "minutes_late": None}
            | {"needs_office": True}
        )
