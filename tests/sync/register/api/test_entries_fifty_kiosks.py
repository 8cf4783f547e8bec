"""A busy morning: two registers on one PostgreSQL, and fifty kiosks with entries of the same pupils."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import select

from sync.register.kiosks.kiosks import enrol, make_enrolment_code
from sync.register.storage.database import Database
from sync.register.storage.models import EntryRow, MarkChangeRow, MarkRow, WorkItemRow
from tests.postgres import Cluster
from tests.sync.register.server.test_server import free_port, process, seeded
from tests.sync.register.support import MORNING, PUPILS, entry, void

KIOSKS = 50
BATCHES = 4
IN_A_BATCH = 5
ENOUGH_S = 60
CODES = ("L", "U", "M")
THE_DAY_BEFORE = MORNING - timedelta(days=1)


@contextmanager
def two_registers(url: str) -> Iterator[list[str]]:
    """The addresses of two registers, each a process of its own."""
    with ExitStack() as running:
        both = [running.enter_context(process(url, LATEBOOK_SERVER_PORT=free_port())) for _ in range(2)]
        yield [each.url() for each in both]
        for each in both:
            assert each.stop() == 0
            assert "Traceback" not in each.text


@contextmanager
def fifty(url: str, addresses: list[str]) -> Iterator[list[httpx.Client]]:
    """Kiosks of one school, half at each register."""
    database = Database(url)
    with database.write() as session:
        codes = [make_enrolment_code(session, "oak-lane", now=THE_DAY_BEFORE).code for _ in range(KIOSKS)]
        let_in = [enrol(session, code, f"Kiosk {n}", now=THE_DAY_BEFORE) for n, code in enumerate(codes)]
    database.close()
    with ExitStack() as clients:
        yield [
            clients.enter_context(
                httpx.Client(
                    base_url=f"{address}/api/v1",
                    headers={"Authorization": f"Bearer {each.token}"},
                    timeout=ENOUGH_S,
                )
            )
            for each, address in zip(let_in, itertools.cycle(addresses), strict=False)
            if each
        ]


def send_until_answered(kiosk: httpx.Client, batch: list[dict[str, Any]]) -> list[str]:
    """Retry on any answer but 200, as the uplink does."""
    for _ in range(20):
        try:
            answer = kiosk.post("/entries", json={"entries": batch})
        except httpx.TransportError:
            continue
        if answer.status_code == 200:
            return [result["status"] for result in answer.json()["results"]]
        assert answer.status_code == 503, answer.text
    raise AssertionError("a batch was never taken")


def test_nothing_is_lost_and_every_conflict_is_shown(postgres: Cluster) -> None:
    with postgres.new() as url:
        seeded(url)
        with two_registers(url) as addresses, fifty(url, addresses) as kiosks:
            assert len(kiosks) == KIOSKS
            work = [batches(number) for number in range(KIOSKS)]
            with ThreadPoolExecutor(KIOSKS) as pool:
                statuses = list(itertools.chain(*pool.map(send_all, kiosks, work)))
        check(url, statuses, KIOSKS * BATCHES * IN_A_BATCH)


def send_all(kiosk: httpx.Client, work: list[list[dict[str, Any]]]) -> list[str]:
    return [status for batch in work for status in send_until_answered(kiosk, batch)]


def batches(number: int) -> list[list[dict[str, Any]]]:
    """A kiosk's entries, of the same few pupils as every other's, so that they conflict. The last batch voids
    the first one, and with it the marks that were written first."""
    chance = random.Random(number)  # noqa: S311  not a secret
    seqs = itertools.count(1)
    arrivals = [
        [
            entry(next(seqs), pupil=chance.choice(PUPILS).id, decision={"code": chance.choice(CODES)})
            for _ in range(IN_A_BATCH)
        ]
        for _ in range(BATCHES - 1)
    ]
    return [*arrivals, [void(sent, next(seqs)) for sent in arrivals[0]]]


def check(url: str, statuses: list[str], sent: int) -> None:
    database = Database(url)
    with database.read() as session:
        entries = session.scalars(select(EntryRow)).all()
        marks = {row.pupil: row for row in session.scalars(select(MarkRow))}
        changes = session.scalars(select(MarkChangeRow).order_by(MarkChangeRow.id)).all()
        conflicts = session.scalars(select(WorkItemRow).where(WorkItemRow.kind == "conflict")).all()
        others = set(session.scalars(select(WorkItemRow.kind))) - {"conflict"}
    database.close()
    counts = Counter(statuses)
    assert len(entries) == len(statuses) == sent
    assert counts["accepted"] + counts["review"] + counts["duplicate"] == sent
    assert others == set()
    # Exactly the voided entries no longer count.
    assert {row.id for row in entries if row.taken_back} == {row.voids for row in entries if row.voids}
    standing = {row.id: row for row in entries if row.kind == "arrival" and not row.taken_back}
    # Each pupil's mark is that of a valid entry.
    assert sorted(marks) == [pupil.id for pupil in PUPILS]
    assert all(standing[mark.entry_id].code == mark.code for mark in marks.values() if mark.entry_id)
    assert all(mark.entry_id for mark in marks.values())
    # Its history is complete, and it was overwritten only when its entry was voided.
    for pupil in PUPILS:
        own = [change for change in changes if change.pupil == pupil.id]
        assert [change.original for change in own] == [None, *(change.amended for change in own[:-1])]
        assert {change.original["entry_id"] for change in own if change.original}.isdisjoint(
            map(str, standing)
        )
    # Every entry with another code is a conflict with both codes, and no entry with the same code is.
    differing = {row.id for row in standing.values() if row.code != marks[row.pupil].code}
    waiting = [item for item in conflicts if item.resolved_at is None]
    assert {item.entry_id for item in waiting} == differing
    assert len(waiting) == len(differing)
    assert all(item.detail["has"] in CODES and item.detail["kiosk"] in CODES for item in conflicts)
