"""An old entry decided again: by the policy of its own version, from what the kiosk knew then.

The answer is the same today as on the day, whatever the policy, the roster and the calendar have become
since. That is what a decision is shown by in a dispute.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from attendance.calendar import wall_time
from attendance.errors import UnknownYearError
from attendance.explain import for_office
from attendance.policy.model import Policy
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import AgreedAppointment, Arrival, Decision, Departure, decide, leave
from sync.register.errors import NotReproducibleError
from sync.register.schools.policies import body_of
from sync.register.storage.models import EntryRow, SchoolRow
from sync.wire import Basis, Entry, Kind, Trust

WordT = TypeVar("WordT", bound=StrEnum)


def decide_again(entry: Entry, policy: Policy, zone: ZoneInfo) -> Decision:
    """The decision that the rule makes today of an arrival, a return or a departure.

    Args:
        entry: as it was sent.
        policy: the policy of the version that the entry names.
        zone: the school's.

    Raises:
        NotReproducibleError: the entry does not say all that it was decided from, or nothing was decided.
    """
    if entry.kind is Kind.VOID:
        raise NotReproducibleError(f"entry {entry.id} takes another back: the rule decided nothing by it")
    basis = entry.decision.basis
    if basis is None:
        raise NotReproducibleError(f"entry {entry.id} does not say what it was decided from")
    if policy.version != entry.decision.policy_version:
        raise NotReproducibleError(
            f"entry {entry.id} was decided by version {entry.decision.policy_version}, not {policy.version}"
        )
    try:
        if entry.kind is Kind.DEPARTURE:
            decision = leave(policy, _departure(entry, basis, zone), school_day=basis.school_day)
        else:
            decision = decide(policy, _arrival(entry, basis, zone), school_day=basis.school_day)
    except UnknownYearError as error:
        raise NotReproducibleError(f"entry {entry.id}: {error}") from error
    return decision.doubted() if entry.clock.trust is Trust.UNKNOWN else decision


def _arrival(entry: Entry, basis: Basis, zone: ZoneInfo) -> Arrival:
    kind = _known(entry, AppointmentKind, basis.agreed)
    return Arrival(
        at=wall_time(entry.at, zone),
        year=basis.year,
        reason=_known(entry, Reason, entry.reason),
        agreed=AgreedAppointment(kind=kind, until=basis.agreed_until) if kind else None,
        starts=_plain(basis.starts),
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
    )


def _known(entry: Entry, words: type[WordT], said: str | None) -> WordT | None:
    try:
        return words(said) if said else None
    except ValueError as error:  # a later version of the kiosk made it
        raise NotReproducibleError(
            f"entry {entry.id} was decided from {said!r}, which this version of Latebook does not know"
        ) from error


@dataclass(frozen=True, slots=True)
class Told:
    """An old entry, told in words."""

    sentence: str
    """For the office: the instant, the register's times, the paragraph."""
    policy: str
    """Its name and version."""
    same: bool
    """Whether the entry said what the rule says again today."""


def tell(session: Session, entry_id: UUID) -> Told:
    """How an entry in the register was decided, by the policy that the school had then.

    Raises:
        NotReproducibleError: there is no such entry or no such version, or it cannot be decided again.
    """
    row = session.get(EntryRow, entry_id)
    school = session.get(SchoolRow, row.school_id) if row else None
    if row is None or school is None:
        raise NotReproducibleError(f"there is no entry {entry_id} in this register")
    entry = Entry.model_validate_json(row.raw)
    version = entry.decision.policy_version
    body = body_of(session, row.school_id, version)
    if body is None:
        raise NotReproducibleError(f"version {version} of the policy was never given out by this register")
    again = decide_again(entry, Policy.model_validate(body), ZoneInfo(school.zone))
    return Told(for_office(again), f"{entry.decision.policy}, version {version}", same_answer(entry, again))


def same_answer(entry: Entry, again: Decision) -> bool:
    """Whether the entry said what the rule says again.

    A second arrival of one session, whose instant was worked out when the kiosk's clock had been set, only
    suggests its code (see `Decision.only_noted`). Whether there was a first one the entry does not say.
    """
    if _says(entry, again):
        return True
    return entry.kind is Kind.ARRIVAL and entry.corrects is not None and _says(entry, again.only_noted())


def _says(entry: Entry, again: Decision) -> bool:
    said = entry.decision
    return (said.outcome, said.code, said.suggested, said.minutes_late, said.needs_office, entry.session) == (
        again.outcome,
        again.code,
        again.suggested,
        again.minutes_late,
        again.needs_office,
        again.session,
    )


def _plain(at: time | None) -> time | None:
    return at.replace(tzinfo=None) if at else None
