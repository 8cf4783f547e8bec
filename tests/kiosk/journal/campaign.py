"""The damage campaign: thousands of damages to a journal, each opened afterwards.

`make damage` runs it. Whatever was done to its files, a journal opens, and each entry that the register has
not taken and whose text still stands anywhere in them is in it, unchanged; what cannot be read is told by
number; no text of an entry is in the log. An entry's text in the damaged files is looked for as bytes, which
knows nothing of how the kiosk reads them.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from kiosk.disk_key import DiskKey
from kiosk.journal.damage.scratch import IN_MEMORY
from tests.kiosk.journal.damages import (
    DAMAGES,
    Recording,
    Specimen,
    bytes_of,
    copy_files,
    exchange_log,
    opened,
    specimens,
)
from tests.kiosk.journal.test_journal import entry_with
from tests.kiosk.reception import london

NOW = london("09:07") + timedelta(days=9)
EXCHANGED = ("foreign log", "log of another time")
KILLED_SHARE = 0.3
EVENTS = frozenset({"open", "os.rename", "os.link", "os.remove", "os.chmod", "sqlite3.connect", "os.mkdir"})
"""What is done to files while a journal is saved; a killed process ends before one of them."""
MOST_EVENTS = 60
KEY = DiskKey(bytes(range(32)), bytes(range(16)))
"""Of the campaign with encrypted journals."""
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.kiosk.journal.campaign"])


@dataclass
class Figures:
    """What the campaign found."""

    rounds: Counter[str] = field(default_factory=Counter)
    """Rounds by kind of damage."""
    opened: int = 0
    killed: int = 0
    put_aside: int = 0
    saved: int = 0
    """Unsent entries that were in the journal afterwards."""
    unreadable: int = 0
    """Unsent entries that stood nowhere in the damaged files any more."""
    told: int = 0
    """Those of them that are told by number."""
    lost: list[str] = field(default_factory=list)
    """What must not happen, a line each."""

    def __str__(self) -> str:
        kinds = "\n".join(f"  {count:6} {kind}" for kind, count in sorted(self.rounds.items()))
        return (
            f"{sum(self.rounds.values())} damages:\n{kinds}\n"
            f"{self.killed} times the kiosk was killed while it saved the journal\n"
            f"{self.opened} opened; {self.put_aside} put a file aside\n"
            f"{self.saved} unsent entries saved\n"
            f"{self.unreadable} unreadable: {self.told} told by number, the others in a log that is gone\n"
            f"{len(self.lost)} broken promises"
        )


class Campaign:
    """Damages copies of some journals, opens them, and counts.

    Args:
        folder: an empty folder.
        seed: repeats a campaign.
        key: encrypts the journals.
    """

    def __init__(self, folder: Path, seed: int, key: DiskKey | None = None) -> None:
        self._folder = folder
        self._rng = random.Random(seed)  # noqa: S311  a campaign, not a secret
        self._key = key
        self._specimens = specimens(folder / "own", self._rng, key)
        foreign = Recording(folder / "foreign" / "journal.db", self._rng, key)
        foreign.entries(20)
        self._foreign = foreign.snapshot(folder / "foreign-files")
        foreign.journal.close()
        self.figures = Figures()

    def run(self, rounds: int) -> Figures:
        """Run some rounds."""
        for number in range(rounds):
            self._round(number)
        return self.figures

    def _round(self, number: int) -> None:
        rng = self._rng
        specimen = rng.choice(self._specimens)
        path = self._folder / f"round-{number}" / "journal.db"
        copy_files(specimen.path, path)
        kind = rng.choice((*DAMAGES, *EXCHANGED))
        self.figures.rounds[kind] += 1
        if kind in DAMAGES:
            DAMAGES[kind](path, rng)
        elif kind == EXCHANGED[0]:
            exchange_log(path, self._foreign)
        else:
            other = rng.choice(self._specimens)
            exchange_log(path, other)
            # At that time, the register may have taken entries that waited at this one.
            specimen = replace(
                specimen, unsent={e: t for e, t in specimen.unsent.items() if e in other.unsent}
            )
        readable = self._readable(specimen, path)
        if rng.random() < KILLED_SHARE:
            for _ in range(rng.choice((1, 2, 3))):
                self.figures.killed += _killed(path, rng, self._key)
        try:
            self._open(specimen, path, readable)
        except Exception as error:  # the campaign goes on, and reports it
            self.figures.lost.append(f"round {number}, {kind}: does not open ({error!r})")
            return
        for line in self._broken:
            self.figures.lost.append(f"round {number}, {kind}, {specimen.folder.name}: {line}")
        if not self._broken:
            shutil.rmtree(path.parent)

    def _readable(self, specimen: Specimen, path: Path) -> set[str]:
        data = bytes_of(path, self._key)
        return {entry for entry, text in specimen.unsent.items() if text.encode() in data}

    def _open(self, specimen: Specimen, path: Path, readable: set[str]) -> None:
        self._broken: list[str] = []
        figures = self.figures
        with structlog.testing.capture_logs() as logs:
            journal = opened(path, NOW, self._key)
            try:
                waiting = dict(journal.waiting(100_000).result())
                aside = journal.put_aside().result()
                rejected = {
                    entry: record.entry.model_dump_json()
                    for entry in specimen.unsent
                    if entry not in waiting and (record := journal.find(UUID(entry)).result()) is not None
                }
                new = journal.commit(entry_with).result()
                journal.bundle().result()
                journal.taps().result()
                journal.known_time().result()
                journal.pin_tries().result()
                journal.requests().result()
            finally:
                journal.close()
        figures.opened += 1
        figures.put_aside += bool(list(path.parent.glob("journal.db*.damaged-*")))
        there = {**rejected, **waiting}
        lost = [entry for entry in readable if entry not in there]
        if lost:
            self._broken.append(
                f"{len(lost)} readable entries lost: {sorted(specimen.numbers[e] for e in lost)}"
            )
        altered = [entry for entry, text in there.items() if specimen.known.get(entry) not in (None, text)]
        if altered:
            self._broken.append(f"{len(altered)} entries altered")
        if strange := [entry for entry in there if entry not in specimen.known]:
            later = {entry for each in self._specimens for entry in each.known}
            if not set(strange) <= later:
                self._broken.append(f"{len(strange)} entries of another journal")
        highest = max((specimen.numbers[entry] for entry in readable), default=0)
        if new.seq <= highest:
            self._broken.append(f"number {new.seq} used again")
        gone = [entry for entry in specimen.unsent if entry not in there]
        figures.saved += len(specimen.unsent) - len(gone)
        figures.unreadable += len(gone)
        missing = aside.missing if aside else ()
        numbers = {specimen.numbers[entry] for entry in gone}
        told = {seq for seq in numbers if any(first <= seq <= last for first, last in missing)}
        figures.told += len(told)
        if untold := {seq for seq in numbers - told if seq < new.seq}:
            self._broken.append(f"lost and not told: {sorted(untold)}")
        lines = repr(logs)
        if any(word in lines for word in ("fallen tree", "O’Neill", *specimen.known.values())):
            self._broken.append("an entry's text in the log")


def _killed(path: Path, rng: random.Random, key: DiskKey | None) -> bool:
    """Open the journal in a process that is killed meanwhile; returns whether it was."""
    step, seconds = rng.randrange(MOST_EVENTS), rng.uniform(0.001, 0.08)
    return killed_before(path, step, key) if rng.random() < 0.5 else _killed_after(path, seconds, key)


def killed_before(path: Path, step: int, key: DiskKey | None = None) -> bool:
    """Open the journal in a process that is killed before the step of that number; returns whether it was."""
    return _in_child(path, key, _die_before_event, step)


def _killed_after(path: Path, seconds: float, key: DiskKey | None) -> bool:
    return _in_child(path, key, _die_after, seconds)


def _in_child(path: Path, key: DiskKey | None, end: Callable[[Any], None], when: float) -> bool:
    if key is not None:  # OpenSSL has locks, which a fork of this process may find closed
        child = _FORKS.Process(target=_open_and_die, args=(path, key, end, when))
        child.start()
        child.join()
        return child.exitcode != 0
    pid = os.fork()
    if pid == 0:
        try:
            _open_and_die(path, key, end, when)
        finally:
            os._exit(0)
    return os.waitpid(pid, 0)[1] != 0


def _open_and_die(path: Path, key: DiskKey | None, end: Callable[[Any], None], when: float) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # which ends a process
    end(when)
    with structlog.testing.capture_logs():
        opened(path, NOW, key)
    os._exit(0)


def _die_after(seconds: float) -> None:
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _die_before_event(left: int) -> None:
    def hook(event: str, _args: object) -> None:
        nonlocal left
        if event in EVENTS:
            left -= 1
            if left < 0:
                os._exit(9)

    sys.addaudithook(hook)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder in memory, where there is one: the damages are made by hand, and no disk is waited for."""
    with tempfile.TemporaryDirectory(
        prefix="damage-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None
    ) as folder:
        yield Path(folder)


def main() -> None:
    """Run the campaign and print its figures; the exit status is 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--encrypted", action="store_true")
    arguments = parser.parse_args()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with scratch_folder() as folder:
        figures = Campaign(folder, arguments.seed, KEY if arguments.encrypted else None).run(arguments.rounds)
        sys.stdout.write(f"{figures}\n")
        for line in figures.lost:
            sys.stdout.write(f"  {line}\n")
    sys.exit(bool(figures.lost))


if __name__ == "__main__":
    main()
