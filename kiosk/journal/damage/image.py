"""A journal's files as pages: what the database says now, and the older and hidden versions of its pages."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kiosk.disk_key import DiskKey
from kiosk.journal.damage.files import read_bytes, read_pages, wal_of
from kiosk.journal.damage.identity import CounterRow, WalOwner, counters_in, numbers_of, owner_of
from kiosk.journal.damage.page_cipher import PageCipher
from kiosk.journal.damage.records import RawRow, carved_entries, index_keys, table_rows
from kiosk.journal.damage.rows import is_entry, is_sealed
from kiosk.journal.damage.wal import WalFrame, WriteAheadLog, pages_of, read_wal, with_pages

_LEAST_LOG = 24
"""Bytes. A shorter log has no salts and no frame."""


class JournalFiles(NamedTuple):
    """The two files of a journal, as they are on the disk; decrypted, if they are encrypted."""

    database: list[bytes]
    log: WriteAheadLog
    log_bytes: bytes
    owner: WalOwner
    numbers: set[int]
    """The journal's number (`kiosk.journal.damage.identity`)."""
    counters: list[CounterRow]
    """The counter in the database and in the log, the newest last."""
    unseen: list[RawRow]
    """The entries behind the end of the log that SQLite sees, with a higher number than it knows of."""

    @property
    def is_log_hidden(self) -> bool:
        """Whether SQLite would not see, or not understand, what the log has."""
        if self.owner is WalOwner.OUT_OF_STEP or self.log.broken or self.unseen:
            return True
        return not self.database and bool(self.log.committed or self.log.behind)

    @property
    def is_torn(self) -> bool:
        """Whether nothing is hidden but the last entry, which was being written when the power was cut. No
        screen has said that it is recorded; but it can be read, and it is what the pupil has chosen."""
        is_whole = self.owner is WalOwner.THIS and bool(self.database) and not self.log.broken
        return is_whole and len(self.unseen) == 1

    def newest(self) -> dict[int, bytes]:
        """The pages as the database has them now, by number."""
        pages = dict(enumerate(self.database, 1))
        if self.owner is WalOwner.THIS:
            pages.update({frame.page: frame.data for frame in self.log.committed})
        return pages

    def others(self) -> Iterator[WalFrame]:
        """The other versions of pages that the files have, roughly the newest first. Not of a foreign log."""
        if self.owner is WalOwner.FOREIGN:
            return
        yield from reversed(self.log.behind)
        yield from reversed(self.log.committed)
        for number, page in enumerate(self.database, 1):
            yield WalFrame(number, False, page)
        yield from reversed(self.log.older)


def read_files(path: Path, key: DiskKey | None = None) -> JournalFiles:
    """Read a journal's files, and find out whose the log is. Changes nothing.

    Args:
        path: the journal.
        key: the key of an encrypted one.

    Raises:
        OSError: a file cannot be opened.
    """
    database, log_bytes = read_pages(path), read_bytes(wal_of(path))
    is_other_keys = False
    if key is not None:
        cipher = PageCipher(key)
        is_other_keys = not cipher.is_any_of_key(pages_of(log_bytes))
        database = [cipher.plain(number, page) for number, page in enumerate(database, 1)]
        log_bytes = with_pages(log_bytes, cipher.plain)
    log = read_wal(log_bytes) if len(log_bytes) >= _LEAST_LOG else WriteAheadLog([], [], [], broken=False)
    in_database = counters_in(enumerate(database, 1))
    frames = [*log.committed, *log.behind]
    in_log = counters_in((frame.page, frame.data) for frame in frames)
    numbers = numbers_of(database, in_database, lambda number: _has_ours(enumerate(database, 1), {number}))
    owner = WalOwner.THIS
    if frames:
        in_frames = [(frame.page, frame.data) for frame in frames]
        owner = owner_of(
            numbers,
            in_database,
            in_log,
            has_our_rows=_has_ours(in_frames, numbers),
            contradicts=not numbers and _contradicts(_ids(in_frames), _ids(enumerate(database, 1))),
        )
        if is_other_keys:
            owner = WalOwner.FOREIGN
    if not numbers and owner is WalOwner.THIS:
        numbers = {counter.journal for counter in in_log if counter.journal}
    counters = [*in_database, *(in_log if owner is not WalOwner.FOREIGN else ())]
    seen = counters_in((frame.page, frame.data) for frame in log.committed) or in_database
    unseen = _unseen(log, seen[-1].last_seq, numbers) if seen and owner is WalOwner.THIS else []
    return JournalFiles(database, log, log_bytes, owner, numbers, counters, unseen)


def rows_in(page: bytes, number: int, pages: dict[int, bytes]) -> Iterator[RawRow]:
    """The rows in a page of a table, then the entries that stand anywhere in its bytes.

    `pages` has what does not fit into the page of a long row.
    """
    yield from table_rows(page, number, pages.get)
    yield from carved_entries(page)


def unsent_numbers(pages: dict[int, bytes]) -> dict[int, str]:
    """The state of each entry that the index of the outbox has, by `seq`."""
    states = (b"waiting", b"accepted", b"review", b"rejected")
    found: dict[int, str] = {}
    for number, page in pages.items():
        for key in index_keys(page, number):
            match key:
                case [bytes(state), int(seq)] if state in states:
                    found[seq] = state.decode()
                case _:
                    pass
    return found


def _unseen(log: WriteAheadLog, last_seq: int, numbers: set[int]) -> list[RawRow]:
    """Frames of earlier generations have only entries that the database has too, so a higher number is of the
    last transactions, whatever became of the header of its frame."""
    found: dict[int, RawRow] = {}
    for frame in (*log.behind, *log.older):
        for row in rows_in(frame.data, frame.page, {}):
            if row.rowid > last_seq and is_entry(row) and is_sealed(row, numbers, needs_seal=bool(numbers)):
                found.setdefault(row.rowid, row)
    return [found[seq] for seq in sorted(found)]


def _ids(pages: Iterable[tuple[int, bytes]]) -> dict[int, object]:
    """The id of each entry in the pages, by `seq`."""
    return {
        row.rowid: row.values[1]
        for number, page in pages
        for row in table_rows(page, number, lambda _number: None)
        if is_entry(row)
    }


def _contradicts(log: dict[int, object], database: dict[int, object]) -> bool:
    """Whether not one entry is the same, and more than one another: a damaged id makes no foreign log."""
    both = log.keys() & database.keys()
    return len(both) > 1 and all(log[seq] != database[seq] for seq in both)


def _has_ours(pages: Iterable[tuple[int, bytes]], numbers: set[int]) -> bool:
    """Whether there is an entry with a seal of this journal in the pages."""
    return any(
        is_entry(row) and is_sealed(row, numbers, needs_seal=True)
        for number, page in pages
        for row in table_rows(page, number, lambda _number: None)
    )
