"""What waits for the office: open work items of whatever day, and which of them are one thing."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from sync.register.storage.models import WorkItemRow, WorkKind

AT_ONCE = 500
"""Databases have a limit to a statement's values."""


def open_items(session: Session, school: str) -> Sequence[WorkItemRow]:
    """Every item that nobody has resolved, the oldest first: what is not decided does not end at midnight."""
    query = select(WorkItemRow).where(WorkItemRow.school_id == school, WorkItemRow.resolved_at.is_(None))
    return session.scalars(query.order_by(WorkItemRow.id)).all()


def number_open(session: Session, school: str) -> int:
    """How many things wait: as many as `things` of the open items, counted by the database."""
    is_open = (WorkItemRow.school_id == school, WorkItemRow.resolved_at.is_(None))
    entries = select(func.count(WorkItemRow.entry_id.distinct())).where(
        *is_open, WorkItemRow.kind != WorkKind.COLLECTOR
    )
    by_itself = or_(WorkItemRow.entry_id.is_(None), WorkItemRow.kind == WorkKind.COLLECTOR)
    others = select(func.count()).where(*is_open, by_itself)
    return (session.scalar(entries) or 0) + (session.scalar(others) or 0)


@dataclass(frozen=True, slots=True)
class Open:
    """Some of what waits, the oldest first."""

    things: list[list[WorkItemRow]]
    number: int
    """How many things wait in all."""
    more: bool
    """There are newer ones than these."""


def open_things(session: Session, school: str, *, after: int, most: int | None) -> Open:
    """What waits, from the first thing whose first item is newer than that one.

    Args:
        session: a session that reads.
        school: the school's id.
        after: an item's number; 0: from the beginning.
        most: so many things; None: all of them.
    """
    is_open = (WorkItemRow.school_id == school, WorkItemRow.resolved_at.is_(None))
    columns = (WorkItemRow.id, WorkItemRow.entry_id, WorkItemRow.kind)
    about: dict[object, list[int]] = {}
    for item, entry, kind in session.execute(select(*columns).where(*is_open).order_by(WorkItemRow.id)):
        about.setdefault(_thing(item, entry, kind), []).append(item)
    wanted = [items for items in about.values() if items[0] > after]
    here = wanted if most is None else wanted[:most]
    return Open(things(_items(session, here)), len(about), len(wanted) > len(here))


def _items(session: Session, wanted: list[list[int]]) -> list[WorkItemRow]:
    numbers = [item for items in wanted for item in items]
    found: list[WorkItemRow] = []
    for at in range(0, len(numbers), AT_ONCE):
        found += session.scalars(select(WorkItemRow).where(WorkItemRow.id.in_(numbers[at : at + AT_ONCE])))
    return sorted(found, key=lambda item: item.id)


def things(items: Sequence[WorkItemRow]) -> list[list[WorkItemRow]]:
    """The items by what they are about: an entry with two reasons is one thing to be looked at. Who took a
    pupil away is another than the entry's mark, and is not to be settled with it."""
    about: dict[object, list[WorkItemRow]] = {}
    for item in items:
        about.setdefault(_thing(item.id, item.entry_id, item.kind), []).append(item)
    return list(about.values())


def _thing(item: int, entry: uuid.UUID | None, kind: str) -> object:
    return item if entry is None or kind == WorkKind.COLLECTOR else entry
