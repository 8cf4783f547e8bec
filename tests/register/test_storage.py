"""The database: migrations, what SQLite is told, and writes that do not get lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from sync.register.schools import SchoolError, add_school_once, load_school
from sync.register.storage.database import Database, DatabaseError
from sync.register.storage.models import Base, FailureRow, SchoolRow
from sync.wire import School
from tests.register.support import school_record


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'new folder' / 'register.db'}")
    database.migrate()
    return database


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    with database.write() as session:
        load_school(session, school_record())
    database.migrate()
    with database.read() as session:
        assert session.scalars(select(SchoolRow.id)).all() == ["oak-lane"]


def test_sqlite_survives_a_power_cut_and_checks_its_references(database: Database) -> None:
    with database.read() as session:
        settings = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    full = 2
    assert settings == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


def test_what_two_writers_read_and_write_is_never_lost(tmp_path: Path, database: Database) -> None:
    other_process = Database(f"sqlite:///{tmp_path / 'new folder' / 'register.db'}")
    with database.write() as session:
        load_school(session, school_record(policy={"n": 0}))

    def count_up(which: Database) -> None:
        with which.write() as session:
            row = session.get_one(SchoolRow, "oak-lane")
            row.policy = {"n": row.policy["n"] + 1}

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, [database, other_process] * 20))
    with database.read() as session:
        assert session.get_one(SchoolRow, "oak-lane").policy == {"n": 40}


def test_a_write_that_raises_leaves_nothing(database: Database) -> None:
    def broken() -> None:
        with database.write() as session:
            load_school(session, school_record())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    with database.read() as session:
        assert session.scalars(select(SchoolRow)).all() == []


def test_an_instant_comes_back_in_utc_and_one_without_a_zone_is_refused(database: Database) -> None:
    with database.write() as session:
        summer = datetime(2026, 7, 1, 9, 7, 42, 120_000, timezone(timedelta(hours=1)))
        session.add(FailureRow(subject="a", at=summer))
    with database.read() as session:
        at = session.scalars(select(FailureRow.at)).one()
        assert (at, at.tzinfo) == (datetime(2026, 7, 1, 8, 7, 42, 120_000, UTC), UTC)

    def without_zone() -> None:
        with database.write() as session:
            session.add(FailureRow(subject="b", at=summer.replace(tzinfo=None)))

    with pytest.raises(StatementError, match="time zone"):
        without_zone()


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "sqlite:///:memory:"])
def test_a_database_that_cannot_be_used_is_one_sentence(url: str) -> None:
    with pytest.raises(DatabaseError, match=r"^the [^\n]+$"):
        Database(url)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "register.db").write_text("not a database, but long enough to be looked at\n" * 100)
    with pytest.raises(DatabaseError, match=r"^the database [^\n]+ cannot be used: [^\n]+$"):
        Database(f"sqlite:///{tmp_path / 'register.db'}").migrate()


def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="made by a newer Latebook"):
        database.migrate()


def test_a_school_is_added_once_and_in_a_zone_that_exists(database: Database) -> None:
    with database.write() as session:
        add_school_once(session, school_record())
        with pytest.raises(SchoolError, match="already"):
            add_school_once(session, school_record())
        with pytest.raises(SchoolError, match="time zone"):
            load_school(session, school_record(school=School(id="x", name="X", zone="Europe/Londn")))
