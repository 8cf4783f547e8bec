"""The rule's decision on a pupil who arrives or returns."""

from datetime import datetime, time

from attendance.errors import UnknownYearError
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import Decision, Outcome, decide
from attendance.sessions import SessionName
from kiosk.school.school import School
from sync.wire import Pupil, Trust

REASON_OF = {
    AppointmentKind.MEDICAL: Reason.MEDICAL,
    AppointmentKind.INTERVIEW: Reason.INTERVIEW,
    AppointmentKind.EXCEPTIONAL: Reason.FAMILY,
}
"""The reason that each kind of agreed appointment gives."""


def decide_arrival(
    school: School,
    pupil: Pupil,
    at: datetime,
    trust: str,
    reason: Reason | None,
    *,
    returning: bool = False,
    left: time | None = None,
) -> Decision:
    """Apply the rule to a pupil who comes in.

    Args:
        school: the pupil's school.
        pupil: the pupil.
        at: wall time at the school.
        trust: the clock's trust: `synced`, `held` or `unknown`.
        reason: the reason given, if any.
        returning: whether the pupil was signed out earlier today.
        left: wall time of that sign-out.
    """
    arrival, school_day = school.arrival(pupil, at, reason, returning=returning, left=left)
    try:
        decision = decide(school.policy, arrival, school_day=school_day)
    except UnknownYearError:
        # The roster has a year group that the policy lacks. The pupil is here all the same, so the arrival is
        # recorded without a code, for the office to decide.
        session = SessionName.AM if at.time() < school.policy.am.ends else SessionName.PM
        decision = Decision(outcome=Outcome.REVIEW, session=session, needs_office=True, at=at)
    # An untrusted time never becomes a mark without the office (docs/adr/0006-clock-trust.md).
    return decision if trust != Trust.UNKNOWN else decision.with_untrusted_clock()
