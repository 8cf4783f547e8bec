"""What an adult stated when a pupil was released to them, how it differed from the family's list, and how the
office knew. Every list of departures shows it with the departure."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.departures.collectors import Match
from sync.register.departures.contacts import contacts_of
from sync.register.office.views.collector import Doubt, list_said
from sync.register.office.views.pupils_out import ALONE, collected_by, doubt_about
from sync.register.storage.models import DepartureRow, EntryRow
from sync.wire import DepartureDetail, Entry, Kind


@dataclass(frozen=True, slots=True)
class ReleaseClaim:
    """The claim behind one departure."""

    collector: str
    """As they introduced themselves: `Aunt May (father)`; or `on their own`."""
    difference: Doubt | None
    """How the claim differs from the family's list: when the office answered, or now for a PIN."""
    grounds: str | None
    """How the office knew that the adult may collect the pupil."""
    released_by: str | None

    @property
    def text(self) -> str:
        """The claim in one line, for lists and files."""
        parts = (
            self.collector if self.collector == ALONE else f"with {self.collector}",
            self.difference.text if self.difference else None,
            f"how the office knew: {self.grounds}" if self.grounds else None,
            f"released by {self.released_by}" if self.released_by else None,
        )
        return "; ".join(filter(None, parts))


class _Departure(NamedTuple):
    entry: uuid.UUID
    pupil: str
    detail: DepartureDetail


def claims_of(session: Session, school: str, entries: Collection[uuid.UUID]) -> dict[uuid.UUID, ReleaseClaim]:
    """The claims behind those of these entries that are departures, by entry."""
    departures = [each for part in _parts(entries) for each in _departures(session, school, part)]
    requests = [each.detail.request for each in departures if each.detail.request is not None]
    rows = {
        row.id: row
        for part in _parts(requests)
        for row in session.scalars(
            select(DepartureRow).where(DepartureRow.school_id == school, DepartureRow.id.in_(part))
        )
    }
    contacts = contacts_of(session, school, {each.pupil for each in departures}) if departures else {}
    claims = {}
    for each in departures:
        row = rows.get(each.detail.request) if each.detail.request else None
        if row is not None and row.pupil != each.pupil:
            row = None
        then = list_said(row.family, row.listed) if row else None
        now = None if row and row.family else doubt_about(each.detail, contacts.get(each.pupil, []))
        claims[each.entry] = ReleaseClaim(
            collector=collected_by(each.detail),
            difference=Doubt(then, _tone(row.family if row else None)) if then else now,
            grounds=row.grounds if row else None,
            released_by=each.detail.released_by,
        )
    return claims


def _departures(session: Session, school: str, entries: Collection[uuid.UUID]) -> list[_Departure]:
    query = select(EntryRow.id, EntryRow.pupil, EntryRow.raw).where(
        EntryRow.school_id == school, EntryRow.id.in_(entries), EntryRow.kind == Kind.DEPARTURE
    )
    return [
        _Departure(entry, pupil, detail)
        for entry, pupil, raw in session.execute(query)
        if (detail := Entry.model_validate_json(raw).departure) is not None
    ]


def _parts(ids: Collection[uuid.UUID]) -> list[list[uuid.UUID]]:
    """The ids in parts: SQLite limits the number of a statement's values."""
    in_order = list(dict.fromkeys(ids))
    return [in_order[at : at + 500] for at in range(0, len(in_order), 500)]


def _tone(family: str | None) -> str:
    return "closed" if family in (Match.BARRED, Match.PERHAPS_BARRED) else "late"
