"""Everything that can be done at reception, by screen or by card. The one door to the journal."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from hardware.clock import Clock, Reading
from kiosk.attendance.calendar import wall_time
from kiosk.attendance.decide import Arrival, Decision, Outcome, UnknownYearError, decide
from kiosk.attendance.policy import Policy, SessionName
from kiosk.attendance.reasons import AppointmentKind, Reason
from kiosk.journal.journal import Journal, Recorded
from kiosk.school import School, start_on
from sync.wire import (
    ClockReading,
    Entry,
    EntryDecision,
    Kind,
    Pupil,
    Trust,
)

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
    clock_trusted: bool


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
        self._in: dict[tuple[str, date, SessionName | None], SignIn] = {}
        self._school: School | None = None

    @property
    def school(self) -> School | None:
        """The school, once there is one."""
        return self._school

    def open(self, school: School, recorded: Sequence[Recorded] = ()) -> None:
        """Take over a school, new or renewed, and what the journal already has of today."""
        self._school = school
        for record in recorded:
            self._remember(_sign_in_of(record.entry, school))

    def reading(self, at: datetime | None = None) -> Reading:
        """The clock now, or as it stood at the instant `at` a moment ago (a card's first byte)."""
        now = self._clock.reading()
        if at is None:
            return now
        ago = now.at - at
        return now._replace(at=at, monotonic_ns=now.monotonic_ns - ago // timedelta(microseconds=1) * 1000)

    def wall(self, instant: datetime) -> datetime:
        """The time on the school's wall at that instant."""
        return wall_time(instant, self._open_school().zone)

    def decide(self, pupil: Pupil, reading: Reading, reason: Reason | None) -> Decision:
        """The rule's decision for that pupil arriving at that reading of the clock."""
        school = self._open_school()
        at = wall_time(reading.at, school.zone)
        arrival = Arrival(
            at=at,
            year=pupil.year,
            reason=reason,
            agreed=school.agreed(pupil, at.date()),
            starts=start_on(pupil, at.date()),
        )
        try:
            decision = decide(
                school.policy, arrival, school_day=school.closed_because(at.date(), pupil.year) is None
            )
        except UnknownYearError:
            # The roster has a year that the policy lacks. The child is here all the same: record it,
            # without a code, for the office.
            return Decision(outcome=Outcome.REVIEW, session=SessionName.AM, needs_office=True)
        # A time that is not trusted never becomes a mark by itself (DESIGN.md, clock trust).
        return decision if reading.trust != Trust.UNKNOWN else decision.doubted()

    def needs_reason(self, pupil: Pupil, reading: Reading) -> bool:
        """Whether the pupil is to be asked why: not when on time, nor when the school agreed to it."""
        asked = (Outcome.LATE, Outcome.AFTER_CLOSE)
        decision = self.decide(pupil, reading, None)
        return bool(self._open_school().policy.reasons) and decision.outcome in asked

    def agreed_reason(self, pupil: Pupil, reading: Reading) -> Reason | None:
        """The reason that the school knows already, where it excuses this arrival."""
        if self.decide(pupil, reading, None).outcome is not Outcome.EXCUSED:
            return None
        agreed = self._open_school().agreed(pupil, self.wall(reading.at).date())
        return _REASON_OF[agreed.kind] if agreed else None

    def already_in(self, pupil: Pupil, reading: Reading) -> SignIn | None:
        """How that pupil signed in for the session that this reading falls in, if they did."""
        session = self.decide(pupil, reading, None).session
        return self._in.get((pupil.id, self.wall(reading.at).date(), session))

    def sign_in(
        self,
        pupil: Pupil,
        reading: Reading,
        reason: Reason | None,
        *,
        saved: Callable[[SignIn], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Write an arrival down.

        Args:
            pupil: who.
            reading: the clock at the first touch or scan.
            reason: why, where it was asked.
            saved: called on the desk's thread once the entry is on the disk, never before.
            failed: called instead when it is not, with the reason; then nothing is recorded.
        """
        decision = self.decide(pupil, reading, reason)
        sign_in = SignIn(
            entry=self._new_id(),
            pupil=pupil,
            at=self.wall(reading.at),
            decision=decision,
            reason=reason,
            clock_trusted=reading.trust != Trust.UNKNOWN,
        )
        policy = self._open_school().policy
        commit = self._journal.commit(lambda seq: _entry_of(sign_in, seq, reading, policy))

        def finish(commit: Future[Entry]) -> None:
            if (error := commit.exception()) is not None:
                failed(error)
            else:
                self._remember(sign_in)
                saved(sign_in)

        commit.add_done_callback(lambda done: self._later(lambda: finish(done)))

    def _remember(self, sign_in: SignIn) -> None:
        day = sign_in.at.date()
        self._in = {key: known for key, known in self._in.items() if key[1] == day}
        self._in[sign_in.pupil.id, day, sign_in.decision.session] = sign_in

    def _open_school(self) -> School:
        if self._school is None:
            raise RuntimeError("the desk has no school yet: open() it first")
        return self._school


def _entry_of(sign_in: SignIn, seq: int, reading: Reading, policy: Policy) -> Entry:
    decision = sign_in.decision
    return Entry(
        id=sign_in.entry,
        seq=seq,
        kind=Kind.ARRIVAL,
        pupil=sign_in.pupil.id,
        at=reading.at,
        date=sign_in.at.date(),
        session=decision.session,
        decision=EntryDecision(
            **decision.model_dump(exclude={"session"}), policy=policy.name, policy_version=policy.version
        ),
        reason=sign_in.reason,
        clock=ClockReading(
            trust=Trust(reading.trust), boot_id=reading.boot_id, monotonic_ns=reading.monotonic_ns
        ),
    )


def _sign_in_of(entry: Entry, school: School) -> SignIn:
    """The sign-in that an entry of the journal was."""
    return SignIn(
        entry=entry.id,
        pupil=school.roster.by_id(entry.pupil) or Pupil(id=entry.pupil, first="", last="", year="", form=""),
        at=wall_time(entry.at, school.zone),
        decision=Decision.model_validate({**entry.decision.model_dump(), "session": entry.session}),
        reason=Reason(entry.reason) if entry.reason else None,
        clock_trusted=entry.clock.trust is not Trust.UNKNOWN,
    )
