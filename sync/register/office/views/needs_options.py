"""The buttons of an open decision."""

from dataclasses import dataclass

from sync.register.storage.models import EntryRow, WorkItemRow, WorkKind
from sync.register.worklist.resolve import POSSIBLE, Choice

NOTED_AS = {
    WorkKind.UNKNOWN_PUPIL: "Not one of our pupils",
    WorkKind.REJECTED: "Dealt with",
    WorkKind.UNSENT: "Dealt with",
}
"""The label of the button that changes nothing in the register."""


@dataclass(frozen=True, slots=True)
class Option:
    """A decision that one press makes."""

    value: str
    """`17:take`: the work item, and the choice."""
    label: str
    changes: bool
    """It changes a mark or the roster, or records a call: a reason is required."""


def options(
    items: list[WorkItemRow], entry: EntryRow | None, stands: str | None, before: str | None
) -> list[Option]:
    """What may be decided with one press; another code is chosen from a list and is not among these.

    Args:
        items: all that is asked about one thing.
        entry: what they are about.
        stands: the code in the register.
        before: of a void, the code that it would put back, empty for none; None: it is not known.
    """
    unknown = [item for item in items if item.kind == WorkKind.UNKNOWN_PUPIL]
    asked = unknown or items  # until the pupil is known, nothing else can be decided
    found: dict[str, Option] = {}
    for item in asked:
        for choice in POSSIBLE[WorkKind(item.kind)]:
            label = _label(item, choice, entry, stands, before)
            if label is not None:
                changes = choice not in (Choice.KEEP, Choice.NOTED, Choice.DISAGREE)
                found.setdefault(label, Option(f"{item.id}:{choice.value}", label, changes))
    return sorted(found.values(), key=lambda option: option.changes)


def _label(
    item: WorkItemRow, choice: Choice, entry: EntryRow | None, stands: str | None, before: str | None
) -> str | None:
    """The button's label; `None` when the choice does not apply or needs more than a press."""
    if choice is Choice.TAKE and entry is not None:
        return _taking(item, entry, stands, before)
    return {
        Choice.KEEP: f"Keep {stands}" if stands else "Leave as it is",
        Choice.NOTED: NOTED_AS.get(WorkKind(item.kind), "Nothing to do"),
        Choice.ASSIGN: "Assign to this pupil",
        Choice.AGREE: "Yes, use the new roster",
        Choice.DISAGREE: "No, keep the old roster",
        Choice.RANG: "Family contacted",
    }.get(choice)


def _taking(item: WorkItemRow, entry: EntryRow, stands: str | None, before: str | None) -> str | None:
    if item.kind == WorkKind.VOID:
        return None if before is None else f"Put back {before}" if before else "Remove the mark"
    code = entry.suggested if item.kind == WorkKind.NEEDS_OFFICE else entry.code
    if code is None or code == stands:
        return None
    return f"Change {stands} to {code}" if stands else f"Mark {code}"
