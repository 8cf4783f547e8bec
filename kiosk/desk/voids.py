"""Voids: an entry that undoes an earlier entry made by mistake. Both are kept."""

from uuid import UUID

from attendance.calendar import wall_time
from hardware.clock.clock import Reading
from kiosk.desk.visits import SignIn, SignOut, clock_of
from kiosk.school.school import School
from sync.wire import Entry, EntryDecision, Kind


def void_of(
    visit: SignIn | SignOut, by: str, *, seq: int, entry: UUID, reading: Reading, school: School
) -> Entry:
    """The void of an entry.

    Args:
        visit: the sign-in or sign-out to undo.
        by: name and position of the member of staff.
        seq: the void's number at this kiosk.
        entry: the void's id.
        reading: the current reading of the clock.
        school: the pupil's school.
    """
    return Entry(
        id=entry,
        seq=seq,
        kind=Kind.VOID,
        pupil=visit.pupil.id,
        at=reading.at,
        date=wall_time(reading.at, school.zone).date(),
        session=visit.decision.session,
        decision=EntryDecision(
            outcome="void", policy=school.policy.name, policy_version=school.policy.version
        ),
        note=f"Taken back at the kiosk by {by}"[:500],
        voids=visit.entry,
        clock=clock_of(reading),
    )
