"""The desk: signs pupils in and out, undoes entries, corrects their times and knows who is in or out."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time
from uuid import UUID

import structlog

from attendance.calendar import wall_time
from attendance.reasons import Reason
from attendance.rule import Decision, Outcome
from hardware.clock.clock import Clock, Reading
from kiosk.desk.arrivals import agreed_reason, decide_arrival, sign_in_of
from kiosk.desk.corrections import TimeCorrections
from kiosk.desk.day import DayEntry, DayLog
from kiosk.desk.departures import DepartureDraft, decide_leaving, expected_back, may_leave_alone, sign_out_of
from kiosk.desk.movements import MovementBook
from kiosk.desk.pending import Pending, find_pending
from kiosk.desk.recorder import OnFailed, Recorder
from kiosk.desk.taps import PupilTap, TapBook, on_the_way_out, recovered_tap
from kiosk.desk.visits import SignIn, SignOut, visit_of
from kiosk.desk.voids import void_of
from kiosk.journal.journal import Journal, JournalRecord, StoredTap
from kiosk.school.school import School
from kiosk.school.unlisted import typed_name
from sync.wire import Kind, Pupil

log = structlog.get_logger()


class Desk:
    """The arrivals and departures at one kiosk. For the UI thread only.

    Durability: every method that records an entry takes two callbacks. `on_saved` is called on the UI thread
    after the entry's transaction is on the disk, never before. `on_failed` is called instead when the
    transaction failed; then nothing is recorded yet. A sign-in or sign-out that the disk refused is tried
    again as it was until the disk takes it.

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
        self.new_id = new_id
        self._later = later
        self._day = DayLog()
        self._recorder = Recorder(journal, later)
        self._taps = TapBook(journal, later, self.note_disk_failure)
        self._movements = MovementBook(
            journal,
            later,
            self._day,
            self._recorder,
            self._taps,
            school=self._open_school,
            is_arrival=lambda tap: self._is_arrival(tap.pupil, tap.reading),
            on_recording=self._note_time,
        )
        self._left_over: list[StoredTap] = []
        self._corrections = TimeCorrections(
            journal,
            self._day,
            self._recorder,
            later,
            new_id=new_id,
            school=self._open_school,
            on_correction=self._note_correction,
        )
        self.has_doubts = True
        """Whether there may be entries with an untrusted time to correct; assumed at the start."""
        self._school: School | None = None

    @property
    def school(self) -> School | None:
        """The school; `None` until the first bundle has arrived."""
        return self._school

    def recover(self, taps: Iterable[StoredTap]) -> None:
        """Make arrivals of the taps that were on the disk when the kiosk started, once there is a school: the
        pupils came in, and the kiosk stopped before they were signed in. Call it before `open`."""
        self._left_over = list(taps)

    def open(self, school: School, recorded: Iterable[JournalRecord] = ()) -> None:
        """Use this school from now on, and add those of today's entries that are not known yet."""
        self._school = school
        for record in recorded:
            entry = record.entry
            if entry.kind is Kind.VOID and entry.voids is not None:
                self._day.void(entry.voids)
            elif entry.id not in self._day:
                try:
                    self._day.add(visit_of(entry, school), entry.corrects)
                except ValueError:  # made by another version: the pupil may sign in again
                    log.error("entry.not_understood", id=str(entry.id))
        left_over, self._left_over = self._left_over, []
        for tap in left_over:
            self._recover(tap)

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
        """Whether to ask for a reason: not when the pupil is on time, nor after an appointment that the
        school agreed to, even if it ran over. A pupil who is not on the roster is always asked, because it
        is not known which applies."""
        decision = self.decide(pupil, reading, None)
        late = decision.outcome in (Outcome.LATE, Outcome.AFTER_CLOSE, Outcome.PLANNED_LATE)
        late = late or not decision.clock_trusted
        late = late or typed_name(pupil) is not None  # the office decides once it knows the pupil
        known = self.agreed_reason(pupil, reading) is not None
        return late and not known and bool(self._open_school().policy.reasons)

    def agreed_reason(self, pupil: Pupil, reading: Reading) -> Reason | None:
        """The reason of the agreed appointment that the pupil comes from; `None` without one.

        An appointment of another session explains nothing: a pupil with the dentist at two can oversleep.
        """
        decision = self.decide(pupil, reading, None)
        return agreed_reason(self._open_school(), pupil, self.wall(reading.at).date(), decision)

    def already_in(self, pupil: Pupil, reading: Reading) -> SignIn | None:
        """The pupil's sign-in for the session of this reading; `None` without one."""
        session = self.decide(pupil, reading, None).session
        return self._day.already_in((pupil.id, self.wall(reading.at).date(), session), reading)

    def tap(self, pupil: Pupil, reading: Reading) -> PupilTap:
        """Take a pupil's card that shows that they have come in.

        The tap is stored at once and becomes an arrival whatever happens to the kiosk, unless the pupil
        cannot arrive now, is in already, or is on the way out. The first of several taps counts.
        """
        tap = PupilTap(self.new_id(), pupil, reading)
        return self._taps.keep(tap) if self._is_arrival(pupil, reading) else tap

    def keep_typed(self, pupil: Pupil, reading: Reading, brought_by: str | None = None) -> None:
        """Keep a pupil who is not on the roster and has confirmed their name, like a tap: they are in the
        building. Called again, it replaces the form and the adult.

        Args:
            pupil: the pupil, with the name and form that they typed.
            reading: the clock at the first touch.
            brought_by: the adult who brought the pupil, if any.
        """
        self._taps.replace(PupilTap(self.new_id(), pupil, reading, brought_by))

    def arrived_at(self, pupil: Pupil, reading: Reading) -> Reading:
        """The reading that counts for a pupil who signs in: that of the first tap or touch."""
        return self._taps.first_reading(pupil.id, reading)

    def is_waiting(self, tap: PupilTap) -> bool:
        """Whether a tap still has to become an arrival."""
        return self._taps.of(tap.pupil.id) == tap

    def close_taps(self) -> None:
        """Settle the taps that still wait for an answer; call it when the kiosk is free.

        Each becomes an arrival without a reason; or is dropped, if its pupil is in already.
        """
        for tap in self._taps.all():
            if not self._movements.is_under_way(tap.id):
                self._finish(tap)

    def drop_tap(self, pupil: Pupil) -> None:
        """Forget the pupil's open tap: it was no arrival."""
        if (tap := self._taps.of(pupil.id)) is not None:
            self._taps.drop(tap)

    @property
    def disk_failed(self) -> bool:
        """Whether the disk takes no entries now."""
        return self._movements.unsaved.disk_failed

    def note_disk_failure(self) -> None:
        """A write has failed, or has taken so long that the kiosk treats it as failed, until one succeeds."""
        self._movements.unsaved.note_failure()

    def tick(self) -> None:
        """Try again what the disk could not take; call about once a second."""
        self._movements.unsaved.try_again()

    def sign_in(
        self,
        pupil: Pupil,
        reading: Reading,
        reason: Reason | None,
        *,
        on_saved: Callable[[SignIn], None],
        on_failed: OnFailed,
        returning: bool = False,
        route: str | None = None,
        brought_by: str | None = None,
    ) -> None:
        """Record that a pupil has come in.

        Args:
            pupil: the pupil.
            reading: the reading of the clock at the first touch or scan.
            reason: the reason given, if any.
            on_saved: see `Desk`.
            on_failed: see `Desk`.
            returning: whether the pupil was signed out today and is back.
            route: the late bus that brought the pupil, if any.
            brought_by: the adult who brought the pupil, if any.
        """
        waiting, tap = self._movements.sign_in_of(pupil), self._taps.of(pupil.id)
        if (
            waiting is not None and waiting.returning is not returning
        ):  # not the same: the pupil was out since
            waiting = tap = None
        elif tap is not None:
            reading = self.arrived_at(pupil, reading)
        entry = tap.id if tap else self.new_id()
        if waiting is not None:  # the same arrival again: what was stated before the disk failed stands
            entry, reading, reason = waiting.entry, waiting.reading, reason or waiting.reason
            route, brought_by = route or waiting.route, brought_by or waiting.brought_by
        left = self._left(pupil, reading) if returning else None
        sign_in = sign_in_of(
            self._open_school(),
            pupil,
            reading,
            reason,
            entry,
            returning=returning,
            left=left,
            route=route,
            brought_by=brought_by,
        )
        self._movements.record(sign_in, on_saved, on_failed)

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

    def sign_out(
        self, leaving: DepartureDraft, *, on_saved: Callable[[SignOut], None], on_failed: OnFailed
    ) -> None:
        """Record that a pupil goes out now.

        A pupil who is already out is not signed out again; `on_saved` then receives the first sign-out, once
        it is on the disk.
        """
        reading = self.reading()
        earlier = self.out_since(leaving.pupil, reading)
        if earlier is not None and self.is_recorded(earlier):
            self._later(lambda: on_saved(earlier))
            return
        at = self.wall(reading.at)
        sign_out = earlier or sign_out_of(self._open_school(), leaving, at, reading, self.new_id())
        self._movements.record(sign_out, on_saved, on_failed)

    # --- whereabouts -----------------------------------------------------------------------------

    def out_since(self, pupil: Pupil, reading: Reading) -> SignOut | None:
        """The sign-out of a pupil who left today and has not returned; otherwise `None`.

        It may still wait for the disk: see `is_recorded`.
        """
        unsaved = self._movements.sign_out_of(pupil)
        return unsaved or self._day.out_since(pupil.id, reading, self.wall(reading.at).date())

    def departure_for(self, request: UUID) -> SignOut | None:
        """The recorded departure that a release of that request led to; `None` without one."""
        return self._day.departure_for(request)

    def is_recorded(self, visit: SignIn | SignOut) -> bool:
        """Whether the sign-in or sign-out is on the disk. Until then no screen may say that it is."""
        return visit.entry in self._day

    def whereabouts(self) -> Sequence[SignIn | SignOut]:
        """Each pupil's last standing entry of today: with a sign-out the pupil is out."""
        reading = self.reading()
        return tuple(self._day.whereabouts(reading, self.wall(reading.at).date()).values())

    def today(self) -> tuple[DayEntry, ...]:
        """Today's entries at this kiosk, newest first."""
        reading = self.reading()
        return self._day.entries(reading, self.wall(reading.at).date())

    def pending(self, on_result: Callable[[Pending], None]) -> None:
        """Find the entries of other days that the register has not answered, or has rejected.

        `on_result` is called on the UI thread, unless the journal cannot be read.
        """
        today, school = self.wall(self.reading().at).date(), self._open_school()
        find_pending(self._journal, today, school, self._later, on_result)

    def undo(self, entry: UUID, by: str, *, on_saved: Callable[[UUID], None], on_failed: OnFailed) -> None:
        """Void one of today's entries. Both the entry and its void are kept.

        Args:
            entry: id of the entry to undo.
            by: name and position of the staff member.
            on_saved: see `Desk`; receives the id of the voided entry.
            on_failed: see `Desk`.

        Raises:
            ValueError: the entry is not one of today's sign-ins or sign-outs here, or was voided before.
        """
        visit = next((each.visit for each in self.today() if each.visit.entry == entry), None)
        if visit is None or self._day.is_void(entry):
            raise ValueError(
                f"entry {entry} cannot be undone: it is not one of today's, or was undone before"
            )
        reading, school, void = self.reading(), self._open_school(), self.new_id()
        self._recorder.record_once(
            ("undo", entry),
            lambda seq: void_of(visit, by, seq=seq, entry=void, reading=reading, school=school),
            entry,
            on_commit=lambda: self._day.void(entry),
            on_saved=on_saved,
            on_failed=on_failed,
        )

    def correct_times(self, right: Reading) -> None:
        """Correct the entries that were made while the clock was not trusted (see `TimeCorrections`).

        Args:
            right: a `synced` reading; only entries of the same boot are corrected.
        """
        self.has_doubts = False
        self._corrections.begin(right)

    # --- private -----------------------------------------------------------------------------------

    def _left(self, pupil: Pupil, reading: Reading) -> time | None:
        """Wall time, to the minute, of the sign-out of a pupil who returns; `None` without one."""
        out = self.out_since(pupil, reading)
        return out.at.time().replace(second=0, microsecond=0) if out else None

    def _is_arrival(self, pupil: Pupil, reading: Reading) -> bool:
        if self._movements.is_being_saved(pupil):
            return False
        out = self.out_since(pupil, reading)
        if out is not None and on_the_way_out(out, reading):
            return False
        if out is None and self.already_in(pupil, reading) is not None:
            return False
        return self.decide(pupil, reading, None, returning=out is not None).outcome is not Outcome.CLOSED

    def _recover(self, stored: StoredTap) -> None:
        """Make an arrival of a tap that was on the disk at the start. One by a pupil who has left the roster
        since is for the office to decide."""
        tap = recovered_tap(stored, self._open_school().roster)
        self._taps.hold(tap)
        log.warning("tap.recovered", id=str(tap.id))
        self._finish(tap)

    def _finish(self, tap: PupilTap) -> None:
        """Record a tap as an arrival without a reason, or as a return; drop one that is neither."""
        pupil, reading = tap.pupil, tap.reading
        if not self._is_arrival(pupil, reading):
            self._taps.drop(tap)
            return
        out = self.out_since(pupil, reading)
        self.sign_in(
            pupil,
            reading,
            out.reason if out else None,
            on_saved=lambda _sign_in: None,
            on_failed=lambda error: log.error("entry.not_committed", error=type(error).__name__),
            returning=out is not None,
            brought_by=tap.brought_by,
        )

    def _note_correction(self, visit: SignIn | SignOut | None) -> None:
        """Take a correction's time; `None` when one could not be saved and is to be tried again."""
        if visit is None:
            self.has_doubts = True
        else:
            self._note_time(visit)

    def _note_time(self, visit: SignIn | SignOut) -> None:
        """Let the clock know a trusted time; remember that an untrusted one must be corrected."""
        if visit.clock_trusted:
            self._clock.record_event(visit.reading.at)
        else:
            self.has_doubts = True

    def _open_school(self) -> School:
        if self._school is None:
            raise RuntimeError("the desk has no school yet: call open() first")
        return self._school
