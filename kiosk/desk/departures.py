"""Departures: which pupils may leave alone, the rule's decision, and the sign-out that is recorded."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from attendance.calendar import instant
from attendance.errors import UnknownYearError
from attendance.reasons import Reason
from attendance.rule import Decision, Departure, Outcome, leave
from hardware.clock.clock import Reading
from kiosk.desk.visits import SignOut
from kiosk.school.school import School
from sync.wire import DepartureDetail, Pupil, Trust

SELF = "self"
"""The collector recorded for a pupil who leaves alone."""


@dataclass(frozen=True, slots=True)
class DepartureDraft:
    """One pupil's departure before it is recorded."""

    pupil: Pupil
    reason: Reason
    back_at: time | None
    """Wall time of the expected return; `None` when not today, or unknown."""
    collector: str
    """The adult's name as typed, or `SELF`."""
    relationship: str | None = None
    evidence: str | None = None
    released_by: str | None = None
    """The member of staff who released the pupil, with the position after a PIN; `None` only with `SELF`."""
    released_position: str | None = None
    """The releaser's job title, if the office page sent it."""
    released_at: datetime | None = None
    """UTC."""
    request: UUID | None = None
    """The id of the request that was released, at the register; `None` with `SELF`."""

    def __post_init__(self) -> None:
        if self.collector != SELF and not self.released_by:
            raise ValueError("a pupil who is collected must have been released by a member of staff")


def may_leave_alone(school: School, pupil: Pupil) -> bool:
    """Whether the pupil may sign out without an adult: by the policy's year groups, or by the pupil's
    record."""
    return pupil.leaves_alone or pupil.year in school.policy.leaves_alone


def decide_leaving(
    school: School, pupil: Pupil, at: datetime, trust: str, *, reason: Reason | None, back_at: time | None
) -> Decision:
    """Apply the rule to a pupil who goes out.

    Args:
        school: the pupil's school.
        pupil: the pupil.
        at: wall time at the school.
        trust: the clock's trust: `synced`, `held` or `unknown`.
        reason: the reason given, if any.
        back_at: wall time of the expected return; `None` when not today, or unknown.
    """
    agreed = school.agreed(pupil, at.date())
    departure = Departure(
        at=at,
        year=pupil.year,
        back=back_at,
        reason=reason,
        agreed=agreed.kind if agreed else None,
        plan=pupil.plan_on(at.date()),
    )
    school_day = school.closed_because(at.date(), pupil.year) is None
    try:
        decision = leave(school.policy, departure, school_day=school_day)
    except UnknownYearError:  # recorded without a code, as an arrival is: the office decides
        decision = Decision(outcome=Outcome.REVIEW, needs_office=True, at=at, back=back_at)
    return decision if trust != Trust.UNKNOWN else decision.with_untrusted_clock()


def sign_out_of(
    school: School, leaving: DepartureDraft, at: datetime, reading: Reading, entry: UUID
) -> SignOut:
    """The sign-out to record for a departure.

    Args:
        school: the pupil's school.
        leaving: the departure.
        at: wall time at the school.
        reading: the reading of the clock that `at` comes from.
        entry: id of the entry.
    """
    decision = decide_leaving(
        school, leaving.pupil, at, reading.trust, reason=leaving.reason, back_at=leaving.back_at
    )
    return SignOut(
        entry=entry,
        pupil=leaving.pupil,
        at=at,
        decision=decision,
        reason=leaving.reason,
        reading=reading,
        detail=DepartureDetail(
            request=leaving.request,
            collector=leaving.collector,
            relationship=leaving.relationship,
            expected_back=expected_back(school, at.date(), reading.trust, leaving.back_at),
            evidence=leaving.evidence,
            released_by=leaving.released_by,
            released_position=leaving.released_position,
            released_at=leaving.released_at,
        ),
    )


def expected_back(school: School, day: date, trust: str, back_at: time | None) -> datetime | None:
    """The instant (UTC) of the expected return; `None` when unknown or when the date is not trusted."""
    if back_at is None or trust == Trust.UNKNOWN:
        return None
    return instant(datetime.combine(day, back_at), school.zone)
