"""The register-close rule: who, when and why in, one decision out.

Law: The School Attendance (Pupil Registration) (England) Regulations 2024, reg. 10. The steps and
their numbers are those of the design's rule. Nothing here reads a clock, a file or a screen, so the
same inputs give the same decision on the kiosk, in the register and in a dispute next year.
"""

from datetime import datetime, time
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, NaiveDatetime

from attendance.codes import LATE, LATE_AFTER_CLOSE, NOT_YET_EXPLAINED
from attendance.policy.model import ClockTime, Policy, ReviewRule, SessionTimes
from attendance.reasons import APPOINTMENT_CODE, DEPARTURE_SUGGESTION, AppointmentKind, Reason
from attendance.sessions import SessionName

PRESENT = {SessionName.AM: "/", SessionName.PM: "\\"}
"""The mark of a pupil who is there when the register is taken."""


class Outcome(StrEnum):
    """What a visit means for the register."""

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


class UnknownYearError(ValueError):
    """A year that the policy does not have."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Agreed(_Frozen):
    """An appointment the school agreed in advance; `until` is when the pupil is due, if it was said."""

    kind: AppointmentKind
    until: time | None = None


class Arrival(_Frozen):
    """A pupil comes in."""

    at: NaiveDatetime
    """Wall time at the school of the first touch or scan. One with a zone is refused: an instant taken
    for wall time would be an hour out all summer."""
    year: str
    reason: Reason | None = None
    agreed: Agreed | None = None
    starts: time | None = None
    """The pupil's individual start on that day (part-time timetable), to the minute."""
    returning: bool = False
    """Signed out earlier today and now back."""
    left: time | None = None
    """When they were signed out, where they are back: wall time of the same day, to the minute."""


class Departure(_Frozen):
    """A pupil goes out."""

    at: NaiveDatetime
    """Wall time at the school of the signing out."""
    year: str
    back: time | None = None
    """When the pupil is expected back, if at all."""
    reason: Reason | None = None
    agreed: AppointmentKind | None = None


class Decision(_Frozen):
    """What the rule says, with the register's times that it was said from."""

    outcome: Outcome
    session: SessionName | None = None
    code: str | None = None
    """The mark. None: this visit makes none."""
    suggested: str | None = None
    """What the office may make of it; whether an absence is authorised is the school's decision."""
    minutes_late: int | None = None
    """Whole minutes since the register opened, rounded down; only with L and U."""
    needs_office: bool = False
    consequence: str | None = None
    """What the policy attaches to a U: for the office, never for a screen."""
    opens: ClockTime | None = None
    late_after: ClockTime | None = None
    closes: ClockTime | None = None
    unauthorised_after: ClockTime | None = None
    at: NaiveDatetime | None = None
    """Wall time at the school of the visit, to the second."""
    agreed: Agreed | None = None
    """The appointment that was agreed in advance, where it counted."""
    back: ClockTime | None = None
    """A departure: when the pupil is expected back."""
    starts: ClockTime | None = None
    """The pupil's individual start, where it moved the register's times."""
    left: ClockTime | None = None
    """A return: when they had left, where that decided it."""
    ended: ClockTime | None = None
    """When the school day had ended for that year, where that is why there is no mark."""
    paragraph: str | None = None
    """Where the school's document says so."""
    clock_trusted: bool = True
    """False: the time is not known, so nothing is decided but that the pupil is here."""

    def doubted(self) -> "Decision":
        """What is left of a decision when the clock cannot be trusted: the office will decide.

        Neither the session nor a suggestion survives, since both come from the time.
        """
        return Decision(outcome=Outcome.REVIEW, needs_office=True, at=self.at, clock_trusted=False)

    def only_noted(self) -> "Decision":
        """The same, with its code only suggested: the office decides between two arrivals of one session."""
        return self.model_copy(
            update={"code": None, "suggested": self.code or self.suggested, "minutes_late": None}
            | {"needs_office": True}
        )


def decide(policy: Policy, arrival: Arrival, *, school_day: bool) -> Decision:
    """The decision on an arrival.

    Args:
        policy: the school's.
        arrival: who, when and why.
        school_day: whether the school is open to that pupil on that date.

    Raises:
        UnknownYearError: the policy has no such year.
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
        if arrival.returning:  # the morning is already accounted for
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
    """No school that day, or none any more for that year."""
    return Decision(outcome=Outcome.CLOSED, ended=policy.pm.end_for(year) if school_day else None)


def _decide_by(
    policy: Policy, arrival: Arrival, t: time, session: SessionName, times: SessionTimes
) -> Decision:
    """Steps 4 to 8. `times` are this pupil's own."""
    if t < times.late_after:  # step 4
        return _decision(Outcome.ON_TIME, session, times)
    return _decide_late(policy, arrival, t, session, times)


def _decide_late(
    policy: Policy, arrival: Arrival, t: time, session: SessionName, times: SessionTimes
) -> Decision:
    """Steps 5 to 8: at or after `late after`. `times` are this pupil's own."""
    # Whoever was here when this register was taken is not late for it by going out and coming back: the
    # design's rule has such a return decided as an arrival, and a visit to the dentist would be a U.
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
    return PRESENT[session] if code == "present" else code


def _suggested_after_close(arrival: Arrival) -> str | None:
    """An appointment that has run over (or has no time), or one that nobody had agreed."""
    if arrival.agreed is not None:
        return APPOINTMENT_CODE[arrival.agreed.kind]
    if arrival.reason is Reason.MEDICAL:
        return APPOINTMENT_CODE[AppointmentKind.MEDICAL]
    return None


def leave(policy: Policy, departure: Departure, *, school_day: bool) -> Decision:
    """The decision on a departure. A mark whose register has been taken is never changed by one.

    Args:
        policy: the school's.
        departure: who, when, why and for how long.
        school_day: whether the school is open to that pupil on that date.

    Raises:
        UnknownYearError: the policy has no such year.
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
        code, agreed = APPOINTMENT_CODE[departure.agreed], Agreed(kind=departure.agreed)
        return _decision(Outcome.ABSENT_PM, SessionName.PM, times, code=code, agreed=agreed)
    suggested = NOT_YET_EXPLAINED
    if departure.reason is not None:
        suggested = DEPARTURE_SUGGESTION.get(departure.reason, NOT_YET_EXPLAINED)
    return _decision(Outcome.ABSENT_PM, SessionName.PM, times, suggested=suggested, needs_office=True)


_DECIDED_BY = {
    Outcome.ON_TIME: "late_after",
    Outcome.MISSED_SESSION: "late_after",
    Outcome.LATE: "unauthorised_after",
    Outcome.AFTER_CLOSE: "unauthorised_after",
    Outcome.NO_EFFECT: "late_after",
    Outcome.BACK_LATE: "late_after",
    Outcome.ABSENT_PM: "opens",
}
"""The boundary that an outcome hangs on, whose paragraph is quoted."""


def _with_grounds(
    policy: Policy, decision: Decision, at: datetime, year: str, reason: Reason | None
) -> Decision:
    """The decision with its instant and the paragraph that it rests on."""
    return decision.model_copy(
        update={"at": at.replace(microsecond=0), "paragraph": _paragraph(policy, decision, year, reason)}
    )


def _paragraph(policy: Policy, decision: Decision, year: str, reason: Reason | None) -> str | None:
    if decision.ended is not None:
        return policy.stated_in(f"pm.ends_by_year.{year}" if year in policy.pm.ends_by_year else "pm.ends")
    if decision.outcome is Outcome.REVIEW:
        return policy.stated_in(f"review.{reason}.before_close")
    if (boundary := _DECIDED_BY.get(decision.outcome)) is None:
        return None
    session = (decision.session or SessionName.PM).lower()  # a departure without effect is the afternoon's
    said = policy.stated_in(f"{session}.{boundary}")
    if said is None and boundary == "unauthorised_after":
        times = policy.session(SessionName(session.upper()))
        if times.unauthorised_after == times.closes:
            said = policy.stated_in(f"{session}.closes")
    return said


def _check_year(policy: Policy, year: str) -> None:
    if year not in policy.years:
        raise UnknownYearError(f"{policy.name} has no year {year!r}; its years are {', '.join(policy.years)}")


def _to_the_second(at: datetime) -> time:
    """The rule's precision: 10:30:00.4 is 10:30:00, which an appointment until 10:30 still covers."""
    return at.time().replace(microsecond=0)


def _minutes_late(t: time, times: SessionTimes) -> int:
    opens = times.opens  # to the minute, so the seconds of `t` only ever round down
    return (t.hour - opens.hour) * 60 + t.minute - opens.minute


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
    agreed: Agreed | None = None,
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
