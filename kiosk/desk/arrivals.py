"""Arrivals and returns: the rule's decision, and the sign-in that is recorded."""

from datetime import date, datetime, time
from uuid import UUID

from attendance.calendar import wall_time
from attendance.errors import UnknownYearError
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import Decision, Outcome, decide
from attendance.sessions import SessionName
from hardware.clock.clock import Reading
from kiosk.desk.visits import SignIn
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


def agreed_reason(school: School, pupil: Pupil, day: date, decision: Decision) -> Reason | None:
    """The reason of the agreed appointment of that session from which the pupil comes; `None` without one."""
    agreed = decision.agreed
    if agreed is None and decision.outcome is Outcome.LATE:  # the rule does not look at it before U
        agreed = school.agreed(pupil, day)
        if agreed is None or agreed.until is None:
            return None
        ends_in_am = agreed.until < school.policy.am.end_for(pupil.year)
        if ends_in_am is not (decision.session is SessionName.AM):
            return None
    return REASON_OF[agreed.kind] if agreed else None


def sign_in_of(
    school: School,
    pupil: Pupil,
    reading: Reading,
    reason: Reason | None,
    entry: UUID,
    *,
    returning: bool = False,
    left: time | None = None,
    route: str | None = None,
    brought_by: str | None = None,
) -> SignIn:
    """The sign-in to record for an arrival or a return.

    Args:
        school: the pupil's school.
        pupil: the pupil.
        reading: the reading of the clock at the arrival.
        reason: the reason given, if any.
        entry: id of the entry.
        returning: whether the pupil was signed out earlier today.
        left: wall time of that sign-out.
        route: the late bus that brought the pupil, if any.
        brought_by: the adult who brought the pupil, if any.
    """
    at = wall_time(reading.at, school.zone)
    decision = decide_arrival(school, pupil, at, reading.trust, reason, returning=returning, left=left)
    return SignIn(entry, pupil, at, decision, reason, reading, returning, left, route, brought_by)
