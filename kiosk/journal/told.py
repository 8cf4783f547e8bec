"""What the staff and the office are told of a damaged journal: kept in the journal that took its place."""

import json
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlite_utils import Database

TOLD_FOR = timedelta(days=28)
"""How long it is told after it happened. The office's work item stays until it is decided."""
MOST_RUNS = 50
"""Runs of missing numbers that are told one by one; what is behind them, as one run."""


class Salvage(NamedTuple):
    """A journal, or a part of one, that was put aside."""

    at: datetime
    """By the kiosk's clock; UTC."""
    put_aside: str
    """The name of the file that was put aside, beside the journal."""
    saved: int
    """How many entries were saved from it."""
    unreadable: int
    """How many rows were found that cannot be trusted any more."""
    missing: tuple[tuple[int, int], ...]
    """First and last `seq` of each run of entries that may be lost."""


def note_salvage(db: Database, salvage: Salvage) -> None:
    """Store it. Called inside a transaction."""
    db.execute(
        "INSERT INTO salvages (at, put_aside, saved, unreadable, missing) VALUES (?, ?, ?, ?, ?)",
        [
            salvage.at.astimezone(UTC).isoformat(timespec="seconds"),
            salvage.put_aside,
            salvage.saved,
            salvage.unreadable,
            json.dumps(salvage.missing),
        ],
    )


def newest_salvage(db: Database) -> Salvage | None:
    """The newest one; `None` if nothing was ever put aside."""
    row = db.execute(
        "SELECT at, put_aside, saved, unreadable, missing FROM salvages ORDER BY number DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    at, put_aside, saved, unreadable, missing = row
    runs = tuple((int(first), int(last)) for first, last in json.loads(missing))
    return Salvage(datetime.fromisoformat(at), put_aside, saved, unreadable, runs)


def few_runs(missing: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The runs, with those behind the first ones made one run: that names too many numbers, never too few."""
    first, rest = missing[: MOST_RUNS - 1], missing[MOST_RUNS - 1 :]
    return (*first, (rest[0][0], rest[-1][1])) if rest else tuple(first)
