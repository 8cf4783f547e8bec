"""`latebook register backup` and `restore`, on both databases."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from sync.register import audit
from sync.register.actor import operator_actor
from sync.register.backups.backup import backup, restore
from sync.register.errors import BackupError, DatabaseError
from sync.register.schools.schools import add_school_once
from sync.register.storage.database import Database
from sync.register.storage.models import AuditRow, Base, EntryRow, SchoolRow
from tests.postgres import Cluster
from tests.sync.register.commands.test_main import run
from tests.sync.register.server.test_server import free_port
from tests.sync.register.storage.test_database import OLD_SCHOOL, to_revision
from tests.sync.register.support import Kiosk, Running, entry, school_record

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def own(database_url: str) -> Iterator[Database]:
    """A database of the test's own, not one that tests share: a restore leaves files beside it."""
    database = Database(database_url)
    yield database
    database.close()


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


def test_a_backup_made_while_the_register_runs_restores_completely(
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


def test_existing_content_is_replaced_only_by_force_and_then_kept(
    tmp_path: Path, database_url: str, empty_url: str
) -> None:
    config = config_of(tmp_path, database_url)
    copy = str(tmp_path / "copy")
    run(config, "migrate")
    assert run(config, "backup", copy).exit_code == 0
    again = run(config, "backup", copy)
    assert (again.exit_code, "exists already" in again.stderr) == (2, True)
    run(config, "school", "add", "oak", "Oak Lane School", "--policy", "psa")
    refused = run(config, "restore", copy)
    assert (refused.exit_code, "--force" in refused.stderr) == (2, True)
    assert schools(database_url) == ["oak"]
    forced = run(config, "restore", copy, "--force")
    assert forced.exit_code == 0, forced.stderr
    assert schools(database_url) == []
    [kept] = tmp_path.glob("*-replaced-*")
    assert str(kept) in forced.stdout
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert run(config_of(tmp_path, empty_url, "other.toml"), "restore", str(kept)).exit_code == 0
    assert schools(empty_url) == ["oak"]


def schools(url: str) -> list[str]:
    database = Database(url)
    try:
        return schools_in(database)
    finally:
        database.close()


def schools_in(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(SchoolRow.id).order_by(SchoolRow.id)))


def test_another_file_is_reported_in_one_sentence_and_changes_nothing(
    tmp_path: Path, database_url: str
) -> None:
    config = config_of(tmp_path, database_url)
    run(config, "school", "add", "oak", "Oak Lane School", "--policy", "psa")
    (tmp_path / "noise").write_bytes(b"nothing of the kind" * 200)
    for name in ("noise", "nowhere"):
        result = run(config, "restore", str(tmp_path / name), "--force")
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert schools(database_url) == ["oak"]


def test_nothing_is_replaced_when_the_old_content_cannot_be_kept(tmp_path: Path, own: Database) -> None:
    config = config_of(tmp_path, own.engine.url.render_as_string(hide_password=False))
    run(config, "backup", str(tmp_path / "copy"))
    run(config, "school", "add", "oak", "Oak Lane School", "--policy", "psa")
    for name in ("register-replaced-20261124T000000Z", "register-replaced-20261124T000000Z.db"):
        (tmp_path / name).write_text("of another time")
    with pytest.raises(BackupError, match="exists already"):
        restore(own, tmp_path / "copy", force=True, now=NOW)
    with own.read() as session:
        assert list(session.scalars(select(SchoolRow.id))) == ["oak"]


def test_the_database_of_a_running_register_is_not_replaced(
    tmp_path: Path, database_url: str, register: Running, kiosk: Kiosk
) -> None:
    config = config_of(tmp_path, database_url)
    run(config, "backup", str(tmp_path / "copy"))
    kiosk.send(entry())
    refused = run(config, "restore", str(tmp_path / "copy"), "--force")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "a register runs on this database" in refused.stderr
    assert len(entries(database_url)) == 1


def test_a_register_does_not_start_on_a_sqlite_database_that_is_being_replaced(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'register.db'}"
    one, other = Database(url), Database(url)
    with one.replacing(), pytest.raises(DatabaseError, match="is being replaced"), other.serving():
        pass
    with other.serving():
        pass
    one.close()
    other.close()


def test_a_backup_before_an_update_does_not_migrate_the_database(tmp_path: Path, empty_url: str) -> None:
    database = Database(empty_url)
    to_revision(database, "0107")
    config = config_of(tmp_path, empty_url)
    made = run(config, "backup", str(tmp_path / "copy"))
    assert (made.exit_code, "not in its audit" in made.stdout) == (0, True)
    assert not database.is_newest
    database.close()
    assert run(config, "restore", str(tmp_path / "copy"), "--force").exit_code == 0
    assert Database(empty_url).is_newest


@pytest.mark.parametrize("revision", ["0001", "0104", "0106"])
def test_an_older_backup_with_fewer_tables_is_restored_with_its_triggers(
    tmp_path: Path, empty_database: Database, revision: str
) -> None:
    to_revision(empty_database, revision)
    with empty_database.write() as session:
        session.execute(text(OLD_SCHOOL))
    backup(empty_database, tmp_path / "copy")
    empty_database.migrate()
    with empty_database.write() as session:
        add_school_once(session, school_record())
    kept = restore(empty_database, tmp_path / "copy", force=True, now=NOW).kept
    assert kept is not None
    assert empty_database.is_newest
    assert schools_in(empty_database) == ["oak"]
    with empty_database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    with empty_database.write() as session:
        audit.note(session, operator_actor("oak"), audit.Action.EXPORT, now=datetime.now(UTC))
    with (
        pytest.raises(IntegrityError, match="audit are kept for six years"),
        empty_database.write() as session,
    ):
        session.execute(text("DELETE FROM audit"))
    restore(empty_database, Path(kept), force=True, now=NOW + timedelta(minutes=1))
    assert schools_in(empty_database) == ["oak", "oak-lane"]


def test_a_truncated_backup_changes_nothing(tmp_path: Path, own: Database) -> None:
    backup(own, tmp_path / "copy")
    with own.write() as session:
        add_school_once(session, school_record())
    whole = (tmp_path / "copy").read_bytes()
    (tmp_path / "copy").write_bytes(whole[: len(whole) * 9 // 10])
    with pytest.raises(BackupError, match=r"pg_restore failed|damaged|not a backup"):
        restore(own, tmp_path / "copy", force=True, now=NOW)
    assert schools_in(own) == ["oak-lane"]


def test_a_backup_that_postgresql_cannot_restore_completely_changes_nothing(
    tmp_path: Path, postgres: Cluster
) -> None:
    with postgres.new() as url:
        database = Database(url)
        backup(database, tmp_path / "copy")
        with database.write() as session:
            add_school_once(session, school_record())
            session.execute(text("DROP TABLE work_items"))
            session.execute(text("CREATE VIEW work_items AS SELECT 1 AS id"))  # in the way of a table
        with pytest.raises(BackupError, match=r'psql failed: .*"work_items" already exists'):
            restore(database, tmp_path / "copy", force=True, now=NOW)
        assert schools_in(database) == ["oak-lane"]
        database.close()


def test_an_empty_database_makes_no_backup(tmp_path: Path, empty_url: str) -> None:
    result = run(config_of(tmp_path, empty_url), "backup", str(tmp_path / "copy"))
    assert (result.exit_code, "there is no register in this database" in result.stderr) == (2, True)
    assert not (tmp_path / "copy").exists()


def test_backups_and_restores_are_in_every_schools_audit(tmp_path: Path, database_url: str) -> None:
    config = config_of(tmp_path, database_url)
    for school in ("elm", "oak"):
        run(config, "school", "add", school, "A School", "--policy", "psa")
    run(config, "backup", str(tmp_path / "copy"))
    assert run(config, "restore", str(tmp_path / "copy"), "--force").exit_code == 0
    assert audited(database_url, "backup made") == []  # the copy is older than the audit row
    assert audited(database_url, "backup put back") == [("elm", "copy"), ("oak", "copy")]
    run(config, "backup", str(tmp_path / "second"))
    assert audited(database_url, "backup made") == [("elm", "second"), ("oak", "second")]


def audited(url: str, action: str) -> list[tuple[str | None, str]]:
    database = Database(url)
    try:
        with database.read() as session:
            rows = session.scalars(select(AuditRow).where(AuditRow.action == action).order_by(AuditRow.id))
            return [(row.school_id, row.detail["file"]) for row in rows]
    finally:
        database.close()


@pytest.mark.parametrize(
    "arguments", [["backup", "copy"], ["restore", "old"], ["migrate"], ["enrolment-code", "oak"]]
)
def test_a_missing_database_is_reported_in_one_sentence(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "old").write_bytes(b"PGDMP")
    config = config_of(tmp_path, f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    paths = [str(tmp_path / each) if each in ("copy", "old") else each for each in arguments]
    result = run(config, *paths)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.stderr
    assert "cannot be used" in result.stderr
    assert "refused" in result.stderr


def test_a_read_only_database_is_reported_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'register.db'}"
    config = config_of(tmp_path, url)
    run(config, "school", "add", "oak", "Oak Lane School", "--policy", "psa")
    run(config, "backup", str(tmp_path / "copy"))
    (tmp_path / "register.db").chmod(0o600)
    with Database(url).engine.begin() as connection:  # another connection holds the lock
        monkeypatch.setattr("sync.register.storage.engine.BUSY_MS", 50)
        result = run(config, "enrolment-code", "oak")
        connection.rollback()
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.stderr
    assert "database is locked" in result.stderr
