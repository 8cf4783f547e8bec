"""What a restored register lacks: entries by number, and what people and kiosks did since the backup."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from sync.register.backups.sqlite_files import reading
from sync.register.storage.database import Database

_ENTRIES = "SELECT kiosk_id, epoch, seq FROM entries"
_KIOSKS = "SELECT id, name FROM kiosks"
_CHANGES = "SELECT id FROM mark_changes WHERE entry_id IS NULL"
_QUERIES = (_ENTRIES, _KIOSKS, _CHANGES)

_ORDERS = ("", " ORDER BY rowid", " ORDER BY rowid DESC")
"""SQLite reads a table until the first damaged page; from its end it comes to that page from the other side.
The first order may take an index instead, which lies on other pages and may be damaged without an error."""

MOST_RANGES = 10
"""How many ranges of numbers a line names."""


@dataclass(frozen=True, slots=True)
class RegisterContents:
    """What identifies a register's contents, as far as it can be read."""

    entries: frozenset[tuple[UUID, int, int]]
    """Kiosk, epoch and `seq` of each entry."""
    kiosks: dict[UUID, str]
    """The kiosks' names."""
    changes: frozenset[int]
    """The ids of the changes of marks that users made."""
    complete: bool
    """Whether all of it could be read."""


def contents(database: Database) -> RegisterContents:
    """The contents of a database by its connection."""
    rows: list[set[tuple[object, ...]]] = []
    complete = True
    for query in _QUERIES:
        try:
            with database.read() as session:
                rows.append({tuple(row) for row in session.execute(text(query))})
        except SQLAlchemyError:
            rows.append(set())
            complete = False
    return _contents(*rows, complete=complete)


def contents_of_file(file: Path) -> RegisterContents:
    """The contents of a SQLite file that no register serves, row by row if it is damaged."""
    complete = True
    rows: list[set[tuple[object, ...]]] = []
    for query in _QUERIES:
        found: set[tuple[object, ...]] = set()
        for order in _ORDERS:
            try:
                with reading(file) as connection:
                    for row in connection.execute(query + order):
                        found.add(tuple(map(_as_text, row)))
            except sqlite3.Error:
                complete = False
        rows.append(found)
    return _contents(*rows, complete=complete)


def missing(before: RegisterContents, after: RegisterContents) -> Iterator[str]:
    """What a register lacks after a restore, a sentence each.

    Args:
        before: what was there.
        after: what the backup had.
    """
    if not before.complete:
        yield "Not all of the previous content could be read; more than the following may be missing."
    names = after.kiosks | before.kiosks
    by_kiosk = defaultdict[UUID, list[int]](list)
    for kiosk, _, seq in before.entries - after.entries:
        by_kiosk[kiosk].append(seq)
    for kiosk, seqs in sorted(by_kiosk.items(), key=lambda item: names.get(item[0], "")):
        count = f"{len(seqs):,} entr{'y' if len(seqs) == 1 else 'ies'}"
        yield (
            f"Missing: {count} of {names.get(kiosk, 'an unknown kiosk')}, number"
            f"{'' if len(seqs) == 1 else 's'} {_ranges(seqs)}; sent again if the kiosk still has them."
        )
    if gone := sorted(name for kiosk, name in before.kiosks.items() if kiosk not in after.kiosks):
        yield f"Not enrolled any more: {', '.join(gone)}. Enrol each again with a new code."
    if changes := len(before.changes - after.changes):
        yield (
            f"Missing: {changes:,} change{'' if changes == 1 else 's'} that users made after the backup, to"
            " be made again from the previous content."
        )


def _contents(
    entries: Iterable[tuple[object, ...]],
    kiosks: Iterable[tuple[object, ...]],
    changes: Iterable[tuple[object, ...]],
    *,
    complete: bool,
) -> RegisterContents:
    """From rows, of which damage may have made nonsense."""
    numbers, names = set(), {}
    for kiosk, epoch, seq in entries:
        if (known := _uuid(kiosk)) and isinstance(epoch, int) and isinstance(seq, int):
            numbers.add((known, epoch, seq))
    for kiosk, name in kiosks:
        if known := _uuid(kiosk):
            names[known] = str(name)
    ids = frozenset(each for (each,) in changes if isinstance(each, int))
    return RegisterContents(frozenset(numbers), names, ids, complete)


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _as_text(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _ranges(seqs: Iterable[int]) -> str:
    """`3, 7–9`, the lowest first, and an ellipsis after a good many."""
    parts: list[list[int]] = []
    for seq in sorted(set(seqs)):
        if parts and parts[-1][1] == seq - 1:
            parts[-1][1] = seq
        else:
            parts.append([seq, seq])
    texts = [str(first) if first == last else f"{first}–{last}" for first, last in parts[:MOST_RANGES]]
    return ", ".join(texts) + (" …" if len(parts) > MOST_RANGES else "")
