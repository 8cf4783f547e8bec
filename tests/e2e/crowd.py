"""Thousands of visits at a kiosk while cards are tapped at random instants, against a real register.

Pupils find their names, adults begin to collect, staff type PINs, and some of them walk away. Whatever the
kiosk shows, another late pupil may tap their card; now and then the kiosk dies and starts again from its
disk. At the end every tap must be in the register once, with its own instant, and each reason with the pupil
whose name the screen showed when it was chosen.

`make crowd JOURNEYS=2000 SEED=7` runs it; a short one is among the tests. Clock, cards and touches are made
here; journey, desk, journal, uplink and register are the product's.
"""

import argparse
import logging
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

from sqlalchemy import select

from demo.programs import database_url, kiosk_state, register_program
from demo.school import DemoSchool, oak_lane
from demo.seed import PIN, seed
from kiosk.app.outbox import JournalOutbox
from kiosk.enrolment import enrolment_of
from kiosk.journal.journal import Journal
from sync.logs import configure
from sync.register.hashing import hash_pin
from sync.register.storage.database import Database
from sync.register.storage.models import EntryRow
from sync.uplink.http import RegisterClient, enrol
from sync.uplink.uplink import Uplink
from sync.wire import Bundle, EntryResult, StaffMember
from tests.e2e.crowd_people import DAYS, LONDON, Crowd, CrowdError, Expected, at_school
from tests.e2e.crowded_kiosk import CrowdedKiosk, SteppedClock
from tests.e2e.running import free_port

SENT_WITHIN_S = 120.0


@dataclass
class CrowdReport:
    """The result of a crowd."""

    seed: int
    journeys: int
    taps: int
    views: Counter[str]
    deaths: int
    not_arrivals: int
    found: int
    differences: list[str]
    seconds: float

    def __str__(self) -> str:
        at = ", ".join(f"{view} {count}" for view, count in self.views.most_common())
        return "\n".join(
            [
                f"seed {self.seed}, {self.journeys:,} journeys in {self.seconds:.0f} s, {self.deaths} deaths",
                f"{self.taps:,} taps at as many instants ({self.not_arrivals} meant a pupil to be collected);"
                f" on the screen then: {at}",
                f"{self.found:,} arrivals in the register; differences: {len(self.differences)}",
                *self.differences[:20],
            ]
        )


def run(journeys: int, seed_: int, folder: Path) -> CrowdReport:
    """Let a crowd come to the kiosk, and compare what the register has with what the crowd did."""
    began = time.monotonic()
    school = oak_lane()
    begins, ends = at_school(DAYS[0], time_of_day(8)), at_school(DAYS[-1], time_of_day(18))
    clock = SteppedClock(begins)
    rng = random.Random(seed_)  # noqa: S311  not a secret: the same crowd in every run
    with _register(folder, school, begins, ends) as (url, token):
        kiosk = CrowdedKiosk(kiosk_state(folder), clock, _bundle(school))
        crowd = Crowd(kiosk, clock, school, rng)
        days = iter(DAYS)
        for _ in range(journeys):
            if not crowd.is_morning:
                crowd.begin_morning(next(days))
            crowd.journey()
        _send(kiosk.journal, clock, url, token)
        kiosk.die()
        rows = _entries(folder)
    return CrowdReport(
        seed=seed_,
        journeys=journeys,
        taps=crowd.expected.taps,
        views=crowd.views,
        deaths=crowd.deaths,
        not_arrivals=crowd.expected.not_arrivals,
        found=len(rows),
        differences=differences(crowd.expected, rows),
        seconds=time.monotonic() - began,
    )


def differences(expected: Expected, rows: list[EntryRow]) -> list[str]:
    """What the register has otherwise than the crowd did, in sentences."""
    found: list[str] = []
    times = Counter((row.pupil, row.date) for row in rows)
    found += [
        f"{pupil} is there {count} times on {day}" for (pupil, day), count in times.items() if count > 1
    ]
    found += [
        f"{pupil} came on {day} and is lost" for pupil, day in expected.instants if not times[pupil, day]
    ]
    for row in rows:
        key = (row.pupil, row.date)
        at = expected.instants.get(key)
        if at is None:
            found.append(f"{row.pupil} did not come on {row.date}")
        elif abs(row.at - at) >= timedelta(milliseconds=1):
            found.append(f"{row.pupil} came at {at:%H:%M:%S.%f} and is there with {row.at:%H:%M:%S.%f}")
        reason = expected.reasons.get(key)
        if row.reason != (reason.value if reason else None):
            found.append(f"{row.pupil} gave the reason {reason} and is there with {row.reason}")
    return found


@contextmanager
def _register(
    folder: Path, school: DemoSchool, begins: datetime, ends: datetime
) -> Iterator[tuple[str, str]]:
    """A register process that enrolled the kiosk before the first day and whose clock then stands after the
    last; yields its address and the kiosk's token."""
    access = seed(database_url(folder), school, begins.astimezone(LONDON).date(), begins)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    before = register_program(folder, port, (begins - datetime.now(UTC)).total_seconds())
    before.start()
    try:
        before.wait_for("register.listening")
        token = enrol(RegisterClient(url), access.enrolment_code, "Main reception").token
    finally:
        before.stop()
    after = register_program(folder, port, (ends - datetime.now(UTC)).total_seconds())
    after.start()
    try:
        after.wait_for("register.listening")
        yield url, token
    finally:
        after.stop()


def _bundle(school: DemoSchool) -> Bundle:
    member = StaffMember(id="S1", name="Jo Office", position="Attendance officer", pin=hash_pin(PIN))
    return Bundle(
        version="crowd",
        school=school.school,
        policy=school.policy,
        calendar=school.calendar,
        pupils=list(school.pupils),
        cards=school.cards,
        staff=[member],
    )


def _send(journal: Journal, clock: SteppedClock, url: str, token: str) -> None:
    """Send everything that waits, with the product's uplink."""
    sent = threading.Event()

    def look(_results: Sequence[EntryResult]) -> None:
        if journal.state().result(30).queue.waiting == 0:
            sent.set()

    outbox = JournalOutbox(journal, clock, dict, lambda _school: None, None, enrolment=enrolment_of(token))
    uplink = Uplink(
        RegisterClient(url),
        token,
        outbox,
        on_state=lambda _state: None,
        on_settled=look,
        on_server_time=lambda _time: None,
        rng=random.SystemRandom(),
        monotonic=time.monotonic,
    )
    uplink.start()
    try:
        if journal.state().result(30).queue.waiting and not sent.wait(SENT_WITHIN_S):
            raise CrowdError(f"the entries have not reached the register within {SENT_WITHIN_S:.0f} s")
    finally:
        uplink.stop()


def _entries(folder: Path) -> list[EntryRow]:
    database = Database(database_url(folder))
    try:
        with database.read() as session:
            return list(session.scalars(select(EntryRow).order_by(EntryRow.seq)))
    finally:
        database.close()


def main() -> int:
    """Run the command; return 1 when the register differs from what the crowd did."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.crowd", description=__doc__)
    parser.add_argument("--journeys", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    configure(logging.ERROR)  # each entry would be a line
    with tempfile.TemporaryDirectory() as folder:
        report = run(options.journeys, options.seed, Path(folder))
    sys.stdout.write(f"{report}\n")
    return 1 if report.differences else 0


if __name__ == "__main__":
    sys.exit(main())
