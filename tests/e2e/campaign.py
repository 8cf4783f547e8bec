"""Thousands of faults between a real kiosk process and a real register process.

Each round signs pupils in and injects a fault between the two: an exchange is dropped before or after the
register's commit, cut short, sent twice, delayed, refused, or held back until the next one has passed.
Sometimes either process is killed (SIGKILL) at a random instant and started again. At the end, without
faults, every entry that a pupil saw confirmed must be in the register once, with its own pupil and time,
and every entry in the register must be a sign-in that happened at the kiosk.

`make campaign ROUNDS=1000 SEED=7` runs it; a short one is among the tests.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import requests
from sqlalchemy import select

from attendance.calendar import instant
from demo.programs import Program, database_url, kiosk_state
from demo.school import DemoSchool, oak_lane
from demo.seed import seed
from kiosk.enrolment import store_token
from sync.register.storage.database import Database
from sync.register.storage.models import EntryRow, MarkRow, WorkItemRow
from sync.uplink.http import RegisterClient, enrol
from tests.e2e.comparing import confirmed_differences, mark_differences, register_differences
from tests.e2e.faults import Fault, FaultyProxy, dice, faulty_proxy
from tests.e2e.kiosk_process import ENOUGH_S, CampaignError, KioskProcess
from tests.postgres import cluster
from tests.sync.register.server.test_server import free_port

ROUNDS_PER_KILL = 12
"""One round of this many kills the kiosk, and one the register, on average."""
MOST_TOGETHER = 3
FAULT_WITHIN_S = 3.0
"""Seconds that a round waits for its fault to be injected."""
START = datetime(2026, 11, 24, 9, 7)  # noqa: DTZ001  wall time at the school


@dataclass
class Report:
    """The result of a campaign."""

    seed: int
    rounds: int
    faults: Counter[Fault]
    kiosk_kills: int
    register_kills: int
    touched: int
    confirmed: int
    found: int
    unconfirmed: int
    """Entries in the register whose kiosk was killed before it showed “done”."""
    differences: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        by_kind = ", ".join(f"{fault} {self.faults[fault]}" for fault in Fault)
        return "\n".join(
            [
                f"seed {self.seed}, {self.rounds} rounds in {self.seconds:.0f} s",
                f"faults: {sum(self.faults.values())} ({by_kind})",
                f"killed: kiosk {self.kiosk_kills}, register {self.register_kills}",
                f"signed in {self.touched}, confirmed {self.confirmed}, found in the register {self.found}"
                f" ({self.unconfirmed} of them signed in but not confirmed)",
                f"differences: {len(self.differences)}",
                *self.differences[:20],
            ]
        )


def run(rounds: int, seed_: int, url: str, folder: Path) -> Report:
    """Run a whole campaign.

    Args:
        rounds: number of rounds.
        seed_: decides faults and pupils; the instant that a kill hits depends on the machine.
        url: an empty database for the register.
        folder: for the kiosk's files and the logs.
    """
    began = time.monotonic()
    rng = dice(seed_)
    school = oak_lane()
    with _product(folder, url, school, dice(seed_ + 1)) as (kiosk, register, proxy):
        register_kills = 0
        for _ in range(rounds):
            register_kills += _round(rng, school, kiosk, register, proxy)
        proxy.disarm()
        _until(lambda: kiosk.waiting() == 0, "the queue is empty")
        proxy.disarm()  # also sends the last request held back
        report = Report(
            seed=seed_,
            rounds=rounds,
            faults=proxy.done,
            kiosk_kills=kiosk.kills,
            register_kills=register_kills,
            touched=len(kiosk.touched),
            confirmed=len(kiosk.confirmed),
            found=0,
            unconfirmed=0,
        )
    _compare(url, kiosk, report)
    report.seconds = time.monotonic() - began
    return report


@contextmanager
def _product(
    folder: Path, url: str, school: DemoSchool, rng: random.Random
) -> Iterator[tuple[KioskProcess, Program, FaultyProxy]]:
    start = instant(START, ZoneInfo("Europe/London"))
    offset_s = (start - datetime.now(UTC)).total_seconds()
    access = seed(url, school, START.date(), start)
    port = free_port()
    register = Program(
        "register",
        ["register", "serve"],
        {
            "LATEBOOK_DATABASE_URL": url,
            "LATEBOOK_SERVER_PORT": port,
            "LATEBOOK_CLOCK_OFFSET_S": repr(offset_s),
        },
        folder / "register.log",
    )
    with ExitStack() as running:
        proxy = running.enter_context(faulty_proxy(rng))
        proxy.target = f"http://127.0.0.1:{port}"
        running.callback(register.stop)
        register.start()
        register.wait_for("register.listening")
        _until(lambda: _answers(proxy.target), "the register answers")
        enrolled = enrol(RegisterClient(proxy.target), access.enrolment_code, "Main reception")
        store_token(kiosk_state(folder), enrolled.token)
        kiosk = KioskProcess(folder, proxy.url, offset_s)
        running.callback(kiosk.stop)
        kiosk.start()
        yield kiosk, register, proxy


def _round(
    rng: random.Random, school: DemoSchool, kiosk: KioskProcess, register: Program, proxy: FaultyProxy
) -> int:
    """Run one round; returns how often the register was killed in it."""
    proxy.arm(rng.choice(list(Fault)))
    for pupil in rng.choices(school.pupils, k=rng.randint(1, MOST_TOGETHER)):
        kiosk.sign_in(pupil.id)
    killed = 0
    if rng.randrange(ROUNDS_PER_KILL) == 0:
        _pause(rng)
        kiosk.kill()
        kiosk.start()
    if rng.randrange(ROUNDS_PER_KILL) == 0:
        _pause(rng)
        before = len(register.lines())
        register.kill()
        register.start()
        register.wait_for("register.listening", after=before)
        killed = 1
    end = time.monotonic() + FAULT_WITHIN_S
    while proxy.armed and time.monotonic() < end:
        time.sleep(0.002)  # other processes: there is no event to wait for
    return killed


def _pause(rng: random.Random) -> None:
    """Wait up to the time that an entry takes to reach the register."""
    time.sleep(rng.uniform(0, 0.06))


def _compare(url: str, kiosk: KioskProcess, report: Report) -> None:
    database = Database(url)
    with database.read() as session:
        entries = session.scalars(select(EntryRow).order_by(EntryRow.seq)).all()
        marks = {row.pupil: row.code for row in session.scalars(select(MarkRow))}
        work = session.scalars(select(WorkItemRow).where(WorkItemRow.resolved_at.is_(None))).all()
    database.close()
    report.found = len(entries)
    report.unconfirmed = len({str(entry.id) for entry in entries} - set(kiosk.confirmed))
    report.differences += [*confirmed_differences(entries, kiosk), *register_differences(entries, kiosk)]
    report.differences += mark_differences(entries, marks, work)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/login", timeout=5).ok
    except requests.RequestException:
        return False


def _until(look: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + ENOUGH_S
    while not look():
        if time.monotonic() > end:
            raise CampaignError(f"still waiting after {ENOUGH_S:.0f} s: {what}")
        time.sleep(0.05)  # other processes: there is no event to wait for


def main() -> None:
    """Run a campaign and print its report; exit with 1 if anything differs."""
    parser = argparse.ArgumentParser(description="Thousands of faults between a kiosk and the register.")
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    seed_ = options.seed if options.seed is not None else int(time.time())
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="latebook-campaign-")))
        url = database_url(folder)
        if options.database == "postgresql":
            server = running.enter_context(cluster())
            server.prepare(lambda _url: None)
            url = running.enter_context(server.new())
        sys.stdout.write(f"seed {seed_}, {options.rounds} rounds on {options.database}\n")
        sys.stdout.flush()
        report = run(options.rounds, seed_, url, folder)
    sys.stdout.write(f"{report}\n")
    sys.exit(1 if report.differences else 0)


if __name__ == "__main__":
    main()
