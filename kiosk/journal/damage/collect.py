"""Collects what can be saved from a damaged journal: through SQLite, and by hand from every page."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from kiosk.disk_key import DiskKey
from kiosk.journal.damage.files import wal_of
from kiosk.journal.damage.identity import CounterRow, WalOwner
from kiosk.journal.damage.image import JournalFiles, read_files, rows_in, unsent_numbers
from kiosk.journal.damage.reading import COLUMNS, TableRows, read_tables
from kiosk.journal.damage.records import RawRow
from kiosk.journal.damage.rows import DamagedRow, SavedEntry, is_entry, ranges, row_data, saved_entry
from kiosk.journal.damage.scratch import IN_MEMORY, scratch_folder
from kiosk.journal.damage.small_tables import SmallTables, small_tables

LARGEST_JUMP = 10_000
"""The counter is believed when it is no further ahead of every number that was found: a flipped bit in it may
be worth billions."""


class SavedJournal(NamedTuple):
    """What could be saved from a damaged journal."""

    entries: dict[int, SavedEntry]
    damaged: list[DamagedRow]
    small: SmallTables
    last_seq: int
    number: int | None
    """The journal's own (`kiosk.journal.damage.identity`)."""
    mark: int
    missing: list[tuple[int, int]]
    """First and last `seq` of each run of entries that may be lost: neither saved, nor known to have been
    settled, nor purged."""


def collect(path: Path, now: datetime, key: DiskKey | None = None) -> SavedJournal:
    """Collect what can be saved. Changes nothing.

    Args:
        path: the damaged journal.
        now: for a settled entry whose time is lost (aware, UTC).
        key: the key of an encrypted journal.

    Raises:
        OSError: the files cannot be opened.
    """
    files = read_files(path, key)
    tables = _through_sqlite(path, files, key)
    newest = files.newest()
    entries = _Entries(files.numbers, now)
    entries.add(tables["entries"].rows)
    raw = [row for number, page in newest.items() for row in rows_in(page, number, newest)]
    entries.add(row for row in raw if is_entry(row))
    for frame in files.others():
        entries.add(row for row in rows_in(frame.data, frame.page, newest) if is_entry(row))
    states = unsent_numbers(newest)
    counter = _counter(files, tables["counter"].rows)
    used = {*entries.saved, *states, *(row.number for row in entries.damaged)}
    last_seq = _last_seq(counter, files, used)
    accounted = min(counter.accounted, last_seq)
    lost = {seq for seq in range(accounted + 1, last_seq + 1) if seq not in entries.saved}
    lost |= {seq for seq, state in states.items() if seq <= last_seq and seq not in entries.saved}
    settled = {seq for seq, state in states.items() if state in ("accepted", "review")}
    return SavedJournal(
        entries=entries.saved,
        damaged=entries.really_damaged(),
        small=small_tables(tables, raw, set(entries.ids), files.numbers),
        last_seq=last_seq,
        number=counter.journal or next(iter(files.numbers), None),
        mark=counter.mark or 0,
        missing=ranges(lost - settled),
    )


class _Entries:
    """The entries that were found; the first version of each counts, since it is the newest."""

    def __init__(self, journals: set[int], now: datetime) -> None:
        self._journals, self._now = journals, now
        self.saved: dict[int, SavedEntry] = {}
        self.ids: dict[str, int] = {}
        self.damaged: list[DamagedRow] = []

    def add(self, rows: Iterable[RawRow]) -> None:
        """Add the rows whose entries are not there yet."""
        for row in rows:
            entry = saved_entry(row, self._journals, self._now)
            if entry is None or (entry.seq in self.saved) != (entry.id in self.ids):
                self.damaged.append(DamagedRow("entries", row.rowid, row_data(row.values[1:])))
            elif entry.seq not in self.saved:
                self.saved[entry.seq] = entry
                self.ids[entry.id] = entry.seq

    def really_damaged(self) -> list[DamagedRow]:
        """The damaged rows of which no version could be saved: the newest of each."""
        unsaved = (row for row in reversed(self.damaged) if row.number not in self.saved)
        return list({row.number: row for row in unsaved}.values())


def _through_sqlite(path: Path, files: JournalFiles, key: DiskKey | None) -> dict[str, TableRows]:
    if key is not None and not IN_MEMORY.is_dir():  # decrypted pages are never written to a disk
        return {table: TableRows([], whole=False) for table in COLUMNS}
    with scratch_folder(path) as folder:
        copy = folder / path.name
        copy.write_bytes(b"".join(files.database))
        if files.owner is WalOwner.THIS and files.database:
            wal_of(copy).write_bytes(files.log_bytes)
        return read_tables(copy)


def _counter(files: JournalFiles, rows: list[RawRow]) -> CounterRow:
    """The newest counter: SQLite's, or else the last one in the pages."""
    for row in rows:
        last_seq, *others = row.values
        if isinstance(last_seq, int):
            journal, mark, before, accounted = (each if isinstance(each, int) else None for each in others)
            return CounterRow(last_seq, journal, mark, before, accounted or 0)
    return files.counters[-1] if files.counters else CounterRow(0)


def _last_seq(counter: CounterRow, files: JournalFiles, used: set[int]) -> int:
    """The last number that was used, so that none is used twice."""
    highest = max(used, default=0)
    counted = {counter.last_seq, *(each.last_seq for each in files.counters)}
    believed = [seq for seq in counted if 0 <= seq - highest <= LARGEST_JUMP]
    return max(believed, default=highest)
