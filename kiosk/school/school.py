"""The kiosk's school: its bundle in the types of the rule."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attendance.calendar import Calendar, merge
from attendance.policy.model import Policy
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import AgreedAppointment, Arrival
from kiosk.school.roster import Roster, SearchResult
from sync.wire import Appointment, Bundle, Pupil, StaffMember

__all__ = ["Roster", "School", "SearchResult"]


@dataclass(frozen=True, slots=True)
class School:
    """The school as the last bundle describes it. Immutable; the next bundle replaces it."""

    name: str
    zone: ZoneInfo
    policy: Policy
    calendar: Calendar
    roster: Roster
    appointments: tuple[Appointment, ...]
    language: str = "en"
    """The kiosk's language until a user chooses another: a BCP 47 tag."""
    staff: tuple[StaffMember, ...] = ()
    """The staff whose PIN opens the staff screen and releases a pupil."""
    some_leave_alone: bool = False
    """Whether any pupil may leave alone."""
    card_key: str = ""
    """The school's key for `card_hash`."""

    @classmethod
    def of(cls, bundle: Bundle) -> "School":
        """The school that a bundle describes.

        Raises:
            ValueError: the bundle's policy, calendar or time zone is not valid.
        """
        try:
            zone = ZoneInfo(bundle.school.zone)
        except ZoneInfoNotFoundError as error:
            raise ValueError(f"{bundle.school.zone!r} is not a time zone") from error
        policy = Policy.model_validate(bundle.policy)  # raises when the bundle was not validated
        return cls(
            name=bundle.school.name,
            zone=zone,
            policy=policy,
            calendar=merge(policy.calendar, Calendar.model_validate(bundle.calendar.model_dump())),
            roster=Roster(bundle.pupils, bundle.cards),
            appointments=tuple(bundle.appointments),
            language=bundle.school.language,
            staff=tuple(bundle.staff),
            some_leave_alone=any(
                pupil.leaves_alone or pupil.year in policy.leaves_alone for pupil in bundle.pupils
            ),
            card_key=bundle.cards.key,
        )

    def closed_because(self, day: date, year: str | None = None) -> str | None:
        """Why the school is closed on that day for a year group (`None`: for all); `None` when it is open."""
        return self.calendar.closed_because(day, year)

    def agreed(self, pupil: Pupil, day: date) -> AgreedAppointment | None:
        """The appointment agreed for the pupil on that day; with several, the one that ends last."""
        that_day = [a for a in self.appointments if a.pupil == pupil.id and a.date == day]
        if not that_day:
            return None
        longest = max(that_day, key=lambda appointment: appointment.until or time.min)
        return AgreedAppointment(kind=AppointmentKind(longest.kind), until=longest.until)

    def arrival(
        self,
        pupil: Pupil,
        at: datetime,
        reason: Reason | None,
        *,
        returning: bool = False,
        left: time | None = None,
    ) -> tuple[Arrival, bool]:
        """The rule's input for a pupil arriving at a wall time, and whether it is a school day for the
        pupil."""
        day = at.date()
        arrival = Arrival(
            at=at,
            year=pupil.year,
            reason=reason,
            agreed=self.agreed(pupil, day),
            plan=pupil.plan_on(day),
            returning=returning,
            left=left,
        )
        return arrival, self.closed_because(day, pupil.year) is None
