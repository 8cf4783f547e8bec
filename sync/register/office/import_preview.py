"""What an import would do, as the page shows it before anybody says yes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from sync.register.roster.applying import shrink_question
from sync.register.roster.plan import Plan
from sync.register.roster.telling import told_change, told_fault, told_pupil
from sync.register.roster.uploads import Opened, plan_of
from sync.register.storage.models import ImportRow

MOST_SHOWN = 100
"""Of each list: enough to see what an import is, and a page that a phone can show."""

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Part:
    """One list: new, changed, gone, kept, or rows with something wrong."""

    title: str
    said: str
    lines: list[str]
    more: int
    """How many are not shown."""
    faults: bool = False

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.lines) + self.more


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that somebody sees before they say yes."""

    plan: Plan
    opened: Opened
    parts: list[Part]
    shrinks: str | None
    """What has to be said yes to by itself; None: the roster does not shrink so much."""


def preview(session: Session, row: ImportRow) -> Preview:
    """What an import that is ready would do to the register as it is now."""
    plan = plan_of(session, row)
    parts = [
        _part("New", "Put on roll.", plan.new, told_pupil),
        _part("Changed", "Written as the file has it.", plan.changed, told_change),
        _part("Gone", "Taken off the roll; nothing of theirs is deleted.", plan.gone, told_pupil),
        _part(
            "Kept",
            "Not found in the file, but a row that could not be taken may be theirs.",
            plan.held,
            told_pupil,
        ),
        _part("Rows with something wrong", "The others go on.", plan.faults, told_fault, faults=True),
    ]
    return Preview(
        plan=plan,
        opened=Opened.model_validate(row.opened),
        parts=[part for part in parts if part.number],
        shrinks=shrink_question(plan) if plan.shrinks else None,
    )


def _part(
    title: str, said: str, items: Sequence[_Item], told: Callable[[_Item], str], *, faults: bool = False
) -> Part:
    lines = [told(item) for item in items[:MOST_SHOWN]]
    return Part(title, said, lines, len(items) - len(lines), faults)
