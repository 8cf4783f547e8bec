"""How current a list is: each kiosk's last contact, and its unsent entries."""

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
    """How current one kiosk's data is."""

    name: str
    said: str
    fresh: bool
    """Nothing is missing, as far as the register knows."""
    grave: bool
    """No contact since the register opened today: nothing from that kiosk is known."""


def ages(session: Session, school: SchoolRow, *, now: datetime) -> list[KioskAge]:
    """How current each kiosk's data is, by name. A removed kiosk is listed only for entries left on it."""
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
    """When the register opened today, UTC; `None` when the school's policy cannot be read."""
    try:
        opens = Policy.model_validate(school.policy).am.opens
    except ValidationError:
        return None  # the policy page reports it; an evacuation list must still be made
    return datetime.combine(now.astimezone(zone).date(), opens, zone).astimezone(UTC)
