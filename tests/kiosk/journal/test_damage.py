"""A damaged journal file is set aside, never deleted, and its readable rows are salvaged."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from kiosk.journal.journal import Journal, StoredTap
from kiosk.pins import FIRST_LOCK_S, Pins
from sync.wire import Unlisted
from tests.kiosk.journal.test_journal import entry_with
from tests.kiosk.reception import HandClock, london


@pytest.fixture
def clock() -> HandClock:
    return HandClock(london("09:07"))


def test_a_file_that_is_not_a_database_is_set_aside_and_kept(tmp_path: Path, clock: HandClock) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"this is no database" * 1000)
    journal = Journal(path, clock.now)
    assert journal.commit(entry_with).result().seq == 1
    journal.close()
    aside = list(tmp_path.glob("journal.db.damaged-*"))
    assert [file.read_bytes()[:19] for file in aside] == [b"this is no database"]


def test_readable_rows_of_a_damaged_journal_are_salvaged_and_seq_continues(
    tmp_path: Path, clock: HandClock
) -> None:
    path = tmp_path / "journal.db"
    journal = Journal(path, clock.now)
    entries = [journal.commit(entry_with).result() for _ in range(300)]
    journal.close()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size - 20_000)
        file.write(b"\xff" * 20_000)
    journal = Journal(path, clock.now)
    waiting = [entry_id for entry_id, _ in journal.waiting(500).result()]
    assert waiting == [str(entry.id) for entry in entries[: len(waiting)]]
    assert len(waiting) > 100
    assert journal.commit(entry_with).result().seq > len(waiting)
    journal.close()
    assert list(tmp_path.glob("journal.db.damaged-*"))


def overwrite_pages(path: Path, pages: Iterable[int]) -> None:
    """Overwrite pages of a closed journal."""
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * 4096)
            file.write(b"\xff" * 4096)


def page_of(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        [page] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    return int(page)


def test_a_damaged_journal_keeps_the_count_of_wrong_pins(tmp_path: Path, clock: HandClock) -> None:
    path = tmp_path / "journal.db"
    journal = Journal(path, clock.now)
    journal.commit(entry_with).result()
    journal.keep_pin_tries(7, 123, "boot").result()
    journal.close()
    overwrite_pages(path, [page_of(path, "entries_outbox")])
    journal = Journal(path, clock.now)
    assert list(tmp_path.glob("journal.db.damaged-*"))
    assert journal.pin_tries().result() == (7, 123, "boot")
    assert len(journal.waiting(9).result()) == 1
    journal.close()


def test_a_damaged_journal_keeps_taps_and_requests_that_are_under_way(
    tmp_path: Path, clock: HandClock
) -> None:
    path, tap = tmp_path / "journal.db", StoredTap(uuid4(), "P1", clock.reading())
    typed = StoredTap(uuid4(), "P2", clock.reading(), Unlisted(name="Sam New"), brought_by="Ruth Okafor")
    journal = Journal(path, clock.now)
    journal.commit(entry_with).result()
    journal.keep_tap(tap).result()
    journal.keep_tap(typed).result()
    journal.keep_request(tap.id, "a request").result()
    journal.close()
    overwrite_pages(path, [page_of(path, "entries_outbox")])
    journal = Journal(path, clock.now)
    assert list(tmp_path.glob("journal.db.damaged-*"))
    assert journal.taps().result() == [tap, typed]
    assert len(journal.requests().result()) == 1
    journal.close()


@pytest.mark.parametrize("tries", [None, (3, 123, "boot")])
def test_unreadable_tries_lock_the_pin_pad(
    tmp_path: Path, clock: HandClock, tries: tuple[int, int, str] | None
) -> None:
    path = tmp_path / "journal.db"
    journal = Journal(path, clock.now)
    if tries:
        journal.keep_pin_tries(*tries).result()
    journal.close()
    overwrite_pages(path, [page_of(path, "pin_tries")])
    journal = Journal(path, clock.now)
    pins = Pins(journal, journal.pin_tries().result(), boot_id="boot", monotonic_ns=lambda: 0, later=print)
    assert pins.locked_s == FIRST_LOCK_S
    pins.close()
    journal.close()


def test_a_damaged_journal_without_wrong_pins_does_not_lock_the_pin_pad(
    tmp_path: Path, clock: HandClock
) -> None:
    path = tmp_path / "journal.db"
    journal = Journal(path, clock.now)
    journal.commit(entry_with).result()
    journal.close()
    overwrite_pages(path, [page_of(path, "entries_outbox")])
    journal = Journal(path, clock.now)
    assert journal.pin_tries().result() is None
    journal.close()
