"""The database: migrations, SQLite's settings, and concurrent writes."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from sync.register.errors import DatabaseError, SchoolError
from sync.register.schools.plans import plans_of, with_plans
from sync.register.schools.schools import add_school_once, load_school
from sync.register.storage.database import Database
from sync.register.storage.models import (
    Base,
    EnrolmentCodeRow,
    EntryRow,
    FailureRow,
    KioskEpochRow,
    PlanRow,
    PupilRow,
    SchoolRow,
    WorkItemRow,
)
from sync.register.storage.work_items import PlanToConfirm, read_item
from sync.wire import BundleSchool, Pupil
from tests.postgres import Cluster
from tests.sync.register.support import school_record

pytestmark = pytest.mark.both_databases


def test_the_migrations_create_the_schema_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    with database.write() as session:
        load_school(session, school_record())
    database.migrate()
    with database.read() as session:
        assert session.scalars(select(SchoolRow.id)).all() == ["oak-lane"]


def test_sqlite_survives_a_power_cut_and_checks_its_references(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new folder' / 'register.db'}")
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
    database.close()


def test_two_concurrent_writers_lose_no_update(database_url: str, database: Database) -> None:
    other_process = Database(database_url)
    with database.write() as session:
        load_school(session, school_record(policy={"n": 0}))

    def count_up(which: Database) -> None:
        with which.write() as session:
            row = session.get_one(SchoolRow, "oak-lane", with_for_update=True)
            row.policy = {"n": row.policy["n"] + 1}

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, [database, other_process] * 20))
    with database.read() as session:
        assert session.get_one(SchoolRow, "oak-lane").policy == {"n": 40}
    other_process.close()


def test_a_write_that_raises_is_rolled_back(database: Database) -> None:
    def broken() -> None:
        with database.write() as session:
            load_school(session, school_record())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    with database.read() as session:
        assert session.scalars(select(SchoolRow)).all() == []


def test_an_instant_is_read_back_in_utc_and_one_without_a_zone_is_refused(database: Database) -> None:
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


@pytest.mark.parametrize("scheme", ["postgresql+psycopg", "postgresql", "postgres"])
def test_every_common_postgresql_scheme_is_accepted(postgres: Cluster, scheme: str) -> None:
    with postgres.new() as url:
        database = Database(url.replace("postgresql", scheme))
        with database.read() as session:
            assert session.scalar(text("SHOW timezone")) == "UTC"
            with pytest.raises(DBAPIError, match="read-only"):
                session.execute(text("DELETE FROM failures"))
        database.close()


def test_an_unusable_postgresql_is_reported_in_one_sentence_without_its_password(postgres: Cluster) -> None:
    right = postgres.url("postgres")
    wrong_port = re.sub(r":\d+/", ":1/", right)
    wrong_password = re.sub(r":[0-9a-f]{32}@", ":very-secret@", right)
    for url in (wrong_port, wrong_password, postgres.url("nowhere")):
        database = Database(url)
        with pytest.raises(DatabaseError, match=r"^the database [^\n]+ cannot be used: [^\n]+$") as refusal:
            database.migrate()
        for secret in ("very-secret", right.split(":")[2].partition("@")[0]):
            assert secret not in str(refusal.value)


def test_a_transaction_that_lost_a_race_is_retried(database: Database) -> None:
    with database.write() as session:
        load_school(session, school_record(policy={"n": 0}))
    other = Database(database.engine.url.render_as_string(hide_password=False))
    tries: list[int] = []

    def insert_once(session: Session) -> None:
        tries.append(1)
        if session.get(EnrolmentCodeRow, "x") is not None:
            return
        if len(tries) == 1 and database.file is None:  # SQLite has one writer at a time
            with other.write() as meanwhile:
                meanwhile.add(code_row())
        session.add(code_row())

    database.transact(insert_once)
    other.close()
    with database.read() as session:
        assert session.scalars(select(EnrolmentCodeRow.hash)).all() == ["x"]
    assert len(tries) == (1 if database.file else 2)


def code_row() -> EnrolmentCodeRow:
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    return EnrolmentCodeRow(hash="x", school_id="oak-lane", created_at=at, expires_at=at)


def to_revision(database: Database, revision: str, *, down: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", "sync.register.storage:migrations")
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)


OLD_SCHOOL = """
    INSERT INTO schools (id, name, zone, card_key, policy, calendar, bundle_version)
    VALUES ('oak', 'Oak', 'Europe/London', '00', '{}', '{}', '')
"""
OLD_KIOSK = """
    INSERT INTO kiosks (id, school_id, name, token_hash, enrolled_at, last_seq)
    VALUES (:kiosk, 'oak', 'Main', 'x', :at, 3)
"""
OLD_ENTRY = """
    INSERT INTO entries (id, school_id, kiosk_id, raw, content_hash, seq, kind, pupil, at, date, outcome,
                         received_at, status, taken_back)
    VALUES (:id, 'oak', :kiosk, 'raw', 'x', :seq, 'arrival', 'P1', :at, '2026-11-24', 'late', :at,
            'accepted', false)
"""


def test_a_register_of_the_first_version_is_migrated_without_loss(empty_database: Database) -> None:
    to_revision(empty_database, "0001")
    keys = [uuid.uuid4().hex for _ in range(4)]
    with empty_database.write() as session:
        session.execute(text(OLD_SCHOOL))
        session.execute(text(OLD_KIOSK), {"kiosk": keys[0], "at": "2026-11-24 08:00:00"})
        for minute, (key, seq) in enumerate(zip(keys[1:], (2, 3, 2), strict=True)):
            row = {"id": key, "kiosk": keys[0], "seq": seq, "at": f"2026-11-24 09:0{minute}:00"}
            session.execute(text(OLD_ENTRY), row)
    empty_database.migrate()
    with empty_database.read() as session:
        entries = session.execute(select(EntryRow.epoch, EntryRow.seq).order_by(EntryRow.received_at))
        numbers = [tuple(row) for row in entries]
        epoch = (KioskEpochRow.epoch, KioskEpochRow.first_seq, KioskEpochRow.last_seq)
        epochs = [tuple(row) for row in session.execute(select(*epoch).order_by(KioskEpochRow.epoch))]
    assert numbers == [(1, 2), (1, 3), (2, 2)]
    assert epochs == [(1, 1, 3), (2, 2, 2)]


KIOSK_BEFORE_0109 = """
    INSERT INTO kiosks (id, school_id, name, token_hash, enrolled_at) VALUES (:kiosk, 'oak', 'Main', 'x', :at)
"""
ENTRY_BEFORE_0109 = """
    INSERT INTO entries (id, school_id, kiosk_id, raw, content_hash, epoch, seq, kind, pupil, at, date,
                         outcome, received_at, status, detail, taken_back)
    VALUES (:id, 'oak', :kiosk, 'raw', 'x', 1, :seq, 'arrival', 'P1', :at, '2026-11-24', 'late', :at,
            :status, :detail, false)
"""


def test_the_certainty_of_old_entries_is_migrated_from_their_detail(empty_database: Database) -> None:
    to_revision(empty_database, "0108")
    kiosk, at = uuid.uuid4().hex, "2026-11-24 09:00:00"
    expected = {
        None: (True, True),
        "conflict": (True, True),
        "needs_office": (True, True),
        "clock; needs_office": (False, False),
        "unknown_pupil; needs_office": (False, True),
        "void": (False, True),
    }
    with empty_database.write() as session:
        session.execute(text(OLD_SCHOOL))
        session.execute(text(KIOSK_BEFORE_0109), {"kiosk": kiosk, "at": at})
        for seq, detail in enumerate(expected, start=1):
            status = "review" if detail else "accepted"
            row = {"id": uuid.uuid4().hex, "kiosk": kiosk, "seq": seq, "at": at}
            session.execute(text(ENTRY_BEFORE_0109), {**row, "status": status, "detail": detail})
    empty_database.migrate()
    with empty_database.read() as session:
        query = select(EntryRow.detail, EntryRow.certain, EntryRow.time_certain)
        assert {row[0]: (row[1], row[2]) for row in session.execute(query)} == expected


def test_the_migrations_can_be_reverted_one_by_one(empty_database: Database) -> None:
    empty_database.migrate()
    to_revision(empty_database, "base", down=True)
    assert set(inspect(empty_database.engine).get_table_names()) == {"alembic_version"}
    empty_database.migrate()


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "sqlite:///:memory:", "mysql://x:secret@host/y"])
def test_an_unusable_database_is_reported_in_one_sentence(url: str) -> None:
    with pytest.raises(DatabaseError, match=r"^the [^\n]+$"):
        Database(url)
    with pytest.raises(DatabaseError) as refusal:
        Database(url)
    assert "secret" not in str(refusal.value)


def test_a_file_that_is_not_a_database_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "register.db").write_text("not a database, but long enough to be looked at\n" * 100)
    with pytest.raises(DatabaseError, match=r"^the database [^\n]+ cannot be used: [^\n]+$"):
        Database(f"sqlite:///{tmp_path / 'register.db'}").migrate()


def test_a_database_of_a_newer_version_is_not_changed(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="made by a newer Latebook"):
        database.migrate()


def test_a_school_is_added_once_and_with_a_valid_time_zone(database: Database) -> None:
    with database.write() as session:
        add_school_once(session, school_record())
        with pytest.raises(SchoolError, match="already"):
            add_school_once(session, school_record())
        with pytest.raises(SchoolError, match="time zone"):
            load_school(session, school_record(school=BundleSchool(id="x", name="X", zone="Europe/Londn")))


OLD_PUPIL = """
    INSERT INTO pupils (school_id, id, first, last, year, form, starts)
    VALUES ('oak', :id, 'A', 'B', :year, '7B', :starts)
"""


def test_individual_starts_become_plans_that_the_office_must_confirm(database: Database) -> None:
    to_revision(database, "0114", down=True)
    with database.engine.begin() as connection:
        connection.execute(text(OLD_SCHOOL))
        for id_, year, starts in (
            ("P1", "7", '{"tue": "10:30"}'),
            ("P2", "12", '{"mon": "11:00"}'),
            ("P3", "7", "{}"),
        ):
            connection.execute(text(OLD_PUPIL), {"id": id_, "year": year, "starts": starts})
    to_revision(database, "head")
    with database.read() as session:
        plans = {row.pupil: row for row in session.scalars(select(PlanRow))}
        assert {pupil: (row.code, row.confirmed_at) for pupil, row in plans.items()} == {
            "P1": ("C2", None),
            "P2": ("X", None),
        }
        assert plans["P1"].days == {"tue": {"due_in": "10:30", "due_out": None}}
        asked = [read_item(row) for row in session.scalars(select(WorkItemRow).order_by(WorkItemRow.id))]
        assert asked == [PlanToConfirm(pupil=pupil, plan=plans[pupil].id) for pupil in ("P1", "P2")]
        sent = {row.id: with_plans(_known(row), plans_of(session, "oak", row.id)) for row in _pupils(session)}
    assert [(each.plans, len(each.starts)) for each in sent.values()] == [([], 1), ([], 1), ([], 0)]
    to_revision(database, "0114", down=True)
    with database.engine.begin() as connection:
        rows = connection.execute(text("SELECT id, CAST(starts AS TEXT) AS starts FROM pupils")).all()
    assert {row.id: row.starts for row in rows} == {
        "P1": '{"tue": "10:30"}',
        "P2": '{"mon": "11:00"}',
        "P3": "{}",
    }


def _pupils(session: Session) -> list[PupilRow]:
    return list(session.scalars(select(PupilRow).order_by(PupilRow.id)))


def _known(row: PupilRow) -> Pupil:
    return Pupil.model_validate(row, from_attributes=True)
