"""The desk: everything that reception can do, whether by screen or by card."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, time
from typing import Any, TypeVar
from uuid import UUID

import structlog

from attendance.calendar import wall_time
from attendance.reasons import Reason
from attendance.rule import Decision, Outcome
from hardware.clock.clock import Clock, Reading, true_instant
from kiosk.desk.arrivals import REASON_OF, decide_arrival
from kiosk.desk.day import DayEntry, DayLog
from kiosk.desk.departures import DepartureDraft, decide_leaving, expected_back, may_leave_alone, sign_out_of
from kiosk.desk.pending import MOST_PENDING, Pending, pending_of
from kiosk.desk.visits import SignIn, SignOut, entry_of, visit_of
from kiosk.desk.voids import void_of
from kiosk.journal.journal import Journal, JournalRecord, UnansweredEntries
from kiosk.school.school import School
from sync.wire import Entry, Kind, Pupil

log = structlog.get_logger()

VisitT = TypeVar("VisitT", SignIn, SignOut)
Failed = Callable[[BaseException], None]
Commit = Future[Entry]


class Desk:
    """Everything that reception can do. For the UI thread only.

    Durability: every method that records an entry takes two callbacks. `saved` is called on the UI thread
    after the entry's transaction is on the disk, never before. `failed` is called instead when the
    transaction failed; then nothing is recorded.

    Args:
        journal: stores the entries.
        clock: the kiosk's clock.
        new_id: makes the id of an entry (UUIDv7).
        later: queues a function for the UI thread; callable from any thread.
    """

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        new_id: Callable[[], UUID],
        later: Callable[[Callable[[], None]], None],
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._new_id = new_id
        self._later = later
        self._day = DayLog()
        self._being_saved: dict[Hashable, list[tuple[Callable[[Any], None], Failed]]] = {}
        self._being_corrected: set[UUID] = set()
        self.has_doubts = True
        """Whether there may be entries with an untrusted time to correct; assumed at the start."""
        self._school: School | None = None

    @property
    def school(self) -> School | None:
        """The school; `None` until the first bundle has arrived."""
        return self._school

    def open(self, school: School, recorded: Iterable[JournalRecord] = ()) -> None:
        """Use this school from now on, and add today's entries from the journal that are not yet known."""
        self._school = school
        for record in recorded:
            entry = record.entry
            if entry.kind is Kind.VOID and entry.voids is not None:
                self._day.void(entry.voids)
            elif entry.id not in self._day:
                try:
                    self._day.note(visit_of(entry, school), entry.corrects)
                except ValueError:  # made by another version: the pupil may sign in again
                    log.error("entry.not_understood", id=str(entry.id))

    # --- the time --------------------------------------------------------------------------------

    def reading(self) -> Reading:
        """The current reading of the clock."""
        return self._clock.reading()

    def wall(self, instant: datetime) -> datetime:
        """The wall time at the school (naive) of an instant."""
        return wall_time(instant, self._open_school().zone)

    # --- arrivals --------------------------------------------------------------------------------

    def decide(
        self, pupil: Pupil, reading: Reading, reason: Reason | None, *, returning: bool = False
    ) -> Decision:
        """The rule's decision if the pupil comes in at that reading of the clock."""
        at = self.wall(reading.at)
        left = self._left(pupil, reading) if returning else None
        return decide_arrival(
            self._open_school(), pupil, at, reading.trust, reason, returning=returning, left=left
        )

    def needs_reason(self, pupil: Pupil, reading: Reading) -> bool:
        """Whether to ask for a reason: not when the pupil is on time, nor when the school agreed to the
        absence."""
        decision = self.decide(pupil, reading, None)
        late = decision.outcome in (Outcome.LATE, Outcome.AFTER_CLOSE) or not decision.clock_trusted
        return late and bool(self._open_school().policy.reasons)

    def agreed_reason(self, pupil: Pupil, reading: Reading) -> Reason | None:
        """The reason of the agreed appointment that excuses this arrival; `None` without one."""
        if self.decide(pupil, reading, None).outcome is not Outcome.EXCUSED:
            return None
        agreed = self._open_school().agreed(pupil, self.wall(reading.at).date())
        return REASON_OF[agreed.kind] if agreed else None

    def already_in(self, pupil: Pupil, reading: Reading) -> SignIn | None:
        """The pupil's sign-in for the session of this reading; `None` without one."""
        session = self.decide(pupil, reading, None).session
        return self._day.already_in((pupil.id, self.wall(reading.at).date(), session), reading)

    def sign_in(
        self,
        pupil: Pupil,
        reading: Reading,
        reason: Reason | None,
        *,
        saved: Callable[[SignIn], None],
        failed: Failed,
        returning: bool = False,
    ) -> None:
        """Record that a pupil has come in.

        Args:
            pupil: the pupil.
            reading: the reading of the clock at the first touch or scan.
            reason: the reason given, if any.
            saved: see `Desk`.
            failed: see `Desk`.
            returning: whether the pupil was signed out today and is back.
        """
        left = self._left(pupil, reading) if returning else None
        sign_in = self._sign_in((pupil, reading, reason), returning=returning, left=left)
        self._save(("in", sign_in.key, returning), sign_in, saved, failed)

    # --- departures ------------------------------------------------------------------------------

    def may_leave_alone(self, pupil: Pupil) -> bool:
        """Whether the pupil may sign out without an adult."""
        return may_leave_alone(self._open_school(), pupil)

    def decide_leaving(
        self, pupil: Pupil, reading: Reading, reason: Reason | None = None, back_at: time | None = None
    ) -> Decision:
        """The rule's decision if the pupil goes out at that reading of the clock."""
        at = self.wall(reading.at)
        school = self._open_school()
        return decide_leaving(school, pupil, at, reading.trust, reason=reason, back_at=back_at)

    def expected_back(self, reading: Reading, back_at: time | None) -> datetime | None:
        """The instant (UTC) of a wall time today; `None` when unknown or when the date is not trusted."""
        day = self.wall(reading.at).date()
        return expected_back(self._open_school(), day, reading.trust, back_at)

    def sign_out(self, leaving: DepartureDraft, *, saved: Callable[[SignOut], None], failed: Failed) -> None:
        """Record that a pupil goes out now.

        A pupil who is already out is not signed out again; `saved` then gets the first sign-out.
        """
        reading = self.reading()
        if (before := self.out_since(leaving.pupil, reading)) is not None:
            self._later(lambda: saved(before))
            return
        at = self.wall(reading.at)
        sign_out = sign_out_of(self._open_school(), leaving, at, reading, self._new_id())
        self._save(("out", leaving.pupil.id), sign_out, saved, failed)

    # --- whereabouts -----------------------------------------------------------------------------

    def out_since(self, pupil: Pupil, reading: Reading) -> SignOut | None:
        """The sign-out of a pupil who left today and has not returned; otherwise `None`."""
        return self._day.out_since(pupil.id, reading, self.wall(reading.at).date())

    def whereabouts(self) -> Sequence[SignIn | SignOut]:
        """Each pupil's last standing entry of today: with a sign-out the pupil is out."""
        reading = self.reading()
        return tuple(self._day.whereabouts(reading, self.wall(reading.at).date()).values())

    def today(self) -> tuple[DayEntry, ...]:
        """Today's entries at this kiosk, newest first."""
        reading = self.reading()
        return self._day.entries(reading, self.wall(reading.at).date())

    def pending(self, on_result: Callable[[Pending], None]) -> None:
        """Find entries of other days that the register has not answered, or has rejected.

        `on_result` is called on the UI thread; not at all when the journal cannot be read.
        """
        today = self.wall(self.reading().at).date()

        def pass_on(done: Future[UnansweredEntries]) -> None:
            if (error := done.exception()) is not None:
                log.error("journal.failed", error=type(error).__name__)
            else:
                on_result(pending_of(done.result(), self._open_school()))

        found = self._journal.unanswered(today, MOST_PENDING)
        found.add_done_callback(lambda done: self._later(lambda: pass_on(done)))

    def undo(self, entry: UUID, by: str, *, saved: Callable[[UUID], None], failed: Failed) -> None:
        """Void one of today's entries. Both the entry and its void are kept.

        Args:
            entry: id of the entry to take back.
            by: name and position of the staff member.
            saved: see `Desk`; gets the id of the voided entry.
            failed: see `Desk`.

        Raises:
            ValueError: the entry is not one of today's sign-ins or sign-outs here, or was voided before.
        """
        visit = next((each.visit for each in self.today() if each.visit.entry == entry), None)
        if visit is None or self._day.is_void(entry):
            raise ValueError(
                f"entry {entry} cannot be taken back: it is not of today, or was taken back before"
            )
        if self._joins(("undo", entry), saved, failed):
            return
        reading, school, void = self.reading(), self._open_school(), self._new_id()
        commit = self._journal.commit(
            lambda seq: void_of(visit, by, seq=seq, entry=void, reading=reading, school=school)
        )
        commit.add_done_callback(
            lambda done: self._later(
                lambda: self._finish(("undo", entry), done, entry, lambda: self._day.void(entry))
            )
        )

    # --- corrections -----------------------------------------------------------------------------

    def correct_times(self, right: Reading) -> None:
        """Correct the entries that were made while the clock was not trusted.

        The true instant follows from the monotonic time of the same boot, and the rule decides again. The
        correction is a second entry that names the first; both are kept.

        Args:
            right: a `synced` reading of the same boot as the entries to correct.
        """
        self.has_doubts = False
        doubted = self._journal.doubted(right.boot_id)
        doubted.add_done_callback(lambda done: self._later(lambda: self._correct(done.result(), right)))

    def _correct(self, doubted: Sequence[Entry], right: Reading) -> None:
        in_now = self._day.trusted_keys()
        for entry in doubted:  # in order of occurrence
            known = self._open_school().roster.by_id(entry.pupil)
            if known is None or entry.id in self._being_corrected or self._day.is_void(entry.id):
                continue  # the office, which has the entry, decides on a pupil who left the roster
            visit = self._decide_again(visit_of(entry, self._open_school()), right)
            if isinstance(visit, SignIn):
                if visit.key in in_now and not visit.returning:
                    # The pupil is in already for that session. A second tap while the clock was untrusted
                    # must not change the mark.
                    visit = replace(visit, decision=visit.decision.as_suggestion())
                in_now.add(visit.key)
            self._being_corrected.add(entry.id)

            def finish(commit: Commit, visit: SignIn | SignOut = visit, first: UUID = entry.id) -> None:
                self._being_corrected.discard(first)
                if (error := commit.exception()) is not None:  # tried again when the clock is next synced
                    log.error("entry.not_corrected", id=str(first), error=type(error).__name__)
                    self.has_doubts = True
                else:
                    self._day.note(visit, corrects=first)

            self._commit(visit, finish, corrects=entry.id)

    def _decide_again(self, visit: SignIn | SignOut, right: Reading) -> SignIn | SignOut:
        """The same sign-in or sign-out at its true instant, with the decision for that instant."""
        instant = true_instant(visit.reading.monotonic_ns, right)
        reading = right._replace(at=instant, monotonic_ns=visit.reading.monotonic_ns)
        if isinstance(visit, SignIn):
            again = (visit.pupil, reading, visit.reason)
            return self._sign_in(again, returning=visit.returning, left=self._corrected_left(visit, instant))
        at = self.wall(instant)
        released = instant if visit.detail.released_at is not None else None  # released as they left
        return SignOut(
            entry=self._new_id(),
            pupil=visit.pupil,
            at=at,
            decision=self.decide_leaving(visit.pupil, reading, visit.reason),
            reason=visit.reason,
            reading=reading,
            detail=visit.detail.model_copy(update={"released_at": released}),
        )

    # --- private -----------------------------------------------------------------------------------

    def _corrected_left(self, back: SignIn, instant: datetime) -> time | None:
        """Wall time of the sign-out, shifted by the same error as the return."""
        if back.left is None:
            return None
        left = datetime.combine(back.at, back.left) + (self.wall(instant) - back.at)
        return left.time().replace(second=0, microsecond=0)

    def _left(self, pupil: Pupil, reading: Reading) -> time | None:
        """Wall time, to the minute, of the sign-out of a pupil who returns; `None` without one."""
        out = self.out_since(pupil, reading)
        return out.at.time().replace(second=0, microsecond=0) if out else None

    def _sign_in(
        self, visit: tuple[Pupil, Reading, Reason | None], *, returning: bool, left: time | None
    ) -> SignIn:
        pupil, reading, reason = visit
        at = self.wall(reading.at)
        decision = decide_arrival(
            self._open_school(), pupil, at, reading.trust, reason, returning=returning, left=left
        )
        return SignIn(self._new_id(), pupil, at, decision, reason, reading, returning, left)

    def _save(self, key: Hashable, visit: VisitT, saved: Callable[[VisitT], None], failed: Failed) -> None:
        if not self._joins(key, saved, failed):
            self._commit(
                visit, lambda commit: self._finish(key, commit, visit, lambda: self._day.note(visit))
            )

    def _joins(self, key: Hashable, saved: Callable[[Any], None], failed: Failed) -> bool:
        """Add the callbacks; return whether the same entry is already being saved, so that none is added."""
        waiting = self._being_saved.setdefault(key, [])
        waiting.append((saved, failed))
        return len(waiting) > 1

    def _commit(
        self, visit: SignIn | SignOut, finish: Callable[[Commit], None], corrects: UUID | None = None
    ) -> None:
        school = self._open_school()
        commit = self._journal.commit(lambda seq: entry_of(visit, seq, school, corrects))
        if visit.clock_trusted:
            self._clock.record_event(visit.reading.at)
        else:
            self.has_doubts = True
        commit.add_done_callback(lambda done: self._later(lambda: finish(done)))

    def _finish(self, key: Hashable, commit: Commit, result: object, note: Callable[[], None]) -> None:
        """After a commit: update the day and run the callbacks."""
        error = commit.exception()
        if error is None:
            note()
        for saved, failed in self._being_saved.pop(key):
            if error is None:
                saved(result)
            else:
                failed(error)

    def _open_school(self) -> School:
        if self._school is None:
            raise RuntimeError("the desk has no school yet: call open() first")
        return self._school
