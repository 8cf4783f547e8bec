"""The correction of sign-ins and sign-outs that were made while the clock was not trusted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time
from uuid import UUID

import structlog

from attendance.calendar import wall_time
from hardware.clock.clock import Reading, true_instant
from kiosk.desk.arrivals import sign_in_of
from kiosk.desk.day import DayLog
from kiosk.desk.departures import decide_leaving
from kiosk.desk.recorder import Commit, Recorder
from kiosk.desk.visits import SignIn, SignOut, entry_of, visit_of
from kiosk.journal.journal import Journal
from kiosk.school.school import School
from sync.wire import Entry

log = structlog.get_logger()


class TimeCorrections:
    """Corrects entries with an untrusted time. For the UI thread only.

    The true instant follows from the monotonic time of the same boot, and the rule decides again. A
    correction is a second entry that names the first; both are kept.

    Args:
        journal: has the entries.
        day: today's entries, which a correction changes.
        recorder: commits the corrections.
        later: queues a function for the UI thread; callable from any thread.
        new_id: makes the id of a correction.
        school: returns the school.
        on_correction: receives each correction that is being committed, and `None` when one could not be
            saved.
    """

    def __init__(
        self,
        journal: Journal,
        day: DayLog,
        recorder: Recorder,
        later: Callable[[Callable[[], None]], None],
        *,
        new_id: Callable[[], UUID],
        school: Callable[[], School],
        on_correction: Callable[[SignIn | SignOut | None], None],
    ) -> None:
        self._journal = journal
        self._day = day
        self._recorder = recorder
        self._later = later
        self._new_id = new_id
        self._school = school
        self._on_correction = on_correction
        self._under_way: set[UUID] = set()

    def begin(self, right: Reading) -> None:
        """Correct the entries of this boot by a `synced` reading."""
        untrusted = self._journal.untrusted_entries(right.boot_id)
        untrusted.add_done_callback(lambda done: self._later(lambda: self._correct(done.result(), right)))

    def _correct(self, untrusted: Sequence[Entry], right: Reading) -> None:
        school = self._school()
        already_in = self._day.trusted_keys()
        for entry in untrusted:  # in order of occurrence
            is_known = school.roster.by_id(entry.pupil) is not None or entry.unlisted is not None
            if not is_known or entry.id in self._under_way or self._day.is_void(entry.id):
                continue  # the office, which has the entry, decides on a pupil who left the roster
            visit = corrected(visit_of(entry, school), right, school, self._new_id())
            if isinstance(visit, SignIn):
                if visit.key in already_in and not visit.returning:
                    # The pupil is in already for that session. A second tap while the clock was untrusted
                    # must not change the mark.
                    visit = replace(visit, decision=visit.decision.as_suggestion())
                already_in.add(visit.key)
            self._under_way.add(entry.id)
            self._commit(visit, entry.id)

    def _commit(self, visit: SignIn | SignOut, first: UUID) -> None:
        school = self._school()

        def finish(commit: Commit) -> None:
            self._under_way.discard(first)
            if (error := commit.exception()) is not None:  # tried again when the clock is next synced
                log.error("entry.not_corrected", id=str(first), error=type(error).__name__)
                self._on_correction(None)
            else:
                self._day.add(visit, corrects=first)

        self._recorder.commit(lambda seq: entry_of(visit, seq, school, first), finish)
        self._on_correction(visit)


def corrected(visit: SignIn | SignOut, right: Reading, school: School, entry: UUID) -> SignIn | SignOut:
    """The same sign-in or sign-out at its true instant, with the rule's decision for that instant.

    Args:
        visit: the sign-in or sign-out with the untrusted time.
        right: a `synced` reading of the same boot.
        school: the pupil's school.
        entry: id of the correcting entry.
    """
    instant = true_instant(visit.reading.monotonic_ns, right)
    reading = right._replace(at=instant, monotonic_ns=visit.reading.monotonic_ns)
    at = wall_time(instant, school.zone)
    if isinstance(visit, SignIn):
        return sign_in_of(
            school,
            visit.pupil,
            reading,
            visit.reason,
            entry,
            returning=visit.returning,
            left=_corrected_left(visit, at),
            route=visit.route,
            brought_by=visit.brought_by,
        )
    released = instant if visit.detail.released_at is not None else None  # released as they left
    return SignOut(
        entry=entry,
        pupil=visit.pupil,
        at=at,
        decision=decide_leaving(school, visit.pupil, at, reading.trust, reason=visit.reason, back_at=None),
        reason=visit.reason,
        reading=reading,
        detail=visit.detail.model_copy(update={"released_at": released}),
    )


def _corrected_left(back: SignIn, at: datetime) -> time | None:
    """Wall time of the sign-out before a return at `at`, shifted by the same error as the return."""
    if back.left is None:
        return None
    left = datetime.combine(back.at, back.left) + (at - back.at)
    return left.time().replace(second=0, microsecond=0)
