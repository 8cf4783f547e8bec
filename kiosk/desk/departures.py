"""Somebody goes out: who may go alone, the rule's decision, and who let them go."""

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
"""The collector of a pupil who leaves alone."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """One pupil's departure, as it is to be written down."""

    pupil: Pupil
    reason: Reason
    back_at: time | None
    """Wall time; None: not today, or nobody knows."""
    collector: str
    """The name as it was typed, or `SELF`."""
    relationship: str | None = None
    evidence: str | None = None
    released_by: str | None = None
    """Who let the pupil go; None only with `SELF`. Of one with a PIN the position is in it."""
    released_position: str | None = None
    """As what, where the office's page has said so."""
    released_at: datetime | None = None
    """UTC."""

    def __post_init__(self) -> None:
        if self.collector != SELF and not self.released_by:
            raise ValueError("a pupil who is collected needs somebody who released them")


def may_leave_alone(school: School, pupil: Pupil) -> bool:
    """Whether the school lets that pupil sign out without anybody: by the policy's years, or by name."""
    return pupil.leaves_alone or pupil.year in school.policy.leaves_alone


def decide_leaving(
    school: School, pupil: Pupil, at: datetime, trust: str, *, reason: Reason | None, back_at: time | None
) -> Decision:
    """What the rule says of that pupil going out.

    Args:
        school: where.
        pupil: who.
        at: wall time.
        trust: how far the clock is to be believed.
        reason: why, where it was said.
        back_at: wall time; None: not today, or nobody knows.
    """
    agreed = school.agreed(pupil, at.date())
    departure = Departure(
        at=at, year=pupil.year, back=back_at, reason=reason, agreed=agreed.kind if agreed else None
    )
    school_day = school.closed_because(at.date(), pupil.year) is None
    try:
        decision = leave(school.policy, departure, school_day=school_day)
    except UnknownYearError:  # as for an arrival: recorded without a code, for the office
        decision = Decision(outcome=Outcome.REVIEW, needs_office=True, at=at, back=back_at)
    return decision if trust != Trust.UNKNOWN else decision.doubted()


def sign_out_of(school: School, leaving: Leaving, at: datetime, reading: Reading, entry: UUID) -> SignOut:
    """The sign-out that this makes.

    Args:
        school: where.
        leaving: who, why, with whom.
        at: wall time.
        reading: the clock.
        entry: the id of its entry.
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
    """The instant at which a pupil is expected back; None where the date itself is in doubt."""
    if back_at is None or trust == Trust.UNKNOWN:
        return None
    return instant(datetime.combine(day, back_at), school.zone)  # wall time, as `instant` wants it
