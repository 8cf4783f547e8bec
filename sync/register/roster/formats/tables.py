"""Formats that are several CSV files with fixed headings: SDS and OneRoster."""

from collections.abc import Iterator, Mapping, Sequence

from sync.register.roster.columns import plain
from sync.register.roster.errors import RosterError
from sync.register.roster.files import Source
from sync.register.roster.rows import FilePosition, RowFault
from sync.register.roster.table import open_table

Record = Mapping[str, str]


class FixedTable:
    """A CSV file with the column names of a standard, of which only some are read."""

    def __init__(self, source: Source, needed: Sequence[str], useful: Sequence[str] = ()) -> None:
        """Open the file.

        Args:
            source: the file.
            needed: required columns.
            useful: columns that are read if present.

        Raises:
            RosterError: the file is not text, or lacks a required column.
        """
        names = {plain(heading): heading for heading in (*needed, *useful)}
        self._table = open_table(source, lambda cells: sum(1 for cell in cells if plain(cell) in names))
        headings = self._table.headings
        at: dict[str, int] = {}
        for place, heading in enumerate(headings):
            if plain(heading) in names:
                at.setdefault(names[plain(heading)], place)
        missing = [heading for heading in needed if heading not in at]
        if missing:
            raise RosterError(f"{source.name} has no column {missing[0]!r}, which this format must have")
        self._at = at
        self.name = source.name
        self.expected = self._table.expected
        self.unread = [h for place, h in enumerate(headings) if place not in at.values() and h]

    def has(self, heading: str) -> bool:
        """Whether the file has that column."""
        return heading in self._at

    def records(self) -> Iterator[tuple[FilePosition, dict[str, str]] | RowFault]:
        """Each row by its headings."""
        for row in self._table.rows():
            if isinstance(row, RowFault):
                yield row
            else:
                place, cells = row
                yield place, {heading: cells[at].strip() for heading, at in self._at.items()}

    def good(self) -> Iterator[dict[str, str]]:
        """The rows without faults, for a table that only adds details to pupils of another."""
        for row in self.records():
            if not isinstance(row, RowFault):
                yield row[1]


def by_name(sources: Sequence[Source], format_: str) -> dict[str, Source]:
    """The files by their names in lower case.

    Raises:
        RosterError: two have the same name.
    """
    named: dict[str, Source] = {}
    for source in sources:
        if named.setdefault(source.name.casefold(), source) is not source:
            raise RosterError(f"there are two files {source.name}; {format_} has one")
    return named


def needed(named: Mapping[str, Source], name: str, format_: str) -> Source:
    """One of the files.

    Raises:
        RosterError: it is missing.
    """
    if name.casefold() not in named:
        raise RosterError(f"the file {name} is missing; {format_} needs it")
    return named[name.casefold()]
