"""Taking back what was entered by mistake: another entry that names the first; both are kept."""

from uuid import UUID

from attendance.calendar import wall_time
from hardware.clock.clock import Reading
from kiosk.desk.visits import SignIn, SignOut, clock_of
from kiosk.school.school import School
from sync.wire import Entry, EntryDecision, Kind


def void_of(
    visit: SignIn | SignOut, by: str, *, seq: int, entry: UUID, reading: Reading, school: School
) -> Entry:
    """The entry that takes another back.

    Args:
        visit: what is taken back.
        by: name and position of who does so.
        seq: the void's number.
        entry: the void's id.
        reading: the clock now.
        school: where.
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
