"""Pupils' plans (part-time timetables): what kiosks are sent of them, and what the office is asked.

Law: The School Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208), reg. 11(6). Only a
plan that the office has confirmed is sent to kiosks as a plan. One that was taken over from the individual
starts of an earlier version is sent as starts, with which a kiosk writes no code of its own.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance.plans import plan_of_start
from sync.register.storage.models import KioskRow, PlanRow, PupilRow, SchoolRow, WorkItemRow
from sync.register.storage.work_items import PlanPastReview, PlanToConfirm
from sync.wire import WEEKDAYS, PlanDay, Pupil, PupilPlan, Weekday


def plans_of(session: Session, school: str, pupil: str | None = None) -> list[PlanRow]:
    """The plans of a school or of one pupil, the newest first."""
    query = select(PlanRow).where(PlanRow.school_id == school)
    if pupil is not None:
        query = query.where(PlanRow.pupil == pupil)
    return list(session.scalars(query.order_by(PlanRow.first.desc(), PlanRow.id.desc())))


def with_plans(pupil: Pupil, rows: Iterable[PlanRow]) -> Pupil:
    """The pupil as kiosks are sent them: with the confirmed plans, and as starts what waits."""
    waiting = next((row for row in rows if row.confirmed_at is None and row.ended_on is None), None)
    starts: dict[Weekday, object] = {}
    if waiting is not None:
        starts = {day: its["due_in"] for day in WEEKDAYS if (its := waiting.days.get(day)) and its["due_in"]}
    plans = [sent for row in reversed(list(rows)) if (sent := as_sent(row)) is not None]
    return Pupil.model_validate(pupil.model_dump(mode="json") | {"plans": plans, "starts": starts})


def take_over(session: Session, school: str, pupil: Pupil, *, now: datetime) -> None:
    """Keep the plans of a pupil's record that is loaded, unless the register has plans of the pupil already.

    Starts become a plan that waits for confirmation, with a work item, as when an earlier database is
    upgraded.
    """
    if not (pupil.plans or pupil.starts) or plans_of(session, school, pupil.id):
        return
    for plan in pupil.plans:
        values = plan.model_dump(mode="json", include={"code", "days"})
        row = PlanRow(school_id=school, pupil=pupil.id, first=plan.first, review=plan.review, **values)
        row.confirmed_at = now
        session.add(row)
    if pupil.plans:
        return
    code = plan_of_start(next(iter(pupil.starts.values())), pupil.year).code.value
    days = {day: PlanDay(due_in=start).model_dump(mode="json") for day, start in pupil.starts.items()}
    row = PlanRow(school_id=school, pupil=pupil.id, code=code, days=days)
    session.add(row)
    session.flush()
    _open_item(session, school, PlanToConfirm(pupil=pupil.id, plan=row.id), now)


def note_heartbeat(session: Session, kiosk: KioskRow, *, now: datetime) -> None:
    """Ask the office, once, about each plan of the kiosk's school whose review day has passed."""
    zone = ZoneInfo(session.get_one(SchoolRow, kiosk.school_id).zone)
    today = now.astimezone(zone).date()
    on_roll = select(PupilRow.id).where(PupilRow.school_id == kiosk.school_id, PupilRow.left_on.is_(None))
    query = select(PlanRow).where(
        PlanRow.school_id == kiosk.school_id,
        PlanRow.pupil.in_(on_roll),
        PlanRow.review < today,
        PlanRow.ended_on.is_(None),
        PlanRow.review_asked_at.is_(None),
    )
    for row in session.scalars(query.with_for_update(skip_locked=True)):
        assert row.review is not None  # noqa: S101  the query compares it
        row.review_asked_at = now
        item = PlanPastReview(pupil=row.pupil, plan=row.id, review=row.review)
        _open_item(session, row.school_id, item, now)


def last_day(row: PlanRow) -> date | None:
    """The last day on which a plan applies: its review day, or the day before the office ended it."""
    if row.ended_on is None:
        return row.review
    ended = row.ended_on - timedelta(days=1)
    return ended if row.review is None else min(ended, row.review)


def as_sent(row: PlanRow) -> PupilPlan | None:
    """The plan for kiosks; `None` when it is not confirmed or has ended before it began."""
    last = last_day(row)
    if row.confirmed_at is None or row.first is None or last is None or last < row.first:
        return None
    return PupilPlan.model_validate({"code": row.code, "days": row.days, "first": row.first, "review": last})


def _open_item(session: Session, school: str, item: PlanToConfirm | PlanPastReview, now: datetime) -> None:
    kind, detail = item.kind.value, item.detail()
    session.add(WorkItemRow(school_id=school, kind=kind, detail=detail, opened_at=now))
