"""`latebook queue`: a kiosk's queue, seen and mended from a terminal."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from kiosk.app.folder_lock import lock_folder
from kiosk.commands.queue import app
from kiosk.journal.journal import Journal
from sync.wire import EntryResult, EntryStatus
from tests.kiosk.reception import reception


@pytest.fixture
def state(tmp_path, monkeypatch):
    """A folder in whose journal one entry waits, one was rejected and one accepted."""
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


def queue(*arguments):
    return CliRunner().invoke(app, list(arguments))


def waiting(state):
    journal = Journal(state / "journal.db", lambda: datetime.now(UTC))
    try:
        return [json.loads(body)["pupil"] for _, body in journal.waiting(10).result()]
    finally:
        journal.close()


def test_what_waits_and_what_was_rejected_is_listed_with_why(state):
    said = queue("list")
    assert said.exit_code == 0
    assert "1 waiting, 1 rejected." in said.output
    assert "decision.code" in said.output
    assert [pupil in said.output for pupil in ("P1", "P2", "P5")] == [True, True, False]


def test_it_is_read_while_the_kiosk_runs(state):
    with lock_folder(state):
        journal = Journal(state / "journal.db", lambda: datetime.now(UTC))
        try:
            assert "1 waiting, 1 rejected." in queue("list").output
        finally:
            journal.close()


def test_one_is_shown_as_it_is_sent(state):
    shown = json.loads(queue("show", "2").output)
    assert (shown["state"], shown["detail"], shown["entry"]["pupil"]) == ("rejected", "decision.code", "P2")
    assert json.loads(queue("show", shown["entry"]["id"]).output) == shown


def test_a_rejected_one_is_sent_once_more(state):
    assert waiting(state) == ["P1"]
    assert "1 will be sent again" in queue("retry", "2").output
    assert waiting(state) == ["P1", "P2"]
    assert "matches no entry" in queue("retry", "1").output


def test_all_rejected_ones_are_sent_once_more(state):
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
def test_what_cannot_be_done_is_a_sentence_and_status_2(state, arguments, says):
    said = queue(*arguments)
    assert said.exit_code == 2
    assert says in said.output


def test_nothing_is_put_back_while_the_kiosk_runs(state):
    with lock_folder(state):
        said = queue("retry", "--all")
    assert said.exit_code == 2
    assert "stop it first" in said.output
    assert waiting(state) == ["P1"]


def test_an_export_has_a_line_an_entry_and_is_for_its_owner_alone(state, tmp_path):
    to = tmp_path / "queue.jsonl"
    assert queue("export", str(to)).exit_code == 0
    lines = [json.loads(line) for line in to.read_text("utf-8").splitlines()]
    assert [(line["state"], line["entry"]["pupil"]) for line in lines] == [
        ("waiting", "P1"),
        ("rejected", "P2"),
    ]
    assert to.stat().st_mode & 0o777 == 0o600
    assert "already exists" in queue("export", str(to)).output


def test_where_there_is_no_journal_it_says_where_it_looked(tmp_path, monkeypatch):
    monkeypatch.setenv("LATEBOOK_KIOSK_STATE", str(tmp_path / "none"))
    assert "there is no journal in" in queue("list").output
