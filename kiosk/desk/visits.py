"""Sign-ins and sign-outs, and their conversion to and from journal entries."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from attendance.calendar import wall_time
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import Arrival, Decision
from attendance.sessions import SessionName
from hardware.clock.clock import Reading
from kiosk.school.school import School
from kiosk.school.unlisted import typed_name, unlisted_pupil
from sync.wire import (
    Basis,
    ClockReading,
    DepartureDetail,
    Entry,
    EntryDecision,
    Kind,
    PlanSent,
    Pupil,
    Trust,
)

Key = tuple[str, date, SessionName | None]
"""Pupil id, date and session: a pupil signs in once for each. The session is `None` when the clock is not
trusted."""


@dataclass(frozen=True, slots=True)
class Movement:
    """The fields that sign-ins and sign-outs share."""

    entry: UUID
    pupil: Pupil
    at: datetime
    """Wall time at the school (naive)."""
    decision: Decision
    reason: Reason | None
    reading: Reading
    """The reading of the clock at that moment."""

    @property
    def clock_trusted(self) -> bool:
        """Whether the time was trusted when the entry was made."""
        return self.reading.trust != Trust.UNKNOWN


@dataclass(frozen=True, slots=True)
class SignIn(Movement):
    """An arrival, or the return of a pupil who was signed out."""

    returning: bool = False
    left: time | None = None
    """For a return: wall time of the sign-out, to the minute."""
    route: str | None = None
    """The late bus that brought the pupil, if staff signed in its passengers."""
    brought_by: str | None = None
    """The adult who brought the pupil, as they typed their name."""

    @property
    def key(self) -> Key:
        """The pupil, date and session of this sign-in."""
        return self.pupil.id, self.at.date(), self.decision.session


@dataclass(frozen=True, slots=True)
class SignOut(Movement):
    """A departure."""

    detail: DepartureDetail


def kind_of(visit: SignIn | SignOut) -> Kind:
    """The kind of its entry on the wire."""
    if isinstance(visit, SignOut):
        return Kind.DEPARTURE
    return Kind.RETURN if visit.returning else Kind.ARRIVAL


def entry_of(visit: SignIn | SignOut, seq: int, school: School, corrects: UUID | None = None) -> Entry:
    """The journal entry for a sign-in or sign-out.

    Args:
        visit: the sign-in or sign-out with its decision.
        seq: the entry's number at this kiosk.
        school: the school by whose policy it was decided.
        corrects: the entry with an untrusted time that this one corrects.
    """
    decision, policy, reading = visit.decision, school.policy, visit.reading
    returning = isinstance(visit, SignIn) and visit.returning
    left = visit.left if isinstance(visit, SignIn) else None
    arrival, school_day = school.arrival(visit.pupil, visit.at, visit.reason, returning=returning, left=left)
    return Entry(
        id=visit.entry,
        seq=seq,
        kind=kind_of(visit),
        pupil=visit.pupil.id,
        at=reading.at,
        date=visit.at.date(),
        session=decision.session,
        decision=EntryDecision(
            **decision.model_dump(include=set(EntryDecision.model_fields) - {"plan"}),
            policy=policy.name,
            policy_version=policy.version,
            plan=PlanSent(**arrival.plan.model_dump()) if arrival.plan else None,
            basis=_basis(arrival, school_day=school_day),
        ),
        reason=visit.reason,
        departure=visit.detail if isinstance(visit, SignOut) else None,
        unlisted=typed_name(visit.pupil),
        route=visit.route if isinstance(visit, SignIn) else None,
        brought_by=visit.brought_by if isinstance(visit, SignIn) else None,
        corrects=corrects,
        clock=clock_of(reading),
    )


def visit_of(entry: Entry, school: School) -> SignIn | SignOut:
    """The sign-in or sign-out that a journal entry records.

    Raises:
        ValueError: the entry was made by another version of the kiosk, and cannot be read.
    """
    at, trusted = wall_time(entry.at, school.zone), entry.clock.trust is not Trust.UNKNOWN
    fields = {**entry.decision.model_dump(), "session": entry.session, "at": at, "clock_trusted": trusted}
    pupil = school.roster.by_id(entry.pupil) or _off_roster(entry)
    reading = Reading(entry.at, entry.clock.trust.value, entry.clock.boot_id, entry.clock.monotonic_ns)
    decision = Decision.model_validate(fields)
    if entry.kind is not Kind.DEPARTURE:
        returning = entry.kind is Kind.RETURN
        left = entry.decision.basis.left if entry.decision.basis else None
        return SignIn(
            entry.id,
            pupil,
            at,
            decision,
            reason_of(entry),
            reading,
            returning,
            left,
            entry.route,
            entry.brought_by,
        )
    if entry.departure is None:
        raise ValueError(f"the departure {entry.id} does not say who took the pupil")
    return SignOut(entry.id, pupil, at, decision, reason_of(entry), reading, entry.departure)


def _off_roster(entry: Entry) -> Pupil:
    """A pupil who is not on the roster: with the name that they typed, or with the id alone."""
    if entry.unlisted is not None:
        return unlisted_pupil(entry.pupil, entry.unlisted)
    return Pupil(id=entry.pupil, first="", last="", year="", form="")


def reason_of(entry: Entry) -> Reason | None:
    """The entry's reason; `None` without one, or when this version does not know it."""
    return Reason(entry.reason) if entry.reason in list(Reason) else None


def clock_of(reading: Reading) -> ClockReading:
    """The reading of the clock as sent on the wire."""
    return ClockReading(
        trust=Trust(reading.trust), boot_id=reading.boot_id, monotonic_ns=reading.monotonic_ns
    )


def _basis(arrival: Arrival, *, school_day: bool) -> Basis:
    agreed = arrival.agreed
    return Basis(
        year=arrival.year,
        school_day=school_day,
        agreed=AppointmentKind(agreed.kind) if agreed else None,
        agreed_until=agreed.until if agreed else None,
        returning=arrival.returning,
        left=arrival.left,
    )
