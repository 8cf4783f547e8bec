"""Whoever uses an encrypted database meets the errors of `sqlite3`."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from kiosk.disk_key import DiskKey
from kiosk.journal.connection import connect

KEY = DiskKey(bytes(range(32)), bytes(range(16)))


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "some.db", KEY)) as connection:
        connection.execute("CREATE TABLE one (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        yield connection


MISTAKES: list[tuple[Callable[[sqlite3.Connection], object], type[sqlite3.Error], int]] = [
    (lambda c: c.execute("SELECT * FROM none"), sqlite3.OperationalError, sqlite3.SQLITE_ERROR),
    (
        lambda c: c.executemany("INSERT INTO one VALUES (?, 'a')", [(1,), (1,)]),
        sqlite3.IntegrityError,
        sqlite3.SQLITE_CONSTRAINT,
    ),
    (
        lambda c: c.cursor().execute("INSERT INTO one VALUES (1, NULL)"),
        sqlite3.IntegrityError,
        sqlite3.SQLITE_CONSTRAINT,
    ),
    (lambda c: c.executescript("no SQL at all"), sqlite3.OperationalError, sqlite3.SQLITE_ERROR),
    (lambda c: c.execute("COMMIT"), sqlite3.OperationalError, sqlite3.SQLITE_ERROR),
]


@pytest.mark.parametrize(("mistake", "expected", "code"), MISTAKES)
def test_an_error_is_sqlites_own_with_its_code(
    connection: sqlite3.Connection,
    mistake: Callable[[sqlite3.Connection], object],
    expected: type[sqlite3.Error],
    code: int,
) -> None:
    with pytest.raises(expected) as raised:
        mistake(connection)
    assert raised.value.sqlite_errorcode == code


def test_a_closed_connection_is_sqlites_programming_error(connection: sqlite3.Connection) -> None:
    db = Database(connection)
    connection.close()
    for use in (lambda: db.execute("SELECT 1"), connection.commit, connection.rollback):
        with pytest.raises(sqlite3.ProgrammingError):
            use()


def test_damage_shows_while_rows_are_read_as_sqlites_error(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    with closing(connect(path, KEY)) as connection:
        connection.execute("CREATE TABLE one (name TEXT)")
        connection.executemany("INSERT INTO one VALUES (?)", [("x" * 500,)] * 100)
        connection.commit()
    data = bytearray(path.read_bytes())
    data[4096 * 8 + 50] ^= 1
    path.write_bytes(data)
    with closing(connect(path, KEY)) as connection:
        rows = connection.execute("SELECT name FROM one")
        with pytest.raises(sqlite3.DatabaseError) as raised:
            for _ in rows:
                pass
    assert raised.value.sqlite_errorcode == sqlite3.SQLITE_CORRUPT


def test_a_wrong_key_and_a_missing_folder_are_sqlites_errors(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "some.db", KEY)) as connection:
        connection.execute("CREATE TABLE one (name TEXT)")
    with closing(connect(tmp_path / "some.db", DiskKey(os.urandom(32), KEY.salt))) as connection:
        with pytest.raises(sqlite3.DatabaseError) as raised:
            connection.execute("SELECT * FROM one")
        assert raised.value.sqlite_errorcode == sqlite3.SQLITE_NOTADB
    with pytest.raises(sqlite3.OperationalError):
        connect(tmp_path / "missing" / "some.db", KEY).execute("SELECT 1 FROM one")


def test_a_read_only_connection_does_not_write(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "some.db", KEY)) as connection:
        connection.execute("CREATE TABLE one (name TEXT)")
    with closing(connect(tmp_path / "some.db", KEY, read_only=True)) as connection:
        with pytest.raises(sqlite3.OperationalError) as raised:
            connection.execute("INSERT INTO one VALUES ('a')")
        assert raised.value.sqlite_errorcode == sqlite3.SQLITE_READONLY


def test_nothing_is_written_to_standard_error_by_the_library(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "some.db").write_bytes(os.urandom(8192))
    with closing(connect(tmp_path / "some.db", KEY)) as connection, pytest.raises(sqlite3.DatabaseError):
        connection.execute("SELECT * FROM one")
    assert capfd.readouterr() == ("", "")
