"""`latebook key`: a key is made, and what a kiosk has on its disk is encrypted with it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kiosk.app.folder_lock import lock_folder
from kiosk.commands import queue
from kiosk.commands.key import app
from kiosk.disk_key import read_key
from kiosk.enrolment import read_token, store_token
from kiosk.journal.journal import Journal
from tests.kiosk.journal.test_journal import entry_with
from tests.kiosk.reception import bundle, reception


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kiosk's folder with a token and a journal of two entries."""
    state = tmp_path / "state"
    monkeypatch.setenv("LATEBOOK_KIOSK_STATE", str(state))
    store_token(state, "the-token-of-this-kiosk")
    with reception(state) as it:
        for pupil in ("P1", "P5"):
            it.tap(pupil)
            it.journey.stop()
            it.settle()
        it.journal.keep_bundle(bundle(), '"v1"').result()
    return state


def key(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def one_line(result: Result) -> str:
    return " ".join((result.output + result.stderr).split())


def bytes_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_journal_and_token_are_encrypted_and_the_queue_can_still_be_read(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "disk.key"
    made = key("make", str(file))
    assert (made.exit_code, "has a new key" in one_line(made)) == (0, True)
    assert file.read_text().strip() not in made.output
    monkeypatch.setenv("LATEBOOK_KIOSK_KEY_FILE", str(file))
    assert b"Amelia" in bytes_below(state)
    done = key("encrypt")
    assert (
        done.exit_code,
        "The journal, with 2 entries, and the token are encrypted." in one_line(done),
    ) == (
        0,
        True,
    )
    for secret in (b"Amelia", b"arrival", b"the-token-of-this-kiosk"):
        assert secret not in bytes_below(state)
    assert read_token(state, read_key(file)) == "the-token-of-this-kiosk"
    listed = CliRunner().invoke(queue.app, ["list"])
    assert (listed.exit_code, "2 waiting, 0 rejected." in listed.output) == (0, True)
    with lock_folder(state):  # also while the kiosk runs
        journal = Journal(state / "journal-encrypted.db", lambda: datetime.now(UTC), read_key(file))
        try:
            journal.commit(entry_with).result()
            assert "3 waiting, 0 rejected." in CliRunner().invoke(queue.app, ["list"]).output
        finally:
            journal.close()
    again = key("encrypt")
    assert (again.exit_code, "There is no journal that is not encrypted." in one_line(again)) == (0, True)


def test_a_key_is_not_overwritten(tmp_path: Path) -> None:
    assert key("make", str(tmp_path / "disk.key")).exit_code == 0
    again = key("make", str(tmp_path / "disk.key"))
    assert (again.exit_code, "is never overwritten" in one_line(again)) == (2, True)


def test_without_a_key_or_while_the_kiosk_runs_nothing_is_changed(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = key("encrypt")
    assert (without.exit_code, "names no key; make one with: latebook key make" in one_line(without)) == (
        2,
        True,
    )
    monkeypatch.setenv("LATEBOOK_KIOSK_KEY_FILE", str(tmp_path / "disk.key"))
    missing = key("encrypt")
    assert (missing.exit_code, "is missing" in one_line(missing)) == (2, True)
    key("make", str(tmp_path / "disk.key"))
    with lock_folder(state):
        running = key("encrypt")
    assert (running.exit_code, "another kiosk is running" in one_line(running)) == (2, True)
    journal = Journal(state / "journal.db", lambda: datetime.now(UTC))
    try:
        assert len(journal.waiting(10).result()) == 2
    finally:
        journal.close()
    assert read_token(state) == "the-token-of-this-kiosk"


def test_another_key_is_named_and_no_command_takes_the_journal_for_damaged(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATEBOOK_KIOSK_KEY_FILE", str(tmp_path / "disk.key"))
    key("make", str(tmp_path / "disk.key"))
    assert key("encrypt").exit_code == 0
    (tmp_path / "disk.key").unlink()
    key("make", str(tmp_path / "disk.key"))
    before = bytes_below(state)
    for arguments in (["list"], ["retry", "--all"]):
        refused = CliRunner().invoke(queue.app, arguments)
        assert refused.exit_code == 2
        assert "was not encrypted with the key in the file that [kiosk] key_file names" in one_line(refused)
    assert bytes_below(state) == before
