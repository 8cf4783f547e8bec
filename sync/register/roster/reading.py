"""Reads a roster to its end: its rows, their faults, and each pupil once."""

from collections.abc import Callable
from dataclasses import dataclass

from sync.register.roster.errors import RosterError
from sync.register.roster.roster import RosterFile
from sync.register.roster.rows import FilePosition, RosterRow, RowFault, Weight

Advance = Callable[[int], object]
"""Called from time to time with the number of further rows done: for a progress bar."""
STRIDE = 500


def same_number(number: str) -> str:
    """An admission number for comparison: spreadsheets drop the leading zeros of 001234."""
    return number.casefold().lstrip("0") or number


@dataclass(frozen=True, slots=True)
class RosterContents:
    """The rows of a roster, and the faults in it."""

    rows: tuple[RosterRow, ...]
    faults: tuple[RowFault, ...]
    whole: bool
    """Whether a pupil who is not in it has left."""


def read(roster: RosterFile, advance: Advance = lambda _: None) -> RosterContents:
    """Read a roster to its end. Of two rows with the same number the first is accepted, the second reported.

    Raises:
        RosterError: the file cannot be read to its end, or has no usable row.
    """
    rows: list[RosterRow] = []
    faults: list[RowFault] = []
    seen: dict[tuple[str, str], FilePosition] = {}
    for count, item in enumerate(roster.rows(), start=1):
        duplicate = _duplicate(item, seen) if isinstance(item, RosterRow) else item
        if duplicate is not None:
            faults.append(duplicate)
        elif isinstance(item, RosterRow):
            rows.append(item)
        if count % STRIDE == 0:
            advance(STRIDE)
    if not rows:
        first = f"; {faults[0]}" if faults else ""
        raise RosterError(f"no pupil in the roster can be imported{first}")
    return RosterContents(tuple(rows), tuple(faults), roster.whole)


def _duplicate(row: RosterRow, seen: dict[tuple[str, str], FilePosition]) -> RowFault | None:
    """The fault of a row whose pupil had an earlier row; otherwise the row's numbers are remembered."""
    own = _numbers(row)
    for kind, number in own:
        before = seen.get((kind, number))
        if before is not None:
            reason = f"it has the {kind} of line {before.line} again; the first is used"
            name = None if row.keys.any else (row.first, row.last)
            return RowFault(row.place, reason, Weight.REFUSED, row.keys, name)
    seen.update(dict.fromkeys(own, row.place))
    return None


def _numbers(row: RosterRow) -> list[tuple[str, str]]:
    keys = row.keys
    numbers = (
        ("UPN", keys.upn),
        ("admission number", same_number(keys.admission)),
        ("id", keys.id),
    )
    own = [(kind, number) for kind, number in numbers if number]
    return own or [
        ("name, year and form", "\n".join((row.first, row.last, row.year, row.form or "")).casefold())
    ]
