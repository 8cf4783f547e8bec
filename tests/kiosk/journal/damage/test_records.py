"""Rows read by hand from single pages, against SQLite's own."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.journal.damage.files import PAGE, read_pages
from kiosk.journal.damage.records import carved_entries, index_keys, table_rows

ROWS = [
    (1, None, 0, 1, -1, "", b""),
    (2, 3.5, 127, -128, 32767, "é" * 100, b"\0\xff"),
    (3, -1e300, 2**23 - 1, -(2**31), 2**47 - 1, "x" * 5000, bytes(60_000)),
    (2**40, None, 2**63 - 1, -(2**63), 12, "y" * 4061, bytes(range(256))),
]


@pytest.fixture
def pages(tmp_path: Path) -> dict[int, bytes]:
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, a, b, c, d, e TEXT, f BLOB)")
        connection.execute("CREATE INDEX by_b ON rows (b, number)")
        connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?)", ROWS)
    return dict(enumerate(read_pages(path), 1))


def test_every_row_is_read_with_what_other_pages_have_of_it(pages: dict[int, bytes]) -> None:
    found = {
        row.rowid: row.values[1:]
        for number, page in pages.items()
        for row in table_rows(page, number, pages.get)
        if row.values[0] is None
    }
    assert found == {
        number: [value.encode() if isinstance(value, str) else value for value in values]
        for number, *values in ROWS
    }


def test_the_keys_of_an_index_are_read(pages: dict[int, bytes]) -> None:
    keys = [key for number, page in pages.items() for key in index_keys(page, number)]
    assert sorted((key[0], key[-1]) for key in keys) == sorted((row[2], row[0]) for row in ROWS)


def test_a_row_without_the_page_that_it_goes_on_at_is_left_out(pages: dict[int, bytes]) -> None:
    found = [
        row.rowid for number, page in pages.items() for row in table_rows(page, number, lambda _number: None)
    ]
    assert 3 not in found


@pytest.mark.parametrize("seed", range(200))
def test_any_page_is_taken(pages: dict[int, bytes], seed: int) -> None:
    import random

    rng = random.Random(seed)  # noqa: S311  damage, not a secret
    for number, page in pages.items():
        damaged = bytearray(page)
        for _ in range(rng.choice((1, 10, 1000))):
            damaged[rng.randrange(PAGE)] = rng.randrange(256)
        list(table_rows(bytes(damaged), number, pages.get))
        list(index_keys(bytes(damaged), number))
        list(carved_entries(bytes(damaged)))
