"""Opens a journal file read-only from another program, also while a kiosk is running."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kiosk.disk_key import DiskKey
from kiosk.journal.connection import connect
from kiosk.journal.damage.page_cipher import check_key


@contextmanager
def open_read_only(path: Path, key: DiskKey | None = None) -> Iterator[sqlite3.Connection]:
    """A connection that neither writes nor checkpoints, since the kiosk is the journal's only writer.

    Raises:
        FileNotFoundError: there is no journal at the path.
        DiskKeyError: it was encrypted with another key.
        sqlite3.Error, OSError: the journal cannot be read.
    """
    if not path.exists() or path.stat().st_size == 0:  # of an empty one, SQLite would delete the log
        raise FileNotFoundError(path)
    if key is not None:
        check_key(path, key)
    with closing(connect(path, key, read_only=True)) as connection:
        yield connection
