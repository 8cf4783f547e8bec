"""The Signed out figure on Today: how many pupils left on a day, and how many are back."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from sync.register.departures.whereabouts import Location, whereabouts


@dataclass(frozen=True, slots=True)
class SignedOut:
    """How many pupils were signed out, are back, due or overdue."""

    number: int
    back: int
    due: int
    """Still out, with a return time in the future."""
    first_due: str | None
    """Local time at the school: `11:30`."""
    overdue: int
    """Still out after their return time."""

    @property
    def details(self) -> list[str]:
        """The figure's details, in short phrases."""
        if not self.number:
            return ["none"]
        details = [f"{self.back} back"] if self.back else []
        if self.overdue:
            details.append(f"{self.overdue} not back in time")
        if self.due:
            details.append(f"{self.due} due {self.first_due}" if self.due == 1 else f"{self.due} due")
        return details or ["none due back"]


def signed_out(session: Session, school: str, *, now: datetime, zone: ZoneInfo) -> SignedOut:
    """The pupils signed out on the day of that instant, as of then.

    Args:
        session: a session that reads.
        school: the school's id.
        now: the instant.
        zone: the school's.
    """
    left = list(whereabouts(session, school, now=now, zone=zone, only_leavers=True).values())
    out = [each for each in left if each.location is not Location.IN]
    due = sorted(each.due for each in out if each.due is not None and each.overdue(now) is None)
    return SignedOut(
        number=len(left),
        back=len(left) - len(out),
        due=len(due),
        first_due=f"{due[0].astimezone(zone):%H:%M}" if due else None,
        overdue=sum(each.overdue(now) is not None for each in out),
    )
