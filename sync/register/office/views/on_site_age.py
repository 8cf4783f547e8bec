"""How old a list is: the last word of each kiosk, and what waits there unsent."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy.orm import Session

from attendance.policy.model import Policy
from sync.register.office.views import wording
from sync.register.office.views.kiosks import KioskView, kiosks
from sync.register.storage.models import SchoolRow


@dataclass(frozen=True, slots=True)
class KioskAge:
    """What a list does not know of one kiosk."""

    name: str
    said: str
    fresh: bool
    """Nothing is missing, as far as the register can know."""
    grave: bool
    """It has not been heard since the register opened today: whatever happened there is not known at all."""


def ages(session: Session, school: SchoolRow, *, now: datetime) -> list[KioskAge]:
    """The age of what each kiosk of the school has told, by name. One that was taken out tells nothing more,
    and is here only for what is left on it."""
    zone = ZoneInfo(school.zone)
    opened = _opened(school, now, zone)
    views = kiosks(session, school.id, now=now, zone=zone)
    return [_age(view, opened, now, zone) for view in views if view.counts]


def _age(view: KioskView, opened: datetime | None, now: datetime, zone: ZoneInfo) -> KioskAge:
    grave = opened is not None and opened <= now and view.seen < opened
    said = f"last heard at {view.last_contact}"
    if view.revoked:
        said += ", since removed from the register"
    elif view.live:
        said += f", {wording.ago(now - view.seen)} ago"
    else:
        said += "; anyone who signed in or out there since is not on this list"
    if grave and opened is not None:
        said += f". Not heard since the register opened at {opened.astimezone(zone):%H:%M}"
    if view.awaited:
        wait = wording.count(view.waiting, "entry is waiting", "entries are waiting")
        said += f". {wait} there unsent"
    if view.refused:
        were = wording.count(view.refused, "entry was refused and is", "entries were refused and are")
        said += f". {were} not on this list: check its queue"
    fresh = view.live and not view.awaited and not view.refused
    return KioskAge(view.name, said, fresh=fresh, grave=grave)


def _opened(school: SchoolRow, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the register opened today, UTC; None where the school's policy cannot be read."""
    try:
        opens = Policy.model_validate(school.policy).am.opens
    except ValidationError:
        return None  # the policy's own page tells of it; a list for an evacuation is made all the same
    return datetime.combine(now.astimezone(zone).date(), opens, zone).astimezone(UTC)
