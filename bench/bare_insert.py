"""The yardstick for the register: the same rows in plain INSERTs."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from uuid6 import uuid7

from sync.wire import ClockReading, Entry, EntryDecision, Kind, Trust

CREATE = "CREATE TABLE bare (id TEXT PRIMARY KEY, kiosk TEXT, seq BIGINT, pupil TEXT, at TEXT, raw TEXT)"
INSERT = "INSERT INTO bare VALUES ({0}, {0}, {0}, {0}, {0}, {0})"

Insert = Callable[[Sequence[Entry]], None]
"""Inserts rows in one transaction."""


@contextmanager
def bare_sqlite(folder: Path) -> Iterator[Insert]:
    """Insert into a file in `folder`, as durably as the register does."""
    with closing(sqlite3.connect(folder / "bare-register.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(CREATE)

        def insert(batch: Sequence[Entry]) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(INSERT.format("?"), map(_row, batch))
            connection.execute("COMMIT")

        yield insert


@contextmanager
def bare_postgres(url: str) -> Iterator[Insert]:
    """Insert into a table beside the register's own."""
    with psycopg.connect(url) as connection:
        connection.execute(CREATE)
        connection.commit()

        def insert(batch: Sequence[Entry]) -> None:
            with connection.cursor() as cursor:
                cursor.executemany(INSERT.format("%s"), map(_row, batch))
            connection.commit()

        yield insert


def _row(entry: Entry) -> tuple[object, ...]:
    return str(entry.id), "bench", entry.seq, entry.pupil, entry.at.isoformat(), entry.model_dump_json()


def late_entry(seq: int, pupil: str, now: datetime) -> Entry:
    """The entry of a pupil who arrived late a second before `now`."""
    return Entry(
        id=uuid7(),
        seq=seq,
        kind=Kind.ARRIVAL,
        pupil=pupil,
        at=now - timedelta(seconds=1),
        date=now.date(),
        session="AM",
        decision=EntryDecision(outcome="late", code="L", minutes_late=22, policy="p", policy_version="v"),
        reason="traffic",
        clock=ClockReading(trust=Trust.SYNCED, boot_id="b", monotonic_ns=1),
    )
