"""Reads a damaged database through SQLite, row by row, around the pages that it cannot read."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kiosk.journal.connection import DATABASE_ERRORS, connect
from kiosk.journal.damage.records import RawRow

COLUMNS: dict[str, tuple[str, ...]] = {
    "entries": (
        *("seq", "id", "date", "body", "state", "detail"),
        *("committed_at", "settled_at", "doubted_in", "corrects", "voids", "enrolment", "seal"),
    ),
    "counter": ("last_seq", "journal", "mark", "before", "accounted"),
    "bundle": ("one", "etag", "body", "received_at", "seal"),
    "known_time": ("one", "at", "monotonic_ns", "boot_id"),
    "pin_tries": ("one", "wrong", "at_ns", "boot_id"),
    "taps": (
        *("id", "pupil", "at", "trust", "boot_id", "monotonic_ns", "unlisted", "brought_by"),
        "seal",
    ),
    "requests": ("id", "body", "seal"),
    "salvages": ("number", "at", "put_aside", "saved", "unreadable", "missing"),
    "damaged_rows": ("one", "of", "number", "data"),
}
"""The tables of a journal, with the columns in the order in which a new one has them. The first column of a
table with a row number of its own is that number, which a raw row has beside its values."""

MOST_FAILURES = 100_000
"""Numbers that are tried one by one behind a page that cannot be read: more than a kiosk uses in a year."""


class TableRows(NamedTuple):
    """The rows of a table that SQLite could read."""

    rows: list[RawRow]
    whole: bool
    """Whether it read the table to its end. `False` also for a table that it does not find in a file whose
    schema cannot be read."""


def read_tables(path: Path) -> dict[str, TableRows]:
    """What SQLite can read of a copy of the damaged files: the rows of each table.

    Args:
        path: a copy, since opening it may change it.
    """
    try:
        with contextlib.closing(connect(path)) as connection:
            connection.text_factory = bytes
            connection.execute("PRAGMA writable_schema = ON")  # reads a file that is shorter than it says
            return {table: _read(connection, table) for table in COLUMNS}
    except DATABASE_ERRORS:
        return {table: TableRows([], whole=False) for table in COLUMNS}


def _read(connection: sqlite3.Connection, table: str) -> TableRows:
    try:
        existing = {
            row[1].decode("utf-8", "replace") for row in connection.execute(f"PRAGMA table_info({table})")
        }
        has_schema = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
    except DATABASE_ERRORS:
        return TableRows([], whole=False)
    if not existing:
        return TableRows([], whole=has_schema)  # from a version without this table
    columns = ", ".join(f'"{name}"' if name in existing else "NULL" for name in COLUMNS[table])
    select = f"SELECT rowid, {columns} FROM {table}"  # noqa: S608  the names are ours
    rows: dict[int, RawRow] = {}
    whole = True
    for order in ("ASC", "DESC"):
        try:
            for rowid, *values in connection.execute(f"{select} ORDER BY rowid {order}"):
                rows[rowid] = RawRow(rowid, values)
            break
        except DATABASE_ERRORS:
            whole = False
    if not whole:
        rows.update({row.rowid: row for row in _one_by_one(connection, select, rows)})
    return TableRows([rows[rowid] for rowid in sorted(rows)], whole)


def _one_by_one(connection: sqlite3.Connection, select: str, known: dict[int, RawRow]) -> Iterator[RawRow]:
    """The rows between those that were read from both ends, each looked up by its number."""
    numbers = range(1, min(max(known, default=0), MOST_FAILURES * 10) + 1)
    failures = 0
    for number in numbers:
        if number in known:
            continue
        try:
            found = connection.execute(f"{select} WHERE rowid = ?", [number]).fetchone()
        except DATABASE_ERRORS:
            failures += 1
            if failures > MOST_FAILURES:
                return
            continue
        if found is not None:
            yield RawRow(found[0], list(found[1:]))
