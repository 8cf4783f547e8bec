"""The preview of a roster import, before it is applied."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from sync.register.roster.applying import shrink_question
from sync.register.roster.descriptions import describe_change, describe_fault, describe_pupil
from sync.register.roster.plan import Plan
from sync.register.roster.uploads import RosterSummary, plan_of
from sync.register.storage.models import ImportRow

MOST_SHOWN = 100
"""Lines per list: enough to judge an import, and few enough for a phone."""

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class ImportList:
    """One list: new, changed, gone, kept, or rows with something wrong."""

    name: str
    """The name in the address."""
    title: str
    explanation: str
    lines: list[str]
    more: int
    """How many further lines there are."""

    @property
    def number(self) -> int:
        """How many lines there are in total."""
        return len(self.lines) + self.more


@dataclass(frozen=True, slots=True)
class Preview:
    """The data of the preview."""

    plan: Plan
    file: RosterSummary
    parts: list[ImportList]
    shrinks: str | None
    """The question to confirm separately; `None` when the roster does not shrink much."""


def preview(session: Session, row: ImportRow) -> Preview:
    """The changes that a finished import would make to the register now."""
    plan = plan_of(session, row)
    parts = import_lists(plan, most=MOST_SHOWN)
    return Preview(
        plan=plan,
        file=RosterSummary.model_validate(row.summary),
        parts=[part for part in parts if part.number],
        shrinks=shrink_question(plan) if plan.shrinks else None,
    )


def import_lists(plan: Plan, *, most: int | None) -> list[ImportList]:
    """The changes of an import, list by list; `most` lines of each, or `None` for all."""

    def part(
        name: str, title: str, explanation: str, items: Sequence[_Item], describe: Callable[[_Item], str]
    ) -> ImportList:
        lines = [describe(item) for item in items[:most]]
        return ImportList(name, title, explanation, lines, len(items) - len(lines))

    kept = "Not found in the file, but a row that could not be imported may be theirs."
    return [
        part("new", "New", "Added to the roll.", plan.new, describe_pupil),
        part("changed", "Changed", "Updated from the file.", plan.changed, describe_change),
        part("gone", "Gone", "Taken off the roll. Their records are kept.", plan.gone, describe_pupil),
        part("kept", "Kept", kept, plan.held, describe_pupil),
        part("faults", "Rows with problems", "The other rows are imported.", plan.faults, describe_fault),
    ]
