"""The register-close rule: turns who, when and why into one decision.

The step numbers are those of docs/rule.md. Law: The School Attendance (Pupil Registration) (England)
Regulations 2024 (SI 2024/208), reg. 10. Nothing here reads a clock, a file or a screen, so the same inputs
give the same decision on the kiosk, in the register and in a dispute next year.
"""

from datetime import datetime, time
from enum import StrEnum

from pydantic import NaiveDatetime

from attendance.clock_time import ClockTime, minutes_since_midnight
from attendance.codes import LATE, LATE_AFTER_CLOSE, NOT_YET_EXPLAINED, PRESENT_MARK
from attendance.errors import UnknownYearError
from attendance.frozen import Frozen
from attendance.policy.model import Policy, ReviewRule, SessionTimes
from attendance.reasons import APPOINTMENT_CODE, DEPARTURE_SUGGESTION, AppointmentKind, Reason
from attendance.sessions import SessionName

PRESENT_CODE = {SessionName.AM: "/", SessionName.PM: "\\"}
"""The mark of a pupil who is present when the register is taken."""


class Outcome(StrEnum):
    """What an arrival or a departure means for the register. docs/rule.md says when each applies."""

    ON_TIME = "on_time"
    LATE = "late"
    AFTER_CLOSE = "after_close"
    EXCUSED = "excused"
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
    starts: time | None = None
    """The pupil's individual start on that day, if they have one (part-time timetable); to the minute."""
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


class Decision(Frozen):
    """What the rule decided, with the register's times behind it."""

    outcome: Outcome
    session: SessionName | None = None
    code: str | None = None
    """The mark; `None` when the visit makes no mark."""
    suggested: str | None = None
    """The code suggested to the office. Only the school decides whether an absence is authorised."""
    minutes_late: int | None = None
    """Whole minutes since the register opened, rounded down. Set with L and U only."""
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
    back: ClockTime | None = None
    """For a departure: when the pupil is expected back."""
    starts: ClockTime | None = None
    """The pupil's individual start, if it moved the register's times."""
    left: ClockTime | None = None
    """For a return: when the pupil had left, if that decided the outcome."""
    ended: ClockTime | None = None
    """When the school day ended for that year group, if that is why there is no mark."""
    paragraph: str | None = None
    """The paragraph of the school's document behind the decision."""
    clock_trusted: bool = True
    """False when the time could not be trusted: then the decision rests on the pupil's presence alone."""

    def with_untrusted_clock(self) -> "Decision":
        """The decision to make instead when the clock is not trusted: the office decides.

        It has no session and no suggestion, because both follow from the time.
        """
        return Decision(outcome=Outcome.REVIEW, needs_office=True, at=self.at, clock_trusted=False)

    def as_suggestion(self) -> "Decision":
        """The same decision with its code as a suggestion only. Used for a second arrival in one session."""
        return self.model_copy(
            update={"code": None, "suggested": self.code or self.suggested, "minutes_late": None}
            | {"needs_office": True}
        )


def decide(policy: Policy, arrival: Arrival, *, school_day: bool) -> Decision:
    """Decide what an arrival means for the register (docs/rule.md, "An arrival").

    Args:
        policy: the school's policy.
        arrival: the pupil's year group, and when and why they came.
        school_day: whether the school is open to that pupil on that date.

    Raises:
        UnknownYearError: the policy does not have the pupil's year group.
    """
    _check_year(policy, arrival.year)
    decision = _decide(policy, arrival, _to_the_second(arrival.at), school_day=school_day)
    return _with_grounds(policy, decision, arrival.at, arrival.year, arrival.reason)


def _decide(policy: Policy, arrival: Arrival, t: time, *, school_day: bool) -> Decision:
    if not school_day or t >= policy.pm.end_for(arrival.year):  # step 1
        return _closed(policy, arrival.year, school_day=school_day)

    am_ends = policy.am.end_for(arrival.year)
    session = SessionName.AM if t < am_ends else SessionName.PM  # step 2
    times = policy.session(session)
    if session is SessionName.PM and t < times.late_after:
        if arrival.returning:  # the morning has its mark already
            return _decision(Outcome.ON_TIME, session, times)
        return _decision(Outcome.MISSED_SESSION, session, times, needs_office=True)

    if arrival.starts is not None:  # step 3
        starts_in = SessionName.AM if arrival.starts < am_ends else SessionName.PM
        if starts_in is session:
            own = times.shifted(arrival.starts)
            decision = _decide_by(policy, arrival, t, session, own)
            return decision.model_copy(update={"starts": arrival.starts})
    return _decide_by(policy, arrival, t, session, times)


def _closed(policy: Policy, year: str, *, school_day: bool) -> Decision:
    """No school on that day, or the school day has ended for that year group."""
    return Decision(outcome=Outcome.CLOSED, ended=policy.pm.end_for(year) if school_day else None)


def _decide_by(
    policy: Policy, arrival: Arrival, t: time, session: SessionName, times: SessionTimes
) -> Decision:
    """Steps 4 to 8. `times` include the pupil's individual start."""
    if t < times.late_after:  # step 4
        return _decision(Outcome.ON_TIME, session, times)
    return _decide_late(policy, arrival, t, session, times)


def _decide_late(
    policy: Policy, arrival: Arrival, t: time, session: SessionName, times: SessionTimes
) -> Decision:
    """Steps 5 to 8, for an arrival at or after `late after`."""
    # A pupil who was present when this register was taken is not late for it after going out and coming
    # back (docs/rule.md, "A return"). As a plain arrival, a visit to the dentist would get a U.
    if arrival.returning and arrival.left is not None and times.late_after <= arrival.left <= t:
        decision = _decision(Outcome.NO_EFFECT, session, times)
        return decision.model_copy(update={"left": arrival.left})
    review = policy.review.get(arrival.reason) if arrival.reason else None
    if review is not None:  # step 5
        suggested = _suggested_by(review, session, before_close=t < times.closes)
        return _decision(Outcome.REVIEW, session, times, suggested=suggested, needs_office=True)
    minutes = _minutes_late(t, times)
    if t < times.unauthorised_after:  # step 6
        return _decision(Outcome.LATE, session, times, code=LATE, minutes_late=minutes)
    agreed = arrival.agreed
    if agreed is not None and agreed.until is not None and t <= agreed.until:  # step 7
        code = APPOINTMENT_CODE[agreed.kind]
        return _decision(Outcome.EXCUSED, session, times, code=code, agreed=agreed)
    suggested_code = _suggested_after_close(arrival)  # step 8
    return _decision(
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


def _suggested_by(review: ReviewRule, session: SessionName, *, before_close: bool) -> str:
    code = review.before_close if before_close else review.after_close
    return PRESENT_CODE[session] if code == PRESENT_MARK else code


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
    _check_year(policy, departure.year)
    decision = _decide_leaving(policy, departure, _to_the_second(departure.at), school_day=school_day)
    decision = decision.model_copy(update={"back": departure.back})
    return _with_grounds(policy, decision, departure.at, departure.year, departure.reason)


def _decide_leaving(policy: Policy, departure: Departure, t: time, *, school_day: bool) -> Decision:
    back, times = departure.back, policy.pm
    if not school_day or t >= times.end_for(departure.year):  # step 1
        return _closed(policy, departure.year, school_day=school_day)
    if t >= times.opens:  # step 2
        return _decision(Outcome.NO_EFFECT, None, times)
    if back is not None and back < times.late_after:  # step 3
        return _decision(Outcome.NO_EFFECT, None, times)
    if back is not None and back < times.unauthorised_after:  # step 4
        return _decision(Outcome.BACK_LATE, SessionName.PM, times, suggested=LATE)
    if departure.agreed is not None:  # step 5
        code, agreed = APPOINTMENT_CODE[departure.agreed], AgreedAppointment(kind=departure.agreed)
        return _decision(Outcome.ABSENT_PM, SessionName.PM, times, code=code, agreed=agreed)
    suggested = NOT_YET_EXPLAINED
    if departure.reason is not None:
        suggested = DEPARTURE_SUGGESTION.get(departure.reason, NOT_YET_EXPLAINED)
    return _decision(Outcome.ABSENT_PM, SessionName.PM, times, suggested=suggested, needs_office=True)


_DECIDING_BOUNDARY = {
    Outcome.ON_TIME: "late_after",
    Outcome.MISSED_SESSION: "late_after",
    Outcome.LATE: "unauthorised_after",
    Outcome.AFTER_CLOSE: "unauthorised_after",
    Outcome.NO_EFFECT: "late_after",
    Outcome.BACK_LATE: "late_after",
    Outcome.ABSENT_PM: "opens",
}
"""The boundary that decides each outcome; its paragraph is quoted."""


def _with_grounds(
    policy: Policy, decision: Decision, at: datetime, year: str, reason: Reason | None
) -> Decision:
    """The decision with its time and the paragraph that supports it."""
    return decision.model_copy(
        update={"at": at.replace(microsecond=0), "paragraph": _paragraph(policy, decision, year, reason)}
    )


def _paragraph(policy: Policy, decision: Decision, year: str, reason: Reason | None) -> str | None:
    if decision.ended is not None:
        return policy.stated_in(f"pm.ends_by_year.{year}" if year in policy.pm.ends_by_year else "pm.ends")
    if decision.outcome is Outcome.REVIEW:
        return policy.stated_in(f"review.{reason}.before_close")
    if (boundary := _DECIDING_BOUNDARY.get(decision.outcome)) is None:
        return None
    # A departure without effect names no session; its times are the afternoon's.
    session = (decision.session or SessionName.PM).lower()
    paragraph = policy.stated_in(f"{session}.{boundary}")
    if paragraph is None and boundary == "unauthorised_after":
        times = policy.session(SessionName(session.upper()))
        if times.unauthorised_after == times.closes:
            paragraph = policy.stated_in(f"{session}.closes")
    return paragraph


def _check_year(policy: Policy, year: str) -> None:
    if year not in policy.years:
        raise UnknownYearError(f"{policy.name} has no year {year!r}; its years are {', '.join(policy.years)}")


def _to_the_second(at: datetime) -> time:
    """The rule works to the second: 10:30:00.4 is 10:30:00, still within an appointment until 10:30."""
    return at.time().replace(microsecond=0)


def _minutes_late(t: time, times: SessionTimes) -> int:
    return minutes_since_midnight(t) - minutes_since_midnight(times.opens)


def _decision(
    outcome: Outcome,
    session: SessionName | None,
    times: SessionTimes,
    *,
    code: str | None = None,
    suggested: str | None = None,
    minutes_late: int | None = None,
    needs_office: bool = False,
    consequence: str | None = None,
    agreed: AgreedAppointment | None = None,
) -> Decision:
    return Decision(
        outcome=outcome,
        session=session,
        code=code,
        suggested=suggested,
        minutes_late=minutes_late,
        needs_office=needs_office,
        consequence=consequence,
        agreed=agreed,
        opens=times.opens,
        late_after=times.late_after,
        closes=times.closes,
        unauthorised_after=times.unauthorised_after,
    )
