"""The correction of a sign-in or sign-out that was made while the clock was not trusted."""

from datetime import datetime, time
from uuid import UUID

from attendance.calendar import wall_time
from hardware.clock.clock import Reading, true_instant
from kiosk.desk.arrivals import sign_in_of
from kiosk.desk.departures import decide_leaving
from kiosk.desk.visits import SignIn, SignOut
from kiosk.school.school import School


def corrected(visit: SignIn | SignOut, right: Reading, school: School, entry: UUID) -> SignIn | SignOut:
    """The same sign-in or sign-out at its true instant, with the rule's decision for that instant.

    Args:
        visit: the sign-in or sign-out with the untrusted time.
        right: a `synced` reading of the same boot.
        school: the pupil's school.
        entry: id of the correcting entry.
    """
    instant = true_instant(visit.reading.monotonic_ns, right)
    reading = right._replace(at=instant, monotonic_ns=visit.reading.monotonic_ns)
    at = wall_time(instant, school.zone)
    if isinstance(visit, SignIn):
        return sign_in_of(
            school,
            visit.pupil,
            reading,
            visit.reason,
            entry,
            returning=visit.returning,
            left=_corrected_left(visit, at),
            route=visit.route,
            brought_by=visit.brought_by,
        )
    released = instant if visit.detail.released_at is not None else None  # released as they left
    return SignOut(
        entry=entry,
        pupil=visit.pupil,
        at=at,
        decision=decide_leaving(school, visit.pupil, at, reading.trust, reason=visit.reason, back_at=None),
        reason=visit.reason,
        reading=reading,
        detail=visit.detail.model_copy(update={"released_at": released}),
    )


def _corrected_left(back: SignIn, at: datetime) -> time | None:
    """Wall time of the sign-out before a return at `at`, shifted by the same error as the return."""
    if back.left is None:
        return None
    left = datetime.combine(back.at, back.left) + (at - back.at)
    return left.time().replace(second=0, microsecond=0)
