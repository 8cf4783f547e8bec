"""The desk: what reception can do. Every way in, by screen or by card, comes through here."""

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
from kiosk.desk.day import Day, Noted
from kiosk.desk.departures import Leaving, decide_leaving, expected_back, may_leave_alone, sign_out_of
from kiosk.desk.pending import MOST_PENDING, Pending, pending_of
from kiosk.desk.visits import SignIn, SignOut, entry_of, visit_of
from kiosk.desk.voids import void_of
from kiosk.journal.journal import Journal, Recorded, Unanswered
from kiosk.school.school import School
from sync.wire import Entry, Kind, Pupil

log = structlog.get_logger()

VisitT = TypeVar("VisitT", SignIn, SignOut)
Failed = Callable[[BaseException], None]
Commit = Future[Entry]


class Desk:
    """What reception can do. Used from one thread (the screens'); only futures come from elsewhere.

    Whatever is written down takes `saved`, called on the desk's thread once the entry is on the disk and
    never before, and `failed`, called instead when it is not; then nothing is recorded.

    Args:
        journal: where what happens is written down.
        clock: the time.
        new_id: makes the id of an entry (UUIDv7).
        later: runs a function on the desk's own thread, soon; callable from any thread.
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
        self._day = Day()
        self._being_saved: dict[Hashable, list[tuple[Callable[[Any], None], Failed]]] = {}
        self._being_corrected: set[UUID] = set()
        self.has_doubts = True
        """Whether there may be entries to set right; nobody knows at the start."""
        self._school: School | None = None

    @property
    def school(self) -> School | None:
        """The school, once there is one."""
        return self._school

    def open(self, school: School, recorded: Iterable[Recorded] = ()) -> None:
        """Take over a school, new or renewed, and what the journal already has of today."""
        self._school = school
        for record in recorded:
            entry = record.entry
            if entry.kind is Kind.VOID and entry.voids is not None:
                self._day.void(entry.voids)
            elif entry.id not in self._day:
                try:
                    self._day.note(visit_of(entry, school), entry.corrects)
                except ValueError:  # of another version: the register knows it, and the pupil may sign in
                    log.error("entry.not_understood", id=str(entry.id))

    # --- the time --------------------------------------------------------------------------------

    def reading(self) -> Reading:
        """The clock now."""
        return self._clock.reading()

    def wall(self, instant: datetime) -> datetime:
        """The time on the school's wall at that instant."""
        return wall_time(instant, self._open_school().zone)

    # --- coming in -------------------------------------------------------------------------------

    def decide(
        self, pupil: Pupil, reading: Reading, reason: Reason | None, *, returning: bool = False
    ) -> Decision:
        """The rule's decision for that pupil coming in at that reading of the clock."""
        at = self.wall(reading.at)
        left = self._left(pupil, reading) if returning else None
        return decide_arrival(
            self._open_school(), pupil, at, reading.trust, reason, returning=returning, left=left
        )

    def needs_reason(self, pupil: Pupil, reading: Reading) -> bool:
        """Whether the pupil is to be asked why: not when on time, nor when the school agreed to it."""
        decision = self.decide(pupil, reading, None)
        late = decision.outcome in (Outcome.LATE, Outcome.AFTER_CLOSE) or not decision.clock_trusted
        return late and bool(self._open_school().policy.reasons)

    def agreed_reason(self, pupil: Pupil, reading: Reading) -> Reason | None:
        """The reason that the school knows already, where it excuses this arrival."""
        if self.decide(pupil, reading, None).outcome is not Outcome.EXCUSED:
            return None
        agreed = self._open_school().agreed(pupil, self.wall(reading.at).date())
        return REASON_OF[agreed.kind] if agreed else None

    def already_in(self, pupil: Pupil, reading: Reading) -> SignIn | None:
        """How that pupil signed in for the session that this reading falls in, if they did."""
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
        """Write down that a pupil has come in.

        Args:
            pupil: who.
            reading: the clock at the first touch or scan.
            reason: why, where it was asked.
            saved: see above.
            failed: see above.
            returning: they were signed out today, and are back.
        """
        left = self._left(pupil, reading) if returning else None
        sign_in = self._sign_in((pupil, reading, reason), returning=returning, left=left)
        self._save(("in", sign_in.key, returning), sign_in, saved, failed)

    # --- going out -------------------------------------------------------------------------------

    def may_leave_alone(self, pupil: Pupil) -> bool:
        """Whether that pupil may sign out without anybody."""
        return may_leave_alone(self._open_school(), pupil)

    def decide_leaving(
        self, pupil: Pupil, reading: Reading, reason: Reason | None = None, back_at: time | None = None
    ) -> Decision:
        """The rule's decision for that pupil going out at that reading of the clock."""
        at = self.wall(reading.at)
        school = self._open_school()
        return decide_leaving(school, pupil, at, reading.trust, reason=reason, back_at=back_at)

    def expected_back(self, reading: Reading, back_at: time | None) -> datetime | None:
        """The instant that a wall time of today is; None where the date is in doubt."""
        day = self.wall(reading.at).date()
        return expected_back(self._open_school(), day, reading.trust, back_at)

    def sign_out(self, leaving: Leaving, *, saved: Callable[[SignOut], None], failed: Failed) -> None:
        """Write down that a pupil goes out, now. Somebody who is out already is not signed out a second time:
        `saved` is then told of the first."""
        reading = self.reading()
        if (before := self.out_since(leaving.pupil, reading)) is not None:
            self._later(lambda: saved(before))
            return
        at = self.wall(reading.at)
        sign_out = sign_out_of(self._open_school(), leaving, at, reading, self._new_id())
        self._save(("out", leaving.pupil.id), sign_out, saved, failed)

    # --- who is where ----------------------------------------------------------------------------

    def out_since(self, pupil: Pupil, reading: Reading) -> SignOut | None:
        """How that pupil was signed out today, if they are out."""
        return self._day.out_since(pupil.id, reading, self.wall(reading.at).date())

    def whereabouts(self) -> Sequence[SignIn | SignOut]:
        """The last that stands of each pupil today: a sign-out where they are out."""
        reading = self.reading()
        return tuple(self._day.whereabouts(reading, self.wall(reading.at).date()).values())

    def today(self) -> tuple[Noted, ...]:
        """What was entered here today, the newest first."""
        reading = self.reading()
        return self._day.noted(reading, self.wall(reading.at).date())

    def pending(self, told: Callable[[Pending], None]) -> None:
        """What the register has not answered for, or could not take, of other days than today: `told` is
        handed it on the desk's thread, soon; not at all where the journal cannot be read."""
        today = self.wall(self.reading().at).date()

        def tell(done: Future[Unanswered]) -> None:
            if (error := done.exception()) is not None:
                log.error("journal.failed", error=type(error).__name__)
            else:
                told(pending_of(done.result(), self._open_school()))

        found = self._journal.unanswered(today, MOST_PENDING)
        found.add_done_callback(lambda done: self._later(lambda: tell(done)))

    def undo(self, entry: UUID, by: str, *, saved: Callable[[UUID], None], failed: Failed) -> None:
        """Take back an entry of today; it stays, and so does this.

        Args:
            entry: which.
            by: name and position of the member of staff who does it.
            saved: handed the entry that is taken back, once that is on the disk.
            failed: see above.

        Raises:
            ValueError: it is not one of today's sign-ins and sign-outs of this kiosk, or taken back already.
        """
        visit = next((each.visit for each in self.today() if each.visit.entry == entry), None)
        if visit is None or self._day.is_void(entry):
            raise ValueError(f"entry {entry} is not one that can be taken back")
        if self._joined(("undo", entry), saved, failed):
            return
        reading, school, void = self.reading(), self._open_school(), self._new_id()
        commit = self._journal.commit(
            lambda seq: void_of(visit, by, seq=seq, entry=void, reading=reading, school=school)
        )
        commit.add_done_callback(
            lambda done: self._later(
                lambda: self._tell(("undo", entry), done, entry, lambda: self._day.void(entry))
            )
        )

    # --- setting right ---------------------------------------------------------------------------

    def set_right(self, right: Reading) -> None:
        """Work out when pupils came and went while the clock could not be trusted, and decide again.

        Each gets a second entry with the true instant, which names the first; both are kept.

        Args:
            right: a reading that is `synced`, of the same boot as the entries in doubt.
        """
        self.has_doubts = False
        doubted = self._journal.doubted(right.boot_id)
        doubted.add_done_callback(lambda done: self._later(lambda: self._correct(done.result(), right)))

    def _correct(self, doubted: Sequence[Entry], right: Reading) -> None:
        in_now = self._day.trusted_keys()
        for entry in doubted:  # in the order in which they happened
            known = self._open_school().roster.by_id(entry.pupil)
            if known is None or entry.id in self._being_corrected or self._day.is_void(entry.id):
                continue  # who has left the roster is for the office, which has the entry already
            visit = self._again(visit_of(entry, self._open_school()), right)
            if isinstance(visit, SignIn):
                if visit.key in in_now and not visit.returning:
                    # In already for that session: a second tap while the clock was in doubt marks nobody
                    # later, or earlier, than the office says.
                    visit = replace(visit, decision=visit.decision.only_noted())
                in_now.add(visit.key)
            self._being_corrected.add(entry.id)

            def finish(commit: Commit, visit: SignIn | SignOut = visit, first: UUID = entry.id) -> None:
                self._being_corrected.discard(first)
                if (error := commit.exception()) is not None:  # tried again the next time the clock is right
                    log.error("entry.not_corrected", id=str(first), error=type(error).__name__)
                    self.has_doubts = True
                else:
                    self._day.note(visit, corrects=first)

            self._commit(visit, finish, corrects=entry.id)

    def _again(self, visit: SignIn | SignOut, right: Reading) -> SignIn | SignOut:
        """The same, at its true instant and decided by it."""
        instant = true_instant(visit.reading.monotonic_ns, right)
        reading = right._replace(at=instant, monotonic_ns=visit.reading.monotonic_ns)
        if isinstance(visit, SignIn):
            again = (visit.pupil, reading, visit.reason)
            return self._sign_in(again, returning=visit.returning, left=self._put_right(visit, instant))
        at = self.wall(instant)
        released = instant if visit.detail.released_at is not None else None  # it was the same moment
        return SignOut(
            entry=self._new_id(),
            pupil=visit.pupil,
            at=at,
            decision=self.decide_leaving(visit.pupil, reading, visit.reason),
            reason=visit.reason,
            reading=reading,
            detail=visit.detail.model_copy(update={"released_at": released}),
        )

    # --- within ----------------------------------------------------------------------------------

    def _put_right(self, back: SignIn, instant: datetime) -> time | None:
        """When they had left, by the clock that is right now: it was wrong by as much as on coming back."""
        if back.left is None:
            return None
        left = datetime.combine(back.at, back.left) + (self.wall(instant) - back.at)
        return left.time().replace(second=0, microsecond=0)

    def _left(self, pupil: Pupil, reading: Reading) -> time | None:
        """When somebody who is back was signed out, wall time to the minute."""
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
        if not self._joined(key, saved, failed):
            self._commit(visit, lambda commit: self._tell(key, commit, visit, lambda: self._day.note(visit)))

    def _joined(self, key: Hashable, saved: Callable[[Any], None], failed: Failed) -> bool:
        """Whether the same is being saved already: the disk has not answered, and one entry is enough."""
        waiting = self._being_saved.setdefault(key, [])
        waiting.append((saved, failed))
        return len(waiting) > 1

    def _commit(
        self, visit: SignIn | SignOut, finish: Callable[[Commit], None], corrects: UUID | None = None
    ) -> None:
        school = self._open_school()
        commit = self._journal.commit(lambda seq: entry_of(visit, seq, school, corrects))
        if visit.clock_trusted:
            self._clock.happened(visit.reading.at)
        else:
            self.has_doubts = True
        commit.add_done_callback(lambda done: self._later(lambda: finish(done)))

    def _tell(self, key: Hashable, commit: Commit, told: object, note: Callable[[], None]) -> None:
        """Note what is on the disk, and tell everybody who waits for it."""
        error = commit.exception()
        if error is None:
            note()
        for saved, failed in self._being_saved.pop(key):
            if error is None:
                saved(told)
            else:
                failed(error)

    def _open_school(self) -> School:
        if self._school is None:
            raise RuntimeError("the desk has no school yet: open() it first")
        return self._school
