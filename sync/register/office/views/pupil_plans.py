"""A pupil's plans (part-time timetables) on their page, as data."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from attendance.codes import code_and_name
from sync.register.office.views import wording
from sync.register.schools.plans import last_day, plans_of
from sync.register.storage.models import PlanRow, PupilRow
from sync.wire import WEEKDAYS, PlanDay

DAYS = dict(zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"), strict=True))


@dataclass(frozen=True, slots=True)
class PlanWeekday:
    """One weekday of a plan, as the form has it."""

    key: str
    name: str
    due_in: str
    due_out: str
    not_due: bool


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan on the pupil's page. Dates are as the form has them: `2026-11-24`, empty when unknown."""

    id: int
    code: str
    label: str
    """`C2 – …`: the code with its name."""
    week: list[PlanWeekday]
    text: str
    """`Monday 10:30 to 14:00, Friday not due`."""
    first: str
    review: str
    agreed_by: str
    agreed_on: str
    dates: str
    """`from 2 September 2026, review on 18 December 2026`; empty while not known."""
    agreed: str
    """By whom and when it was agreed and confirmed; empty while not known."""
    state: str
    """`to confirm`, `applies`, `to come`, `past its review day` or `ended`."""

    @property
    def open(self) -> bool:
        """Whether the office can still change it: it has not ended."""
        return self.state != "ended"


def pupil_plans(session: Session, pupil: PupilRow, today: date) -> list[PlanView]:
    """The pupil's plans, those that can be changed first."""
    views = [_view(row, today) for row in plans_of(session, pupil.school_id, pupil.id)]
    return sorted(views, key=lambda view: not view.open)


def empty_week() -> list[PlanWeekday]:
    """The weekdays of a plan that is to be added."""
    return _week({})


def _view(row: PlanRow, today: date) -> PlanView:
    days = {day: PlanDay.model_validate(its) for day, its in row.days.items()}
    week = _week(days)
    agreed = f"agreed by {row.agreed_by} on {_long(row.agreed_on)}" if row.agreed_by and row.agreed_on else ""
    confirmed = f"confirmed by {row.confirmed_by}" if row.confirmed_by else ""
    dates = f"from {_long(row.first)}, review on {_long(row.review)}" if row.first and row.review else ""
    return PlanView(
        id=row.id,
        code=row.code,
        label=code_and_name(row.code),
        week=week,
        text=", ".join(text for each in week if (text := _said(each))),
        first=row.first.isoformat() if row.first else "",
        review=row.review.isoformat() if row.review else "",
        agreed_by=row.agreed_by or "",
        agreed_on=row.agreed_on.isoformat() if row.agreed_on else "",
        dates=dates,
        agreed=", ".join(filter(None, (agreed, confirmed))),
        state=_state(row, today),
    )


def _state(row: PlanRow, today: date) -> str:
    last = last_day(row)
    if row.ended_on is not None:
        return "ended"
    if row.confirmed_at is None or row.first is None or last is None:
        return "to confirm"
    if last < today:
        return "past its review day"
    return "applies" if row.first <= today else "to come"


def _week(days: dict[str, PlanDay]) -> list[PlanWeekday]:
    return [_weekday(key, name, days.get(key)) for key, name in DAYS.items()]


def _weekday(key: str, name: str, its: PlanDay | None) -> PlanWeekday:
    if its is None:
        return PlanWeekday(key, name, "", "", not_due=False)
    due_in, due_out = (f"{at:%H:%M}" if at else "" for at in (its.due_in, its.due_out))
    return PlanWeekday(key, name, due_in, due_out, not_due=its.due_in is None)


def _said(day: PlanWeekday) -> str:
    if day.not_due:
        return f"{day.name} not due"
    if not day.due_in:
        return ""
    return f"{day.name} {day.due_in} to {day.due_out}" if day.due_out else f"{day.name} from {day.due_in}"


def _long(day: date | None) -> str:
    return f"{wording.long_date(day)} {day.year}" if day else ""
