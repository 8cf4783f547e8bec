"""The kiosk behind a request: identified by its token, and recorded with every change by its entries."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.actor import Actor, kiosk_actor
from sync.register.storage.models import KioskRow, SchoolRow


@dataclass(frozen=True, slots=True)
class Sender:
    """The kiosk behind a request."""

    kiosk: uuid.UUID
    name: str
    school: str
    zone: ZoneInfo
    enrolled_at: datetime
    """UTC."""

    @property
    def actor(self) -> Actor:
        """The kiosk as an actor."""
        return kiosk_actor(self.school, self.name)


def sender_of(session: Session, kiosk: uuid.UUID) -> Sender:
    """The sender for the id of an enrolled kiosk."""
    columns = (KioskRow.name, SchoolRow.id, SchoolRow.zone, KioskRow.enrolled_at)
    query = select(*columns).join(SchoolRow).where(KioskRow.id == kiosk)
    name, school, zone, enrolled_at = session.execute(query).one()
    return Sender(kiosk, name, school, ZoneInfo(zone), enrolled_at)
