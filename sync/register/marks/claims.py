"""What a mark becomes when the entry that wrote it counts no more: what the others say, or what was there.

Of several entries with the same code only the first writes the mark; the others agree with it. Were it simply
emptied when that one is taken back, a child who did sign in would be in nobody's register.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from sync.register.marks.marks import Mark, Place, left_by_a_person
from sync.register.storage.models import EntryRow, KioskRow, WorkItemRow, WorkKind
from sync.wire import Kind

SETTLED = "the entry that it met was taken back"


@dataclass(frozen=True, slots=True)
class Claim:
    """What an entry that counts, with a certain time and a code, says of a mark."""

    mark: Mark
    kind: Kind
    at: datetime
    kiosk: str
    """The kiosk's name."""
    contested: bool = False
    """It met another code, and the office has yet to decide."""
    refused: bool = False
    """It met another code, and a person has decided."""

    @property
    def stands(self) -> str:
        """In words, for the mark's history."""
        return f"the sign-{'out' if self.kind is Kind.DEPARTURE else 'in'} at {self.kiosk} stands"


@dataclass(frozen=True, slots=True)
class Remainder:
    """What a place says without one of its entries."""

    mark: Mark | None
    claim: Claim | None = None
    """Whose mark it is; None: what was there before any entry."""
    upheld: bool = False
    """A person has decided between the entries of this place: what stands is theirs by now."""

    def reason(self, why: str) -> str:
        """Why the mark is changed, and why it is not empty."""
        return why if self.claim is None else f"{why}; {self.claim.stands}"


def choose(claims: Iterable[Claim]) -> Claim | None:
    """The one that the mark goes by; None where nobody claims it.

    As when they came: whoever agreed with the register before whoever is before the office. A sign-out only
    foretells an absence, and whoever signed in was there. Among the rest the earliest instant: by
    `../shared/design/rule.md` the time is that of the first touch, and nobody becomes later by signing twice.
    """
    free = [claim for claim in claims if not claim.refused]
    return min(
        free,
        key=lambda claim: (claim.contested, claim.kind is Kind.DEPARTURE, claim.at, str(claim.mark.entry_id)),
        default=None,
    )


def without(session: Session, place: Place, entry: uuid.UUID) -> Remainder:
    """What the place says without that entry. The caller has locked the pupil.

    What came before a person last decided the mark says no more: they knew of it.
    """
    base, since = left_by_a_person(session, place)
    claims = [claim for claim in _claims(session, place, since) if claim.mark.entry_id != entry]
    chosen = choose(claims)
    return Remainder(
        base if chosen is None else chosen.mark, chosen, upheld=any(claim.refused for claim in claims)
    )


def settle(session: Session, place: Place, mark: Mark | None, by: str, now: datetime) -> None:
    """Conflicts of entries that say what the register says by now are none any more."""
    if mark is None:
        return
    agree = select(EntryRow.id).where(*_at(place), EntryRow.code == mark.code)
    session.execute(
        update(WorkItemRow)
        .where(
            WorkItemRow.kind == WorkKind.CONFLICT,
            WorkItemRow.resolved_at.is_(None),
            WorkItemRow.entry_id.in_(agree),
        )
        .values(resolved_at=now, resolution=SETTLED, resolved_by=by)
    )


def _claims(session: Session, place: Place, since: datetime | None) -> list[Claim]:
    query = (
        select(EntryRow, KioskRow.name)
        .join(KioskRow, KioskRow.id == EntryRow.kiosk_id)
        .where(*_at(place), EntryRow.code.is_not(None), EntryRow.taken_back.is_(False))
        .execution_options(populate_existing=True)
    )
    if since is not None:
        query = query.where(EntryRow.received_at >= since)
    found = [(row, kiosk) for row, kiosk in session.execute(query) if row.certain]
    met = select(WorkItemRow).where(
        WorkItemRow.kind == WorkKind.CONFLICT, WorkItemRow.entry_id.in_([row.id for row, _ in found])
    )
    conflicts = {
        item.entry_id: item for item in session.scalars(met.execution_options(populate_existing=True))
    }
    return [_claim(row, kiosk, conflicts.get(row.id)) for row, kiosk in found]


def _claim(row: EntryRow, kiosk: str, conflict: WorkItemRow | None) -> Claim:
    return Claim(
        Mark(row.code or "", row.minutes_late, "kiosk", row.id),
        Kind(row.kind),
        row.at,
        kiosk,
        contested=conflict is not None and conflict.resolved_at is None,
        refused=conflict is not None and conflict.resolved_position is not None,
    )


def _at(place: Place) -> tuple[ColumnElement[bool], ...]:
    return (
        EntryRow.school_id == place.school,
        EntryRow.date == place.date,
        EntryRow.pupil == place.pupil,
        EntryRow.session == place.session,
    )
