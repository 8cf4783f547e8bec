"""Register benchmarks: batches of entries, a kiosk's long queue, a heartbeat.

The register runs in its own processes, over HTTP on loopback. The yardstick is what the database alone needs
to insert the same rows in one transaction, on the same disk, in the same run.
"""

import itertools
import random
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import requests

from bench.bare_insert import Insert, bare_postgres, bare_sqlite, late_entry
from bench.measure import Measurement, in_turn
from demo.programs import Program, database_url
from demo.school import DemoSchool, oak_lane
from demo.seed import seed
from hardware.clock.clock import SystemClock
from kiosk.app.outbox import JournalOutbox
from kiosk.journal.journal import Journal
from sync.register.kiosks.kiosks import enrol, make_enrolment_code
from sync.register.server.server import listen
from sync.register.storage.database import Database
from sync.uplink.http import Bearer, RegisterClient
from sync.uplink.uplink import Uplink
from sync.wire import MOST_ENTRIES, ClockReading, Entry, Heartbeat, QueueState, Trust
from tests.postgres import cluster

BATCHES = 8
QUEUED = 10_000
DRAINS = 2
HEARTBEATS = 150
HEARTBEAT_S = 0.03
"""A delayed acknowledgement costs 40 ms: where each answer waits for one, the budget is exceeded. The middle
should be under 8 ms."""
ENOUGH_S = 120.0


@dataclass(frozen=True, slots=True)
class _RunningRegister:
    """A listening register with the demo school."""

    url: str
    database_url: str
    school: DemoSchool

    def kiosk(self) -> str:
        """Enrol a kiosk and return its token.

        Raises:
            RuntimeError: the register refused the code.
        """
        database, now = Database(self.database_url), datetime.now(UTC)
        with database.write() as session:
            code = make_enrolment_code(session, self.school.school.id, now=now).code
            enrolment = enrol(session, code, "Bench", now=now)
        database.close()
        if enrolment is None:
            raise RuntimeError("the register did not enrol the bench's kiosk; see register.log")
        return enrolment.token

    def entries(self, count: int, numbers: Iterator[int]) -> list[Entry]:
        """Entries of `count` pupils who have just arrived late."""
        now = datetime.now(UTC)
        pupils = itertools.cycle(self.school.pupils)
        return [late_entry(next(numbers), pupil.id, now) for pupil in itertools.islice(pupils, count)]


def results(folder: Path) -> Iterator[Measurement]:
    """Measure the register. `folder` is on the disk to be measured."""
    sqlite_folder = folder / "sqlite"
    sqlite_folder.mkdir()
    with _register(sqlite_folder, database_url(sqlite_folder)) as running, bare_sqlite(folder) as insert:
        yield _intake(running, insert, "SQLite", clients=1)
        yield _drain(running, insert, sqlite_folder)
        yield _heartbeats(running)
    with cluster(durable=True) as server:
        server.prepare(lambda _url: None)
        for workers in (1, 2):
            at = folder / f"postgresql-{workers}"
            at.mkdir()
            with server.new() as url, _register(at, url, workers) as running, bare_postgres(url) as insert:
                name = f"PostgreSQL, {workers} worker{'s' if workers > 1 else ''}"
                yield _intake(running, insert, name, clients=workers)


def _intake(running: _RunningRegister, insert: Insert, name: str, *, clients: int) -> Measurement:
    """Send batches as the uplink does, from one kiosk for each worker at once."""
    numbers = [itertools.count(1) for _ in range(clients)]
    ours = [running.entries(MOST_ENTRIES, each) for each in numbers for _ in range(BATCHES)]
    theirs = [running.entries(MOST_ENTRIES, itertools.count(1)) for _ in ours]
    with ExitStack() as open_, ThreadPoolExecutor(clients) as pool:
        sessions = [open_.enter_context(_session(running)) for _ in range(clients)]
        batches = iter(zip(*(ours[n * BATCHES : (n + 1) * BATCHES] for n in range(clients)), strict=True))
        bare = iter(theirs)

        def send() -> None:
            posts = [
                pool.submit(_post, *each, running.url) for each in zip(sessions, next(batches), strict=True)
            ]
            for each in posts:
                each.result()

        def rows() -> None:
            for _ in range(clients):
                insert(next(bare))

        first, second = in_turn(BATCHES, send, rows)
    count = clients * MOST_ENTRIES
    return Measurement(
        f"{count} entries taken in ({name})", first, f"{count} rows inserted bare", second, per=count
    )


def _drain(running: _RunningRegister, insert: Insert, folder: Path) -> Measurement:
    """Drain the journal of a kiosk that was offline for a long time, through the real uplink."""
    queues = [running.entries(QUEUED, itertools.count(1)) for _ in range(2 * DRAINS)]
    with ExitStack() as open_:
        ours = [
            open_.enter_context(_waiting_kiosk(running, folder / f"journal-{n}.db", queue))
            for n, queue in enumerate(queues[:DRAINS])
        ]
        kiosks, bare = iter(ours), iter(queues[DRAINS:])

        def drain() -> None:
            uplink, empty = next(kiosks)
            uplink.start()
            if not empty.wait(ENOUGH_S):
                raise RuntimeError(f"entries are still queued after {ENOUGH_S:.0f} s; see register.log")

        def rows() -> None:
            entries = next(bare)
            for at in range(0, QUEUED, MOST_ENTRIES):
                insert(entries[at : at + MOST_ENTRIES])

        first, second = in_turn(DRAINS, drain, rows)
    return Measurement(
        f"{QUEUED:,} queued entries drained", first, "the same rows inserted bare", second, per=QUEUED
    )


@contextmanager
def _waiting_kiosk(
    running: _RunningRegister, path: Path, queue: Sequence[Entry]
) -> Iterator[tuple[Uplink, threading.Event]]:
    """An uplink, not yet started, with `queue` in its journal; the event is set when all is answered."""
    Journal(path, lambda: datetime.now(UTC)).close()
    _fill(path, queue)
    journal = Journal(path, lambda: datetime.now(UTC))
    left, empty = [len(queue)], threading.Event()

    def settled(results: Sequence[object]) -> None:
        left[0] -= len(results)
        if left[0] == 0:
            empty.set()

    uplink = Uplink(
        RegisterClient(running.url),
        running.kiosk(),
        JournalOutbox(journal, SystemClock(), dict, lambda _school: None, None, enrolment="bench"),
        on_state=lambda _state: None,
        on_settled=settled,
        on_server_time=lambda _time: None,
        rng=random.SystemRandom(),
        monotonic=time.monotonic,
    )
    try:
        yield uplink, empty
    finally:
        if empty.is_set():
            uplink.stop()
        journal.close()


def _heartbeats(running: _RunningRegister) -> Measurement:
    heartbeat = Heartbeat(
        queue=QueueState(waiting=0),
        clock=ClockReading(trust=Trust.SYNCED, boot_id="bench", monotonic_ns=1),
        version="0",
        uptime_s=1,
        last_seq=0,
    ).model_dump_json()
    with _session(running) as session:

        def ours() -> None:
            session.post(
                f"{running.url}/api/v1/heartbeat", data=heartbeat, timeout=ENOUGH_S
            ).raise_for_status()

        def theirs() -> None:
            requests.get(f"{running.url}/static/office.css", timeout=ENOUGH_S).raise_for_status()

        first, second = in_turn(HEARTBEATS, ours, theirs)
    yardstick = "a style sheet on a new connection"
    return Measurement("a heartbeat on a kept connection", first, yardstick, second, budget_s=HEARTBEAT_S)


@contextmanager
def _register(folder: Path, url: str, workers: int = 1) -> Iterator[_RunningRegister]:
    school, now = oak_lane(), datetime.now(UTC)
    seed(url, school, now.date(), now)
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    part = Program(
        "register",
        ["register", "serve"],
        {
            "LATEBOOK_DATABASE_URL": url,
            "LATEBOOK_SERVER_PORT": str(port),
            "LATEBOOK_SERVER_WORKERS": str(workers),
        },
        folder / "register.log",
    )
    part.start()
    try:
        part.wait_for("register.listening")
        running = _RunningRegister(f"http://127.0.0.1:{port}", url, school)
        _wait_until_ready(running.url)
        yield running
    finally:
        part.stop()


def _wait_until_ready(url: str) -> None:
    end = time.monotonic() + ENOUGH_S
    while time.monotonic() < end:
        try:
            requests.get(f"{url}/login", timeout=5).raise_for_status()
        except requests.RequestException:
            time.sleep(0.05)  # another process: there is no event to wait for
        else:
            return
    raise RuntimeError(f"the register at {url} does not answer; see register.log")


@contextmanager
def _session(running: _RunningRegister) -> Iterator[requests.Session]:
    with RegisterClient(running.url).open() as session:
        session.auth = Bearer(running.kiosk())
        session.headers["Content-Type"] = "application/json"
        yield session


def _post(session: requests.Session, batch: Sequence[Entry], url: str) -> None:
    body = '{"entries":[' + ",".join(entry.model_dump_json() for entry in batch) + "]}"
    answer = session.post(f"{url}/api/v1/entries", data=body.encode(), timeout=ENOUGH_S)
    answer.raise_for_status()
    if not all(result["status"] in ("accepted", "review") for result in answer.json()["results"]):
        raise RuntimeError("the register did not accept the bench's entries")


def _fill(path: Path, entries: Sequence[Entry]) -> None:
    """Insert entries into a closed journal in one transaction; `kiosk_side` measures single commits."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO entries (seq, id, date, body, committed_at) VALUES (?, ?, ?, ?, ?)",
            [
                (each.seq, str(each.id), each.date.isoformat(), each.model_dump_json(), each.at.isoformat())
                for each in entries
            ],
        )
        connection.execute("UPDATE counter SET last_seq = ?", [len(entries)])
