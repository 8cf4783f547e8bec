"""Kiosk benchmarks: the rule, the name search and the journal."""

import csv
import os
import random
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from string import ascii_uppercase

from uuid6 import uuid7

from attendance.policy.files import load
from attendance.rule import Arrival, decide
from bench.measure import Figures, Measurement, in_turn
from demo.names import ORIGINS, SHORT_NAMES
from kiosk.disk_key import KEY_BYTES, SALT_BYTES, DiskKey
from kiosk.journal.journal import Journal
from kiosk.school.letters import plain_letters, search_keys
from kiosk.school.roster import Roster
from sync.register.hashing import hash_pin
from sync.wire import BundleCards, ClockReading, Entry, EntryDecision, Kind, Pupil, Trust
from sync.wire.pins import TypedPin

MOST_LETTERS = 24
"""The longest search text that the journey accepts."""
MORNING = datetime(2026, 11, 24, 8, 30)  # noqa: DTZ001  wall time at the school
ROWS = 10_000


def results(folder: Path) -> Iterator[Measurement]:
    """Measure the kiosk. `folder` is on the disk to be measured."""
    yield _decisions()
    yield _loading()
    yield _cases(folder)
    yield from _finding()
    yield _commits(folder)
    yield _encrypted_commits(folder)
    yield _pins()


def _decisions() -> Measurement:
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
    return Measurement("2,000 decisions", first, "2,000 look-ups in a dict", second, per=2000)


def _loading() -> Measurement:
    text = resources.files("attendance.policies").joinpath("wessex-mat.toml").read_text("utf-8")
    first, second = in_turn(100, lambda: load("wessex-mat"), lambda: tomllib.loads(text))
    return Measurement("a policy read and checked", first, "its TOML parsed", second)


def _cases(folder: Path) -> Measurement:
    path = folder / "arrivals.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["policy", "at", "year", "reason", "agreed", "plan"])
        for n in range(ROWS):
            at = MORNING + timedelta(seconds=n)
            writer.writerow(["wessex-mat", at.isoformat(), "7", "traffic", "", ""])

    def ours() -> None:
        command = [sys.executable, "-m", "kiosk.commands.main", "policy", "decide", "--cases", str(path)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own command

    def theirs() -> None:
        copy = "import csv, sys; w = csv.writer(sys.stdout); w.writerows(csv.reader(open(sys.argv[1])))"
        command = [sys.executable, "-c", copy, str(path)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own command

    first, second = in_turn(5, ours, theirs)
    return Measurement(
        "10,000 rows through --cases, with start-up", first, "Python copying the CSV", second, budget_s=2.0
    )


def _finding() -> Iterator[Measurement]:
    for count, budget_s in ((2_000, 0.016), (20_000, 0.033)):
        rng = random.Random(count)  # noqa: S311  the same names and typing errors in every run
        pupils = [_pupil(rng, number) for number in range(count)]
        typings = [typed for _ in range(80) for typed in _typed_texts(rng, rng.choice(pupils))]
        first, second = _keystrokes(pupils, typings)
        what = f"a keystroke to results among {count:,} pupils"
        yield Measurement(what, first, "a scan for exact prefixes", second, budget_s=budget_s)


def _keystrokes(pupils: list[Pupil], typings: list[str]) -> tuple[Figures, Figures]:
    """Look up each typed text, and scan the same names for it as a yardstick."""
    roster = Roster(pupils, BundleCards(key="00"))
    keys = [key for pupil in pupils for key in search_keys(pupil)]
    ours, theirs = iter(typings), iter(typings)

    def scan() -> list[str]:
        prefix = next(theirs)
        return [key for key in keys if key.startswith(prefix)]

    return in_turn(len(typings), lambda: roster.find(next(ours)), scan)


def _pupil(rng: random.Random, number: int) -> Pupil:
    """A pupil with a name as in English schools, drawn from the demo's."""
    origin = rng.choices(ORIGINS, [origin.share for origin in ORIGINS])[0]
    first = rng.choice(origin.girls + origin.boys)
    return Pupil(
        id=f"P{number}",
        first=first,
        last=rng.choice(origin.families),
        preferred=SHORT_NAMES.get(first),
        year=str(rng.randint(7, 13)),
        form="7B",
    )


def _typed_texts(rng: random.Random, pupil: Pupil) -> list[str]:
    """The text in the search field after each key while a pupil's name is typed.

    Either name comes first, with or without a space; half of the texts contain one typing error.
    """
    names = [plain_letters(pupil.first), plain_letters(pupil.last)]
    rng.shuffle(names)
    text = rng.choice([" ", ""]).join(names)
    if rng.random() < 0.5:
        place, letter = rng.randrange(len(text) - 1), rng.choice(ascii_uppercase)
        before, here, after = text[:place], text[place], text[place + 1 :]
        errors = (before + after, before + letter + here + after, before + letter + after)
        text = rng.choice((*errors, before + after[0] + here + after[1:]))
    return [text[:length] for length in range(1, min(len(text), MOST_LETTERS) + 1)]


def _commits(folder: Path) -> Measurement:
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
    return Measurement("an entry committed to the journal", first, "a bare SQLite commit of it", second)


def _encrypted_commits(folder: Path) -> Measurement:
    key = DiskKey(os.urandom(KEY_BYTES), os.urandom(SALT_BYTES))
    encrypted = Journal(folder / "encrypted.db", lambda: datetime.now(UTC), key)
    plain = Journal(folder / "plain.db", lambda: datetime.now(UTC))
    first, second = in_turn(
        500, lambda: encrypted.commit(_entry).result(), lambda: plain.commit(_entry).result()
    )
    encrypted.close()
    plain.close()
    return Measurement("an entry committed to an encrypted journal", first, "the same to a plain one", second)


def _pins() -> Measurement:
    salt = os.urandom(16)
    hashes = [hash_pin(f"{pin:06}", salt) for pin in range(0, 400_000, 10_000)]

    def wrong_pin(of: Sequence[str]) -> None:
        typed = TypedPin("999999")
        for each in of:
            typed.is_of(each)

    first, second = in_turn(20, lambda: wrong_pin(hashes), lambda: wrong_pin(hashes[:1]))
    return Measurement("a PIN compared with those of 40 staff", first, "with that of one", second)


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
