"""A roster and a plan on a terminal: what was found, and who is new, changed and gone."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sync.register.roster.plan import Changed, Plan
from sync.register.roster.roll import Enrolled
from sync.register.roster.roster import Roster
from sync.register.roster.rows import Field, Weight

MOST_SHOWN = 20
"""Of each list; `--all` shows every one."""

_CALLED = {
    Field.FIRST: "first name",
    Field.LAST: "last name",
    Field.PREFERRED: "preferred name",
    Field.YEAR: "year",
    Field.FORM: "form",
    Field.UPN: "UPN",
    Field.ADMISSION: "admission number",
    Field.ID: "id",
}
_WEIGHTS = {Weight.REFUSED: "not taken", Weight.WARNING: "taken, but", Weight.NOTE: "passed over"}


def show_columns(console: Console, roster: Roster) -> None:
    """What is read from where, before anything is read."""
    console.print(f"{roster.format.called} ({escape(roster.about)})", style="bold")
    table = Table("read as", "from", box=None, header_style="bold")
    for field, heading in roster.found:
        table.add_row(_CALLED[field], escape(heading))
    console.print(table)
    if roster.passed_over:
        console.print(f"Not read: {escape(', '.join(roster.passed_over[:12]))}", style="dim")


def show_plan(console: Console, plan: Plan, *, everything: bool = False) -> None:
    """Who is new, changed and gone, and what is wrong with which row."""
    most = None if everything else MOST_SHOWN
    _list(console, "New", [_pupil(pupil) for pupil in plan.new], most)
    _list(console, "Changed", [_changed(each) for each in plan.changed], most)
    _list(console, "Gone", [_pupil(pupil) for pupil in plan.gone], most)
    kept = "Kept, since a row that could not be taken may be theirs"
    _list(console, kept, [_pupil(pupil) for pupil in plan.held], most)
    faults = [f"{fault.place}: {_WEIGHTS[fault.weight]}: {fault.reason}" for fault in plan.faults]
    _list(console, "Rows with something wrong", faults, most)
    console.print(counts(plan), style="bold")


def counts(plan: Plan) -> str:
    """One line of numbers."""
    rows = "row" if len(plan.refused) == 1 else "rows"
    return (
        f"{len(plan.new):,} new, {len(plan.changed):,} changed, {len(plan.gone):,} gone, "
        f"{plan.unchanged:,} unchanged, {len(plan.refused):,} {rows} not taken"
    )


def _list(console: Console, heading: str, lines: Sequence[str], most: int | None) -> None:
    if not lines:
        return
    console.print(f"{heading} ({len(lines):,})", style="bold")
    for line in lines[:most]:
        console.print(f"  {escape(line)}", soft_wrap=True, highlight=False)
    if most is not None and len(lines) > most:
        console.print(f"  … and {len(lines) - most:,} more (--all shows them)", style="dim")


def _pupil(pupil: Enrolled) -> str:
    where = ", ".join(filter(None, (f"year {pupil.year}", pupil.form)))
    return f"{pupil.preferred or pupil.first} {pupil.last} ({where})"


def _changed(each: Changed) -> str:
    words = []
    for change in each.changes:
        if change.field == "left_on":
            words.append(f"back, after leaving on {change.before}")
        elif change.field == "upn":  # not shown where it need not be
            words.append("another UPN" if change.before else "a UPN")
        else:
            called = change.field.replace("_", " ")
            words.append(f"{called} {change.before or '–'} → {change.after or '–'}")
    return f"{_pupil(each.before)}: {'; '.join(words)}"
