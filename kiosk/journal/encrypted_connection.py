"""A connection to an encrypted database (SQLCipher), which raises the errors of `sqlite3`.

SQLCipher's own errors are no `sqlite3.Error`, with the same names and codes. They are translated here, in one
place, so that nothing else needs to know whether a journal is encrypted.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from sqlcipher3 import dbapi2 as sqlcipher

from kiosk.disk_key import DiskKey

_OF_CURSOR = (
    "execute",
    "executemany",
    "executescript",
    "fetchone",
    "fetchmany",
    "fetchall",
    "close",
    "__next__",
)
_OF_CONNECTION = ("commit", "rollback", "close", "executescript", "create_function", "__enter__", "__exit__")


def connect_encrypted(path: Path, key: DiskKey, *, read_only: bool) -> sqlite3.Connection:
    """A connection to an encrypted file, for the thread that calls this. A wrong key shows at the first read.

    Raises:
        sqlite3.Error: the file cannot be opened.
    """
    address = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    try:
        connection = sqlcipher.connect(address, uri=True, factory=_Connection)
        connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to standard error by itself
        connection.execute(f'PRAGMA key = "{key.raw}"')
    except sqlcipher.Error as error:
        raise _as_sqlite3(error) from error
    return cast("sqlite3.Connection", connection)


def export_encrypted(plain: Path, target: Path, key: DiskKey) -> None:
    """Copy a plain database into a new encrypted one.

    Args:
        plain: the database, which nothing else has open.
        target: a file that is empty.
        key: the key.

    Raises:
        sqlite3.Error: one of them cannot be opened, or there is no room.
    """
    try:
        with closing(sqlcipher.connect(str(plain))) as connection:
            connection.execute("ATTACH DATABASE ? AS target KEY ?", [str(target), key.raw])
            connection.execute("SELECT sqlcipher_export('target')")
            [number] = connection.execute("PRAGMA main.application_id").fetchone()
            connection.execute(f"PRAGMA target.application_id = {number:d}")
            connection.commit()
    except sqlcipher.Error as error:
        raise _as_sqlite3(error) from error


class _Cursor(sqlcipher.Cursor):  # type: ignore[misc]  # ships no types
    """Raises the errors of `sqlite3`."""


class _Connection(sqlcipher.Connection):  # type: ignore[misc]  # ships no types
    """Raises the errors of `sqlite3`."""

    @property
    def in_transaction(self) -> bool:
        try:
            return bool(super().in_transaction)
        except sqlcipher.Error as error:
            raise _as_sqlite3(error) from error

    def cursor(self, factory: type[Any] = _Cursor) -> Any:
        return super().cursor(factory)


def _translating(method: Callable[..., Any]) -> Callable[..., Any]:
    def translated(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except sqlcipher.Error as error:
            raise _as_sqlite3(error) from error

    return translated


def _as_sqlite3(error: Exception) -> sqlite3.Error:
    kind = getattr(sqlite3, type(error).__name__, sqlite3.DatabaseError)
    translated: sqlite3.Error = kind(*error.args)
    translated.sqlite_errorcode = getattr(error, "sqlite_errorcode", 0)
    translated.sqlite_errorname = getattr(error, "sqlite_errorname", "")
    return translated


for _name in _OF_CURSOR:
    setattr(_Cursor, _name, _translating(getattr(sqlcipher.Cursor, _name)))
for _name in _OF_CONNECTION:
    setattr(_Connection, _name, _translating(getattr(sqlcipher.Connection, _name)))
