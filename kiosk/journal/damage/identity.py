"""Which journal a file belongs to, and whether a write-ahead log belongs to it.

Every transaction writes the counter's row. It holds the journal's number, drawn once, and a mark that each
transaction draws anew beside the mark of the one before. So a log that continues a database has the
database's mark among its own; a log that was put beside it has not.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import NamedTuple

from kiosk.journal.damage.records import has_one_row, table_rows

APPLICATION_ID = slice(68, 72)
"""Where the header of a database's first page has the second copy of the journal's number."""
COUNTER_COLUMNS = 5


class CounterRow(NamedTuple):
    """The counter's row, as a page has it."""

    last_seq: int
    journal: int | None = None
    mark: int | None = None
    before: int | None = None
    accounted: int = 0


class WalOwner(Enum):
    """Whose a write-ahead log is."""

    THIS = "this"
    """It continues the database, or nothing speaks against that."""
    OUT_OF_STEP = "out of step"
    """It is this journal's and does not continue the database: one of the files was exchanged for a copy."""
    FOREIGN = "foreign"
    """It is another journal's."""


def counter_row(page: bytes, number: int) -> CounterRow | None:
    """The counter's row, if that is the counter's page."""
    if not has_one_row(page, number):
        return None
    rows = list(table_rows(page, number, _no_page))
    if len(rows) != 1:
        return None
    values = rows[0].values
    numbers = [value for value in values if isinstance(value, int)]
    if len(values) != len(numbers) or len(numbers) not in (1, COUNTER_COLUMNS):
        return None
    return CounterRow(*numbers)


def counters_in(pages: Iterable[tuple[int, bytes]]) -> list[CounterRow]:
    """The counter's rows in pages, in their order."""
    rows = (counter_row(page, number) for number, page in pages)
    return [row for row in rows if row is not None]


def numbers_of(
    pages: Sequence[bytes], counters: Iterable[CounterRow], is_confirmed: Callable[[int], bool]
) -> set[int]:
    """The number by which a database calls its journal; none if that is not certain.

    Args:
        pages: the database's pages.
        counters: the counter's rows in them.
        is_confirmed: whether an entry in them has a seal with that number; asked when the copies differ.
    """
    copies = [counter.journal for counter in counters if counter.journal]
    copies += [copy for page in pages[:1] if (copy := int.from_bytes(page[APPLICATION_ID], "big"))]
    if len(copies) > 1 and len(set(copies)) == 1:
        return set(copies)
    return {copy for copy in copies if is_confirmed(copy)}


def owner_of(
    numbers: set[int],
    database: Sequence[CounterRow],
    log: Sequence[CounterRow],
    *,
    has_our_rows: bool,
    contradicts: bool,
) -> WalOwner:
    """Whose a write-ahead log is.

    Args:
        numbers: the numbers of the database's journal.
        database: the counter in the database.
        log: the counter in the log, transaction by transaction.
        has_our_rows: whether the log has an entry with a seal of this journal.
        contradicts: whether the log has other entries under the database's numbers, which counts if nothing
            else is known: the database is of an older version, or too little is left of it.
    """
    if not numbers:
        return WalOwner.FOREIGN if contradicts else WalOwner.THIS
    if not any(counter.journal in numbers for counter in log):
        return WalOwner.OUT_OF_STEP if has_our_rows else WalOwner.FOREIGN
    marks = {mark for counter in log for mark in (counter.mark, counter.before) if mark is not None}
    now = {counter.mark for counter in database if counter.mark is not None}
    return WalOwner.THIS if not now or now & marks else WalOwner.OUT_OF_STEP


def _no_page(_number: int) -> bytes | None:
    return None
