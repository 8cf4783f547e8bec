"""Who was signed out on a day and who of them is back: the number on the Today page."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from sync.register.departures.whereabouts import Where, whereabouts


@dataclass(frozen=True, slots=True)
class SignedOut:
    """How many pupils were signed out, and what is known of their coming back."""

    number: int
    back: int
    due: int
    """Still out, and the time that was given is to come."""
    first_due: str | None
    """At the school."""
    overdue: int
    """Still out, though they were to be back by now."""

    @property
    def said(self) -> list[str]:
        """It in words, a few at a time."""
        if not self.number:
            return ["none"]
        said = [f"{self.back} back"] if self.back else []
        if self.overdue:
            said.append(f"{self.overdue} not back in time")
        if self.due:
            said.append(f"{self.due} due {self.first_due}" if self.due == 1 else f"{self.due} due")
        return said or ["none due back"]


def signed_out(session: Session, school: str, *, now: datetime, zone: ZoneInfo) -> SignedOut:
    """Who was signed out on the day of that instant, as it was then.

    Args:
        session: a session that reads.
        school: the school's id.
        now: the instant.
        zone: the school's.
    """
    left = list(whereabouts(session, school, now=now, zone=zone, only_leavers=True).values())
    out = [each for each in left if each.where is not Where.IN]
    due = sorted(each.due for each in out if each.due is not None and each.overdue(now) is None)
    return SignedOut(
        number=len(left),
        back=len(left) - len(out),
        due=len(due),
        first_due=f"{due[0].astimezone(zone):%H:%M}" if due else None,
        overdue=sum(each.overdue(now) is not None for each in out),
    )
