"""Entries of earlier days that the register has not answered, or has rejected."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import structlog

from kiosk.desk.day import DayEntry
from kiosk.desk.visits import visit_of
from kiosk.journal.journal import Journal, UnansweredEntries
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


def find_pending(
    journal: Journal,
    today: date,
    school: School,
    later: Callable[[Callable[[], None]], None],
    on_result: Callable[[Pending], None],
) -> None:
    """Find the pending entries of other days than today. `on_result` is called on the UI thread, unless the
    journal cannot be read."""

    def pass_on(unanswered: Future[UnansweredEntries]) -> None:
        if (error := unanswered.exception()) is not None:
            log.error("journal.failed", error=type(error).__name__)
        else:
            on_result(pending_of(unanswered.result(), school))

    unanswered = journal.unanswered(today, MOST_PENDING)
    unanswered.add_done_callback(lambda done: later(lambda: pass_on(done)))


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
