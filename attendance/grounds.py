"""What every version of the rule shares: the shape of a decision, and the paragraph that supports it."""

from datetime import datetime, time

from attendance.errors import UnknownYearError
from attendance.policy.model import Policy, SessionTimes
from attendance.reasons import Reason
from attendance.sessions import SessionName
from attendance.visits import AgreedAppointment, Decision, Outcome

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


def decision_by(
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
    due: time | None = None,
) -> Decision:
    """A decision that rests on one register's times."""
    return Decision(
        outcome=outcome,
        session=session,
        code=code,
        suggested=suggested,
        minutes_late=minutes_late,
        needs_office=needs_office,
        consequence=consequence,
        agreed=agreed,
        due=due,
        opens=times.opens,
        late_after=times.late_after,
        closes=times.closes,
        unauthorised_after=times.unauthorised_after,
    )


def closed(policy: Policy, year: str, *, school_day: bool) -> Decision:
    """No school on that day, or the school day has ended for that year group."""
    return Decision(outcome=Outcome.CLOSED, ended=policy.pm.end_for(year) if school_day else None)


def to_the_second(at: datetime) -> time:
    """The rule works to the second: 10:30:00.4 is 10:30:00, still within an appointment until 10:30."""
    return at.time().replace(microsecond=0)


def check_year(policy: Policy, year: str) -> None:
    """Raise `UnknownYearError` if the policy does not have that year group."""
    if year not in policy.years:
        raise UnknownYearError(f"{policy.name} has no year {year!r}; its years are {', '.join(policy.years)}")


def with_grounds(
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
    session = decision.session or SessionName.PM
    if boundary == "unauthorised_after":
        return policy.stated_in(policy.late_until(session))
    return policy.stated_in(f"{session.lower()}.{boundary}")
