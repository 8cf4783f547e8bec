"""An old entry decided again: by the policy of its own version, from what the kiosk knew then.

The answer is the same today as on the day, whatever the policy, the roster and the calendar have become
since. That is what a decision is shown by in a dispute.
"""

from dataclasses import dataclass
from datetime import time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from kiosk.attendance.calendar import wall_time
from kiosk.attendance.decide import Agreed, Arrival, Decision, UnknownYearError, decide
from kiosk.attendance.explain import for_office
from kiosk.attendance.policy import Policy
from kiosk.attendance.reasons import AppointmentKind, Reason
from sync.register.policies import body_of
from sync.register.storage.models import EntryRow, SchoolRow
from sync.wire import Entry, Kind, Trust


class NotReproducibleError(ValueError):
    """The entry cannot be decided again; the text says why."""


def decide_again(entry: Entry, policy: Policy, zone: ZoneInfo) -> Decision:
    """The decision that the rule makes of an arrival or a return today.

    Args:
        entry: as it was sent.
        policy: the policy of the version that the entry names.
        zone: the school's.

    Raises:
        NotReproducibleError: the entry does not say what it was decided from, or is of another kind.
    """
    basis = entry.decision.basis
    if basis is None or entry.kind not in (Kind.ARRIVAL, Kind.RETURN):
        raise NotReproducibleError(f"entry {entry.id} does not say what it was decided from")
    if policy.version != entry.decision.policy_version:
        raise NotReproducibleError(
            f"entry {entry.id} was decided by version {entry.decision.policy_version}, not {policy.version}"
        )
    agreed = Agreed(kind=AppointmentKind(basis.agreed), until=basis.agreed_until) if basis.agreed else None
    arrival = Arrival(
        at=wall_time(entry.at, zone),
        year=basis.year,
        reason=Reason(entry.reason) if entry.reason else None,
        agreed=agreed,
        starts=_plain(basis.starts),
        returning=basis.returning,
        left=_plain(basis.left),
    )
    try:
        decision = decide(policy, arrival, school_day=basis.school_day)
    except UnknownYearError as error:
        raise NotReproducibleError(f"entry {entry.id}: {error}") from error
    return decision.doubted() if entry.clock.trust is Trust.UNKNOWN else decision


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
    """Whether the entry said what the rule says again."""
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
