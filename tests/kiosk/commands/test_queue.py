"""`latebook queue`: the entries that a kiosk could not deliver, listed, retried and exported."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kiosk.app.folder_lock import lock_folder
from kiosk.commands.queue import app
from kiosk.journal.journal import Journal
from sync.wire import EntryResult, EntryStatus
from tests.kiosk.reception import reception


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kiosk's folder with one waiting, one rejected and one accepted entry."""
    monkeypatch.setenv("LATEBOOK_KIOSK_STATE", str(tmp_path))
    with reception(tmp_path) as it:
        for pupil in ("P1", "P2", "P5"):
            it.tap(pupil)
            it.journey.stop()
            it.settle()
        ids = [str(entry.id) for entry in it.entries()]
        it.journal.settle(
            [
                EntryResult(id=ids[1], status=EntryStatus.REJECTED, detail="decision.code"),
                EntryResult(id=ids[2], status=EntryStatus.ACCEPTED),
            ],
            "ours",
        ).result()
    return tmp_path


def queue(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def waiting(state: Path) -> list[str]:
    journal = Journal(state / "journal.db", lambda: datetime.now(UTC))
    try:
        return [json.loads(body)["pupil"] for _, body in journal.waiting(10).result()]
    finally:
        journal.close()


def test_waiting_and_rejected_entries_are_listed_with_the_reason(state: Path) -> None:
    result = queue("list")
    assert result.exit_code == 0
    assert "1 waiting, 1 rejected." in result.output
    assert "decision.code" in result.output
    assert [pupil in result.output for pupil in ("P1", "P2", "P5")] == [True, True, False]


def test_the_queue_can_be_read_while_the_kiosk_runs(state: Path) -> None:
    with lock_folder(state):
        journal = Journal(state / "journal.db", lambda: datetime.now(UTC))
        try:
            assert "1 waiting, 1 rejected." in queue("list").output
        finally:
            journal.close()


def test_an_entry_is_shown_as_it_is_sent(state: Path) -> None:
    record = json.loads(queue("show", "2").output)
    assert (record["state"], record["detail"], record["entry"]["pupil"]) == (
        "rejected",
        "decision.code",
        "P2",
    )
    assert json.loads(queue("show", record["entry"]["id"]).output) == record


def test_a_rejected_entry_is_sent_again(state: Path) -> None:
    assert waiting(state) == ["P1"]
    assert "1 will be sent again" in queue("retry", "2").output
    assert waiting(state) == ["P1", "P2"]
    assert "matches no entry" in queue("retry", "1").output


def test_all_rejected_entries_are_sent_again(state: Path) -> None:
    assert "1 will be sent again" in queue("retry", "--all").output
    assert waiting(state) == ["P1", "P2"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["retry"], "name the entries, or give --all"),
        (["retry", "2", "--all"], "name the entries, or give --all"),
        (["show", "99"], "matches no entry"),
        (["show", "0"], "matches 2 entries"),
    ],
)
def test_a_refused_command_prints_a_sentence_with_status_2(
    state: Path, arguments: list[str], says: str
) -> None:
    result = queue(*arguments)
    assert result.exit_code == 2
    assert says in result.output


def test_no_entry_is_retried_while_the_kiosk_runs(state: Path) -> None:
    with lock_folder(state):
        result = queue("retry", "--all")
    assert result.exit_code == 2
    assert "stop it first" in result.output
    assert waiting(state) == ["P1"]


def test_an_export_has_a_line_for_each_entry_and_only_its_owner_can_read_it(
    state: Path, tmp_path: Path
) -> None:
    to = tmp_path / "queue.jsonl"
    assert queue("export", str(to)).exit_code == 0
    lines = [json.loads(line) for line in to.read_text("utf-8").splitlines()]
    assert [(line["state"], line["entry"]["pupil"]) for line in lines] == [
        ("waiting", "P1"),
        ("rejected", "P2"),
    ]
    assert to.stat().st_mode & 0o777 == 0o600
    assert "already exists" in queue("export", str(to)).output


def test_a_missing_journal_is_named_with_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATEBOOK_KIOSK_STATE", str(tmp_path / "none"))
    assert "there is no journal in" in queue("list").output
