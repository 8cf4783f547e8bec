"""The log as it is read by hand, against SQLite's own reading of the same bytes."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.journal.damage.files import PAGE, wal_of
from kiosk.journal.damage.wal import FRAME_HEADER, HEADER, read_wal

FRAME = FRAME_HEADER + PAGE


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A database whose program was killed after twenty transactions, of which each wrote one row."""
    path, copy = tmp_path / "running.db", tmp_path / "killed.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, text TEXT)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for number in range(20):
            connection.execute("INSERT INTO rows VALUES (?, ?)", [number, f"row {number} " * 50])
        for of in (lambda each: each, wal_of):
            shutil.copyfile(of(path), of(copy))
    return copy


def rows_of(path: Path) -> int:
    """How many rows SQLite finds."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM rows").fetchone()[0])


def transactions(path: Path) -> int:
    """How many transactions of the log SQLite is thought to see."""
    return sum(frame.ends_transaction for frame in read_wal(wal_of(path).read_bytes()).committed)


def spoil(path: Path, at: int) -> None:
    data = bytearray(wal_of(path).read_bytes())
    data[at] ^= 4
    wal_of(path).write_bytes(data)


def test_every_transaction_of_a_sound_log_is_seen(killed: Path) -> None:
    log = read_wal(wal_of(killed).read_bytes())
    assert transactions(killed) == 20
    assert (log.behind, log.older, log.broken) == ([], [], False)
    assert rows_of(killed) == 20


@pytest.mark.parametrize(
    "within", [0, 5, 9, 17, FRAME_HEADER + 2000], ids=["page", "size", "salt", "sum", "data"]
)
@pytest.mark.parametrize("frame", [0, 7, 15])
def test_a_flipped_bit_hides_from_sqlite_what_is_seen_to_be_hidden(
    killed: Path, frame: int, within: int
) -> None:
    spoil(killed, HEADER + frame * FRAME + within)
    seen = transactions(killed)
    assert read_wal(wal_of(killed).read_bytes()).broken
    assert rows_of(killed) == seen < 20


def test_a_cut_log_is_what_a_power_cut_leaves_and_not_broken(killed: Path) -> None:
    data = wal_of(killed).read_bytes()
    wal_of(killed).write_bytes(data[: -FRAME // 2])
    seen = transactions(killed)
    assert not read_wal(wal_of(killed).read_bytes()).broken
    assert rows_of(killed) == seen == 19


def test_frames_under_a_spoiled_header_are_found(killed: Path) -> None:
    spoil(killed, 17)  # a salt, which no frame has any more
    log = read_wal(wal_of(killed).read_bytes())
    assert log.committed == []
    assert log.broken
    assert sum(frame.ends_transaction for frame in log.behind) == 20


@pytest.mark.parametrize("data", [b"", b"x", bytes(31), bytes(100), b"\xff" * 9000])
def test_any_bytes_are_taken(data: bytes) -> None:
    assert read_wal(data).committed == []
