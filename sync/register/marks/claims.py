"""What a mark becomes when the entry that wrote it is taken back: another entry's code, or the earlier mark.

Of several entries with the same code only the first writes the mark; the others agree with it. If the mark
were simply emptied when the first is taken back, a child who did sign in would be missing from the register.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from sync.register.marks.marks import Mark, Place, last_set_by_user
from sync.register.storage.models import EntryRow, KioskRow, WorkItemRow, WorkKind
from sync.wire import Kind

SETTLED = "the conflicting entry was taken back"


@dataclass(frozen=True, slots=True)
class Claim:
    """The mark that a valid entry with a certain time and a code asks for."""

    mark: Mark
    kind: Kind
    at: datetime
    kiosk: str
    """The kiosk's name."""
    contested: bool = False
    """Whether it conflicts with another code and the office has not decided yet."""
    refused: bool = False
    """Whether it conflicts with another code and a user has decided."""

    @property
    def description(self) -> str:
        """The claim in words, for the mark's history."""
        return f"the sign-{'out' if self.kind is Kind.DEPARTURE else 'in'} at {self.kiosk} stands"


@dataclass(frozen=True, slots=True)
class Remainder:
    """The mark that remains at a place without one of its entries."""

    mark: Mark | None
    claim: Claim | None = None
    """The claim that the mark comes from; `None` for the mark from before any entry."""
    upheld: bool = False
    """Whether a user has decided between the place's entries, so that the current mark is the user's."""

    def reason(self, why: str) -> str:
        """The reason for the mark's history: `why`, and which claim the mark now comes from."""
        return why if self.claim is None else f"{why}; {self.claim.description}"


def choose(claims: Iterable[Claim]) -> Claim | None:
    """The claim that decides the mark; `None` when there is none that a user has not refused.

    An undisputed claim comes before a contested one, and a sign-in before a sign-out: a sign-out only
    announces an absence, while a pupil who signed in was there. Then the earliest instant decides: the first
    touch counts (`docs/rule.md`), and signing in twice makes no pupil later.
    """
    free = [claim for claim in claims if not claim.refused]
    return min(
        free,
        key=lambda claim: (claim.contested, claim.kind is Kind.DEPARTURE, claim.at, str(claim.mark.entry_id)),
        default=None,
    )


def without(session: Session, place: Place, entry: uuid.UUID) -> Remainder:
    """The mark that remains at the place without that entry. The caller has locked the pupil.

    Entries received before a user last set the mark are ignored: the user knew of them.
    """
    base, since = last_set_by_user(session, place)
    claims = [claim for claim in _claims(session, place, since) if claim.mark.entry_id != entry]
    chosen = choose(claims)
    return Remainder(
        base if chosen is None else chosen.mark, chosen, upheld=any(claim.refused for claim in claims)
    )


def settle(session: Session, place: Place, mark: Mark | None, by: str, now: datetime) -> None:
    """Settle the conflicts of entries whose code the register has now."""
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
    certain = [(row, kiosk) for row, kiosk in session.execute(query) if row.certain]
    query_conflicts = select(WorkItemRow).where(
        WorkItemRow.kind == WorkKind.CONFLICT, WorkItemRow.entry_id.in_([row.id for row, _ in certain])
    )
    conflicts = {
        item.entry_id: item
        for item in session.scalars(query_conflicts.execution_options(populate_existing=True))
    }
    return [_claim(row, kiosk, conflicts.get(row.id)) for row, kiosk in certain]


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
