"""Open work items of all days, grouped by what a user decides together."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from sync.register.storage.models import ABOUT_COLLECTOR, WorkItemRow

BATCH = 500
"""Databases limit the number of values in a statement."""


def open_items(session: Session, school: str) -> Sequence[WorkItemRow]:
    """All unresolved items of the school, of any day, the oldest first."""
    query = select(WorkItemRow).where(WorkItemRow.school_id == school, WorkItemRow.resolved_at.is_(None))
    return session.scalars(query.order_by(WorkItemRow.id)).all()


def count_open(session: Session, school: str) -> int:
    """The number of groups of open items, counted by the database; the same as `group_items` would make."""
    is_open = (WorkItemRow.school_id == school, WorkItemRow.resolved_at.is_(None))
    entries = select(func.count(WorkItemRow.entry_id.distinct())).where(
        *is_open, WorkItemRow.kind.not_in(ABOUT_COLLECTOR)
    )
    by_itself = or_(WorkItemRow.entry_id.is_(None), WorkItemRow.kind.in_(ABOUT_COLLECTOR))
    others = select(func.count()).where(*is_open, by_itself)
    return (session.scalar(entries) or 0) + (session.scalar(others) or 0)


@dataclass(frozen=True, slots=True)
class OpenGroups:
    """One page of the groups of open items, the oldest first."""

    groups: list[list[WorkItemRow]]
    number: int
    """The number of groups in all."""
    more: bool
    """Whether there are newer groups than these."""


def open_groups(session: Session, school: str, *, after: int, limit: int | None) -> OpenGroups:
    """The groups of open items whose first item is newer than `after`.

    Args:
        session: a session that reads.
        school: the school's id.
        after: an item's id; 0 to start with the oldest.
        limit: the largest number of groups to return; `None` for all.
    """
    is_open = (WorkItemRow.school_id == school, WorkItemRow.resolved_at.is_(None))
    columns = (WorkItemRow.id, WorkItemRow.entry_id, WorkItemRow.kind)
    groups: dict[object, list[int]] = {}
    for item, entry, kind in session.execute(select(*columns).where(*is_open).order_by(WorkItemRow.id)):
        groups.setdefault(_group_key(item, entry, kind), []).append(item)
    newer = [items for items in groups.values() if items[0] > after]
    page = newer if limit is None else newer[:limit]
    return OpenGroups(group_items(_items(session, page)), len(groups), len(newer) > len(page))


def _items(session: Session, groups: list[list[int]]) -> list[WorkItemRow]:
    ids = [item for items in groups for item in items]
    rows: list[WorkItemRow] = []
    for at in range(0, len(ids), BATCH):
        rows += session.scalars(select(WorkItemRow).where(WorkItemRow.id.in_(ids[at : at + BATCH])))
    return sorted(rows, key=lambda item: item.id)


def group_items(items: Sequence[WorkItemRow]) -> list[list[WorkItemRow]]:
    """Group the items by entry, so that a user decides all of an entry's items at once.

    An item about a collector is a group of its own: a decision about the entry's mark must not settle
    it.
    """
    groups: dict[object, list[WorkItemRow]] = {}
    for item in items:
        groups.setdefault(_group_key(item.id, item.entry_id, item.kind), []).append(item)
    return list(groups.values())


def _group_key(item: int, entry: uuid.UUID | None, kind: str) -> object:
    return item if entry is None or kind in ABOUT_COLLECTOR else entry
