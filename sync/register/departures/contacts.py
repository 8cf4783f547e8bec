"""What families have said of who may collect, and what of it the office has decided upon already."""

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.departures.collectors import Known
from sync.register.storage.models import ContactRow, DepartureRow
from sync.wire import DepartureRequest, DepartureState

Released = tuple[str, str, str | None, str | None]
"""A pupil, who takes them, and who released them as what: what a kiosk repeats of an office's answer."""


def contacts_of(session: Session, school: str, pupils: Collection[str]) -> dict[str, list[Known]]:
    """The contacts of these pupils, those who may not collect too."""
    query = select(ContactRow).where(ContactRow.school_id == school, ContactRow.pupil.in_(pupils))
    known: dict[str, list[Known]] = {}
    for row in session.scalars(query.order_by(ContactRow.id)):
        contact = Known(row.id, row.name, row.relationship, row.may_collect)
        known.setdefault(row.pupil, []).append(contact)
    return known


def released_by_office(
    session: Session, school: str, kiosk: uuid.UUID, pupils: Collection[str]
) -> set[Released]:
    """What the office has released to that kiosk of these pupils, with the family's word before it.

    A sign-out names no request. It is known for the office's by the releaser's position, which a kiosk has
    from the office's answer alone: of one who released with a PIN it stands in the name.
    """
    query = select(DepartureRow).where(
        DepartureRow.school_id == school,
        DepartureRow.kiosk_id == kiosk,
        DepartureRow.state == DepartureState.RELEASED,
        DepartureRow.pupil.in_(pupils),
    )
    return {
        (row.pupil, asked.collector, row.answered_by or "", row.answered_position)
        for row in session.scalars(query)
        for asked in [DepartureRequest.model_validate(row.content)]
    }
