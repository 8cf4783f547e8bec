"""The mark of a pupil who signed in without being on the kiosk's list, once the office finds them."""

from datetime import date, time
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance.calendar import Calendar, merge, wall_time
from attendance.errors import UnknownYearError
from attendance.plans import DayPlan
from attendance.policy.model import Policy
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import AgreedAppointment, Arrival, Decision, decide
from sync.register.errors import ResolutionError
from sync.register.marks.marks import Mark, Place, current_mark
from sync.register.schools.plans import plans_of, with_plans
from sync.register.schools.policies import body_of
from sync.register.storage.models import AppointmentRow, EntryRow, PupilRow, SchoolRow
from sync.wire import Entry, Pupil

CHOOSE_A_CODE = "choose a code as well as the pupil"


def mark_by_rule(session: Session, entry: EntryRow, pupil: PupilRow) -> tuple[Place, Mark | None]:
    """The place of the pupil's mark and its new content: the rule's, for the entry's own instant.

    Args:
        session: a session that reads.
        entry: the arrival of a pupil who was not on the kiosk's list.
        pupil: the pupil whom the office has found.

    Raises:
        ResolutionError: only the office can choose the code: the entry's time is not certain, the policy
            leaves the mark to the school, or the rule cannot be applied.
    """
    if not entry.time_certain:
        raise ResolutionError(f"the time of this entry is not certain; {CHOOSE_A_CODE}")
    decision = _decide(session, entry, pupil)
    place = Place(entry.school_id, pupil.id, entry.date, decision.session) if decision.session else None
    if place is None or (decision.needs_office and decision.code is None):
        raise ResolutionError(f"the policy leaves this mark to the office; {CHOOSE_A_CODE}")
    if decision.code is None:  # on time, for example: no mark is needed
        return place, current_mark(session, place)
    return place, Mark(decision.code, decision.minutes_late)


def _decide(session: Session, entry: EntryRow, pupil: PupilRow) -> Decision:
    """Apply the policy that the kiosk had to this pupil's arrival."""
    sent = Entry.model_validate_json(entry.raw)
    school = session.get_one(SchoolRow, entry.school_id)
    body = body_of(session, entry.school_id, sent.decision.policy_version)
    if body is None:
        raise ResolutionError(f"the kiosk's policy is not known here; {CHOOSE_A_CODE}")
    try:
        policy = Policy.model_validate(body)
        arrival = Arrival(
            at=wall_time(entry.at, ZoneInfo(school.zone)),
            year=pupil.year,
            reason=Reason(entry.reason) if entry.reason in list(Reason) else None,
            agreed=_agreed(session, pupil, entry.date),
            plan=_plan_on(session, pupil, entry.date),
        )
        closed = merge(policy.calendar, Calendar.model_validate(school.calendar)).closed_because(
            entry.date, pupil.year
        )
        return decide(policy, arrival, school_day=closed is None)
    except (ValidationError, UnknownYearError) as error:
        raise ResolutionError(
            f"the policy cannot be applied to {pupil.first} {pupil.last}; {CHOOSE_A_CODE}"
        ) from error


def _agreed(session: Session, pupil: PupilRow, day: date) -> AgreedAppointment | None:
    """The absence agreed for the pupil on that day; with several, the one that ends last."""
    query = select(AppointmentRow).where(
        AppointmentRow.school_id == pupil.school_id,
        AppointmentRow.pupil == pupil.id,
        AppointmentRow.date == day,
    )
    agreed = max(session.scalars(query), key=lambda each: each.until or time.min, default=None)
    return (
        None if agreed is None else AgreedAppointment(kind=AppointmentKind(agreed.kind), until=agreed.until)
    )


def _plan_on(session: Session, pupil: PupilRow, day: date) -> DayPlan | None:
    """The pupil's plan for that day, as kiosks know it; `None` without one."""
    known = Pupil.model_validate(pupil, from_attributes=True)
    return with_plans(known, plans_of(session, pupil.school_id, pupil.id)).plan_on(day)
