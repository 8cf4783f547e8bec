"""A roster and a plan on a terminal: the columns found, and the pupils who are new, changed and gone."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sync.register.roster.descriptions import (
    FIELD_NAMES,
    counts,
    describe_change,
    describe_fault,
    describe_pupil,
)
from sync.register.roster.plan import Plan
from sync.register.roster.roster import RosterFile

MOST_SHOWN = 20
"""Lines of each list; `--all` shows every one."""


def show_columns(console: Console, roster: RosterFile) -> None:
    """Show what is read from where, before anything is read."""
    console.print(f"{roster.format.called} ({escape(roster.about)})", style="bold")
    table = Table("read as", "from", box=None, header_style="bold")
    for field, heading in roster.found:
        table.add_row(FIELD_NAMES[field], escape(heading))
    console.print(table)
    if roster.passed_over:
        console.print(f"Not read: {escape(', '.join(roster.passed_over[:12]))}", style="dim")


def show_plan(console: Console, plan: Plan, *, everything: bool = False) -> None:
    """Show the pupils who are new, changed and gone, and the rows with faults."""
    most = None if everything else MOST_SHOWN
    _list(console, "New", [describe_pupil(pupil) for pupil in plan.new], most)
    _list(console, "Changed", [describe_change(each) for each in plan.changed], most)
    _list(console, "Gone", [describe_pupil(pupil) for pupil in plan.gone], most)
    kept = "Kept, since a row that could not be taken may be theirs"
    _list(console, kept, [describe_pupil(pupil) for pupil in plan.held], most)
    faults = [describe_fault(fault) for fault in plan.faults]
    _list(console, "Rows with something wrong", faults, most)
    console.print(counts(plan), style="bold")


def _list(console: Console, heading: str, lines: Sequence[str], most: int | None) -> None:
    if not lines:
        return
    console.print(f"{heading} ({len(lines):,})", style="bold")
    for line in lines[:most]:
        console.print(f"  {escape(line)}", soft_wrap=True, highlight=False)
    if most is not None and len(lines) > most:
        console.print(f"  … and {len(lines) - most:,} more (--all shows them)", style="dim")
