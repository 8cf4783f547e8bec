"""Pages of an encrypted journal, decrypted by hand, against SQLCipher's own."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.disk_key import DiskKey
from kiosk.errors import DiskKeyError
from kiosk.journal.connection import connect
from kiosk.journal.damage.files import PAGE, read_bytes, read_pages, wal_of
from kiosk.journal.damage.page_cipher import PageCipher, check_key, plain_image
from kiosk.journal.damage.wal import pages_of, read_wal, with_pages

KEY, OTHER = DiskKey(bytes(range(32)), bytes(range(16))), DiskKey(bytes(32), bytes(range(16)))
CIPHER = PageCipher(KEY)


def filled(path: Path, *, checkpointed: bool) -> list[tuple[str]]:
    """Write a database with a log, and copy both as a power cut would leave them; returns the rows."""
    source = path.with_name("running.db")
    with closing(connect(source, KEY)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE one (name TEXT)")
        for number in range(20):
            connection.executemany("INSERT INTO one VALUES (?)", [(f"Amelia {number} " * 30,)] * 5)
            connection.commit()
        if checkpointed:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for of in (lambda each: each, wal_of):
            of(path).write_bytes(of(source).read_bytes())
        return connection.execute("SELECT name FROM one").fetchall()


@pytest.mark.parametrize("checkpointed", [True, False])
def test_decrypted_files_are_those_of_a_plain_database(tmp_path: Path, checkpointed: bool) -> None:
    path, plain = tmp_path / "some.db", tmp_path / "plain.db"
    rows = filled(path, checkpointed=checkpointed)
    pages = read_pages(path)
    assert all(CIPHER.is_of_key(number, page) for number, page in enumerate(pages, 1))
    plain.write_bytes(b"".join(CIPHER.plain(number, page) for number, page in enumerate(pages, 1)))
    wal_of(plain).write_bytes(with_pages(read_bytes(wal_of(path)), CIPHER.plain))
    with closing(sqlite3.connect(plain)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT name FROM one").fetchall() == rows


def test_a_decrypted_log_ends_where_the_encrypted_one_ends(tmp_path: Path) -> None:
    filled(tmp_path / "some.db", checkpointed=False)
    log = read_bytes(wal_of(tmp_path / "some.db"))
    draw = random.Random(3)  # noqa: S311  damage, not a secret
    for _ in range(60):
        damaged = bytearray(log)
        for _ in range(draw.choice((0, 1, 3))):
            damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
        damaged = damaged[: draw.choice((len(damaged), draw.randrange(len(damaged))))]
        was, now = read_wal(bytes(damaged)), read_wal(with_pages(bytes(damaged), CIPHER.plain))
        assert [len(each) for each in (was.committed, was.behind, was.older)] == [
            len(each) for each in (now.committed, now.behind, now.older)
        ]


def test_a_page_with_a_flipped_bit_is_whole_but_for_a_few_bytes(tmp_path: Path) -> None:
    filled(tmp_path / "some.db", checkpointed=True)
    number, page = 5, bytearray(read_pages(tmp_path / "some.db")[4])
    whole = CIPHER.plain(number, bytes(page))
    page[1000] ^= 4
    assert not CIPHER.is_of_key(number, bytes(page))
    damaged = CIPHER.plain(number, bytes(page))
    changed = [at for at in range(PAGE) if whole[at] != damaged[at]]
    assert changed[0] // 16 == 1000 // 16
    assert changed[-1] == 1016
    assert len(changed) <= 17


def test_a_key_is_told_from_another_as_long_as_one_page_or_the_first_bytes_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    filled(path, checkpointed=True)
    pages = read_pages(path)
    for kept in range(len(pages)):
        garbled = [b"\xff" * PAGE if number != kept else page for number, page in enumerate(pages)]
        path.write_bytes(b"".join(garbled))
        check_key(path, KEY)
        if kept:
            with pytest.raises(DiskKeyError, match="was not encrypted with the key"):
                check_key(path, OTHER)
    path.write_bytes(KEY.salt + b"\xff" * (PAGE - 16))
    check_key(path, KEY)
    path.write_bytes(b"\xff" * PAGE * 3)
    with pytest.raises(DiskKeyError, match=r"was not encrypted with the key.*Nothing was changed"):
        check_key(path, KEY)


def test_nothing_but_zeros_is_a_damaged_journal_and_no_other_keys(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    check_key(path, KEY)
    path.write_bytes(bytes(PAGE * 3))
    check_key(path, KEY)


def test_the_key_shows_in_a_log_whose_database_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    filled(path, checkpointed=False)
    path.unlink()
    assert CIPHER.is_any_of_key(pages_of(read_bytes(wal_of(path))))
    check_key(path, KEY)


@pytest.mark.parametrize("key", [KEY, None])
def test_a_whole_journal_is_read_into_memory(tmp_path: Path, key: DiskKey | None) -> None:
    path = tmp_path / "some.db"
    with closing(connect(path, key)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE one (name TEXT)")
        connection.execute("INSERT INTO one VALUES ('Amelia')")
        connection.commit()
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.deserialize(plain_image(path, key))
        assert memory.execute("SELECT name FROM one").fetchall() == [("Amelia",)]
