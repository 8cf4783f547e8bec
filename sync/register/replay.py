"""An old entry decided again: by the policy of its own version, from what the kiosk knew then.

The answer is the same today as on the day, whatever the policy, the roster and the calendar have become
since. That is what a decision is shown by in a dispute.
"""

from datetime import time
from zoneinfo import ZoneInfo

from kiosk.attendance.calendar import wall_time
from kiosk.attendance.decide import Agreed, Arrival, Decision, UnknownYearError, decide
from kiosk.attendance.policy import Policy
from kiosk.attendance.reasons import AppointmentKind, Reason
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
    )
    try:
        decision = decide(policy, arrival, school_day=basis.school_day)
    except UnknownYearError as error:
        raise NotReproducibleError(f"entry {entry.id}: {error}") from error
    return decision.doubted() if entry.clock.trust is Trust.UNKNOWN else decision


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
