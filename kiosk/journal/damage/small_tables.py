"""The rows of a damaged journal beside its entries: bundle, known time, PIN tries, taps, requests. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

from kiosk.journal.damage.reading import COLUMNS, TableRows
from kiosk.journal.damage.records import RawRow, Value
from kiosk.journal.damage.rows import DamagedRow, row_data
from kiosk.journal.seals import is_intact
from kiosk.pins import FREE_TRIES

LOCKED = (1, FREE_TRIES, 0, "")
"""Assumed when the tries cannot be read: enough to lock the pad, in an unknown boot. A damaged file must not
give new tries; the lock costs a member of staff some seconds."""
_ID = 36
"""Characters of a UUID."""

Columns: TypeAlias = tuple[Value | str, ...]
SEALED: dict[str, Callable[[Columns], Columns]] = {
    "bundle": lambda columns: columns[1:3],
    "taps": lambda columns: columns,
    "requests": lambda columns: columns,
}
"""The columns that a row's seal is of (`kiosk.journal.writes`)."""


class SmallTables(NamedTuple):
    """The rows to insert, by table, without their seals; and those that cannot be trusted."""

    rows: dict[str, list[Columns]]
    damaged: list[DamagedRow]


def small_tables(
    tables: dict[str, TableRows], raw: Sequence[RawRow], entries: set[str], journals: set[int]
) -> SmallTables:
    """What could be read of the small tables.

    Args:
        tables: what SQLite could read.
        raw: the rows of the newest pages, used for a table that SQLite could not read to its end.
        entries: the ids of the saved entries; a tap that has become one of them is no tap any more.
        journals: the numbers of the journal.
    """
    rows: dict[str, list[Columns]] = {}
    damaged: list[DamagedRow] = []
    for table in ("bundle", "known_time", "pin_tries", "taps", "requests", "salvages", "damaged_rows"):
        found = {row.rowid: row for row in tables[table].rows}
        if not tables[table].whole:
            for row in raw:
                if _table_of(row.values) == table:
                    found.setdefault(row.rowid, _in_columns(row, table))
        rows[table] = []
        for row in found.values():
            columns = _columns(table, row.values, journals)
            if columns is None:
                damaged.append(DamagedRow(table, row.rowid, row_data(row.values)))
            else:
                rows[table].append(columns)
    rows["taps"] = [tap for tap in rows["taps"] if tap[0] not in entries]
    if not rows["pin_tries"] and (not tables["pin_tries"].whole or tables["pin_tries"].rows):
        rows["pin_tries"] = [LOCKED]
    return SmallTables(rows, damaged)


def _in_columns(row: RawRow, table: str) -> RawRow:
    """A raw row with a value for each column: the row's number in its place, no seal of an older version."""
    values = [*row.values, *[None] * len(COLUMNS[table])][: len(COLUMNS[table])]
    if values[0] is None:
        values[0] = row.rowid
    return RawRow(row.rowid, values)


def _table_of(values: list[Value]) -> str | None:
    """The table that a raw row is of, by the form of its values."""
    table: str | None = None
    match values:
        case [bytes(tap), bytes(), bytes(), bytes(), bytes(), int(), *_] if len(tap) == _ID:
            table = "taps"
        case [bytes(request), bytes(body), *_] if len(request) == _ID and body[:1] == b"{":
            table = "requests"
        case [None, bytes(), bytes(body), bytes(), *_] if body[:1] == b"{":
            table = "bundle"
        case [None, int(), int(), bytes()]:
            table = "pin_tries"
        case [None, bytes(of), int(), bytes()]:
            table = "damaged_rows" if of.decode("utf-8", "replace") in COLUMNS else "known_time"
        case [None, bytes(), bytes(), int(), int(), bytes()]:
            table = "salvages"
    return table


def _columns(table: str, values: list[Value], journals: set[int]) -> Columns | None:
    """The row's columns without the seal; `None` if the row cannot be trusted."""
    if table == "damaged_rows":
        one, of, number, data = values
        fits = isinstance(of, bytes) and isinstance(number, int) and isinstance(data, bytes)
        return (one, _text(of), number, data) if fits else None
    has_seal = COLUMNS[table][-1] == "seal"
    sealed = values[-1] if has_seal else None
    texts = values[:-1] if has_seal else values
    columns = tuple(_text(value) if isinstance(value, bytes) else value for value in texts)
    is_sealed = (
        not isinstance(sealed, int)
        or not journals
        or any(is_intact(sealed, each, *SEALED[table](columns)) for each in journals)
    )
    if table == "bundle" and _has_form(table, columns):
        # Without an ETag the register sends it again; until then, this is the school's only list.
        return columns if is_sealed else (1, "", *columns[2:])
    return columns if is_sealed and _has_form(table, columns) else None


def _has_form(table: str, columns: Columns) -> bool:
    """Whether the columns are what a row of the table can have."""
    match table, columns:
        case "bundle", (_, str(), str(), str()):
            return True
        case "taps", (str(tap), str(), str(at), str(), str(), int(), str() | None, str() | None):
            return _is_id(tap) and _is_instant(at)
        case "requests", (str(request), str()):
            return _is_id(request)
        case "known_time", (_, str(at), int(), str()):
            return _is_instant(at)
        case ("pin_tries", (_, int(), int(), str())) | (
            "salvages",
            (int(), str(), str(), int(), int(), str()),
        ):
            return True
        case _:
            return False


def _text(value: Value) -> str | None:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else None


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
