"""Journals to damage, and the ways in which a disk, a person or a power cut damages one."""

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from hardware.clock.clock import KnownTime
from kiosk.disk_key import DiskKey
from kiosk.journal.damage.files import PAGE, read_bytes, read_pages, shm_of, wal_of
from kiosk.journal.damage.page_cipher import PageCipher
from kiosk.journal.damage.wal import pages_of
from kiosk.journal.journal import Journal, StoredTap
from sync.wire import ClockReading, Entry, EntryDecision, EntryResult, EntryStatus, Kind, Trust
from tests.kiosk.reception import TUESDAY, HandClock, bundle, london

ENROLMENT = "0f" * 8
FRAME = 24 + PAGE
WORDS = "a fallen tree on the line from Oak Lane, so every train was late by more than half an hour. "


@dataclass(frozen=True)
class Specimen:
    """A journal's files in a folder of their own, and what was recorded in it."""

    folder: Path
    unsent: dict[str, str] = field(default_factory=dict)
    """The text of each entry that the register has not taken, by id."""
    numbers: dict[str, int] = field(default_factory=dict)
    """The `seq` of each of them."""
    known: dict[str, str] = field(default_factory=dict)
    """The text of every entry that was ever recorded, by id."""
    last_seq: int = 0

    @property
    def path(self) -> Path:
        return self.folder / "journal.db"


def copy_files(source: Path, target: Path) -> None:
    """Copy a journal's files as they are now, as a power cut would leave them."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for of in (lambda path: path, wal_of):
        if of(source).exists():
            shutil.copyfile(of(source), of(target))


class Recording:
    """Records arrivals as a school's weeks would, with texts of very different lengths."""

    def __init__(self, path: Path, rng: random.Random, key: DiskKey | None = None) -> None:
        self.clock = HandClock(london("09:07"))
        self.journal = Journal(path, self.clock.now, key)
        self._path, self._rng = path, rng
        self._entries: dict[str, Entry] = {}
        self._sent: set[str] = set()

    def entries(self, count: int) -> None:
        """Record some arrivals."""
        for _ in range(count):
            entry = self.journal.commit(self._entry).result()
            self._entries[str(entry.id)] = entry

    def settle(self, count: int, status: EntryStatus = EntryStatus.ACCEPTED) -> None:
        """Let the register answer the oldest entries that wait."""
        waiting = [entry for entry, _text in self.journal.waiting(count).result()]
        self.journal.settle([EntryResult(id=each, status=status) for each in waiting], ENROLMENT).result()
        if status is not EntryStatus.REJECTED:
            self._sent.update(waiting)

    def purge(self) -> None:
        """A week later, delete what the register has answered."""
        self.clock.passes(timedelta(days=8).total_seconds())
        self.journal.purge("another boot").result()

    def others(self) -> None:
        """Record what a journal holds beside entries."""
        reading = self.clock.reading()
        self.journal.keep_bundle(bundle(), '"v1"').result()
        self.journal.keep_known_time(KnownTime(reading.at, 1, "boot")).result()
        self.journal.keep_pin_tries(4, 17, "boot").result()
        for number in range(3):
            self.journal.keep_tap(StoredTap(self._id(), f"P{number}", reading)).result()
            self.journal.keep_request(self._id(), f'{{"request":{number}}}').result()

    def snapshot(self, folder: Path) -> Specimen:
        """The files as they are now, with what has been recorded."""
        specimen = Specimen(folder, last_seq=self.journal.state().result().last_seq)
        for entry, recorded in self._entries.items():
            specimen.known[entry] = recorded.model_dump_json()
            if entry not in self._sent:
                specimen.unsent[entry] = recorded.model_dump_json()
                specimen.numbers[entry] = recorded.seq
        copy_files(self._path, specimen.path)
        return specimen

    def _id(self) -> UUID:
        return UUID(int=self._rng.getrandbits(128), version=4)

    def _entry(self, seq: int) -> Entry:
        self.clock.passes(self._rng.uniform(1, 90))
        long = self._rng.random() < 0.05
        return Entry(
            id=self._id(),
            seq=seq,
            kind=Kind.ARRIVAL,
            pupil=f"P{self._rng.randrange(1, 600)}",
            at=self.clock.now(),
            date=TUESDAY,
            session="AM",
            note=(WORDS * 9)[: self._rng.randrange(500)],
            decision=EntryDecision(
                outcome="late",
                code=self._rng.choice("LU"),
                consequence=("é" + WORDS * 25)[:1990] if long else None,
                policy="p" * (500 if long else 5),
                policy_version="v",
                paragraph=(WORDS * 6)[:499] if long else None,
            ),
            brought_by="Mrs O’Neill-Łaska" if self._rng.random() < 0.2 else None,
            clock=ClockReading(trust=Trust.SYNCED, boot_id="b", monotonic_ns=seq),
        )


def specimens(folder: Path, rng: random.Random, key: DiskKey | None = None) -> list[Specimen]:
    """One journal at different moments: soon after its start, in its weeks, and closed at last."""
    recording = Recording(folder / "recording" / "journal.db", rng, key)
    kept: list[Specimen] = []

    def keep() -> None:
        kept.append(recording.snapshot(folder / f"specimen-{len(kept)}"))

    recording.entries(5)
    keep()
    recording.others()
    recording.entries(30)
    recording.settle(20)
    recording.settle(2, EntryStatus.REJECTED)
    keep()
    recording.purge()
    recording.entries(60)
    recording.settle(25)
    keep()
    recording.journal.close()
    recording.journal = Journal(folder / "recording" / "journal.db", recording.clock.now, key)
    recording.entries(40)
    recording.settle(10, EntryStatus.REVIEW)
    keep()
    recording.entries(3)
    keep()
    recording.journal.close()
    kept.append(
        Specimen(folder / "closed", kept[-1].unsent, kept[-1].numbers, kept[-1].known, kept[-1].last_seq)
    )
    copy_files(folder / "recording" / "journal.db", kept[-1].path)
    return kept


# --- the damages ----------------------------------------------------------------------------------


def _one_of(path: Path, rng: random.Random) -> Path:
    """The database or its log, whichever has bytes."""
    files = [each for each in (path, wal_of(path)) if each.exists() and each.stat().st_size]
    return rng.choice(files)


def _overwrite(file: Path, at: int, data: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(data)


def flip_bits(path: Path, rng: random.Random) -> None:
    """Some bits change."""
    file = _one_of(path, rng)
    for _ in range(rng.choice((1, 1, 1, 2, 8))):
        at = rng.randrange(file.stat().st_size)
        byte = file.read_bytes()[at] ^ 1 << rng.randrange(8)
        _overwrite(file, at, bytes([byte]))


def _block(size: int) -> Callable[[Path, random.Random], None]:
    def damage(path: Path, rng: random.Random) -> None:
        file = _one_of(path, rng)
        for _ in range(rng.choice((1, 1, 3))):
            at = rng.randrange(-(-file.stat().st_size // size)) * size
            length = min(size, file.stat().st_size - at)
            _overwrite(file, at, rng.choice((bytes(length), b"\xff" * length, rng.randbytes(length))))

    return damage


def exchange_pages(path: Path, rng: random.Random) -> None:
    """One page is written in the place of another."""
    pages = path.stat().st_size // PAGE
    data = path.read_bytes()[rng.randrange(pages) * PAGE :][:PAGE]
    _overwrite(path, rng.randrange(pages) * PAGE, data)


def truncate(path: Path, rng: random.Random) -> None:
    """The end of a file is gone, or all of it."""
    file = _one_of(path, rng)
    length = 0 if rng.random() < 0.1 else rng.randrange(file.stat().st_size)
    with file.open("r+b") as opened:
        opened.truncate(length)


def spoil_header(path: Path, rng: random.Random) -> None:
    """The first bytes are random."""
    _overwrite(_one_of(path, rng), 0, rng.randbytes(rng.choice((4, 16, 32, 100))))


def tear_log(path: Path, rng: random.Random) -> None:
    """The last frames of the log were not all written."""
    log = wal_of(path)
    if not log.exists() or log.stat().st_size < FRAME:
        return flip_bits(path, rng)
    frames = (log.stat().st_size - 32) // FRAME
    for number in range(max(0, frames - rng.randrange(1, 8)), frames):
        if rng.random() < 0.5:
            _overwrite(
                log, 32 + number * FRAME + rng.choice((0, 24, 512)), bytes(rng.choice((24, 512, 2048)))
            )
    return None


def lose_database(path: Path, rng: random.Random) -> None:
    """The database is gone, and its log is there; or the index of the log is garbage."""
    if wal_of(path).exists() and wal_of(path).stat().st_size:
        path.unlink()
    shm_of(path).write_bytes(rng.randbytes(32768))


DAMAGES: dict[str, Callable[[Path, random.Random], None]] = {
    "bits": flip_bits,
    "page": _block(PAGE),
    "sector": _block(512),
    "exchanged pages": exchange_pages,
    "truncated": truncate,
    "header": spoil_header,
    "torn log": tear_log,
    "database gone": lose_database,
}
"""The damages, by kind."""


def exchange_log(path: Path, of: Specimen) -> None:
    """Put the log of another journal, or of another time, beside the database."""
    if wal_of(of.path).exists():
        shutil.copyfile(wal_of(of.path), wal_of(path))


def bytes_of(path: Path, key: DiskKey | None = None) -> bytes:
    """All bytes of a journal's files; of an encrypted one, those of pages that are as they were written."""
    if key is not None:
        cipher = PageCipher(key)
        pages = [*enumerate(read_pages(path), 1), *pages_of(read_bytes(wal_of(path)))]
        return b"\0".join(cipher.plain(*each) for each in pages if cipher.is_of_key(*each))
    return b"\0".join(each.read_bytes() for each in (path, wal_of(path)) if each.exists())


def opened(path: Path, now: datetime, key: DiskKey | None = None) -> Journal:
    """The journal, opened at an instant."""
    return Journal(path, lambda: now, key)
