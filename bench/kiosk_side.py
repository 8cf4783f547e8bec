"""The kiosk: the rule, finding a name, writing an entry down."""

import csv
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

from uuid6 import uuid7

from bench.measure import Result, in_turn
from demo.school import oak_lane
from kiosk.attendance.decide import Arrival, decide
from kiosk.attendance.policy import load
from kiosk.journal.journal import Journal
from kiosk.journal.roster import Roster
from sync.wire import ClockReading, Entry, EntryDecision, Kind, Trust

MORNING = datetime(2026, 11, 24, 8, 30)  # noqa: DTZ001  wall time at the school
ROWS = 10_000


def results(folder: Path) -> Iterator[Result]:
    """The kiosk's figures. `folder` is for files on the disk that counts."""
    yield _decisions()
    yield _loading()
    yield _cases(folder)
    yield from _finding()
    yield _commits(folder)


def _decisions() -> Result:
    policy = load("wessex-mat")
    arrivals = [Arrival(at=MORNING + timedelta(seconds=n), year="7") for n in range(2000)]
    table = {arrival.at: arrival.year for arrival in arrivals}

    def ours() -> None:
        for arrival in arrivals:
            decide(policy, arrival, school_day=True)

    def theirs() -> None:
        for arrival in arrivals:
            table[arrival.at]

    first, second = in_turn(30, ours, theirs)
    return Result("2,000 decisions", first, "2,000 look-ups in a dict", second, per=2000)


def _loading() -> Result:
    text = resources.files("kiosk.attendance.policies").joinpath("wessex-mat.toml").read_text("utf-8")
    first, second = in_turn(100, lambda: load("wessex-mat"), lambda: tomllib.loads(text))
    return Result("a policy read and checked", first, "its TOML parsed", second)


def _cases(folder: Path) -> Result:
    path = folder / "arrivals.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["policy", "at", "year", "reason", "agreed", "starts"])
        for n in range(ROWS):
            at = MORNING + timedelta(seconds=n)
            writer.writerow(["wessex-mat", at.isoformat(), "7", "traffic", "", ""])

    def ours() -> None:
        command = [sys.executable, "-m", "kiosk.cli", "policy", "decide", "--cases", str(path)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own command

    def theirs() -> None:
        copy = "import csv, sys; w = csv.writer(sys.stdout); w.writerows(csv.reader(open(sys.argv[1])))"
        command = [sys.executable, "-c", copy, str(path)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own command

    first, second = in_turn(5, ours, theirs)
    return Result(
        "10,000 rows through --cases, with start-up", first, "Python copying the CSV", second, budget_s=2.0
    )


def _finding() -> Iterator[Result]:
    demo = oak_lane()
    for count, budget_s in ((2_000, 0.016), (20_000, 0.033)):
        pupils = [demo.pupils[n % len(demo.pupils)].model_copy(update={"id": f"P{n}"}) for n in range(count)]
        roster = Roster(pupils, demo.cards)
        names = [f"{pupil.first}{pupil.last}".upper() for pupil in pupils]
        keystrokes = iter([name[:n] for name in names[:400] for n in range(1, 6)])
        again = iter([name[:n] for name in names[:400] for n in range(1, 6)])

        def ours(roster: Roster = roster, keystrokes: Iterator[str] = keystrokes) -> None:
            roster.find("".join(letter for letter in next(keystrokes) if "A" <= letter <= "Z"))

        def theirs(names: list[str] = names, again: Iterator[str] = again) -> None:
            prefix = next(again)
            [name for name in names if name.startswith(prefix)]

        first, second = in_turn(2000, ours, theirs)
        yield Result(
            f"a keystroke among {count:,} pupils", first, "a scan of the names", second, budget_s=budget_s
        )


def _commits(folder: Path) -> Result:
    journal = Journal(folder / "journal.db", lambda: datetime.now(UTC))
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE entries (id TEXT PRIMARY KEY, body TEXT)")
    body = _entry(1).model_dump_json()

    first, second = in_turn(
        500,
        lambda: journal.commit(_entry).result(),
        lambda: bare.execute("INSERT INTO entries VALUES (?, ?)", [str(uuid7()), body]),
    )
    journal.close()
    bare.close()
    return Result("an entry committed to the journal", first, "a bare SQLite commit of it", second)


def _entry(seq: int) -> Entry:
    return Entry(
        id=uuid7(),
        seq=seq,
        kind=Kind.ARRIVAL,
        pupil="P0001",
        at=datetime.now(UTC),
        date=MORNING.date(),
        session="AM",
        decision=EntryDecision(outcome="late", code="L", minutes_late=22, policy="p", policy_version="v"),
        reason="traffic",
        clock=ClockReading(trust=Trust.SYNCED, boot_id="b", monotonic_ns=1),
    )
