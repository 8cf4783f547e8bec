"""Records that the law requires cannot be lost or altered, whatever a later version of the program tries."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import IntegrityError

from sync.register.schools.schools import load_school
from sync.register.storage.database import Database
from sync.register.storage.models import (
    AuditRow,
    EntryRow,
    KioskRow,
    MarkChangeRow,
    PolicyRow,
    WorkItemRow,
)
from tests.sync.register.support import TUESDAY, school_record

pytestmark = pytest.mark.both_databases

SIX_YEARS = timedelta(days=6 * 365 + 2)
TABLES = ["entries", "mark_changes", "audit", "work_items"]


@pytest.fixture
def filled(database: Database) -> Callable[[datetime], Database]:
    """A database with a row of the given age in each table."""

    def fill(at: datetime) -> Database:
        with database.write() as session:
            load_school(session, school_record())
            kiosk, entry = uuid.uuid4(), uuid.uuid4()
            of_school = {"school_id": "oak-lane"}
            place = {"pupil": "P1", "date": TUESDAY, "session": "AM"}
            session.execute(
                insert(KioskRow).values(
                    id=kiosk, **of_school, name="Main", token_hash=str(kiosk), enrolled_at=at
                )
            )
            session.execute(
                insert(EntryRow).values(
                    id=entry,
                    **of_school,
                    **place,
                    kiosk_id=kiosk,
                    raw="{}",
                    content_hash="x",
                    epoch=1,
                    seq=1,
                    kind="arrival",
                    at=at,
                    outcome="late",
                    received_at=at,
                    status="accepted",
                    taken_back=False,
                )
            )
            session.execute(
                insert(MarkChangeRow).values(
                    **of_school, **place, reason="seen", at=at, name="J. Office", position="Office"
                )
            )
            session.execute(
                insert(AuditRow).values(
                    **of_school, at=at, name="J.", position="O.", address="a", action="sign-in", detail={}
                )
            )
            session.execute(insert(WorkItemRow).values(**of_school, kind="gap", detail={}, opened_at=at))
            session.execute(
                insert(PolicyRow).values(
                    **of_school, version="abc", name="oak-lane", body={}, first_given_at=at
                )
            )
        return database

    return fill


def refused(database: Database, statement: str) -> str:
    """The database's error for a statement that it refuses; fails when it accepts it."""

    def run(connection: Connection) -> None:
        connection.execute(text(statement))

    with database.engine.connect() as connection:
        with pytest.raises(IntegrityError) as refusal:
            run(connection)
        connection.rollback()
    return str(refusal.value.orig)


@pytest.mark.parametrize("table", TABLES)
def test_no_record_is_deleted_within_six_years(filled: Callable[[datetime], Database], table: str) -> None:
    database = filled(datetime.now(UTC) - SIX_YEARS + timedelta(days=10))
    assert f"{table} are kept for six years" in refused(database, f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.parametrize("table", TABLES)
def test_a_record_older_than_six_years_may_be_deleted(
    filled: Callable[[datetime], Database], table: str
) -> None:
    database = filled(datetime.now(UTC) - SIX_YEARS)
    with database.write() as session:
        session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 -- one of TABLES
        assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0  # noqa: S608


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("entries", "raw = 'other'"),
        ("entries", "at = '2020-01-01 00:00:00+00'"),
        ("entries", "code = 'U'"),
        ("mark_changes", "reason = 'other'"),
        ("mark_changes", "original = 'null'"),
        ("mark_changes", "name = 'somebody else'"),
        ("audit", "address = 'elsewhere'"),
        ("audit", "action = 'export'"),
        ("work_items", "detail = '{}'"),
        ("policies", "body = '{}'"),
    ],
)
def test_a_record_is_never_altered_at_any_age(
    filled: Callable[[datetime], Database], table: str, change: str
) -> None:
    database = filled(datetime.now(UTC) - 2 * SIX_YEARS)
    assert "never altered" in refused(database, f"UPDATE {table} SET {change}")  # noqa: S608


def test_a_policy_is_never_deleted(filled: Callable[[datetime], Database]) -> None:
    database = filled(datetime.now(UTC) - 2 * SIX_YEARS)
    assert "kept for good" in refused(database, "DELETE FROM policies")


def test_a_resolution_is_written_once(filled: Callable[[datetime], Database]) -> None:
    database = filled(datetime.now(UTC))
    resolve = "UPDATE work_items SET resolved_at = CURRENT_TIMESTAMP, resolved_by = 'J. Office'"
    with database.write() as session:
        session.execute(text(resolve))
    assert "resolved once" in refused(database, resolve)


def test_the_status_of_an_entry_may_still_change(filled: Callable[[datetime], Database]) -> None:
    database = filled(datetime.now(UTC))
    with database.write() as session:
        session.execute(text("UPDATE entries SET taken_back = true"))


@pytest.mark.parametrize("table", [*TABLES, "policies"])
def test_postgresql_refuses_to_truncate_a_table(filled: Callable[[datetime], Database], table: str) -> None:
    database = filled(datetime.now(UTC))
    if database.engine.dialect.name == "postgresql":  # SQLite has no TRUNCATE
        assert "are kept" in refused(database, f"TRUNCATE {table} CASCADE")
