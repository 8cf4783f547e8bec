"""Opens the connection to a journal's file: nothing else knows how that is done."""

import sqlite3
from pathlib import Path

from kiosk.disk_key import DiskKey

DATABASE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What the use of a connection raises. The second: the text of an error that quotes a damaged schema."""


def connect(path: Path, key: DiskKey | None = None, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection to the file, for the thread that calls this.

    Text that is not UTF-8 any more is read with U+FFFD in the place of each bad byte: one flipped bit must
    not make every row after it unreadable. What counts is checked against its seal (`kiosk.journal.seals`).

    Args:
        path: the file; it is created if missing, unless the connection is read-only.
        key: the key of an encrypted file; its errors are those of `sqlite3`, too.
        read_only: neither write nor checkpoint.

    Raises:
        sqlite3.Error: the file cannot be opened.
    """
    if key is not None:
        from kiosk.journal.encrypted_connection import connect_encrypted  # a large library

        connection = connect_encrypted(path, key, read_only=read_only)
    elif read_only:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    else:
        connection = sqlite3.connect(path)
    connection.text_factory = _text
    return connection


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
