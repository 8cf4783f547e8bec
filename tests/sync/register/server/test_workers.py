"""Several workers on one port and one database."""

import asyncio
import os
import re
import signal
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sync.register.kiosks.kiosks import make_enrolment_code
from sync.register.live import Notifier, relay_for
from sync.register.storage.database import Database
from sync.register.storage.models import EntryRow, FailureRow, MarkChangeRow, MarkRow, WorkItemRow
from tests.sync.register.server.test_server import SOON, Process, enrolled, free_port, process, seeded
from tests.sync.register.support import DEADLINE_S, MORNING, PUPILS, Kiosk, entry, wait_for

pytestmark = pytest.mark.both_databases

WORKERS = 2


@contextmanager
def workers(database_url: str) -> Iterator[tuple[Process, list[Kiosk]]]:
    """A register of two workers, and two kiosks of the school."""
    code = seeded(database_url)
    environ = {"LATEBOOK_SERVER_PORT": free_port(), "LATEBOOK_SERVER_WORKERS": str(WORKERS)}
    with process(database_url, **environ) as register:
        url = register.url()
        first = enrolled(url, code)
        database = Database(database_url)
        with database.write() as session:
            other = make_enrolment_code(session, "oak-lane", now=MORNING).code
        database.close()
        yield register, [first, enrolled(url, other)]
        assert register.stop() == 0
        assert "Traceback" not in register.text


def pids(register: Process) -> list[int]:
    return [int(pid) for pid in re.findall(r"worker\.started\s+pid=(\d+)", register.text)]


def test_the_same_pupils_at_two_kiosks_and_two_workers_lose_nothing(database_url: str) -> None:
    with workers(database_url) as (_, kiosks):
        batches = [
            (kiosk, [entry(seq, pupil=pupil.id, decision={"code": code}, **SOON) for seq, pupil in numbered])
            for numbered in [list(enumerate(PUPILS, 1)), list(enumerate(PUPILS, 7))]
            for kiosk, code in zip(kiosks, "LU", strict=True)
        ]
        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(lambda each: each[0].statuses(*each[1]), batches))
    database = Database(database_url)
    with database.read() as session:
        entries = session.scalar(select(func.count()).select_from(EntryRow))
        marks = session.scalar(select(func.count()).select_from(MarkRow))
        changes = session.scalar(select(func.count()).select_from(MarkChangeRow))
        kinds = set(session.scalars(select(WorkItemRow.kind)))
    database.close()
    assert (entries, marks, changes) == (4 * len(PUPILS), len(PUPILS), len(PUPILS))
    statuses = [status for result in results for status in result]
    assert (statuses.count("accepted"), statuses.count("review")) == (2 * len(PUPILS), 2 * len(PUPILS))
    assert kinds <= {"conflict", "gap"}


def test_the_same_batch_at_two_workers_counts_once_and_a_worker_that_dies_is_replaced(
    database_url: str,
) -> None:
    with workers(database_url) as (register, kiosks):
        batch = [entry(seq, pupil=pupil.id, **SOON) for seq, pupil in enumerate(PUPILS, 1)]
        senders = [kiosks[0], kiosks[1]] * 3  # one queue on two disks, sent with two tokens
        with ThreadPoolExecutor(6) as pool:
            results = list(pool.map(lambda kiosk: kiosk.statuses(*batch), senders))
        assert sorted(result[0] for result in results) == ["accepted", *["duplicate"] * 5]
        assert {status for result in results for status in result} == {"accepted", "duplicate"}
        before = pids(register)
        assert len(before) == WORKERS
        os.kill(before[0], signal.SIGKILL)
        wait_for(lambda: len(pids(register)) == WORKERS + 1, "a new worker to be started")
        assert kiosks[0].statuses(*batch) == ["duplicate"] * len(batch), "the others serve meanwhile"


def test_workers_do_not_outlive_a_parent_that_is_killed(database_url: str) -> None:
    seeded(database_url)
    environ = {"LATEBOOK_SERVER_PORT": free_port(), "LATEBOOK_SERVER_WORKERS": str(WORKERS)}
    with process(database_url, **environ) as register:
        register.url()
        register.popen.kill()
        for pid in pids(register):
            wait_for(lambda pid=pid: not Path(f"/proc/{pid}").exists(), "a worker to end")


def test_a_change_by_one_worker_wakes_the_watchers_at_another(database_url: str, database: Database) -> None:
    other = Database(database_url)
    here, there = Notifier(relay_for(database)), Notifier(relay_for(other))
    try:
        assert asyncio.run(_woken(here, there, other))
    finally:
        for notifier in (here, there):
            notifier.close()
        other.close()


async def _woken(here: Notifier, there: Notifier, other: Database) -> bool:
    watch = here.watch("oak-lane")
    await anext(watch)
    woken = asyncio.ensure_future(anext(watch))
    deadline = asyncio.get_running_loop().time() + DEADLINE_S
    while not woken.done() and asyncio.get_running_loop().time() < deadline:
        await asyncio.to_thread(_change, there, other)  # again: the listener may only just have begun
        await asyncio.wait([woken], timeout=0.3)
    return woken.done()


def _change(there: Notifier, other: Database) -> None:
    with other.write() as session:
        session.add(FailureRow(subject=str(uuid.uuid4()), at=datetime.now(UTC)))
    there.changed("oak-lane")
