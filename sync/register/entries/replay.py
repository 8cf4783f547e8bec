"""Decide an old entry again, with its own versions of rule and policy and the facts that the kiosk knew then.

The result does not depend on later changes of the rule, the policy, the roster or the calendar, so it can
justify a decision in a dispute.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy.orm import Session

from attendance.calendar import wall_time
from attendance.errors import UnknownYearError
from attendance.explain import for_office
from attendance.first_rule import decide_by_first_rule, leave_by_first_rule
from attendance.plans import DayPlan, PlanCode
from attendance.policy.model import Policy
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import RULE, AgreedAppointment, Arrival, Decision, Departure, decide, leave
from attendance.visits import FIRST_RULE
from sync.register.errors import NotReproducibleError
from sync.register.schools.policies import body_of
from sync.register.storage.models import EntryRow, SchoolRow
from sync.wire import Basis, Entry, Kind, Trust

WordT = TypeVar("WordT", bound=StrEnum)


def decide_again(entry: Entry, policy: Policy, zone: ZoneInfo) -> Decision:
    """Apply the entry's own version of the rule to an arrival, a return or a departure again.

    Args:
        entry: as it was sent.
        policy: the version of the policy that the entry names.
        zone: the school's time zone.

    Raises:
        NotReproducibleError: the entry lacks facts that its decision was based on, or it has no decision.
    """
    if entry.kind is Kind.VOID:
        raise NotReproducibleError(f"entry {entry.id} is a void: the rule made no decision about it")
    basis = entry.decision.basis
    if basis is None:
        raise NotReproducibleError(f"entry {entry.id} does not contain the facts it was decided from")
    if policy.version != entry.decision.policy_version:
        raise NotReproducibleError(
            f"entry {entry.id} was decided by version {entry.decision.policy_version}, not {policy.version}"
        )
    if entry.decision.rule not in (FIRST_RULE, RULE):
        raise NotReproducibleError(
            f"entry {entry.id} was decided by version {entry.decision.rule} of the rule, which this version"
            " of Latebook does not know"
        )
    try:
        decision = _by_its_rule(entry, basis, policy, zone)
    except UnknownYearError as error:
        raise NotReproducibleError(f"entry {entry.id}: {error}") from error
    return decision.with_untrusted_clock() if entry.clock.trust is Trust.UNKNOWN else decision


def _by_its_rule(entry: Entry, basis: Basis, policy: Policy, zone: ZoneInfo) -> Decision:
    first, school_day = entry.decision.rule == FIRST_RULE, basis.school_day
    if entry.kind is Kind.DEPARTURE:
        departure = _departure(entry, basis, zone)
        by_rule = leave_by_first_rule if first else leave
        return by_rule(policy, departure, school_day=school_day)
    arrival = _arrival(entry, basis, zone)
    if first:
        return decide_by_first_rule(policy, arrival, starts=_plain(basis.starts), school_day=school_day)
    return decide(policy, arrival, school_day=school_day)


def _arrival(entry: Entry, basis: Basis, zone: ZoneInfo) -> Arrival:
    kind = _known(entry, AppointmentKind, basis.agreed)
    return Arrival(
        at=wall_time(entry.at, zone),
        year=basis.year,
        reason=_known(entry, Reason, entry.reason),
        agreed=AgreedAppointment(kind=kind, until=basis.agreed_until) if kind else None,
        plan=_plan(entry),
        returning=basis.returning,
        left=_plain(basis.left),
    )


def _departure(entry: Entry, basis: Basis, zone: ZoneInfo) -> Departure:
    if entry.departure is None:
        raise NotReproducibleError(
            f"entry {entry.id} is a departure that does not say whether the pupil was expected back"
        )
    back = entry.departure.expected_back
    return Departure(
        at=wall_time(entry.at, zone),
        year=basis.year,
        back=wall_time(back, zone).time() if back else None,
        reason=_known(entry, Reason, entry.reason),
        agreed=_known(entry, AppointmentKind, basis.agreed),
        plan=_plan(entry),
    )


def _plan(entry: Entry) -> DayPlan | None:
    sent = entry.decision.plan
    if sent is None or (code := _known(entry, PlanCode, sent.code)) is None:
        return None
    try:
        return DayPlan(
            code=code,
            due_in=_plain(sent.due_in),
            due_out=_plain(sent.due_out),
            confirmed=sent.confirmed,
        )
    except ValidationError as error:
        raise NotReproducibleError(f"entry {entry.id} has a plan whose times are not in order") from error


def _known(entry: Entry, words: type[WordT], value: str | None) -> WordT | None:
    try:
        return words(value) if value else None
    except ValueError as error:  # a newer kiosk made the entry
        raise NotReproducibleError(
            f"entry {entry.id} was decided from {value!r}, which this version of Latebook does not know"
        ) from error


@dataclass(frozen=True, slots=True)
class Replay:
    """The explanation of an old decision."""

    sentence: str
    """For the office: the instant, the register's times and the paragraph of the policy."""
    policy: str
    """The policy's name and version."""
    same: bool
    """Whether the rule gives the entry's decision again today."""


def replay(session: Session, entry_id: UUID) -> Replay:
    """Decide a stored entry again with the policy that the school had then, and explain the decision.

    Raises:
        NotReproducibleError: the entry or its version of the policy does not exist, or the entry cannot be
            decided again.
    """
    row = session.get(EntryRow, entry_id)
    school = session.get(SchoolRow, row.school_id) if row else None
    if row is None or school is None:
        raise NotReproducibleError(f"there is no entry {entry_id} in this register")
    entry = Entry.model_validate_json(row.raw)
    version = entry.decision.policy_version
    body = body_of(session, row.school_id, version)
    if body is None:
        raise NotReproducibleError(f"version {version} of the policy was never sent out by this register")
    again = decide_again(entry, Policy.model_validate(body), ZoneInfo(school.zone))
    return Replay(for_office(again), f"{entry.decision.policy}, version {version}", same_answer(entry, again))


def same_answer(entry: Entry, again: Decision) -> bool:
    """Whether the entry has the decision that the rule gives again.

    A second arrival in a session, whose instant was corrected after the kiosk's clock was set, only suggests
    its code (see `Decision.as_suggestion`). The entry does not contain whether there was a first one, so a
    correction may have either decision.
    """
    if _equal(entry, again):
        return True
    return entry.kind is Kind.ARRIVAL and entry.corrects is not None and _equal(entry, again.as_suggestion())


def _equal(entry: Entry, again: Decision) -> bool:
    sent = entry.decision
    return (sent.outcome, sent.code, sent.suggested, sent.minutes_late, sent.needs_office, entry.session) == (
        again.outcome,
        again.code,
        again.suggested,
        again.minutes_late,
        again.needs_office,
        again.session,
    )


def _plain(at: time | None) -> time | None:
    return at.replace(tzinfo=None) if at else None
