"""Everything that can be done at reception, by screen or by card. The one door to the journal."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog

from hardware.clock import Clock, Reading, true_instant
from kiosk.attendance.calendar import wall_time
from kiosk.attendance.decide import Decision, Outcome, UnknownYearError, decide
from kiosk.attendance.policy import SessionName
from kiosk.attendance.reasons import AppointmentKind, Reason
from kiosk.journal.journal import Journal, Recorded
from kiosk.school import School
from sync.wire import (
    Basis,
    ClockReading,
    Entry,
    EntryDecision,
    Kind,
    Pupil,
    Trust,
)

SAME_VISIT_NS = 2 * 3600 * 1_000_000_000
"""While the clock is not to be trusted: how long a pupil who signed in is in already, two hours of ticks.
After that it may be another session, and an entry too many is better than a child nobody knows of."""

log = structlog.get_logger()

_REASON_OF = {
    AppointmentKind.MEDICAL: Reason.MEDICAL,
    AppointmentKind.INTERVIEW: Reason.INTERVIEW,
    AppointmentKind.EXCEPTIONAL: Reason.FAMILY,
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """An arrival that is in the journal."""

    entry: UUID
    pupil: Pupil
    at: datetime
    """Wall time at the school."""
    decision: Decision
    reason: Reason | None
    reading: Reading
    """The clock at that moment."""

    @property
    def clock_trusted(self) -> bool:
        """Whether the time was to be believed."""
        return self.reading.trust != Trust.UNKNOWN


_Key = tuple[str, date, SessionName | None]
"""A pupil signs in once for a date and a session (None: the clock could not tell which)."""
_Saved = Callable[[SignIn], None]
_Failed = Callable[[BaseException], None]


class Desk:
    """What reception can do. Used from one thread (the screens'); only futures come from elsewhere.

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
        self._in: dict[_Key, SignIn] = {}
        self._being_saved: dict[_Key, list[tuple[_Saved, _Failed]]] = {}
        self._being_corrected: set[UUID] = set()
        self.has_doubts = True
        """Whether there may be entries to set right; nobody knows at the start."""
        self._school: School | None = None

    @property
    def school(self) -> School | None:
        """The school, once there is one."""
        return self._school

    def open(self, school: School, recorded: Sequence[Recorded] = ()) -> None:
        """Take over a school, new or renewed, and what the journal already has of today."""
        self._school = school
        for record in recorded:
            try:
                self._remember(_sign_in_of(record.entry, school))
            except ValueError:  # made by another version; the register knows it, and this pupil may sign in
                log.error("entry.not_understood", id=str(record.entry.id))

    def reading(self) -> Reading:
        """The clock now."""
        return self._clock.reading()

    def wall(self, instant: datetime) -> datetime:
        """The time on the school's wall at that instant."""
        return wall_time(instant, self._open_school().zone)

    def decide(self, pupil: Pupil, reading: Reading, reason: Reason | None) -> Decision:
        """The rule's decision for that pupil arriving at that reading of the clock."""
        school = self._open_school()
        arrival, school_day = school.arrival(pupil, self.wall(reading.at), reason)
        try:
            decision = decide(school.policy, arrival, school_day=school_day)
        except UnknownYearError:
            # The roster has a year that the policy lacks. The child is here all the same: record it,
            # without a code, for the office.
            session = SessionName.AM if arrival.at.time() < school.policy.am.ends else SessionName.PM
            decision = Decision(outcome=Outcome.REVIEW, session=session, needs_office=True, at=arrival.at)
        # A time that is not trusted never becomes a mark by itself (DESIGN.md, clock trust).
        return decision if reading.trust != Trust.UNKNOWN else decision.doubted()

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
        return _REASON_OF[agreed.kind] if agreed else None

    def already_in(self, pupil: Pupil, reading: Reading) -> SignIn | None:
        """How that pupil signed in for the session that this reading falls in, if they did."""
        known = self._in.get(_key(pupil, self.wall(reading.at), self.decide(pupil, reading, None)))
        if known is None or known.clock_trusted:
            return known
        # Of a doubted time neither date nor session is known: only what happened shortly before, by the
        # ticks of the same boot, is surely the same arrival.
        same_boot = known.reading.boot_id == reading.boot_id
        return (
            known if same_boot and reading.monotonic_ns - known.reading.monotonic_ns < SAME_VISIT_NS else None
        )

    def sign_in(
        self,
        pupil: Pupil,
        reading: Reading,
        reason: Reason | None,
        *,
        saved: _Saved,
        failed: _Failed,
    ) -> None:
        """Write an arrival down.

        Args:
            pupil: who.
            reading: the clock at the first touch or scan.
            reason: why, where it was asked.
            saved: called on the desk's thread once the entry is on the disk, never before.
            failed: called instead when it is not, with the reason; then nothing is recorded.
        """
        sign_in = self._sign_in(pupil, reading, reason)
        key = _key(pupil, sign_in.at, sign_in.decision)
        if (
            key in self._being_saved
        ):  # the same pupil again, before the disk has answered: one entry is enough
            self._being_saved[key].append((saved, failed))
            return
        self._being_saved[key] = [(saved, failed)]

        def finish(commit: Future[Entry]) -> None:
            error = commit.exception()
            if error is None:
                self._remember(sign_in)
            for tell_saved, tell_failed in self._being_saved.pop(key):
                if error is None:
                    tell_saved(sign_in)
                else:
                    tell_failed(error)

        self._commit(sign_in, reading, finish)

    def set_right(self, right: Reading) -> None:
        """Work out when the pupils came who signed in while the clock could not be trusted, and decide again.

        Each gets a second entry with the true instant, which names the first; both are kept.

        Args:
            right: a reading that is `synced`, of the same boot as the entries in doubt.
        """
        self.has_doubts = False
        doubted = self._journal.doubted(right.boot_id)
        doubted.add_done_callback(lambda done: self._later(lambda: self._correct(done.result(), right)))

    def _correct(self, doubted: Sequence[Entry], right: Reading) -> None:
        in_now = {key for key, known in self._in.items() if known.clock_trusted}
        for entry in doubted:  # in the order in which the pupils came
            pupil = self._open_school().roster.by_id(entry.pupil)
            if pupil is None or entry.id in self._being_corrected:
                continue  # who has left the roster is for the office, which has the entry already
            at = true_instant(entry.clock.monotonic_ns, right)
            reading = right._replace(at=at, monotonic_ns=entry.clock.monotonic_ns)
            sign_in = self._sign_in(pupil, reading, _reason_of(entry))
            key = _key(pupil, sign_in.at, sign_in.decision)
            if key in in_now:
                # In already for that session: a second tap while the clock was in doubt marks nobody later,
                # or earlier, than the office says.
                sign_in = replace(sign_in, decision=_only_noted(sign_in.decision))
            in_now.add(key)
            self._being_corrected.add(entry.id)

            def finish(commit: Future[Entry], sign_in: SignIn = sign_in, first: UUID = entry.id) -> None:
                self._being_corrected.discard(first)
                if (error := commit.exception()) is not None:  # tried again the next time the clock is right
                    log.error("entry.not_corrected", id=str(first), error=type(error).__name__)
                    self.has_doubts = True
                else:
                    self._remember(sign_in)

            self._commit(sign_in, reading, finish, corrects=entry.id)

    def _sign_in(self, pupil: Pupil, reading: Reading, reason: Reason | None) -> SignIn:
        return SignIn(
            entry=self._new_id(),
            pupil=pupil,
            at=self.wall(reading.at),
            decision=self.decide(pupil, reading, reason),
            reason=reason,
            reading=reading,
        )

    def _commit(
        self,
        sign_in: SignIn,
        reading: Reading,
        finish: Callable[[Future[Entry]], None],
        corrects: UUID | None = None,
    ) -> None:
        school = self._open_school()
        commit = self._journal.commit(lambda seq: _entry_of(sign_in, seq, reading, school, corrects))
        if sign_in.clock_trusted:
            self._clock.happened(reading.at)
        else:
            self.has_doubts = True
        commit.add_done_callback(lambda done: self._later(lambda: finish(done)))

    def _remember(self, sign_in: SignIn) -> None:
        if sign_in.clock_trusted:  # an untrusted clock's day is no reason to forget anybody
            oldest = sign_in.at.date() - timedelta(days=1)
            self._in = {
                key: known for key, known in self._in.items() if key[1] >= oldest or not known.clock_trusted
            }
        key = _key(sign_in.pupil, sign_in.at, sign_in.decision)
        before = self._in.get(key)
        if before is None or not before.clock_trusted or sign_in.at <= before.at:
            self._in[key] = sign_in

    def _open_school(self) -> School:
        if self._school is None:
            raise RuntimeError("the desk has no school yet: open() it first")
        return self._school


def _key(pupil: Pupil, at: datetime, decision: Decision) -> _Key:
    return pupil.id, at.date(), decision.session


def _entry_of(sign_in: SignIn, seq: int, reading: Reading, school: School, corrects: UUID | None) -> Entry:
    decision, policy = sign_in.decision, school.policy
    arrival, school_day = school.arrival(sign_in.pupil, sign_in.at, sign_in.reason)
    return Entry(
        id=sign_in.entry,
        seq=seq,
        kind=Kind.ARRIVAL,
        pupil=sign_in.pupil.id,
        at=reading.at,
        date=sign_in.at.date(),
        session=decision.session,
        decision=EntryDecision(
            **decision.model_dump(include=set(EntryDecision.model_fields)),
            policy=policy.name,
            policy_version=policy.version,
            basis=Basis(
                year=arrival.year,
                school_day=school_day,
                agreed=arrival.agreed.kind if arrival.agreed else None,
                agreed_until=arrival.agreed.until if arrival.agreed else None,
                starts=arrival.starts,
                returning=arrival.returning,
            ),
        ),
        reason=sign_in.reason,
        corrects=corrects,
        clock=ClockReading(
            trust=Trust(reading.trust), boot_id=reading.boot_id, monotonic_ns=reading.monotonic_ns
        ),
    )


def _sign_in_of(entry: Entry, school: School) -> SignIn:
    """The sign-in that an entry of the journal was."""
    at, trusted = wall_time(entry.at, school.zone), entry.clock.trust is not Trust.UNKNOWN
    kept = {**entry.decision.model_dump(), "session": entry.session, "at": at, "clock_trusted": trusted}
    return SignIn(
        entry=entry.id,
        pupil=school.roster.by_id(entry.pupil) or Pupil(id=entry.pupil, first="", last="", year="", form=""),
        at=at,
        decision=Decision.model_validate(kept),
        reason=_reason_of(entry),
        reading=Reading(entry.at, entry.clock.trust.value, entry.clock.boot_id, entry.clock.monotonic_ns),
    )


def _only_noted(decision: Decision) -> Decision:
    """The same, with its code only suggested: the office decides between two arrivals of one session."""
    return decision.model_copy(
        update={"code": None, "suggested": decision.code or decision.suggested, "minutes_late": None}
        | {"needs_office": True}
    )


def _reason_of(entry: Entry) -> Reason | None:
    return Reason(entry.reason) if entry.reason in list(Reason) else None
