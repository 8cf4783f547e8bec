"""Entries that were rejected: each is put before the office once, and settled when it is taken in after all.

The register does not keep them and the kiosk never sends them again by itself, while whoever signed was told
that it was done: without this the office would ring home about somebody who is there, or miss them in an
evacuation.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sync.register.entries.parsing import Read, Unreadable
from sync.register.storage.models import WorkItemRow, WorkKind
from sync.register.storage.work_items import RejectedEntry, read_item

TAKEN_IN = "it was sent again and taken in"
MOST_LETTERS = 64
"""Of an id and of a field: as many as anything that a kiosk sends has; what is longer is cut off."""


def told_as(sent: Read | Unreadable, field: str) -> RejectedEntry:
    """What the office is shown of a rejected entry: which it is, the field at fault, and whatever of it can
    be understood by itself (`kind`, `pupil`, `at`)."""
    if isinstance(sent, Unreadable):
        seq, said = sent.seq, sent.said
    else:
        seq = sent.entry.seq
        said = sent.entry.model_dump(mode="json", include={"kind", "pupil", "at"})
    return RejectedEntry(id=_kept_id(sent), seq=seq, field=field[:MOST_LETTERS], **said)


def tell(
    session: Session, school: str, kiosk: uuid.UUID, rejected: Sequence[RejectedEntry], *, now: datetime
) -> None:
    """Put rejected entries before the office, each once however often it is sent.

    Args:
        session: a session that writes; the kiosk is locked.
        school: the kiosk's school.
        kiosk: who sent them.
        rejected: what the office is shown of each (`told_as`).
        now: the instant of receiving.
    """
    if not rejected:
        return
    query = select(WorkItemRow).where(
        WorkItemRow.school_id == school, WorkItemRow.kiosk_id == kiosk, WorkItemRow.kind == WorkKind.REJECTED
    )
    told = {_which(item) for item in map(_rejected, session.scalars(query))}
    new = {_which(item): item for item in rejected if _which(item) not in told}
    row = {"school_id": school, "kind": WorkKind.REJECTED.value, "kiosk_id": kiosk, "opened_at": now}
    if new:
        session.execute(insert(WorkItemRow), [{**row, "detail": item.detail()} for item in new.values()])


def settle(
    session: Session, school: str, taken: Iterable[Read | Unreadable], *, by: str, now: datetime
) -> None:
    """What the office was told of these is over: the register has them now.

    Args:
        session: a session that writes.
        school: the school; a kiosk that was enrolled anew may send what its former self could not.
        taken: entries that were not rejected.
        by: the kiosk's name.
        now: the instant of receiving.
    """
    is_open = (WorkItemRow.school_id == school, WorkItemRow.resolved_at.is_(None))
    query = select(WorkItemRow).where(*is_open, WorkItemRow.kind == WorkKind.REJECTED)
    waits = session.scalars(query).all()
    if not waits:
        return
    ids: Collection[str | None] = {_kept_id(sent) for sent in taken}
    over = [row.id for row in waits if _rejected(row).id in ids]
    if over:
        words = {"resolved_at": now, "resolution": TAKEN_IN, "resolved_by": by}
        session.execute(update(WorkItemRow).where(WorkItemRow.id.in_(over), *is_open).values(**words))


def _kept_id(sent: Read | Unreadable) -> str | None:
    return sent.id[:MOST_LETTERS] if sent.id else None


def _rejected(row: WorkItemRow) -> RejectedEntry:
    item = read_item(row)
    assert isinstance(item, RejectedEntry), row.kind  # noqa: S101  the queries ask for these alone
    return item


def _which(item: RejectedEntry) -> object:
    """What makes it the same entry; of one without an id, where it stood and what was wrong."""
    return item.id or (item.seq, item.field)
