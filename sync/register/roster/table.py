"""CSV as a table: its delimiter, its heading row, and its rows with their line numbers."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sync.register.roster import upn
from sync.register.roster.errors import RosterError
from sync.register.roster.files import MOST_ROWS, TOO_MANY_ROWS, Source
from sync.register.roster.rows import FilePosition, PupilNumbers, RowFault, Weight
from sync.register.roster.text import decode

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

_ROWS_ABOVE = 20
"""Reports have titles and dates above their headings, but no known report has more rows of them."""
MOST_COLUMNS = 500
"""The most cells of a row. An MIS's widest report has about a hundred."""
LONGEST_LINE = 1000 * MOST_COLUMNS
"""In characters. A longer line would become as many cells as it has delimiters before they are counted:
20 MB of delimiters took 450 MB."""
_MOST_LINES = 50
"""An address is a cell of several lines. A longer cell is a quotation mark that was never closed."""


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file whose heading row is known."""

    name: str
    text: str
    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    heading_line: int

    @property
    def expected(self) -> int:
        """The approximate number of rows, for a progress bar."""
        return max(self.text.count("\n") - self.heading_line + 1, 1)

    def rows(self) -> Iterator[tuple[FilePosition, list[str]] | RowFault]:
        """Each row that is not blank, with as many cells as there are headings.

        Raises:
            RosterError: a quotation mark is not closed, or a cell has more than 131,072 characters.
        """
        width = len(self.headings)
        for first_line, cells in _parsed(self.name, self.text, self.delimiter):
            if first_line <= self.heading_line or not any(map(str.strip, cells)):
                continue
            place = FilePosition(self.name, first_line)
            if any(cell.strip() for cell in cells[width:]):
                reason = f"it has {len(cells)} cells where the heading has {width}"
                yield RowFault(place, reason, keys=_recognised(cells))
                continue
            if width > 1 and sum(1 for cell in cells if cell.strip()) == 1:
                yield RowFault(place, "only one cell is filled, so it is no pupil's", Weight.NOTE)
                continue
            # Spreadsheets omit the empty cells at the end of a row.
            yield place, (cells + [""] * (width - len(cells)))[:width]


def open_table(source: Source, score: Callable[[Sequence[str]], int]) -> Table:
    """Find a CSV file's encoding, delimiter and heading row.

    Args:
        source: the file.
        score: how many cells of a row are headings that are looked for.

    Raises:
        RosterError: the file is not text, or is empty.
    """
    text, encoding = decode(source.name, source.content)
    candidates: list[tuple[tuple[int, int, int], str, int, list[str]]] = []
    trouble: RosterError | None = None
    for order, delimiter in enumerate(DELIMITERS):
        try:
            for line, cells in _beginning(source.name, text, delimiter):
                rank = (
                    score(cells),
                    sum(1 for cell in cells if cell.strip()),
                    -line * len(DELIMITERS) - order,
                )
                candidates.append((rank, delimiter, line, cells))
        except RosterError as error:  # with the wrong delimiter, a quotation mark can appear to be open
            trouble = error
    if not candidates:
        raise trouble or RosterError(f"{source.name} is empty")
    _, delimiter, line, cells = max(candidates, key=lambda candidate: candidate[0])
    return Table(source.name, text, encoding, delimiter, tuple(cell.strip() for cell in cells), line)


def _recognised(cells: Sequence[str]) -> PupilNumbers:
    """The numbers of a row whose cells have shifted: a UPN can be verified by itself."""
    upns = [tidy for cell in cells if (tidy := upn.tidy(cell[:40])) and upn.fault(tidy) is None]
    return PupilNumbers(upn=upns[0]) if len(upns) == 1 else PupilNumbers()


def _beginning(name: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows among which the headings are; Excel's own `sep=;` is not one of them."""
    for line, cells in islice(_parsed(name, text, delimiter), _ROWS_ABOVE):
        if any(cell.strip() for cell in cells) and not cells[0].casefold().startswith("sep="):
            yield line, cells


def _parsed(name: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins; rows without cells are left out."""
    reader = csv.reader(_lines(name, text), delimiter=delimiter)
    rows = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise RosterError(f"{name}, line {line} cannot be read: {_plain(error)}") from error
        if reader.line_num - line >= _MOST_LINES:
            raise RosterError(f"{name}, line {line}: a quotation mark that is opened there is never closed")
        if len(cells) > MOST_COLUMNS:
            raise RosterError(f"{name}, line {line} has more than {MOST_COLUMNS} cells; it is not a roster")
        rows += 1
        if rows > MOST_ROWS:
            raise RosterError(TOO_MANY_ROWS.format(name=name))
        if cells:
            yield line, cells


def _lines(name: str, text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > LONGEST_LINE:
            raise RosterError(
                f"{name}, line {number} has more than {LONGEST_LINE:,} characters; it is not a roster"
            )
        yield line


def _plain(error: csv.Error) -> str:
    if "field larger" in str(error):
        return "a cell is longer than 131,072 characters; a quotation mark may not be closed"
    return str(error)
