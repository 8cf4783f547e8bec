"""An encrypted journal is never taken for a damaged one, and no empty one is started beside it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.disk_key import make_key
from kiosk.errors import DiskKeyError
from kiosk.journal.journal import Journal
from kiosk.journal.place import ENCRYPTED, PLAIN, journal_place
from tests.kiosk.journal.test_journal import entry_with
from tests.kiosk.reception import HandClock, bundle, london

CLOCK = HandClock(london("09:07"))


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    make_key(tmp_path / "disk.key")
    return tmp_path / "disk.key"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    return tmp_path / "state"


def recorded(state: Path, key_file: Path | None) -> str:
    """Record an entry in the kiosk's journal; returns its text."""
    place = journal_place(state, key_file)
    with closing(Journal(place.path, CLOCK.now, place.key)) as journal:
        journal.keep_bundle(bundle(), '"v1"').result()
        return journal.commit(entry_with).result().model_dump_json()


def waiting(state: Path, key_file: Path | None) -> list[str]:
    place = journal_place(state, key_file)
    with closing(Journal(place.path, CLOCK.now, place.key)) as journal:
        return [text for _, text in journal.waiting(10).result()]


def content(state: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in state.iterdir()}


def test_an_encrypted_journal_keeps_what_a_plain_one_keeps(state: Path, key_file: Path) -> None:
    first, second = recorded(state, key_file), recorded(state, key_file)
    assert waiting(state, key_file) == [first, second]
    assert list(content(state)) == [ENCRYPTED]
    assert bundle().pupils[0].last.encode() not in content(state)[ENCRYPTED]


def remove(_key_file: Path) -> None:
    """Leave no key there."""


def exchange(key_file: Path) -> None:
    make_key(key_file)


@pytest.mark.parametrize(
    ("spoil", "expected"), [(remove, "is missing"), (exchange, "was not encrypted with the key")]
)
def test_without_its_key_nothing_is_changed_and_nothing_put_aside(
    state: Path, key_file: Path, spoil: Callable[[Path], None], expected: str
) -> None:
    text, before, kept = recorded(state, key_file), content(state), key_file.with_name("kept.key")
    key_file.rename(kept)
    spoil(key_file)
    for _ in range(2):
        with pytest.raises(DiskKeyError, match=f"{expected}.*Nothing was changed"):
            waiting(state, key_file)
        assert content(state) == before
    kept.replace(key_file)
    assert waiting(state, key_file) == [text]


def test_an_encrypted_journal_without_the_setting_is_refused(state: Path, key_file: Path) -> None:
    recorded(state, key_file)
    before = content(state)
    with pytest.raises(DiskKeyError, match=r"is encrypted; name the file of its key.*key_file"):
        journal_place(state, None)
    assert content(state) == before


def test_a_plain_journal_with_the_setting_is_refused_until_it_is_encrypted(
    state: Path, key_file: Path
) -> None:
    recorded(state, None)
    before = content(state)
    with pytest.raises(DiskKeyError, match="is not encrypted yet; run: latebook key encrypt"):
        journal_place(state, key_file)
    assert content(state) == before


def test_a_plain_file_under_the_encrypted_name_is_no_damaged_journal(state: Path, key_file: Path) -> None:
    recorded(state, None)
    (state / PLAIN).rename(state / ENCRYPTED)
    before = content(state)
    with pytest.raises(DiskKeyError, match="was not encrypted with the key"):
        waiting(state, key_file)
    assert content(state) == before


def test_a_file_that_is_overwritten_while_the_kiosk_runs_is_the_databases_error(
    state: Path, key_file: Path
) -> None:
    recorded(state, key_file)
    place = journal_place(state, key_file)
    journal = Journal(place.path, CLOCK.now, place.key)
    with place.path.open("r+b") as file:
        file.write(b"\xff" * place.path.stat().st_size)
    assert isinstance(journal.commit(entry_with).exception(), sqlite3.Error)
    assert not list(state.glob("*damaged*")), "what was there may be another key's"
    journal.close()
