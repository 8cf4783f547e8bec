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
    description: str
    fresh: bool
    """Whether nothing is missing, as far as the register knows."""
    grave: bool
    """Whether the kiosk has not been in contact since the register opened today."""


def ages(session: Session, school: SchoolRow, *, now: datetime) -> list[KioskAge]:
    """How current each kiosk's data is, by name. A removed kiosk is listed only for entries left on it."""
    zone = ZoneInfo(school.zone)
    opening = _register_opening(school, now, zone)
    views = kiosks(session, school.id, now=now, zone=zone)
    return [_age(view, opening, now, zone) for view in views if view.listed]


def _age(view: KioskView, opening: datetime | None, now: datetime, zone: ZoneInfo) -> KioskAge:
    grave = opening is not None and opening <= now and view.seen < opening
    description = f"last heard at {view.last_contact}"
    if view.revoked:
        description += ", since removed from the register"
    elif view.live:
        description += f", {wording.ago(now - view.seen)} ago"
    else:
        description += "; anyone who signed in or out there since is not on this list"
    if grave and opening is not None:
        description += f". Not heard since the register opened at {opening.astimezone(zone):%H:%M}"
    if view.has_waiting:
        wait = wording.count(view.waiting, "entry is waiting", "entries are waiting")
        description += f". {wait} there unsent"
    if view.refused:
        were = wording.count(view.refused, "entry was refused and is", "entries were refused and are")
        description += f". {were} not on this list: check its queue"
    fresh = view.live and not view.has_waiting and not view.refused
    return KioskAge(view.name, description, fresh=fresh, grave=grave)


def _register_opening(school: SchoolRow, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the register opened today, UTC; `None` when the school's policy cannot be read."""
    try:
        opens = Policy.model_validate(school.policy).am.opens
    except ValidationError:
        return None  # the policy page reports this; the evacuation list must still be made
    return datetime.combine(now.astimezone(zone).date(), opens, zone).astimezone(UTC)
