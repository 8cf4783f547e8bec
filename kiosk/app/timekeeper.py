"""Persists the trusted time across restarts, withdraws it after a jump, and corrects entries with it."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlite_utils import Database

from hardware.clock.clock import KnownTime, Machine, SystemClock, ran_without_jump
from kiosk.desk import Desk
from kiosk.journal import reads
from kiosk.journal.journal import Journal
from kiosk.journal.place import journal_place
from kiosk.journal.read_only import open_read_only
from sync.wire import KEEP_PAST

PURGE_S = 24 * 3600.0
"""Seconds between purges of entries that the register has answered, and of past appointments."""
KNOWN_TIME_S = 600.0
"""Seconds between writes of the trusted time: often enough for a restart, without wearing out the SD card."""

log = structlog.get_logger()


def clock_of(
    journal: Journal, machine: Machine | None = None, *, offset: timedelta = timedelta(0)
) -> SystemClock:
    """The machine's clock, with the time known from the journal. Blocks on the journal.

    Args:
        journal: the kiosk's journal.
        machine: the time sources; by default those of this machine.
        offset: shift of a demonstration's clock.
    """
    known, newest = journal.known_time().result(), journal.newest_trusted().result()
    return SystemClock(machine, known=known, newest=newest, offset=offset)


def clock_beside(state: Path, key_file: Path | None, machine: Machine | None = None) -> SystemClock:
    """The same clock for another program, also while a kiosk is running. Does not write to the journal.

    Args:
        state: the kiosk's folder; if it has no journal, no time is known.
        key_file: the file of the journal's key, if it is encrypted.
        machine: the time sources; by default those of this machine.

    Raises:
        DiskKeyError: the key cannot be used.
        sqlite3.Error, OSError: the journal cannot be read.
    """
    place = journal_place(state, key_file)
    try:
        with open_read_only(place.path, place.key) as connection:
            db = Database(connection)
            return SystemClock(machine, known=reads.known_time(db), newest=reads.newest_trusted(db))
    except FileNotFoundError:
        return SystemClock(machine)


class Timekeeper:
    """Persists trusted time and withdraws it after a jump. For the UI thread.

    Also has the desk correct entries with an untrusted time once the clock is synced, and purges old entries
    and appointments, only while the clock is trusted.

    Args:
        journal: stores the trusted time.
        clock: the kiosk's clock.
        desk: corrects entries.
        monotonic: seconds of a monotonic clock.
    """

    def __init__(
        self, journal: Journal, clock: SystemClock, desk: Desk, monotonic: Callable[[], float]
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._desk = desk
        self._monotonic = monotonic
        self._stored: KnownTime | None = None
        self._is_trust_stored = True  # an earlier run may have stored it
        self._store_at = 0.0
        self._purge_at = 0.0

    def tick(self) -> None:
        """Called about once a second. Does nothing before there is a school, or with a demo clock."""
        if self._desk.school is None or self._clock.is_demo:
            return
        reading, now = self._clock.reading(), self._monotonic()
        if reading.trust == "unknown":
            self._withdraw_trust()
            return
        if reading.trust == "synced" and self._desk.has_doubts:
            self._desk.correct_times(reading)
        # Stored at once when the clock has been set, so that a restart does not go back to the old time.
        if self._stored is None or now >= self._store_at or not ran_without_jump(self._stored, reading):
            self._store_at = now + KNOWN_TIME_S
            self._stored = KnownTime(reading.at, reading.monotonic_ns, reading.boot_id)
            self._is_trust_stored = True
            self._journal.keep_known_time(self._stored).add_done_callback(_log_failure)
        if now >= self._purge_at:
            self._purge_at = now + PURGE_S
            self._journal.purge(reading.boot_id).add_done_callback(_log_failure)
            first = reading.at.date() - KEEP_PAST
            self._journal.drop_appointments(first).add_done_callback(_log_failure)

    def _withdraw_trust(self) -> None:
        if self._is_trust_stored:
            self._stored, self._is_trust_stored = None, False
            self._journal.doubt_known_time().add_done_callback(_log_failure)


def _log_failure(done: "Future[Any]") -> None:
    if (error := done.exception()) is not None:
        log.error("journal.failed", error=type(error).__name__)
