"""CSV as a MIS exports it: one row per pupil, columns in any order and with many names."""

from collections.abc import Iterator, Mapping

from sync.register.roster.columns import Columns, find, plain, score
from sync.register.roster.files import Source
from sync.register.roster.roster import Format, RosterFile
from sync.register.roster.rows import RosterField, RosterRow, RowFault, check
from sync.register.roster.table import DELIMITERS, Table, open_table


def open_csv(source: Source, chosen: Mapping[RosterField, str]) -> RosterFile:
    """Open a CSV file and find its columns.

    Args:
        source: the file.
        chosen: headings that the user has named; the other columns are detected.

    Raises:
        RosterError: the file is not text, or a required column cannot be found.
    """
    named = {plain(heading) for heading in chosen.values()}
    table = open_table(source, lambda cells: score(cells) + sum(2 for cell in cells if plain(cell) in named))
    columns = find(table.name, table.headings, chosen)
    return RosterFile(
        format=Format.CSV,
        about=f"{table.encoding}, {DELIMITERS[table.delimiter]}",
        fields=tuple(columns.fields),
        unread=tuple(columns.unread),
        expected=table.expected,
        whole=True,
        rows=lambda: _rows(table, columns),
    )


def _rows(table: Table, columns: Columns) -> Iterator[RosterRow | RowFault]:
    for row in table.rows():
        if isinstance(row, RowFault):
            yield row
        else:
            place, cells = row
            yield from check(place, columns.cells(cells))
