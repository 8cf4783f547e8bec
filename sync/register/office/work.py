"""What waits for the office: open work items of whatever day, and which of them are one thing."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.storage.models import WorkItemRow


def open_items(session: Session, school: str) -> Sequence[WorkItemRow]:
    """Every item that nobody has resolved, the oldest first: what is not decided does not end at midnight."""
    query = select(WorkItemRow).where(WorkItemRow.school_id == school, WorkItemRow.resolved_at.is_(None))
    return session.scalars(query.order_by(WorkItemRow.id)).all()


def things(items: Sequence[WorkItemRow]) -> list[list[WorkItemRow]]:
    """The items by what they are about: an entry with two reasons is one thing to be looked at."""
    about: dict[object, list[WorkItemRow]] = {}
    for item in items:
        about.setdefault(item.entry_id or item.id, []).append(item)
    return list(about.values())
