"""What the heartbeat and the staff screen have of the disk and of a damaged journal."""

from datetime import timedelta
from pathlib import Path

from kiosk.app.storage_check import StorageCheck
from kiosk.journal.journal import Journal
from kiosk.journal.told import TOLD_FOR
from tests.kiosk.journal.test_damage import alter, closed_with
from tests.kiosk.reception import HandClock, london


def test_a_sound_journal_has_nothing_to_tell(tmp_path: Path) -> None:
    clock = HandClock(london("09:07"))
    journal = Journal(tmp_path / "journal.db", clock.now)
    check = StorageCheck(tmp_path, journal, clock.now)
    state = check.look()
    journal.close()
    assert state is not None
    assert state.free > 0
    assert state.put_aside is None
    assert not check.notice.put_aside


def test_a_damaged_journal_is_told_with_what_is_missing_for_some_weeks(tmp_path: Path) -> None:
    clock = HandClock(london("09:07"))
    closed_with(tmp_path / "journal.db", clock, ["PUPIL-A", "PUPIL-B", "PUPIL-Z"])
    alter(tmp_path / "journal.db", b"PUPIL-B", b"XXXXX-Y")
    journal = Journal(tmp_path / "journal.db", clock.now)
    check = StorageCheck(tmp_path, journal, clock.now)
    state = check.look()
    assert state is not None
    assert state.put_aside is not None
    assert (tmp_path / state.put_aside.file).exists()
    assert (state.put_aside.saved, state.put_aside.unreadable) == (2, 1)
    assert [(run.first, run.last) for run in state.put_aside.missing] == [(2, 2)]
    assert (check.notice.put_aside, check.notice.saved, check.notice.missing) == (True, 2, ((2, 2),))
    clock.passes((TOLD_FOR + timedelta(hours=1)).total_seconds())
    later = check.look()
    journal.close()
    assert later is not None
    assert later.put_aside is None
    assert not check.notice.put_aside


def test_a_disk_that_does_not_answer_leaves_the_heartbeat_without_it(tmp_path: Path) -> None:
    clock = HandClock(london("09:07"))
    journal = Journal(tmp_path / "journal.db", clock.now)
    assert StorageCheck(tmp_path / "gone", journal, clock.now).look() is None
    journal.close()
