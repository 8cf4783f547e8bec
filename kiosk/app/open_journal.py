"""Opens a kiosk's journal and reads the kiosk's initial state: school, clock, today's entries."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import structlog

from attendance.calendar import wall_time
from hardware.clock.clock import Clock, SystemClock
from kiosk.app.timekeeper import clock_of
from kiosk.journal.journal import Journal, JournalRecord, StoredTap
from kiosk.journal.place import JournalPlace
from kiosk.journey.waiting.stored_request import StoredRequest, read_stored
from kiosk.school.school import School
from sync.wire import Trust

log = structlog.get_logger()

NEWEST = 500
"""How many entries are read while the clock does not know the date: more than any day has."""


class JournalContents(NamedTuple):
    """The open journal, and its contents when it was opened."""

    journal: Journal
    clock: SystemClock
    school: School | None
    etag: str | None
    today: list[JournalRecord]
    pin_tries: tuple[int, int, str] | None
    taps: list[StoredTap]
    """The taps that had not become entries when the kiosk stopped."""
    requests: list[StoredRequest]
    """The requests for release that waited when the kiosk stopped."""


def open_journal(place: JournalPlace, offset: timedelta) -> JournalContents:
    """Open a kiosk's journal and read the kiosk's initial state. Blocks on the disk.

    Args:
        place: the journal's file and key.
        offset: shift of a demonstration's clock.

    Raises:
        DiskKeyError: it was encrypted with another key.
        sqlite3.Error, OSError: the journal cannot be opened.
    """
    journal = Journal(place.path, lambda: datetime.now(UTC) + offset, place.key)
    clock = clock_of(journal, offset=offset)
    stored, tries = journal.bundle().result(), journal.pin_tries().result()
    taps = journal.taps().result()
    requests = read_stored(journal.requests().result())
    if stored is None:
        return JournalContents(journal, clock, None, None, [], tries, taps, requests)
    try:
        school = School.of(stored.bundle)
    except ValueError as error:
        log.error("bundle.unusable", version=stored.bundle.version, error=type(error).__name__)
        return JournalContents(journal, clock, None, None, [], tries, taps, requests)
    today = todays_entries(journal, clock, school)
    return JournalContents(journal, clock, school, stored.etag, today, tries, taps, requests)


def todays_entries(journal: Journal, clock: Clock, school: School) -> list[JournalRecord]:
    """Today's entries; while the clock is not trusted, also the newest entries of any date.

    The desk then decides by the monotonic clock which of them belong to today. Blocks on the journal.
    """
    reading = clock.reading()
    today = journal.of_day(wall_time(reading.at, school.zone).date()).result()
    if reading.trust != Trust.UNKNOWN:
        return today
    newest = journal.newest(NEWEST).result()
    by_seq = {record.entry.seq: record for record in (*today, *newest)}
    return [by_seq[seq] for seq in sorted(by_seq)]
