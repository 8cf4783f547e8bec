"""The kiosk that sends: known by its token, and named in every change that its entries make."""

import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.actor import Actor, kiosk_actor
from sync.register.storage.models import KioskRow, SchoolRow


@dataclass(frozen=True, slots=True)
class Sender:
    """The kiosk that sends, as its token says."""

    kiosk: uuid.UUID
    name: str
    school: str
    zone: ZoneInfo

    @property
    def actor(self) -> Actor:
        """This kiosk, as the one who did it."""
        return kiosk_actor(self.school, self.name)


def sender_of(session: Session, kiosk: uuid.UUID) -> Sender:
    """The sender for an enrolled kiosk's id."""
    query = select(KioskRow.name, SchoolRow.id, SchoolRow.zone).join(SchoolRow).where(KioskRow.id == kiosk)
    name, school, zone = session.execute(query).one()
    return Sender(kiosk, name, school, ZoneInfo(zone))
