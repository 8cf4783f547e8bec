"""Changes to a pupil's plans by the office: a plan is added, changed and confirmed, or ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance.plans import PlanCode
from sync.register.errors import PupilRecordError, UnknownRecordError
from sync.register.schools.plans import last_day, plans_of
from sync.register.schools.pupil_record import RecordChange, clock_text, own_pupil, record_change
from sync.register.storage.models import PlanRow, SchoolRow, WorkItemRow, WorkKind
from sync.register.storage.work_items import PlanPastReview, PlanToConfirm, read_item
from sync.wire import WEEKDAYS, PlanDay

LONGEST_AGREEMENT = 200
LONGEST_PLAN = timedelta(days=366)
"""A part-time timetable is for a short time; a later review day is a slip of the keys."""
SETTLED = "the plan was confirmed, changed or ended"


@dataclass(frozen=True, slots=True)
class PlanDetails:
    """A plan as the office records it: all of it is needed before it applies."""

    code: str
    days: Mapping[str, PlanDay]
    first: date | None
    review: date | None
    """The last day on which it applies."""
    agreed_by: str
    agreed_on: date | None

    def checked(self) -> "PlanDetails":
        """The details, complete and in order.

        Raises:
            PupilRecordError: something is missing or contradicts the rest.
        """
        if self.code not in set(PlanCode):
            raise PupilRecordError(
                f"{self.code!r} is not a plan's code; the codes are {' and '.join(PlanCode)}"
            )
        if not self.days:
            raise PupilRecordError("a plan needs a weekday with times, or on which the pupil is not due")
        agreed_by = " ".join(self.agreed_by.split())
        if not agreed_by or self.agreed_on is None:
            raise PupilRecordError("write who agreed the plan, and on which day")
        if len(agreed_by) > LONGEST_AGREEMENT:
            raise PupilRecordError(f"who agreed has at most {LONGEST_AGREEMENT} characters")
        if self.first is None or self.review is None:
            raise PupilRecordError("a plan needs a first day and a review day")
        if not self.first <= self.review <= self.first + LONGEST_PLAN:
            raise PupilRecordError("the review day must be within a year from the first day")
        return PlanDetails(self.code, self.days, self.first, self.review, agreed_by, self.agreed_on)


def plan_days(texts: Mapping[str, str]) -> dict[str, PlanDay]:
    """The days of a plan from a form's fields: `mon_in` and `mon_out` with times, `mon_none` if not due.

    Raises:
        PupilRecordError: a text is not a time, or a day ends before it begins.
    """
    days: dict[str, PlanDay] = {}
    for day in WEEKDAYS:
        begins, ends = texts.get(f"{day}_in", "").strip(), texts.get(f"{day}_out", "").strip()
        if texts.get(f"{day}_none"):
            days[day] = PlanDay()
        elif begins or ends:
            due_in, due_out = (clock_text(text) if text else None for text in (begins, ends))
            try:
                days[day] = PlanDay(due_in=due_in, due_out=due_out)
            except ValidationError as error:
                raise PupilRecordError(str(error.errors()[0]["ctx"]["error"])) from error
    return days


def keep_plan(session: Session, change: RecordChange, details: PlanDetails, plan: int | None = None) -> None:
    """Add a plan, or change one; either way the office confirms it with all its details.

    Args:
        session: a session that writes.
        change: the member of staff, the pupil and the instant.
        details: the plan.
        plan: the plan to change; `None` to add one.

    Raises:
        PupilRecordError: the details are not complete, or another plan applies in the same days.
        UnknownRecordError: there is no such pupil, or no such plan.
    """
    new = details.checked()
    pupil = own_pupil(session, change)
    row = _own_plan(session, change, plan) if plan is not None else None
    others = [each for each in plans_of(session, pupil.school_id, pupil.id) if each is not row]
    if row is None and any(each.confirmed_at is None and each.ended_on is None for each in others):
        raise PupilRecordError("a plan waits for confirmation: confirm or end that one first")
    if any(_overlap(each, new) for each in others):
        raise PupilRecordError("another plan applies in these days: end it first")
    before = _as_dict(row) if row is not None else None
    if row is None:
        row = PlanRow(school_id=pupil.school_id, pupil=pupil.id)
        session.add(row)
    row.code, row.first, row.review = new.code, new.first, new.review
    row.days = {day: its.model_dump(mode="json") for day, its in new.days.items()}
    row.agreed_by, row.agreed_on = new.agreed_by, new.agreed_on
    row.confirmed_at, row.confirmed_by = change.now, f"{change.by.name} ({change.by.position})"
    row.ended_on = row.review_asked_at = None
    session.flush()
    _settle(session, row, change)
    what = "plan changed and confirmed" if before is not None else "plan added"
    record_change(session, change, what, before=before, after=_as_dict(row), plan=row.id)


def end_plan(session: Session, change: RecordChange, plan: int) -> None:
    """End a plan: from today on, at the school, it no longer applies. It stays on the record.

    Raises:
        PupilRecordError: it has ended already.
        UnknownRecordError: the pupil has no such plan.
    """
    row = _own_plan(session, change, plan)
    if row.ended_on is not None:
        raise PupilRecordError("this plan has ended already")
    before = _as_dict(row)
    zone = ZoneInfo(session.get_one(SchoolRow, change.school).zone)
    row.ended_on = change.now.astimezone(zone).date()
    _settle(session, row, change)
    record_change(session, change, "plan ended", before=before, after=_as_dict(row), plan=row.id)


def _settle(session: Session, row: PlanRow, change: RecordChange) -> None:
    """Settle the work items about a plan that the office has now confirmed, changed or ended."""
    query = select(WorkItemRow).where(
        WorkItemRow.school_id == row.school_id,
        WorkItemRow.kind.in_((WorkKind.PLAN, WorkKind.PLAN_REVIEW)),
        WorkItemRow.resolved_at.is_(None),
    )
    for open_item in session.scalars(query):
        item = read_item(open_item)
        if isinstance(item, PlanToConfirm | PlanPastReview) and item.plan == row.id:
            open_item.resolved_at, open_item.resolution = change.now, SETTLED
            open_item.resolved_by, open_item.resolved_position = change.by.name, change.by.position


def _overlap(row: PlanRow, new: PlanDetails) -> bool:
    """Whether a confirmed plan applies on some day on which the new one does."""
    first, last = row.first, last_day(row)
    if row.confirmed_at is None or first is None or last is None or new.first is None or new.review is None:
        return False
    return max(first, new.first) <= min(last, new.review)


def _own_plan(session: Session, change: RecordChange, plan: int) -> PlanRow:
    pupil = own_pupil(session, change)
    row = session.get(PlanRow, plan)
    if row is None or (row.school_id, row.pupil) != (pupil.school_id, pupil.id):
        raise UnknownRecordError("that plan does not exist")
    return row


def _as_dict(row: PlanRow) -> dict[str, object]:
    return {
        "code": row.code,
        "days": row.days,
        "first": row.first.isoformat() if row.first else None,
        "review": row.review.isoformat() if row.review else None,
        "agreed_by": row.agreed_by,
        "agreed_on": row.agreed_on.isoformat() if row.agreed_on else None,
        "ended_on": row.ended_on.isoformat() if row.ended_on else None,
    }
