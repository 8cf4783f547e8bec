"""`latebook register backup` and `restore`, on both databases."""

import stat
from pathlib import Path

from sqlalchemy import select

from sync.register.storage.database import Database
from sync.register.storage.models import EntryRow, SchoolRow
from tests.register.support import Clock, Kiosk, Running, entry
from tests.register.test_cli import run


def config_of(folder: Path, url: str, name: str = "register.toml") -> Path:
    file = folder / name
    file.write_text(f'[database]\nurl = "{url}"\n')
    return file


def entries(url: str) -> list[str]:
    database = Database(url)
    try:
        with database.read() as session:
            return [str(entry_id) for entry_id in session.scalars(select(EntryRow.id))]
    finally:
        database.close()


def test_a_backup_made_while_the_register_runs_comes_back_whole(
    tmp_path: Path, database_url: str, empty_url: str, register: Running, kiosk: Kiosk
) -> None:
    sent = entry()
    kiosk.send(sent)
    made = run(config_of(tmp_path, database_url), "backup", str(tmp_path / "copy"))
    assert made.exit_code == 0, made.stderr
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
    kiosk.send(entry(2, pupil="P2"))
    back = run(config_of(tmp_path, empty_url, "other.toml"), "restore", str(tmp_path / "copy"))
    assert back.exit_code == 0, back.stderr
    assert entries(empty_url) == [sent["id"]]


def test_what_is_there_is_not_overwritten_unless_that_is_said(
    tmp_path: Path, database_url: str, clock: Clock
) -> None:
    config = config_of(tmp_path, database_url)
    copy = str(tmp_path / "copy")
    run(config, "migrate")
    assert run(config, "backup", copy).exit_code == 0
    again = run(config, "backup", copy)
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    run(config, "school", "add", "oak", "Oak Lane School", "--policy", "psa")
    refused = run(config, "restore", copy)
    assert (refused.exit_code, "--force" in refused.stderr) == (2, True)
    assert schools(database_url) == ["oak"]
    forced = run(config, "restore", copy, "--force")
    assert forced.exit_code == 0, forced.stderr
    assert schools(database_url) == []


def schools(url: str) -> list[str]:
    database = Database(url)
    try:
        with database.read() as session:
            return list(session.scalars(select(SchoolRow.id)))
    finally:
        database.close()


def test_what_is_no_backup_is_one_sentence_and_changes_nothing(tmp_path: Path, database_url: str) -> None:
    config = config_of(tmp_path, database_url)
    run(config, "school", "add", "oak", "Oak Lane School", "--policy", "psa")
    (tmp_path / "noise").write_bytes(b"nothing of the kind" * 200)
    for name in ("noise", "nowhere"):
        result = run(config, "restore", str(tmp_path / name), "--force")
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert schools(database_url) == ["oak"]
