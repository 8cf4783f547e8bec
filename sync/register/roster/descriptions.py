"""A plan in words, for a terminal and for the office page."""

from typing import Any

from sync.register.roster.plan import Plan, PupilChange
from sync.register.roster.roll import RollPupil
from sync.register.roster.rows import RosterField, RowFault, Weight

FIELD_NAMES = {
    RosterField.FIRST: "first name",
    RosterField.LAST: "last name",
    RosterField.PREFERRED: "preferred name",
    RosterField.YEAR: "year",
    RosterField.FORM: "form",
    RosterField.UPN: "UPN",
    RosterField.ADMISSION: "admission number",
    RosterField.ID: "id",
}
"""The usual name of each field."""
_WEIGHTS = {Weight.REFUSED: "not imported", Weight.WARNING: "imported, but", Weight.NOTE: "skipped"}


def counts(plan: Plan) -> str:
    """The numbers of a plan as one line."""
    rows = "row" if len(plan.refused) == 1 else "rows"
    return (
        f"{len(plan.new):,} new, {len(plan.changed):,} changed, {len(plan.gone):,} gone, "
        f"{plan.unchanged:,} unchanged, {len(plan.refused):,} {rows} not imported"
    )


def numbers(plan: Plan) -> dict[str, Any]:
    """The numbers of a plan, for the audit."""
    return {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "gone": len(plan.gone),
        "unchanged": plan.unchanged,
        "not_taken": len(plan.refused),
    }


def describe_pupil(pupil: RollPupil) -> str:
    """`Tom Bell (year 11, 11D)`."""
    group = ", ".join(filter(None, (f"year {pupil.year}", pupil.form)))
    return f"{pupil.preferred or pupil.first} {pupil.last} ({group})"


def describe_change(each: PupilChange) -> str:
    """`Tom Bell (year 11, 11D): form 11D → 11E`."""
    words = []
    for change in each.changes:
        if change.field == "left_on":
            words.append(f"back, after leaving on {change.before}")
        elif change.field == "upn":  # UPNs are not for display
            words.append("another UPN" if change.before else "a UPN")
        else:
            name = change.field.replace("_", " ")
            words.append(f"{name} {change.before or '–'} → {change.after or '–'}")
    return f"{describe_pupil(each.before)}: {'; '.join(words)}"


def describe_fault(fault: RowFault) -> str:
    """`pupils.csv, line 32: not imported: the year '99' is not known`."""
    return f"{fault.place}: {_WEIGHTS[fault.weight]}: {fault.reason}"
