"""What a kiosk's journal holds when it is opened: the school, the time known last, what was entered today."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import structlog

from attendance.calendar import wall_time
from hardware.clock.clock import Clock, SystemClock
from kiosk.app.timekeeper import clock_of
from kiosk.journal.journal import Journal, Recorded
from kiosk.school.school import School
from sync.wire import Trust

log = structlog.get_logger()

LATELY = 500
"""Entries that are looked at where the clock does not know the day: more than one day's."""


class Opened(NamedTuple):
    """What the journal held when it was opened."""

    journal: Journal
    clock: SystemClock
    school: School | None
    etag: str | None
    today: list[Recorded]
    pin_tries: tuple[int, int, str] | None


def open_journal(path: Path, offset: timedelta) -> Opened:
    """Open a kiosk's journal and read all that the kiosk begins with. Waits for the disk.

    Args:
        path: the file.
        offset: how far a demonstration's clock is moved.

    Raises:
        sqlite3.Error, OSError: it cannot be opened.
    """
    journal = Journal(path, lambda: datetime.now(UTC) + offset)
    clock = clock_of(journal, offset=offset)
    kept, tries = journal.bundle().result(), journal.pin_tries().result()
    if kept is None:
        return Opened(journal, clock, None, None, [], tries)
    try:
        school = School.of(kept.bundle)
    except ValueError as error:
        log.error("bundle.unusable", version=kept.bundle.version, error=str(error))
        return Opened(journal, clock, None, None, [], tries)
    return Opened(journal, clock, school, kept.etag, today(journal, clock, school), tries)


def today(journal: Journal, clock: Clock, school: School) -> list[Recorded]:
    """What was entered today; where the clock does not know what day it is, what was entered last. The desk
    sees by the ticks of this boot what of that is of today. Waits for the journal."""
    reading = clock.reading()
    today = journal.of_day(wall_time(reading.at, school.zone).date()).result()
    if reading.trust != Trust.UNKNOWN:
        return today
    lately = journal.lately(LATELY).result()
    by_seq = {record.entry.seq: record for record in (*today, *lately)}
    return [by_seq[seq] for seq in sorted(by_seq)]
