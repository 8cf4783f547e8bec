"""A kiosk that is killed while it saves a damaged journal, at every step, loses nothing by it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.journal.journal import Journal
from tests.kiosk.journal.campaign import killed_before
from tests.kiosk.journal.damages import copy_files
from tests.kiosk.journal.test_damage import overwrite_pages, page_of
from tests.kiosk.journal.test_journal import entry_with
from tests.kiosk.reception import HandClock, london

CLOCK = HandClock(london("09:07"))


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A journal with thirty entries, ten of them in its log alone, and a page that cannot be read."""
    path = tmp_path / "running" / "journal.db"
    journal = Journal(path, CLOCK.now)
    for _ in range(20):
        journal.commit(entry_with).result()
    journal.close()
    journal = Journal(path, CLOCK.now)
    for _ in range(10):
        journal.commit(entry_with).result()
    copy_files(path, tmp_path / "damaged" / "journal.db")
    journal.close()
    path = tmp_path / "damaged" / "journal.db"
    spoil_log_header(path)
    return path


def spoil_log_header(path: Path) -> None:
    log = path.with_name("journal.db-wal")
    log.write_bytes(b"\0" * 32 + log.read_bytes()[32:])


def seqs(path: Path) -> list[int]:
    journal = Journal(path, CLOCK.now)
    try:
        return [record.entry.seq for record in journal.newest(100).result()]
    finally:
        journal.close()


def kill_at_each_step(damaged: Path, folder: Path, check: Callable[[Path], None], *, again: int) -> int:
    """Kill the kiosk before each step, and `again` steps into each of the next starts; returns the number of
    steps."""
    step = 0
    while True:
        path = folder / f"step-{step}" / "journal.db"
        copy_files(damaged, path)
        was_killed = killed_before(path, step)
        if again:
            killed_before(path, again)
        check(path)
        shutil.rmtree(path.parent)
        if not was_killed:
            return step
        step += 1


@pytest.mark.parametrize("again", [0, 9])
def test_a_kill_at_any_step_loses_no_entry(damaged: Path, tmp_path: Path, again: int) -> None:
    def check(path: Path) -> None:
        assert seqs(path) == list(range(1, 31))
        assert list(path.parent.glob("journal.db*.damaged-*"))
        assert not list(path.parent.glob("*.building*"))

    assert kill_at_each_step(damaged, tmp_path / "kills", check, again=again) > 10


def test_every_byte_of_what_was_damaged_is_kept(damaged: Path) -> None:
    before = sorted(file.read_bytes() for file in damaged.parent.iterdir())
    seqs(damaged)
    aside = sorted(file.read_bytes() for file in damaged.parent.glob("*.damaged-*"))
    assert aside == before


def test_two_journals_that_are_damaged_in_the_same_second_are_both_kept(damaged: Path) -> None:
    seqs(damaged)
    overwrite_pages(damaged, [page_of(damaged, "entries_outbox")])
    assert seqs(damaged) == list(range(1, 31))
    assert len([file for file in damaged.parent.glob("journal.db.damaged-*") if "wal" not in file.name]) >= 2


def test_a_file_system_without_links_gets_a_copy(damaged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(_source: object, _target: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    before = damaged.read_bytes()
    monkeypatch.setattr(os, "link", no_links)
    assert seqs(damaged) == list(range(1, 31))
    [copy] = [file for file in damaged.parent.glob("journal.db.damaged-*") if "wal" not in file.name]
    assert copy.read_bytes() == before
    assert copy.stat().st_mode & 0o777 == 0o600
