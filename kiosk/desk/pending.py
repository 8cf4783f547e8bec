"""What has not come through: entries of earlier days that the register has not answered for or refused."""

from dataclasses import dataclass
from uuid import UUID

import structlog

from kiosk.desk.day import Noted
from kiosk.desk.visits import visit_of
from kiosk.journal.journal import Unanswered
from kiosk.school.school import School

log = structlog.get_logger()

MOST_PENDING = 50
"""As many are listed: whoever has more sees how many, and sees to them with `latebook queue`."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Entries of earlier days."""

    noted: tuple[Noted, ...] = ()
    """The newest first."""
    rejected: frozenset[UUID] = frozenset()
    """Those of them that the register could not take."""
    more: int = 0
    """How many more there are."""


def pending_of(unanswered: Unanswered, school: School) -> Pending:
    """The same as the journal has them; one that another version made is counted, and not among them."""
    noted, rejected = [], set()
    for record in unanswered.records:
        try:
            visit = visit_of(record.entry, school)
        except ValueError:
            log.error("entry.not_understood", id=str(record.entry.id))
            continue
        noted.append(Noted(visit, undone=record.entry.id in unanswered.undone))
        if record.state == "rejected":
            rejected.add(record.entry.id)
    return Pending(tuple(noted), frozenset(rejected), unanswered.total - len(noted))
