"""Pupils whom their plan did not have due in a session, and who did not come: the office is offered the mark.

The register does not know the teacher's marks, so nothing is marked by itself: a person decides.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance.calendar import Calendar, merge
from attendance.codes import NOT_YET_EXPLAINED
from attendance.plans import NEVER
from attendance.policy.model import Policy
from attendance.sessions import SessionName
from sync.register.marks.amend import Amendment, amend, revision
from sync.register.marks.marks import Mark, Place, current_mark
from sync.register.schools.plans import as_sent, plans_of, with_plans
from sync.register.storage.models import EntryRow, PlanRow, PupilRow, SchoolRow
from sync.wire import Kind, Pupil

DAYS_BACK = 7
"""Sessions of the last week are offered: five school days, as long as an N may stay (reg. 10)."""


@dataclass(frozen=True, slots=True)
class NotDue:
    """A session in which the pupil was not due, and has no mark or N."""

    place: Place
    pupil: PupilRow
    code: str
    """The plan's code, `C2` or `X`."""
    agreed: str
    """Who agreed the plan and when, for the reason of the change."""

    @property
    def key(self) -> str:
        """What a form sends for it."""
        return f"{self.place.date.isoformat()} {self.place.session} {self.pupil.id}"


def not_due(session: Session, school: str, *, now: dt.datetime) -> list[NotDue]:
    """The sessions to offer, the oldest first; none while the school's policy cannot be read.

    Args:
        session: a session that reads.
        school: the school's id.
        now: the instant, UTC. A session is offered once its register no longer gives L.
    """
    row = session.get_one(SchoolRow, school)
    try:
        policy = Policy.model_validate(row.policy)
        calendar = merge(policy.calendar, Calendar.model_validate(row.calendar))
    except ValidationError:
        return []
    local = now.astimezone(ZoneInfo(row.zone))
    days = [local.date() - dt.timedelta(days=back) for back in range(DAYS_BACK, -1, -1)]
    plans: dict[str, list[PlanRow]] = {}
    for plan in plans_of(session, school):
        plans.setdefault(plan.pupil, []).append(plan)
    on_roll = (PupilRow.school_id == school, PupilRow.left_on.is_(None), PupilRow.id.in_(plans))
    pupils = session.scalars(select(PupilRow).where(*on_roll).order_by(PupilRow.last, PupilRow.first)).all()
    return [
        offer
        for day in days
        for half in SessionName
        if day < local.date() or local.time() >= policy.session(half).unauthorised_after
        for pupil in pupils
        if pupil.year in policy.years and calendar.closed_because(day, pupil.year) is None
        for offer in _offered(session, policy, plans[pupil.id], pupil, _Half(day, half))
    ]


@dataclass(frozen=True, slots=True)
class _Half:
    """One session of one day."""

    day: dt.date
    session: SessionName


def _offered(
    session: Session, policy: Policy, rows: list[PlanRow], pupil: PupilRow, half: _Half
) -> Iterator[NotDue]:
    plan = with_plans(Pupil.model_validate(pupil, from_attributes=True), rows).plan_on(half.day)
    if plan is None or not plan.confirmed:
        return
    if plan.due(half.session, policy.session(half.session), policy.am.end_for(pupil.year)) != NEVER:
        return
    place = Place(pupil.school_id, pupil.id, half.day, half.session.value)
    mark = current_mark(session, place)
    if (mark is not None and mark.code != NOT_YET_EXPLAINED) or _came(session, place):
        return
    its = next(row for row in rows if (sent := as_sent(row)) is not None and sent.applies(half.day))
    agreed = f"agreed by {its.agreed_by} on {its.agreed_on:%-d %B %Y}" if its.agreed_on else "agreed before"
    yield NotDue(place, pupil, plan.code.value, agreed)


def _came(session: Session, place: Place) -> bool:
    """Whether the pupil signed in for the session, or at a time that is not certain."""
    query = select(EntryRow.id).where(
        EntryRow.school_id == place.school,
        EntryRow.pupil == place.pupil,
        EntryRow.date == place.date,
        EntryRow.kind.in_((Kind.ARRIVAL.value, Kind.RETURN.value)),
        EntryRow.taken_back.is_(False),
        EntryRow.session.is_(None) | (EntryRow.session == place.session),
    )
    return session.scalars(query.limit(1)).first() is not None


def mark_not_due(session: Session, chosen: Iterable[str], amendment: Amendment) -> int:
    """Mark the chosen sessions that are still to be offered, each with its plan's code.

    Args:
        session: a session that writes.
        chosen: the keys of the sessions, as the user was shown them.
        amendment: who decides and when; the reason names the plan.

    Returns:
        How many were marked. One that has got a mark or a visit since then is left as it is.

    Raises:
        NotAllowedError: the user may not amend marks.
    """
    keys = set(chosen)
    offers = [
        each for each in not_due(session, amendment.actor.school or "", now=amendment.at) if each.key in keys
    ]
    for offer in offers:
        reason = f"not due by the part-time timetable, {offer.agreed}"
        why = Amendment(amendment.actor, reason, amendment.at)
        amend(session, offer.place, Mark(offer.code), why, seen=revision(session, offer.place))
    return len(offers)
