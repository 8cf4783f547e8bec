"""Pupils' contacts, and what the register has already compared with them: releases and PIN questions."""

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.departures.collectors import PupilContact
from sync.register.storage.models import ContactRow, DepartureRow
from sync.wire import DepartureRequest, DepartureState

ReleaseKey = tuple[str, str, str | None, str | None]
"""Pupil, collector, and the releaser's name and position: the parts of a release that a kiosk repeats in the
sign-out."""


def contacts_of(session: Session, school: str, pupils: Collection[str]) -> dict[str, list[PupilContact]]:
    """The contacts of these pupils by pupil id, including those who may not collect."""
    query = select(ContactRow).where(ContactRow.school_id == school, ContactRow.pupil.in_(pupils))
    contacts: dict[str, list[PupilContact]] = {}
    for row in session.scalars(query.order_by(ContactRow.id)):
        contact = PupilContact(row.id, row.name, row.relationship, row.may_collect)
        contacts.setdefault(row.pupil, []).append(contact)
    return contacts


def released_by_office(
    session: Session, school: str, kiosk: uuid.UUID, pupils: Collection[str]
) -> set[ReleaseKey]:
    """The office's releases of these pupils to that kiosk.

    A sign-out does not name its request. It is recognised by the releaser's position, which a kiosk knows
    only from the office's answer: for a release with a PIN, the position is part of the name.
    """
    query = select(DepartureRow).where(
        DepartureRow.school_id == school,
        DepartureRow.kiosk_id == kiosk,
        DepartureRow.state == DepartureState.RELEASED,
        DepartureRow.pupil.in_(pupils),
    )
    return {
        (row.pupil, request.collector, row.answered_by or "", row.answered_position)
        for row in session.scalars(query)
        for request in [DepartureRequest.model_validate(row.content)]
    }


PinCheck = tuple[str, str, uuid.UUID]
"""Pupil, collector and the request's id: the parts of a checked PIN release that the sign-out repeats."""


def pin_checks(
    session: Session, school: str, kiosk: uuid.UUID, requests: Collection[uuid.UUID]
) -> dict[PinCheck, bool]:
    """The answers to that kiosk's questions whether a PIN may release, for those of these requests that it
    has asked about."""
    query = select(DepartureRow).where(
        DepartureRow.school_id == school,
        DepartureRow.kiosk_id == kiosk,
        DepartureRow.id.in_(requests),
        DepartureRow.pin_may.is_not(None),
    )
    return {
        (row.pupil, DepartureRequest.model_validate(row.content).collector, row.id): bool(row.pin_may)
        for row in session.scalars(query)
    }


def grounds_of(session: Session, school: str, requests: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """How the office knew that the adult may collect the pupil, for those of these requests that it released
    with an answer to that."""
    if not requests:
        return {}
    query = select(DepartureRow.id, DepartureRow.grounds).where(
        DepartureRow.school_id == school, DepartureRow.id.in_(requests), DepartureRow.grounds.is_not(None)
    )
    return {request: grounds for request, grounds in session.execute(query) if grounds is not None}
