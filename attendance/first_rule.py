"""The first rule, by which entries were decided until December 2026. For replay only.

It differs from `attendance/rule.py` in three things: a pupil's individual start moved all of a register's
times with it, late school transport was suggested the present mark, and a departure for the family or for an
interview was suggested leave although the school had not agreed to it.
"""

from datetime import time

from attendance.clock_time import minutes_since_midnight
from attendance.codes import LATE, LATE_AFTER_CLOSE, NOT_YET_EXPLAINED, PRESENT_MARK
from attendance.grounds import check_year, closed, decision_by, to_the_second, with_grounds
from attendance.policy.model import Policy, SessionTimes
from attendance.reasons import APPOINTMENT_CODE, AppointmentKind, Reason
from attendance.sessions import SessionName
from attendance.visits import FIRST_RULE, AgreedAppointment, Arrival, Decision, Departure, Outcome

_PRESENT_CODE = {SessionName.AM: "/", SessionName.PM: "\\"}
_DEPARTURE_SUGGESTION = {Reason.MEDICAL: "M", Reason.UNWELL: "I", Reason.INTERVIEW: "J1", Reason.FAMILY: "C"}
_LAST_MINUTE = 24 * 60 - 1
_MOVED = ("opens", "late_after", "closes", "unauthorised_after")


def decide_by_first_rule(
    policy: Policy, arrival: Arrival, *, starts: time | None, school_day: bool
) -> Decision:
    """Decide an arrival as the first rule did.

    Args:
        policy: the policy of that day.
        arrival: the arrival; its plan is not looked at.
        starts: the pupil's individual start on that day, to the minute.
        school_day: whether the school was open to that pupil on that date.

    Raises:
        UnknownYearError: the policy does not have the pupil's year group.
    """
    check_year(policy, arrival.year)
    decision = _decide(policy, arrival, to_the_second(arrival.at), starts, school_day=school_day)
    decision = decision.model_copy(update={"rule": FIRST_RULE})
    return with_grounds(policy, decision, arrival.at, arrival.year, arrival.reason)


def _decide(policy: Policy, arrival: Arrival, t: time, starts: time | None, *, school_day: bool) -> Decision:
    if not school_day or t >= policy.pm.end_for(arrival.year):
        return closed(policy, arrival.year, school_day=school_day)
    am_ends = policy.am.end_for(arrival.year)
    session = SessionName.AM if t < am_ends else SessionName.PM
    times = policy.session(session)
    if session is SessionName.PM and t < times.late_after:
        if arrival.returning:
            return decision_by(Outcome.ON_TIME, session, times)
        return decision_by(Outcome.MISSED_SESSION, session, times, needs_office=True)
    if starts is not None and (SessionName.AM if starts < am_ends else SessionName.PM) is session:
        decision = _decide_by(policy, arrival, t, session, _moved_to(times, starts))
        return decision.model_copy(update={"starts": starts})
    return _decide_by(policy, arrival, t, session, times)


def _moved_to(times: SessionTimes, start: time) -> SessionTimes:
    """The times for that individual start: all but the ends move by the same amount, within the day."""
    shift = minutes_since_midnight(start) - minutes_since_midnight(times.opens)
    minutes = {name: minutes_since_midnight(getattr(times, name)) + shift for name in _MOVED}
    return times.model_copy(
        update={name: time(*divmod(min(max(at, 0), _LAST_MINUTE), 60)) for name, at in minutes.items()}
    )


def _decide_by(
    policy: Policy, arrival: Arrival, t: time, session: SessionName, times: SessionTimes
) -> Decision:
    if t < times.late_after:
        return decision_by(Outcome.ON_TIME, session, times)
    if arrival.returning and arrival.left is not None and times.late_after <= arrival.left <= t:
        decision = decision_by(Outcome.NO_EFFECT, session, times)
        return decision.model_copy(update={"left": arrival.left})
    review = policy.review.get(arrival.reason) if arrival.reason else None
    if review is not None:
        code = review.before_close if t < times.closes else review.after_close
        suggested = _PRESENT_CODE[session] if code == PRESENT_MARK else code
        return decision_by(Outcome.REVIEW, session, times, suggested=suggested, needs_office=True)
    minutes = minutes_since_midnight(t) - minutes_since_midnight(times.opens)
    if t < times.unauthorised_after:
        return decision_by(Outcome.LATE, session, times, code=LATE, minutes_late=minutes)
    agreed = arrival.agreed
    if agreed is not None and agreed.until is not None and t <= agreed.until:
        return decision_by(Outcome.EXCUSED, session, times, code=APPOINTMENT_CODE[agreed.kind], agreed=agreed)
    suggested_code = None
    if agreed is not None:
        suggested_code = APPOINTMENT_CODE[agreed.kind]
    elif arrival.reason is Reason.MEDICAL:
        suggested_code = APPOINTMENT_CODE[AppointmentKind.MEDICAL]
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
    )


def leave_by_first_rule(policy: Policy, departure: Departure, *, school_day: bool) -> Decision:
    """Decide a departure as the first rule did; its plan is not looked at.

    Raises:
        UnknownYearError: the policy does not have the pupil's year group.
    """
    check_year(policy, departure.year)
    decision = _decide_leaving(policy, departure, to_the_second(departure.at), school_day=school_day)
    decision = decision.model_copy(update={"back": departure.back, "rule": FIRST_RULE})
    return with_grounds(policy, decision, departure.at, departure.year, departure.reason)


def _decide_leaving(policy: Policy, departure: Departure, t: time, *, school_day: bool) -> Decision:
    back, times = departure.back, policy.pm
    if not school_day or t >= times.end_for(departure.year):
        return closed(policy, departure.year, school_day=school_day)
    if t >= times.opens or (back is not None and back < times.late_after):
        return decision_by(Outcome.NO_EFFECT, None, times)
    if back is not None and back < times.unauthorised_after:
        return decision_by(Outcome.BACK_LATE, SessionName.PM, times, suggested=LATE)
    if departure.agreed is not None:
        code, agreed = APPOINTMENT_CODE[departure.agreed], AgreedAppointment(kind=departure.agreed)
        return decision_by(Outcome.ABSENT_PM, SessionName.PM, times, code=code, agreed=agreed)
    suggested = NOT_YET_EXPLAINED
    if departure.reason is not None:
        suggested = _DEPARTURE_SUGGESTION.get(departure.reason, NOT_YET_EXPLAINED)
    return decision_by(Outcome.ABSENT_PM, SessionName.PM, times, suggested=suggested, needs_office=True)
