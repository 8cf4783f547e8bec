"""A plain journal becomes an encrypted one, whatever interrupts it."""

import os
import random
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from kiosk.disk_key import DiskKey, make_key, read_key
from kiosk.errors import DiskKeyError
from kiosk.journal.damage.files import wal_of
from kiosk.journal.encrypting import encrypt_journal, plain_remains
from kiosk.journal.journal import Journal
from kiosk.journal.place import ENCRYPTED, PLAIN
from tests.kiosk.journal.damages import FRAME, Recording, Specimen, copy_files, specimens
from tests.kiosk.reception import london

NOW = london("09:07") + timedelta(days=9)
KEY = DiskKey(bytes(range(32)), bytes(range(16)))
EVENTS = frozenset({"open", "os.rename", "os.remove", "os.chmod", "sqlite3.connect"})
"""What is done to files while a journal is encrypted; a killed process ends before one of them."""
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.kiosk.journal.test_encrypting"])


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Specimen:
    """A journal of some weeks, as a power cut leaves it."""
    return specimens(tmp_path_factory.mktemp("weeks"), random.Random(7))[3]  # noqa: S311  a journal, not a secret


def waiting(path: Path, key: DiskKey | None) -> dict[str, str]:
    with closing(Journal(path, lambda: NOW, key)) as journal:
        assert journal.put_aside().result() is None
        return dict(journal.waiting(1000).result())


def everything(path: Path, key: DiskKey | None) -> list[object]:
    with closing(Journal(path, lambda: NOW, key)) as journal:
        stored = journal.bundle().result()
        reads = (journal.taps, journal.requests, journal.known_time, journal.pin_tries, journal.state)
        return [stored and (stored.bundle, stored.etag), *(read().result() for read in reads)]


def test_everything_is_in_the_encrypted_journal_and_the_plain_one_is_gone(
    tmp_path: Path, weeks: Specimen
) -> None:
    copy_files(weeks.path, tmp_path / PLAIN)
    copy_files(weeks.path, tmp_path / "other" / PLAIN)
    before = waiting(tmp_path / "other" / PLAIN, None)
    with closing(sqlite3.connect(tmp_path / "other" / PLAIN)) as connection:
        [entries] = connection.execute("SELECT count(*) FROM entries").fetchone()
    assert encrypt_journal(tmp_path, KEY, NOW) == entries > len(before)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [ENCRYPTED]
    assert (tmp_path / ENCRYPTED).stat().st_mode & 0o777 == 0o600
    assert waiting(tmp_path / ENCRYPTED, KEY) == before
    assert everything(tmp_path / ENCRYPTED, KEY) == everything(tmp_path / "other" / PLAIN, None)
    assert b"fallen tree" not in (tmp_path / ENCRYPTED).read_bytes()
    assert encrypt_journal(tmp_path, KEY, NOW) is None, "there is nothing left to do"
    assert plain_remains(tmp_path) == []


def _encrypt_and_die(state: Path, step: int) -> None:
    left = step

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in EVENTS and str(state) in str(arguments):
            left -= 1
            if left < 0:
                os._exit(9)

    sys.addaudithook(hook)
    encrypt_journal(state, KEY, NOW)
    os._exit(0)


def test_a_kill_before_any_step_loses_nothing(tmp_path: Path, weeks: Specimen) -> None:
    killed = 0
    for step in range(0, 100, 2):
        state = tmp_path / f"step-{step}"
        copy_files(weeks.path, state / PLAIN)
        process = _FORKS.Process(target=_encrypt_and_die, args=(state, step))
        process.start()
        process.join()
        killed += process.exitcode == 9
        assert (state / PLAIN).exists() or (state / ENCRYPTED).exists()
        encrypt_journal(state, KEY, NOW)
        assert set(weeks.unsent) <= set(waiting(state / ENCRYPTED, KEY)) | rejected(weeks)
        assert plain_remains(state) == []
        if process.exitcode == 0:
            break
    assert killed > 5
    assert process.exitcode == 0, "no step was left"


def rejected(weeks: Specimen) -> set[str]:
    """The entries that wait for a person, not for the register."""
    with closing(sqlite3.connect(f"file:{weeks.path}?mode=ro&immutable=1", uri=True)) as connection:
        return {entry for (entry,) in connection.execute("SELECT id FROM entries WHERE state = 'rejected'")}


def test_another_encrypted_journal_is_not_overwritten(tmp_path: Path, weeks: Specimen) -> None:
    copy_files(weeks.path, tmp_path / PLAIN)
    other = Recording(tmp_path / ENCRYPTED, random.Random(1), KEY)  # noqa: S311  a journal, not a secret
    other.entries(3)
    other.journal.close()
    with pytest.raises(DiskKeyError, match=r"both there, and are not the same.*Nothing was changed"):
        encrypt_journal(tmp_path, KEY, NOW)
    assert len(waiting(tmp_path / ENCRYPTED, KEY)) == 3
    assert set(waiting(tmp_path / PLAIN, None)) <= set(weeks.unsent)


def test_a_damaged_journal_is_saved_first_and_what_was_put_aside_is_named(
    tmp_path: Path, weeks: Specimen
) -> None:
    copy_files(weeks.path, tmp_path / PLAIN)
    with wal_of(tmp_path / PLAIN).open("r+b") as file:
        file.seek(2 * FRAME)
        file.write(bytes(FRAME))
    encrypt_journal(tmp_path, KEY, NOW)
    assert all(".damaged-" in name for name in plain_remains(tmp_path))
    assert plain_remains(tmp_path)
    with closing(Journal(tmp_path / ENCRYPTED, lambda: NOW, KEY)) as journal:
        assert journal.put_aside().result() is not None


def test_a_key_from_a_file_opens_what_it_encrypted(tmp_path: Path, weeks: Specimen) -> None:
    make_key(tmp_path / "disk.key")
    copy_files(weeks.path, tmp_path / "state" / PLAIN)
    encrypt_journal(tmp_path / "state", read_key(tmp_path / "disk.key"), NOW)
    assert waiting(tmp_path / "state" / ENCRYPTED, read_key(tmp_path / "disk.key"))
