"""A plan in words, for a terminal and for the office page."""

from typing import Any

from sync.register.roster.plan import Changed, Plan
from sync.register.roster.roll import Enrolled
from sync.register.roster.rows import Fault, Field, Weight

CALLED = {
    Field.FIRST: "first name",
    Field.LAST: "last name",
    Field.PREFERRED: "preferred name",
    Field.YEAR: "year",
    Field.FORM: "form",
    Field.UPN: "UPN",
    Field.ADMISSION: "admission number",
    Field.ID: "id",
}
"""What people call each field."""
_WEIGHTS = {Weight.REFUSED: "not taken", Weight.WARNING: "taken, but", Weight.NOTE: "passed over"}


def counts(plan: Plan) -> str:
    """One line of numbers."""
    rows = "row" if len(plan.refused) == 1 else "rows"
    return (
        f"{len(plan.new):,} new, {len(plan.changed):,} changed, {len(plan.gone):,} gone, "
        f"{plan.unchanged:,} unchanged, {len(plan.refused):,} {rows} not taken"
    )


def numbers(plan: Plan) -> dict[str, Any]:
    """The same for the audit."""
    return {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "gone": len(plan.gone),
        "unchanged": plan.unchanged,
        "not_taken": len(plan.refused),
    }


def told_pupil(pupil: Enrolled) -> str:
    """`Tom Bell (year 11, 11D)`."""
    where = ", ".join(filter(None, (f"year {pupil.year}", pupil.form)))
    return f"{pupil.preferred or pupil.first} {pupil.last} ({where})"


def told_change(each: Changed) -> str:
    """`Tom Bell (year 11, 11D): form 11D → 11E`."""
    words = []
    for change in each.changes:
        if change.field == "left_on":
            words.append(f"back, after leaving on {change.before}")
        elif change.field == "upn":  # not shown where it need not be
            words.append("another UPN" if change.before else "a UPN")
        else:
            called = change.field.replace("_", " ")
            words.append(f"{called} {change.before or '–'} → {change.after or '–'}")
    return f"{told_pupil(each.before)}: {'; '.join(words)}"


def told_fault(fault: Fault) -> str:
    """`pupils.csv, line 32: not taken: the year '99' is not known`."""
    return f"{fault.place}: {_WEIGHTS[fault.weight]}: {fault.reason}"
