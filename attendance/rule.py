"""The register-close rule: turns who, when and why into one decision.

The step numbers are those of docs/rule.md. Law: The School Attendance (Pupil Registration) (England)
Regulations 2024 (SI 2024/208), reg. 10 and 11. Nothing here reads a clock, a file or a screen, so the same
inputs give the same decision on the kiosk, in the register and in a dispute next year.
"""

from datetime import time

from attendance.clock_time import minutes_since_midnight
from attendance.codes import LATE, LATE_AFTER_CLOSE, NOT_YET_EXPLAINED, PRESENT_MARK
from attendance.grounds import check_year, closed, decision_by, to_the_second, with_grounds
from attendance.plans import NEVER, DayPlan
from attendance.policy.model import Policy, ReviewRule, SessionTimes
from attendance.reasons import APPOINTMENT_CODE, DEPARTURE_SUGGESTION, AppointmentKind, Reason
from attendance.sessions import SessionName
from attendance.visits import (
    RULE,
    AgreedAppointment,
    Arrival,
    Decision,
    Departure,
    Outcome,
    unexplained_session,
)

__all__ = [
    "RULE",
    "AgreedAppointment",
    "Arrival",
    "Decision",
    "Departure",
    "Outcome",
    "decide",
    "leave",
    "unexplained_session",
]


def decide(policy: Policy, arrival: Arrival, *, school_day: bool) -> Decision:
    """Decide what an arrival means for the register (docs/rule.md, "An arrival").

    Args:
        policy: the school's policy.
        arrival: the pupil's year group, and when and why they came.
        school_day: whether the school is open to that pupil on that date.

    Raises:
        UnknownYearError: the policy does not have the pupil's year group.
    """
    check_year(policy, arrival.year)
    decision = _decide(policy, arrival, to_the_second(arrival.at), school_day=school_day)
    decision = decision.model_copy(update={"plan": arrival.plan})
    return with_grounds(policy, decision, arrival.at, arrival.year, arrival.reason)


def _decide(policy: Policy, arrival: Arrival, t: time, *, school_day: bool) -> Decision:
    if not school_day or t >= policy.pm.end_for(arrival.year):  # step 1
        return closed(policy, arrival.year, school_day=school_day)
    session = SessionName.AM if t < policy.am.end_for(arrival.year) else SessionName.PM
    times = policy.session(session)
    if t < times.late_after:
        return _decide_early(policy, arrival, session)
    # A pupil who was present when this register was taken is not late for it after going out and coming
    # back (docs/rule.md, "A return"). As a plain arrival, a visit to the dentist would get a U.
    if arrival.returning and arrival.left is not None and times.late_after <= arrival.left <= t:
        decision = decision_by(Outcome.NO_EFFECT, session, times)
        return decision.model_copy(update={"left": arrival.left})
    due = _due(policy, arrival, session)
    planned = None if due is None else _decide_planned(arrival, t, session, times, due)
    return planned or _decide_late(policy, arrival, t, session, due)


def _decide_early(policy: Policy, arrival: Arrival, session: SessionName) -> Decision:
    """Steps 2, 3a and 4, for an arrival before `late after`."""
    times = policy.session(session)
    accounted_for = session is SessionName.AM or arrival.returning or _morning_was_planned(policy, arrival)
    if accounted_for:
        return decision_by(Outcome.ON_TIME, session, times)
    return decision_by(Outcome.MISSED_SESSION, session, times, needs_office=True)


def _due(policy: Policy, arrival: Arrival, session: SessionName) -> time | None:
    if arrival.plan is None:
        return None
    return arrival.plan.due(session, policy.session(session), policy.am.end_for(arrival.year))


def _morning_was_planned(policy: Policy, arrival: Arrival) -> bool:
    """Whether the plan has the pupil due after the morning's register, or not in the morning at all."""
    if arrival.plan is None or not arrival.plan.confirmed:
        return False
    due = _due(policy, arrival, SessionName.AM)
    return due is not None and due >= policy.am.unauthorised_after


def _decide_planned(
    arrival: Arrival, t: time, session: SessionName, times: SessionTimes, due: time
) -> Decision | None:
    """Steps 3b and 3c, for an arrival at or after `late after`; `None` for step 3d."""
    assert arrival.plan is not None  # noqa: S101  only a plan has a due time
    named = None if due == NEVER else due
    if t <= due and t < times.unauthorised_after:  # step 3b; reg. 10(2): the register was being taken
        return decision_by(Outcome.PLANNED, session, times, code=LATE, due=named)
    if t <= due:  # step 3b
        return _by_plan(decision_by(Outcome.PLANNED, session, times, due=named), arrival.plan)
    if due >= times.unauthorised_after:  # step 3c
        late = _minutes_between(due, t)
        decision = decision_by(Outcome.PLANNED_LATE, session, times, minutes_late=late, due=due)
        return _by_plan(decision, arrival.plan)
    return None


def _by_plan(decision: Decision, plan: DayPlan) -> Decision:
    """The decision with the plan's code, which is only suggested while the plan is not confirmed."""
    code = plan.code.value
    given = {"code": code} if plan.confirmed else {"suggested": code, "needs_office": True}
    return decision.model_copy(update=given)


def _decide_late(
    policy: Policy, arrival: Arrival, t: time, session: SessionName, due: time | None
) -> Decision:
    """Steps 5 to 8, for an arrival at or after `late after`, and after the plan's due time, if any."""
    times = policy.session(session)
    review = policy.review.get(arrival.reason) if arrival.reason else None
    if review is not None:  # step 5
        suggested = _suggested_by(review, before_close=t < times.closes)
        return decision_by(Outcome.REVIEW, session, times, suggested=suggested, needs_office=True)
    minutes = _minutes_between(due or times.opens, t)
    if t < times.unauthorised_after:  # step 6
        return decision_by(Outcome.LATE, session, times, code=LATE, minutes_late=minutes, due=due)
    agreed = arrival.agreed
    if agreed is not None and agreed.until is not None and t <= agreed.until:  # step 7
        code = APPOINTMENT_CODE[agreed.kind]
        return decision_by(Outcome.EXCUSED, session, times, code=code, agreed=agreed)
    suggested_code = _suggested_after_close(arrival)  # step 8
    return decision_by(
        Outcome.AFTER_CLOSE,
        session,
        times,
        code=LATE_AFTER_CLOSE,
        suggested=suggested_code,
        minutes_late=minutes,
        needs_office=suggested_code is not None,
        consequence=policy.consequence,
        agreed=agreed,
        due=due,
    )


def _suggested_by(review: ReviewRule, *, before_close: bool) -> str:
    """The code that a policy's rule suggests.

    A document may say "present", but reg. 10(2) has the present mark only for who is there when the register
    begins to be taken: that is `L`.
    """
    if not before_close:
        return review.after_close
    return LATE if review.before_close == PRESENT_MARK else review.before_close


def _suggested_after_close(arrival: Arrival) -> str | None:
    """The code of an appointment that ran over (or has no end), or of a medical one that was not agreed."""
    if arrival.agreed is not None:
        return APPOINTMENT_CODE[arrival.agreed.kind]
    if arrival.reason is Reason.MEDICAL:
        return APPOINTMENT_CODE[AppointmentKind.MEDICAL]
    return None


def leave(policy: Policy, departure: Departure, *, school_day: bool) -> Decision:
    """Decide what a departure means for the register (docs/rule.md, "A departure").

    A departure never changes the mark of a session whose register has been taken.

    Args:
        policy: the school's policy.
        departure: the pupil's year group, and when, why and until when they leave.
        school_day: whether the school is open to that pupil on that date.

    Raises:
        UnknownYearError: the policy does not have the pupil's year group.
    """
    check_year(policy, departure.year)
    decision = _decide_leaving(policy, departure, to_the_second(departure.at), school_day=school_day)
    decision = decision.model_copy(update={"back": departure.back, "plan": departure.plan})
    return with_grounds(policy, decision, departure.at, departure.year, departure.reason)


def _decide_leaving(policy: Policy, departure: Departure, t: time, *, school_day: bool) -> Decision:
    back, times = departure.back, policy.pm
    if not school_day or t >= times.end_for(departure.year):  # step 1
        return closed(policy, departure.year, school_day=school_day)
    if t >= times.opens:  # step 2
        return decision_by(Outcome.NO_EFFECT, None, times)
    if back is not None and back < times.late_after:  # step 3
        return decision_by(Outcome.NO_EFFECT, None, times)
    if back is not None and back < times.unauthorised_after:  # step 4
        return decision_by(Outcome.BACK_LATE, SessionName.PM, times, suggested=LATE)
    return _absent_in_pm(policy, departure)  # step 5


def _absent_in_pm(policy: Policy, departure: Departure) -> Decision:
    """The pupil will be absent when PM is registered."""
    outcome, pm, times, plan = Outcome.ABSENT_PM, SessionName.PM, policy.pm, departure.plan
    not_due = plan is not None and plan.due(pm, times, policy.am.end_for(departure.year)) == NEVER
    if plan is not None and not_due and (plan.confirmed or departure.agreed is None):
        return _by_plan(decision_by(outcome, pm, times), plan)
    if departure.agreed is not None:
        code, agreed = APPOINTMENT_CODE[departure.agreed], AgreedAppointment(kind=departure.agreed)
        return decision_by(outcome, pm, times, code=code, agreed=agreed)
    suggested = NOT_YET_EXPLAINED
    if departure.reason is not None:
        suggested = DEPARTURE_SUGGESTION.get(departure.reason, NOT_YET_EXPLAINED)
    return decision_by(outcome, pm, times, suggested=suggested, needs_office=True)


def _minutes_between(since: time, t: time) -> int:
    return minutes_since_midnight(t) - minutes_since_midnight(since)
