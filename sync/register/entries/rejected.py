"""Work items for rejected entries: one for each entry, settled when the entry is taken in after all.

The register does not store a rejected entry and the kiosk does not send it again by itself, yet the pupil saw
a confirmation. Without the work item, the office would ring the home of a pupil who is present, or miss them
in an evacuation.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sync.register.entries.parsing import ParsedEntry, UnreadableEntry
from sync.register.storage.models import WorkItemRow, WorkKind
from sync.register.storage.work_items import RejectedEntry, read_item

TAKEN_IN = "it was sent again and taken in"
MOST_LETTERS = 64
"""Longest id and field name that are kept; kiosks send none that are longer."""


def describe(sent: ParsedEntry | UnreadableEntry, field: str) -> RejectedEntry:
    """The work item of a rejected entry: its id and number, the invalid field, and those of `kind`, `pupil`
    and `at` that are valid."""
    if isinstance(sent, UnreadableEntry):
        seq, legible = sent.seq, sent.legible
    else:
        seq = sent.entry.seq
        legible = sent.entry.model_dump(mode="json", include={"kind", "pupil", "at"})
    return RejectedEntry(id=_kept_id(sent), seq=seq, field=field[:MOST_LETTERS], **legible)


def report(
    session: Session, school: str, kiosk: uuid.UUID, rejected: Sequence[RejectedEntry], *, now: datetime
) -> None:
    """Open a work item for each rejected entry, once however often the entry is sent.

    Args:
        session: a session that writes; the kiosk is locked.
        school: the kiosk's school.
        kiosk: the kiosk that sent them.
        rejected: the work items (`describe`).
        now: the instant of receiving.
    """
    if not rejected:
        return
    query = select(WorkItemRow).where(
        WorkItemRow.school_id == school, WorkItemRow.kiosk_id == kiosk, WorkItemRow.kind == WorkKind.REJECTED
    )
    known = {_identity(item) for item in map(_rejected, session.scalars(query))}
    new = {_identity(item): item for item in rejected if _identity(item) not in known}
    row = {"school_id": school, "kind": WorkKind.REJECTED.value, "kiosk_id": kiosk, "opened_at": now}
    if new:
        session.execute(insert(WorkItemRow), [{**row, "detail": item.detail()} for item in new.values()])


def settle(
    session: Session, school: str, taken: Iterable[ParsedEntry | UnreadableEntry], *, by: str, now: datetime
) -> None:
    """Settle the work items of rejected entries that have now been taken in.

    Args:
        session: a session that writes.
        school: the school: a kiosk may send again what it sent under an earlier enrolment.
        taken: the entries that were not rejected.
        by: the kiosk's name.
        now: the instant of receiving.
    """
    is_open = (WorkItemRow.school_id == school, WorkItemRow.resolved_at.is_(None))
    query = select(WorkItemRow).where(*is_open, WorkItemRow.kind == WorkKind.REJECTED)
    open_rows = session.scalars(query).all()
    if not open_rows:
        return
    ids: Collection[str | None] = {_kept_id(sent) for sent in taken}
    settled = [row.id for row in open_rows if _rejected(row).id in ids]
    if settled:
        values = {"resolved_at": now, "resolution": TAKEN_IN, "resolved_by": by}
        session.execute(update(WorkItemRow).where(WorkItemRow.id.in_(settled), *is_open).values(**values))


def _kept_id(sent: ParsedEntry | UnreadableEntry) -> str | None:
    return sent.id[:MOST_LETTERS] if sent.id else None


def _rejected(row: WorkItemRow) -> RejectedEntry:
    item = read_item(row)
    assert isinstance(item, RejectedEntry), row.kind  # noqa: S101  the queries ask for these alone
    return item


def _identity(item: RejectedEntry) -> object:
    """Identifies the entry: its id, or its number and invalid field when the id is missing."""
    return item.id or (item.seq, item.field)
