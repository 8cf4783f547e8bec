"""Entries of earlier days that the register has not answered, or has rejected."""

from dataclasses import dataclass
from uuid import UUID

import structlog

from kiosk.desk.day import DayEntry
from kiosk.desk.visits import visit_of
from kiosk.journal.journal import UnansweredEntries
from kiosk.school.school import School

log = structlog.get_logger()

MOST_PENDING = 50
"""How many entries are listed; the rest are only counted. `latebook queue` lists them all."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Entries of earlier days that still need attention."""

    entries: tuple[DayEntry, ...] = ()
    """Newest first."""
    rejected: frozenset[UUID] = frozenset()
    """The ids of those that the register rejected."""
    more: int = 0
    """How many further entries are not listed."""


def pending_of(unanswered: UnansweredEntries, school: School) -> Pending:
    """The pending entries from the journal. One that this version cannot read is only counted in `more`."""
    entries, rejected = [], set()
    for record in unanswered.records:
        try:
            visit = visit_of(record.entry, school)
        except ValueError:
            log.error("entry.not_understood", id=str(record.entry.id))
            continue
        entries.append(DayEntry(visit, undone=record.entry.id in unanswered.undone))
        if record.state == "rejected":
            rejected.add(record.entry.id)
    return Pending(tuple(entries), frozenset(rejected), unanswered.total - len(entries))
