"""Restoring over a damaged database, and backups that are not what they should be."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from sync.register.backups import sqlite_files
from sync.register.backups.backup import NOT_EMPTY, RestoreResult, backup, restore
from sync.register.backups.missing import RegisterContents, missing
from sync.register.errors import BackupError
from sync.register.storage.database import Database
from tests.postgres import Cluster
from tests.sync.register.backups.test_backup import config_of, entries, schools_in
from tests.sync.register.commands.test_main import run
from tests.sync.register.support import Clock, Kiosk, Running, entry, seed

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PAGE = 4096


def overwrite(file: Path, at: int, content: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(content)


def first_page_of(file: Path, table: str) -> int:
    """The offset of a table's root page."""
    with closing(sqlite3.connect(file)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    return int((page - 1) * PAGE)


def no_header(file: Path) -> None:
    overwrite(file, 0, b"\xff" * 100)


def no_schema(file: Path) -> None:
    overwrite(file, 100, b"\xff" * 400)


def truncated(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2 // PAGE * PAGE])


def bad_page(file: Path) -> None:
    overwrite(file, first_page_of(file, "entries"), b"\xff" * PAGE)


def bad_index(file: Path) -> None:
    overwrite(file, first_page_of(file, "ix_entries_kiosk_id_epoch_seq"), b"\xff" * PAGE)


def bad_text(file: Path) -> None:
    content = file.read_bytes()
    overwrite(file, content.index(b"Oak Lane"), b"\xe1")


def only_a_wal(file: Path) -> None:
    file.with_name(f"{file.name}-wal").write_bytes(file.read_bytes())
    file.unlink()


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def a_folder_as_wal(file: Path) -> None:
    file.with_name(f"{file.name}-wal").mkdir()


def a_folder_as_journal(file: Path) -> None:
    file.with_name(f"{file.name}-journal").mkdir()


FOLDERS = [a_folder, a_folder_as_wal, a_folder_as_journal]

DAMAGES: list[Callable[[Path], None]] = [
    no_header,
    no_schema,
    truncated,
    bad_page,
    bad_index,
    bad_text,
    only_a_wal,
]


@pytest.fixture
def folder(tmp_path: Path, clock: Clock) -> Path:
    """A folder with a register's database, closed and folded into one file, and a backup of it."""
    database = Database(f"sqlite:///{tmp_path / 'register.db'}")
    database.migrate()
    seed(database, clock)
    backup(database, tmp_path / "copy")
    database.close()
    sqlite_files.fold(tmp_path / "register.db")
    return tmp_path


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    """The register's database; it does not connect yet."""
    database = Database(f"sqlite:///{folder / 'register.db'}")
    yield database
    database.close()


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_database_is_put_aside_and_replaced_by_force_alone(
    folder: Path, database: Database, damage: Callable[[Path], None]
) -> None:
    file = folder / "register.db"
    damage(file)
    damaged = {path.name: path.read_bytes() for path in folder.glob("register.db*") if path.stat().st_size}
    with pytest.raises(BackupError, match=r"this database is damaged \(.*--force puts its file aside"):
        restore(database, folder / "copy", force=False, now=NOW)
    restored = restore(database, folder / "copy", force=True, now=NOW)
    assert schools_in(database) == ["oak-lane"]
    assert restored.damage
    for name, content in damaged.items():
        suffix = name.removeprefix("register.db")
        assert (folder / f"register-replaced-20261124T000000Z.db{suffix}").read_bytes() == content


@pytest.mark.parametrize("damage", FOLDERS)
def test_a_folder_in_the_place_of_a_file_is_moved_and_the_backup_restored(
    folder: Path, database: Database, damage: Callable[[Path], None]
) -> None:
    damage(folder / "register.db")
    assert restore(database, folder / "copy", force=True, now=NOW).damage
    assert schools_in(database) == ["oak-lane"]
    assert any(path.is_dir() for path in folder.glob("register-replaced-*"))


def test_a_folder_in_the_place_of_the_copy_is_named(folder: Path, database: Database) -> None:
    (folder / "register.db.restoring").mkdir()
    with pytest.raises(
        BackupError, match=r"register\.db\.restoring first, and there is a folder of that name"
    ):
        restore(database, folder / "copy", force=True, now=NOW)
    assert schools_in(database) == ["oak-lane"]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_backup_of_a_damaged_database_is_refused_in_one_sentence_without_a_pupils_name(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder / "register.db")
    config = config_of(folder, f"sqlite:///{folder / 'register.db'}")
    result = run(config, "backup", str(folder / "second"))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.stderr
    assert re.search("damaged|no register in this database", result.stderr)
    assert "Lane" not in result.stderr
    assert not list(folder.glob("second*"))


@pytest.mark.parametrize("damage", [bad_text, bad_index, bad_page])
def test_the_command_names_what_is_missing_and_where_the_old_content_is(
    tmp_path: Path, register: Running, kiosk: Kiosk, damage: Callable[[Path], None]
) -> None:
    backup(register.database, tmp_path / "copy")
    kiosk.send(entry(1), entry(2), entry(7))
    backup(register.database, tmp_path / "register.db")
    damage(tmp_path / "register.db")
    url = f"sqlite:///{tmp_path / 'register.db'}"
    result = run(config_of(tmp_path, url), "restore", str(tmp_path / "copy"), "--force")
    assert result.exit_code == 0, result.stderr
    assert "Missing: 3 entries of Main reception, numbers 1–2, 7; sent again" in result.stdout
    assert "The previous content was damaged: " in result.stdout
    assert "Oak" not in result.stdout
    assert "register-replaced-" in result.stdout
    assert entries(url) == []


def test_nothing_is_ever_written_beside_a_backup(folder: Path, database: Database, tmp_path: Path) -> None:
    away = folder / "away"
    away.mkdir()
    (folder / "copy").rename(away / "copy")
    with closing(sqlite3.connect(away / "copy")) as connection:  # as earlier versions made it
        connection.execute("PRAGMA journal_mode=WAL")
    before = (away / "copy").read_bytes()
    away.chmod(0o500)
    restore(database, away / "copy", force=True, now=NOW)
    assert [path.name for path in away.iterdir()] == ["copy"]
    assert (away / "copy").read_bytes() == before
    away.chmod(0o700)


def test_a_backup_is_one_file_that_stays_one_when_it_is_opened(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "copy")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        connection.execute("SELECT * FROM schools").fetchall()
        assert [path.name for path in folder.glob("copy*")] == ["copy"]


def test_a_database_that_was_copied_with_its_wal_is_restored_with_what_is_in_it(
    folder: Path, database: Database
) -> None:
    other = folder / "copied"
    with closing(sqlite3.connect(folder / "copy")) as live:
        live.execute("PRAGMA journal_mode=WAL")
        live.execute("UPDATE schools SET name = 'Elm Lane'")
        live.commit()
        for suffix in ("", "-wal"):
            part = folder / f"copy{suffix}"
            other.with_name(f"copied{suffix}").write_bytes(part.read_bytes())
    restore(database, other, force=True, now=NOW)
    with database.read() as session:
        (name,) = session.connection().exec_driver_sql("SELECT name FROM schools").one()
    assert name == "Elm Lane"


@pytest.mark.parametrize("damage", [truncated, bad_page, bad_index, bad_text, no_schema])
def test_a_damaged_backup_changes_nothing(
    folder: Path, database: Database, damage: Callable[[Path], None]
) -> None:
    damage(folder / "copy")
    before = (folder / "register.db").read_bytes()
    with pytest.raises(BackupError, match=r"is damaged|is not a backup"):
        restore(database, folder / "copy", force=True, now=NOW)
    assert (folder / "register.db").read_bytes() == before
    assert not list(folder.glob("*.restoring*"))


def test_a_backup_of_a_newer_latebook_changes_nothing(folder: Path, database: Database) -> None:
    with closing(sqlite3.connect(folder / "copy")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = (folder / "register.db").read_bytes()
    with pytest.raises(BackupError, match="was made by a newer Latebook; update this one"):
        restore(database, folder / "copy", force=True, now=NOW)
    assert (folder / "register.db").read_bytes() == before


@pytest.mark.parametrize("step", ["stage", "faults", "put_aside", "swap"])
@pytest.mark.parametrize("damage", [bad_page, None])
def test_a_restore_that_is_cut_off_can_be_repeated(
    folder: Path,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    damage: Callable[[Path], None] | None,
) -> None:
    if damage:
        damage(folder / "register.db")
    elif step == "put_aside":
        step = "fold"

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sqlite_files, step, cut)
        patch.setattr(sqlite_files, "remove", lambda _: None)  # a power cut clears nothing away
        with pytest.raises(KeyboardInterrupt):
            restore(database, folder / "copy", force=True, now=NOW)
    later = NOW.replace(minute=1)
    assert restore(database, folder / "copy", force=True, now=later).kept is not None
    assert schools_in(database) == ["oak-lane"]
    assert not list(folder.glob("*.restoring*"))


def test_a_healthy_database_is_kept_as_one_file(folder: Path, database: Database) -> None:
    with pytest.raises(BackupError, match=re.escape(NOT_EMPTY)):
        restore(database, folder / "copy", force=False, now=NOW)
    kept = folder / "register-replaced-20261124T000000Z.db"
    assert restore(database, folder / "copy", force=True, now=NOW) == RestoreResult(str(kept), "", ())
    assert [path.name for path in folder.glob("register-replaced*")] == [kept.name]


def test_tables_that_postgresql_cannot_read_move_into_a_schema_of_their_own(
    tmp_path: Path, postgres: Cluster, clock: Clock
) -> None:
    with postgres.new() as url:
        database = Database(url)
        seed(database, clock)
        backup(database, tmp_path / "copy")
        with psycopg.connect(url) as connection:
            database.close()
            connection.execute("SET allow_system_table_mods = on")
            connection.execute("UPDATE pg_class SET relfilenode = 999999 WHERE relname = 'audit'")
        config = config_of(tmp_path, url)
        refused = run(config, "backup", str(tmp_path / "second"))
        assert (refused.exit_code, "pg_dump failed" in refused.stderr) == (2, True)
        restored = run(config, "restore", str(tmp_path / "copy"), "--force")
        assert restored.exit_code == 0, restored.stderr
        found = re.search(r"in the database's schema (replaced_\w+)\.", restored.stdout)
        assert found
        assert schools_in(database) == ["oak-lane"]
        with psycopg.connect(url) as connection:
            connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(found[1])))
            kept = connection.execute("SELECT id FROM schools").fetchall()
        assert kept == [("oak-lane",)]
        database.close()


def test_what_is_missing_is_named_by_number() -> None:
    one, two = (UUID(int=number) for number in (1, 2))
    before = RegisterContents(
        frozenset({(one, 1, seq) for seq in (1, 2, 3, 5, 9)} | {(two, 1, 4)}),
        {one: "Main reception", two: "Hall"},
        frozenset({1, 2}),
        complete=True,
    )
    after = RegisterContents(frozenset({(one, 1, 1)}), {one: "Main reception"}, frozenset({1}), complete=True)
    assert list(missing(before, after)) == [
        "Missing: 1 entry of Hall, number 4; sent again if the kiosk still has them.",
        "Missing: 4 entries of Main reception, numbers 2–3, 5, 9; sent again if the kiosk still has them.",
        "Not enrolled any more: Hall. Enrol each again with a new code.",
        "Missing: 1 change that users made after the backup, to be made again from the previous content.",
    ]
    assert list(missing(before, before)) == []
