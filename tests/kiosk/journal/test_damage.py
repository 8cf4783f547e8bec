"""A damaged journal file is set aside, never deleted, and its readable rows are salvaged."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from kiosk.disk_key import DiskKey
from kiosk.journal.connection import connect
from kiosk.journal.journal import Journal, StoredTap
from kiosk.pins import FIRST_LOCK_S, Pins
from sync.wire import Entry, Unlisted
from tests.kiosk.journal.damages import copy_files
from tests.kiosk.journal.test_journal import entry_with
from tests.kiosk.reception import HandClock, bundle, london


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


def page_of(path: Path, table: str, key: DiskKey | None = None) -> int:
    with closing(connect(path, key)) as connection:
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


# --- one bad row ----------------------------------------------------------------------------------


def alter(path: Path, old: bytes, new: bytes) -> None:
    """Change bytes of a closed journal, as a failing disk does."""
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


def entry_of(pupil: str, seq: int) -> Entry:
    return entry_with(seq).model_copy(update={"pupil": pupil})


def closed_with(path: Path, clock: HandClock, pupils: Sequence[str]) -> list[Entry]:
    """A closed journal with an entry for each of the pupils."""
    journal = Journal(path, clock.now)
    entries = [journal.commit(partial(entry_of, pupil)).result() for pupil in pupils]
    journal.close()
    return entries


@pytest.mark.parametrize(
    ("old", "new"), [(b"PUPIL-B", b"PUPIL-\xc2"), (b'"PUPIL-B"', b'"PUPIL-B\xa2'), (b"PUPIL-B", b"PUPIL-C")]
)
def test_a_flipped_bit_in_a_text_is_turned_back(
    tmp_path: Path, clock: HandClock, old: bytes, new: bytes
) -> None:
    path = tmp_path / "journal.db"
    entries = closed_with(path, clock, ["PUPIL-A", "PUPIL-B", "PUPIL-Z"])
    alter(path, old, new)
    journal = Journal(path, clock.now)
    assert journal.waiting(9).result() == [(str(each.id), each.model_dump_json()) for each in entries]
    journal.close()
    assert list(tmp_path.glob("journal.db.damaged-*"))


def test_a_row_that_cannot_be_mended_is_told_by_number_and_blocks_no_other(
    tmp_path: Path, clock: HandClock
) -> None:
    path = tmp_path / "journal.db"
    entries = closed_with(path, clock, ["PUPIL-A", "PUPIL-B", "PUPIL-Z"])
    alter(path, b"PUPIL-B", b"PVQJL-\xff")
    with capture_logs() as logs:
        journal = Journal(path, clock.now)
    assert [entry for entry, _ in journal.waiting(9).result()] == [str(entries[0].id), str(entries[2].id)]
    salvage = journal.put_aside().result()
    assert salvage is not None
    assert (salvage.saved, salvage.unreadable, salvage.missing) == (2, 1, ((2, 2),))
    assert journal.commit(entry_with).result().seq == 4
    journal.close()
    with closing(sqlite3.connect(path)) as connection:  # what is left of the row is not deleted
        [kept] = connection.execute("SELECT data FROM damaged_rows").fetchone()
    assert b"PVQJL-" in kept
    assert "PUPIL" not in repr(logs)
    assert "PVQJL" not in repr(logs)


def test_a_row_that_is_damaged_while_the_kiosk_runs_is_put_aside_and_the_others_are_sent(
    tmp_path: Path, clock: HandClock
) -> None:
    path = tmp_path / "journal.db"
    journal = Journal(path, clock.now)
    entries = [journal.commit(entry_with).result() for _ in range(3)]

    def hit() -> None:
        journal._db.execute("DROP TRIGGER entries_unsealed")  # a disk that fails fires none
        journal._db.execute("UPDATE entries SET body = replace(body, 'P1', 'P22') WHERE seq = 2")
        journal._db.conn.commit()

    journal._writer.submit(hit).result()
    assert [entry for entry, _ in journal.waiting(9).result()] == [str(entries[0].id), str(entries[2].id)]
    salvage = journal.put_aside().result()
    assert salvage is not None
    assert salvage.missing == ((2, 2),)
    assert journal.commit(entry_with).result().seq == 4
    journal.close()


def test_a_page_that_is_damaged_while_the_kiosk_runs_loses_no_other_entry(
    tmp_path: Path, clock: HandClock
) -> None:
    path = tmp_path / "journal.db"
    journal = Journal(path, clock.now)
    for _ in range(200):
        journal.commit(entry_with).result()
    journal._writer.submit(lambda: journal._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()).result()
    leaf = next(
        number for number in range(20, 999) if path.read_bytes()[(number - 1) * 4096 :][:1] == b"\x0d"
    )
    overwrite_pages(path, [leaf])
    journal._writer.submit(lambda: journal._db.execute("PRAGMA shrink_memory").fetchall()).result()
    waiting = journal.waiting(999).result()
    salvage = journal.put_aside().result()
    assert salvage is not None
    lost = sum(last - first + 1 for first, last in salvage.missing)
    assert 0 < lost < 20
    assert len(waiting) == 200 - lost
    assert journal.commit(entry_with).result().seq == 201
    journal.close()


def test_a_bundle_that_was_hit_is_used_until_the_register_sends_it_again(
    tmp_path: Path, clock: HandClock
) -> None:
    path = tmp_path / "journal.db"
    journal = Journal(path, clock.now)
    journal.keep_bundle(bundle(), "v1").result()
    journal.close()
    alter(path, b"Oak Lane School", b"Oak Lane Schoom")
    journal = Journal(path, clock.now)
    stored = journal.bundle().result()
    assert stored is not None
    assert stored.etag == ""
    journal.close()


def test_a_tap_that_was_hit_is_no_other_pupils_arrival(tmp_path: Path, clock: HandClock) -> None:
    path = tmp_path / "journal.db"
    journal = Journal(path, clock.now)
    journal.keep_tap(StoredTap(uuid4(), "PUPIL-B", clock.reading())).result()
    kept = StoredTap(uuid4(), "PUPIL-Z", clock.reading())
    journal.keep_tap(kept).result()
    journal.close()
    alter(path, b"PUPIL-B", b"PUPIL-C")
    journal = Journal(path, clock.now)
    assert journal.taps().result() == [kept]
    salvage = journal.put_aside().result()
    assert salvage is not None
    assert salvage.unreadable == 1
    journal.close()


# --- a log of another journal ---------------------------------------------------------------------


def running_files(folder: Path, clock: HandClock, entries: int) -> tuple[Path, list[str]]:
    """The files that a power cut leaves of a journal with some entries, and the ids of those."""
    journal = Journal(folder / "running" / "journal.db", clock.now)
    ids = [str(journal.commit(entry_with).result().id) for _ in range(entries)]
    copy_files(folder / "running" / "journal.db", folder / "journal.db")
    journal.close()
    return folder / "journal.db", ids


def test_a_log_of_another_journal_is_put_aside_and_never_mixed(tmp_path: Path, clock: HandClock) -> None:
    path, own = running_files(tmp_path / "own", clock, 4)
    journal = Journal(path, clock.now)  # takes the log into the database
    journal.close()
    other, _theirs = running_files(tmp_path / "other", clock, 9)
    log = other.with_name("journal.db-wal").read_bytes()
    path.with_name("journal.db-wal").write_bytes(log)
    journal = Journal(path, clock.now)
    assert [entry for entry, _ in journal.waiting(99).result()] == own
    salvage = journal.put_aside().result()
    assert salvage is not None
    assert path.with_name(salvage.put_aside).read_bytes() == log
    assert journal.commit(entry_with).result().seq == 5
    journal.close()


def test_a_rollback_journal_of_another_database_is_put_aside_and_not_played_back(
    tmp_path: Path, clock: HandClock
) -> None:
    path = tmp_path / "journal.db"
    entries = closed_with(path, clock, ["PUPIL-A", "PUPIL-B"])
    with closing(sqlite3.connect(tmp_path / "other.db", isolation_level=None)) as other:
        other.execute("CREATE TABLE rows (text)")
        other.execute("INSERT INTO rows VALUES (?)", ["x" * 9000])
        other.execute("PRAGMA cache_size = 1")
        other.execute("BEGIN")
        other.executemany("UPDATE rows SET text = ?", [(f"{number}" * 9000,) for number in range(3)])
        hot = (tmp_path / "other.db-journal").read_bytes()
    path.with_name("journal.db-journal").write_bytes(hot)
    journal = Journal(path, clock.now)
    assert [entry for entry, _ in journal.waiting(99).result()] == [str(entry.id) for entry in entries]
    salvage = journal.put_aside().result()
    assert salvage is not None
    assert path.with_name(salvage.put_aside).read_bytes() == hot
    journal.close()


def test_a_database_that_was_exchanged_for_an_older_copy_keeps_what_its_log_has(
    tmp_path: Path, clock: HandClock
) -> None:
    path = tmp_path / "journal.db"
    journal = Journal(path, clock.now)
    old = [str(journal.commit(entry_with).result().id) for _ in range(3)]
    journal.close()
    copy = path.read_bytes()
    journal = Journal(path, clock.now)
    for _ in range(2):
        journal.commit(entry_with).result()
    journal.close()
    journal = Journal(path, clock.now)
    new = [str(journal.commit(entry_with).result().id) for _ in range(2)]
    copy_files(path, tmp_path / "exchanged" / "journal.db")
    journal.close()
    path = tmp_path / "exchanged" / "journal.db"
    path.write_bytes(copy)
    journal = Journal(path, clock.now)
    waiting = [entry for entry, _ in journal.waiting(99).result()]
    assert set(waiting) >= {*old, *new}
    assert journal.commit(entry_with).result().seq == 8
    journal.close()


def test_an_empty_file_with_a_full_log_loses_nothing(tmp_path: Path, clock: HandClock) -> None:
    """SQLite deletes the log of an empty database unread."""
    path, own = running_files(tmp_path, clock, 6)
    path.write_bytes(b"")
    journal = Journal(path, clock.now)
    assert [entry for entry, _ in journal.waiting(99).result()] == own
    journal.close()


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
@pytest.mark.parametrize("name", ["journal.db", "journal.db-wal", "journal.db-shm", "journal.db-journal"])
def test_what_is_no_file_is_put_aside_and_the_journal_opens(
    tmp_path: Path, clock: HandClock, name: str, make: Callable[[Path], object]
) -> None:
    path, own = running_files(tmp_path / "own", clock, 4)
    other = path.with_name(name)
    if name.endswith("-wal"):  # first takes the log into the database
        Journal(path, clock.now).close()
    other.unlink(missing_ok=True)
    make(other)
    with closing(Journal(path, clock.now)) as journal:
        assert [entry for entry, _ in journal.waiting(99).result()] == own
        assert journal.put_aside().result() is not None
    assert len([*path.parent.glob(f"{name}.foreign-*")]) == 1


def test_a_folder_where_a_journal_is_created_is_put_aside(tmp_path: Path, clock: HandClock) -> None:
    (tmp_path / "journal.db.new").mkdir()
    with closing(Journal(tmp_path / "journal.db", clock.now)) as journal:
        assert journal.commit(entry_with).result().seq == 1


def test_files_that_have_become_unreadable_are_made_readable(tmp_path: Path, clock: HandClock) -> None:
    path, own = running_files(tmp_path / "own", clock, 4)
    log = path.with_name("journal.db-wal")
    path.chmod(0)
    log.chmod(0)
    with closing(Journal(path, clock.now)) as journal:
        assert [entry for entry, _ in journal.waiting(99).result()] == own
        assert [file.stat().st_mode & 0o777 for file in (path, log)] == [0o600, 0o600]
