"""Records sign-ins and sign-outs. One that the disk refuses is kept and tried again, as it was."""

import sqlite3
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from uuid import UUID

from kiosk.desk.day import DayLog
from kiosk.desk.recorder import OnFailed, Recorder
from kiosk.desk.taps import PupilTap, TapBook
from kiosk.desk.unsaved import UnsavedEntries
from kiosk.desk.visits import SignIn, SignOut, entry_of
from kiosk.journal.journal import Journal
from kiosk.school.school import School
from sync.wire import Pupil

VisitT = TypeVar("VisitT", SignIn, SignOut)


class MovementBook:
    """The sign-ins and sign-outs on their way to the disk. For the UI thread only.

    Args:
        journal: stores the entries.
        later: queues a function for the UI thread; callable from any thread.
        day: today's entries, to which each is added once it is on the disk.
        recorder: commits the entries.
        taps: the open taps.
        school: returns the school.
        is_arrival: whether a tap still has to become an arrival.
        on_recording: called when an entry is being committed for the first time.
    """

    def __init__(
        self,
        journal: Journal,
        later: Callable[[Callable[[], None]], None],
        day: DayLog,
        recorder: Recorder,
        taps: TapBook,
        *,
        school: Callable[[], School],
        is_arrival: Callable[[PupilTap], bool],
        on_recording: Callable[[SignIn | SignOut], None],
    ) -> None:
        self._day = day
        self._recorder = recorder
        self._taps = taps
        self._school = school
        self._is_arrival = is_arrival
        self._on_recording = on_recording
        self._being_saved: dict[UUID, SignIn | SignOut] = {}
        """The entries whose commit has not been answered."""
        self.unsaved = UnsavedEntries(journal, later, taps, self._record)

    def sign_in_of(self, pupil: Pupil) -> SignIn | None:
        """The pupil's arrival that is not on the disk yet; `None` without one."""
        return next((each for each in self._not_on_disk(pupil) if isinstance(each, SignIn)), None)

    def sign_out_of(self, pupil: Pupil) -> SignOut | None:
        """The pupil's departure that is not on the disk yet; `None` without one."""
        return next((each for each in self._not_on_disk(pupil) if isinstance(each, SignOut)), None)

    def is_under_way(self, entry: UUID) -> bool:
        """Whether an entry with that id is being saved, or waits for the disk."""
        return entry in self._being_saved or any(each.entry == entry for each in self.unsaved.all())

    def is_being_saved(self, pupil: Pupil) -> bool:
        """Whether an arrival of the pupil is being saved."""
        return any(isinstance(each, SignIn) for each in self._being_saved.values() if _is_of(each, pupil))

    def record(self, visit: VisitT, on_saved: Callable[[VisitT], None], on_failed: OnFailed) -> None:
        """Commit an entry. One that cannot be saved is tried again, with the same id and instant.

        What the pupil did before goes to the disk first: the last entry says where they are.
        """
        entry = visit.entry
        self.unsaved.discard(entry)
        for earlier in self.unsaved.before(visit):
            self._record(earlier, lambda _visit: None, lambda _error: None)
        self._being_saved[entry] = visit

        def saved(recorded: VisitT) -> None:
            self._being_saved.pop(entry, None)
            if isinstance(visit, SignIn):
                self._settle_tap(visit)
            on_saved(recorded)

        def failed(error: BaseException) -> None:
            self._being_saved.pop(entry, None)
            self._keep(visit, error)
            on_failed(error)

        school = self._school()
        is_new = self._recorder.record_once(
            _key(visit),
            lambda seq: entry_of(visit, seq, school),
            visit,
            on_commit=lambda: self._day.add(visit),
            on_saved=saved,
            on_failed=failed,
        )
        if is_new:
            self._on_recording(visit)

    def _record(self, visit: SignIn | SignOut, on_saved: Callable[[Any], None], on_failed: OnFailed) -> None:
        if isinstance(visit, SignIn):
            self.record(visit, on_saved, on_failed)
        else:
            self.record(visit, on_saved, on_failed)

    def _settle_tap(self, sign_in: SignIn) -> None:
        self._taps.settle(sign_in.entry)
        later = self._taps.of(sign_in.pupil.id)
        if later is not None and not self._is_arrival(later):
            self._taps.drop(later)  # a second tap for the same arrival

    def _keep(self, visit: SignIn | SignOut, error: BaseException) -> None:
        """Keep an entry that the disk has refused; not one that is in the journal already."""
        self.unsaved.note_failure()
        is_stored = isinstance(error, sqlite3.IntegrityError)
        is_refused = isinstance(error, sqlite3.Error | OSError) and not is_stored
        if isinstance(visit, SignIn) and is_stored:
            self._taps.drop(PupilTap(visit.entry, visit.pupil, visit.reading))
        elif isinstance(visit, SignIn) and is_refused:
            self._taps.hold(PupilTap(visit.entry, visit.pupil, visit.reading))
        if is_refused:
            self.unsaved.add(visit)

    def _not_on_disk(self, pupil: Pupil) -> list[SignIn | SignOut]:
        under_way = (*self._being_saved.values(), *self.unsaved.all())
        return [each for each in under_way if _is_of(each, pupil)]


def _is_of(visit: SignIn | SignOut, pupil: Pupil) -> bool:
    return visit.pupil.id == pupil.id


def _key(visit: SignIn | SignOut) -> Hashable:
    """The same for two entries that must not both be recorded."""
    if isinstance(visit, SignIn):
        return "in", visit.key, visit.returning
    return "out", visit.pupil.id
