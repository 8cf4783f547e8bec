"""A journal's file, read from another program while a kiosk may be running with it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that neither writes nor checkpoints: the journal has one writer, not this one.

    Raises:
        FileNotFoundError: there is no journal.
        sqlite3.Error, OSError: it cannot be read.
    """
    if not path.exists():
        raise FileNotFoundError(path)
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        yield connection
