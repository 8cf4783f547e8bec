"""The buttons of an open decision."""

from dataclasses import dataclass

from sync.register.storage.models import EntryRow, WorkItemRow, WorkKind
from sync.register.worklist.resolve import NAMES_NO_PUPIL, POSSIBLE, Choice

NOTED_LABELS = {
    WorkKind.UNKNOWN_PUPIL: "Not one of our pupils",
    WorkKind.REJECTED: "Dealt with",
    WorkKind.UNSENT: "Dealt with",
    WorkKind.DAMAGED: "Dealt with",
    WorkKind.PIN_RELEASE: "Release checked",
}
"""The label of the button that changes nothing in the register."""


@dataclass(frozen=True, slots=True)
class Option:
    """A decision that one press makes."""

    value: str
    """`17:take`: the work item's id and the choice."""
    label: str
    changes: bool
    """Whether it needs a reason: it changes a mark or the roster, records a call, or dismisses an arrival."""
    outlined: bool = False
    """Whether its button is not the solid one."""


def options(
    items: list[WorkItemRow], entry: EntryRow | None, current: str | None, before: str | None
) -> list[Option]:
    """The decisions that one press can make. Another code is chosen from a list and is not one of them.

    Args:
        items: the open work items about one entry.
        entry: that entry.
        current: the code in the register.
        before: for a void, the code that it would restore, empty for no mark; `None` when unknown.
    """
    unknown = [item for item in items if item.kind in NAMES_NO_PUPIL]
    decidable = unknown or items  # until the pupil is known, nothing else can be decided
    by_label: dict[str, Option] = {}
    for item in decidable:
        for choice in POSSIBLE[WorkKind(item.kind)]:
            label = _label(item, choice, entry, current, before)
            if label is not None:
                changes = choice not in (Choice.KEEP, Choice.NOTED, Choice.DISAGREE)
                outlined = not changes or choice is Choice.DISMISS
                by_label.setdefault(label, Option(f"{item.id}:{choice.value}", label, changes, outlined))
    return sorted(by_label.values(), key=lambda option: option.changes)


def _label(
    item: WorkItemRow, choice: Choice, entry: EntryRow | None, current: str | None, before: str | None
) -> str | None:
    """The button's label; `None` when the choice does not apply or needs more than a press."""
    if choice is Choice.TAKE and entry is not None:
        return _take_label(item, entry, current, before)
    return {
        Choice.KEEP: f"Keep {current}" if current else "Leave as it is",
        Choice.NOTED: NOTED_LABELS.get(WorkKind(item.kind), "Nothing to do"),
        Choice.ASSIGN: "Assign to this pupil",
        Choice.DISMISS: "Dismiss",
        Choice.AGREE: "Yes, use the new roster",
        Choice.DISAGREE: "No, keep the old roster",
        Choice.RANG: "Family contacted",
    }.get(choice)


def _take_label(item: WorkItemRow, entry: EntryRow, current: str | None, before: str | None) -> str | None:
    if item.kind == WorkKind.VOID:
        return None if before is None else f"Put back {before}" if before else "Remove the mark"
    code = entry.suggested if item.kind == WorkKind.NEEDS_OFFICE else entry.code
    if code is None or code == current:
        return None
    return f"Change {current} to {code}" if current else f"Mark {code}"
