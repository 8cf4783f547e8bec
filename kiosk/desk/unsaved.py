"""Entries that the disk could not take. They are kept in memory and tried again until it can."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog

from kiosk.desk.recorder import OnFailed
from kiosk.desk.taps import TapBook
from kiosk.desk.visits import SignIn, SignOut
from kiosk.journal.journal import Journal

log = structlog.get_logger()

RecordVisit = Callable[[SignIn | SignOut, Callable[[SignIn | SignOut], None], OnFailed], None]
"""Commits an entry, and calls one of the two functions on the UI thread."""


class UnsavedEntries:
    """The sign-ins, sign-outs and taps that wait for room on the disk. For the UI thread only.

    Args:
        journal: the journal that could not be written.
        later: queues a function for the UI thread; callable from any thread.
        taps: the open taps.
        record: commits an entry.
    """

    def __init__(
        self,
        journal: Journal,
        later: Callable[[Callable[[], None]], None],
        taps: TapBook,
        record: RecordVisit,
    ) -> None:
        self._journal = journal
        self._later = later
        self._taps = taps
        self._record = record
        self._visits: dict[UUID, SignIn | SignOut] = {}
        self._trying = False
        self.disk_failed = False
        """Whether the last write failed, or something still waits for room."""

    def note_failure(self) -> None:
        """A write has failed."""
        self.disk_failed = True

    def add(self, visit: SignIn | SignOut) -> None:
        """Keep an entry that could not be saved."""
        self._visits[visit.entry] = visit
        self.note_failure()

    def all(self) -> tuple[SignIn | SignOut, ...]:
        """Every entry that waits for the disk."""
        return tuple(self._visits.values())

    def before(self, visit: SignIn | SignOut) -> list[SignIn | SignOut]:
        """What waits of the same pupil and happened before that visit, in order."""
        own = [each for each in self._visits.values() if each.pupil.id == visit.pupil.id]
        return sorted((each for each in own if each.reading.at < visit.reading.at), key=_instant)

    def discard(self, entry: UUID) -> None:
        """Forget an entry: it is saved, or is being saved again."""
        self._visits.pop(entry, None)

    def try_again(self) -> None:
        """Try the oldest again, unless that is happening already; call about once a second."""
        if not self.disk_failed or self._trying:
            return
        self._trying = True
        if self._visits:
            visit = min(self._visits.values(), key=_instant)
            self._record(visit, lambda _visit: self._go_on(), self._wait)
        elif (tap := self._taps.not_stored) is not None:
            self._taps.store_again(tap, self._go_on, self._wait)
        else:
            tried = self._journal.try_write()
            tried.add_done_callback(lambda done: self._later(lambda: self._take(done.exception())))

    def _take(self, error: BaseException | None) -> None:
        if error is None:
            self._go_on()
        else:
            self._wait(error)

    def _go_on(self) -> None:
        self._trying = False
        if self._visits or self._taps.not_stored is not None:
            self.try_again()
        else:
            self.disk_failed = False
            log.info("disk.writes_again")

    def _wait(self, _error: BaseException) -> None:
        """The disk is as it was. The failure itself is in the log already; once a second would fill it."""
        self._trying = False


def _instant(visit: SignIn | SignOut) -> datetime:
    return visit.reading.at
