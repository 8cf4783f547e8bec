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
    """Show the columns that will be read."""
    console.print(f"{roster.format.label} ({escape(roster.about)})", style="bold")
    table = Table("read as", "from", box=None, header_style="bold")
    for field, heading in roster.fields:
        table.add_row(FIELD_NAMES[field], escape(heading))
    console.print(table)
    if roster.unread:
        console.print(f"Not read: {escape(', '.join(roster.unread[:12]))}", style="dim")


def show_plan(console: Console, plan: Plan, *, everything: bool = False) -> None:
    """Show the pupils who are new, changed and gone, and the rows with faults."""
    limit = None if everything else MOST_SHOWN
    _list(console, "New", [describe_pupil(pupil) for pupil in plan.new], limit)
    _list(console, "Changed", [describe_change(each) for each in plan.changed], limit)
    _list(console, "Gone", [describe_pupil(pupil) for pupil in plan.gone], limit)
    kept = "Kept, because a row that could not be imported may be theirs"
    _list(console, kept, [describe_pupil(pupil) for pupil in plan.held], limit)
    faults = [describe_fault(fault) for fault in plan.faults]
    _list(console, "Rows with problems", faults, limit)
    console.print(counts(plan), style="bold")


def _list(console: Console, heading: str, lines: Sequence[str], limit: int | None) -> None:
    if not lines:
        return
    console.print(f"{heading} ({len(lines):,})", style="bold")
    for line in lines[:limit]:
        console.print(f"  {escape(line)}", soft_wrap=True, highlight=False)
    if limit is not None and len(lines) > limit:
        console.print(f"  … and {len(lines) - limit:,} more (--all shows them)", style="dim")
