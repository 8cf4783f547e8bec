"""Sees to what is known of the time: kept over restarts, doubted after a jump, used to set entries right."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlite_utils import Database

from hardware.clock.clock import KnownTime, Machine, SystemClock, has_only_ticked
from kiosk.desk import Desk
from kiosk.journal import reads
from kiosk.journal.journal import Journal
from kiosk.journal.read_only import open_read_only

PURGE_S = 24 * 3600.0
"""Seconds between purges of what the register has long answered for."""
KNOWN_TIME_S = 600.0
"""Seconds between notes that the time is known to be right: enough for a restart, and little for the card."""

log = structlog.get_logger()


def clock_of(
    journal: Journal, machine: Machine | None = None, *, offset: timedelta = timedelta(0)
) -> SystemClock:
    """The machine's clock with what the journal knows of the time. Waits for the journal.

    Args:
        journal: the kiosk's.
        machine: what is asked; this one where none is given.
        offset: how far a demonstration's clock is moved.
    """
    known, newest = journal.known_time().result(), journal.newest_trusted().result()
    return SystemClock(machine, known=known, newest=newest, offset=offset)


def clock_beside(path: Path, machine: Machine | None = None) -> SystemClock:
    """The same for another program, from the journal's file: a kiosk may be running with it, and nothing is
    written. Where there is no journal yet, nothing is known.

    Args:
        path: the journal's file.
        machine: what is asked; this one where none is given.

    Raises:
        sqlite3.Error, OSError: it cannot be read.
    """
    try:
        with open_read_only(path) as connection:
            db = Database(connection)
            return SystemClock(machine, known=reads.known_time(db), newest=reads.newest_trusted(db))
    except FileNotFoundError:
        return SystemClock(machine)


class Timekeeper:
    """Keeps that the clock is right while it is, takes that back when it is not, and has what was entered in
    doubt set right. What is old is purged only by a clock that is to be trusted. Used from the desk's thread.

    Args:
        journal: where the time known last is kept.
        clock: what is looked at.
        desk: who sets entries right.
        monotonic: seconds that only ever go forward.
    """

    def __init__(
        self, journal: Journal, clock: SystemClock, desk: Desk, monotonic: Callable[[], float]
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._desk = desk
        self._monotonic = monotonic
        self._kept: KnownTime | None = None
        self._vouches = True  # what an earlier run kept may do so
        self._keep_at = 0.0
        self._purge_at = 0.0

    def tick(self) -> None:
        """Call about once a second. Nothing is done before there is a school, nor by a demo clock."""
        if self._desk.school is None or self._clock.is_demo:
            return
        reading, now = self._clock.reading(), self._monotonic()
        if reading.trust == "unknown":
            self._doubt()
            return
        if reading.trust == "synced" and self._desk.has_doubts:
            self._desk.correct_times(reading)
        # At once where the clock has been set: a restart must not take up what was known before that.
        if self._kept is None or now >= self._keep_at or not has_only_ticked(self._kept, reading):
            self._keep_at = now + KNOWN_TIME_S
            self._kept = KnownTime(reading.at, reading.monotonic_ns, reading.boot_id)
            self._vouches = True
            self._journal.keep_known_time(self._kept).add_done_callback(_log_failure)
        if now >= self._purge_at:
            self._purge_at = now + PURGE_S
            self._journal.purge(reading.boot_id).add_done_callback(_log_failure)

    def _doubt(self) -> None:
        if self._vouches:
            self._kept, self._vouches = None, False
            self._journal.doubt_known_time().add_done_callback(_log_failure)


def _log_failure(done: "Future[Any]") -> None:
    if (error := done.exception()) is not None:
        log.error("journal.failed", error=type(error).__name__)
