"""The rule's decision on somebody who comes in."""

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
"""The reason that an agreed appointment is."""


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
    """What the rule says of that pupil coming in.

    Args:
        school: where.
        pupil: who.
        at: wall time.
        trust: how far the clock is to be believed.
        reason: why, where it was said.
        returning: signed out earlier today.
        left: when that was, wall time.
    """
    arrival, school_day = school.arrival(pupil, at, reason, returning=returning, left=left)
    try:
        decision = decide(school.policy, arrival, school_day=school_day)
    except UnknownYearError:
        # The roster has a year that the policy lacks. The child is here all the same: record it,
        # without a code, for the office.
        session = SessionName.AM if at.time() < school.policy.am.ends else SessionName.PM
        decision = Decision(outcome=Outcome.REVIEW, session=session, needs_office=True, at=at)
    # A time that is not trusted never becomes a mark by itself (DESIGN.md, clock trust).
    return decision if trust != Trust.UNKNOWN else decision.doubted()
