import errno
import os
import sqlite3
from pathlib import Path

import pytest

from kiosk.disk_faults import DiskFault, fault_of, has_room, is_read_only, sentence_for


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (errno.ENOSPC, DiskFault.FULL),
        (errno.EDQUOT, DiskFault.FULL),
        (errno.EROFS, DiskFault.READ_ONLY),
        (errno.EIO, DiskFault.FAILING),
        (errno.EACCES, None),
    ],
)
def test_an_error_of_the_system_names_the_fault(tmp_path: Path, code: int, fault: DiskFault | None) -> None:
    error = OSError(code, os.strerror(code))
    assert fault_of(error, tmp_path) is fault
    sentence = sentence_for(error, tmp_path)
    assert (sentence is None) is (fault is None)
    assert sentence is None or (str(tmp_path) in sentence and ";" in sentence)


def test_a_database_that_may_grow_no_further_is_a_full_disk(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "some.db")
    connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(sqlite3.OperationalError) as refused:
        connection.execute("CREATE TABLE rows (number)")
    assert fault_of(refused.value, tmp_path) is DiskFault.FULL
    connection.close()


def test_a_file_that_cannot_be_opened_on_a_sound_disk_is_no_fault_of_it(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError) as refused:
        sqlite3.connect(tmp_path / "no-folder" / "some.db")
    assert fault_of(refused.value, tmp_path) is None


def test_the_disk_of_a_folder_that_does_not_exist_yet_is_looked_at(tmp_path: Path) -> None:
    assert has_room(tmp_path / "a" / "b")
    assert not is_read_only(tmp_path / "a" / "b")
