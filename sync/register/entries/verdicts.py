"""The register's verdict on an entry: pure functions, so that the same entry always gets the same verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from attendance.codes import MEANING, kiosk_may_replace
from sync.register.departures.collectors import PupilContact, compare
from sync.register.storage.work_items import (
    LEAVES_ENTRY_CERTAIN,
    BarredCollector,
    Conflict,
    SchoolDecides,
    UncertainTime,
    UncertainVoid,
    UncheckedRelease,
    UnknownPupil,
    UnlistedArrival,
    UnreleasedDeparture,
    WorkItem,
)
from sync.wire import Entry, EntryStatus, Kind, Trust

MOST_AHEAD = timedelta(minutes=10)
"""How far a trusted time may be ahead of the register's clock. Two synchronised clocks differ by seconds, and
an entry is always made before it arrives."""
MOST_BACK = timedelta(days=14)
"""How long after its time an entry may still write a mark (docs/wire.md)."""


@dataclass(frozen=True, slots=True)
class NewMark:
    """A mark to be written."""

    code: str
    minutes_late: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on an entry: its status, the mark that it writes, if any, and its work items."""

    status: EntryStatus
    detail: str | None = None
    mark: NewMark | None = None
    work: tuple[WorkItem, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether pupil and time are certain, so that the entry counts as a claim to its mark."""
        return LEAVES_ENTRY_CERTAIN.issuperset(item.kind for item in self.work)

    @property
    def time_certain(self) -> bool:
        """Whether the time can be relied on; of an entry from long ago, that it is not of today."""
        return all(not isinstance(item, UncertainTime) or item.long_ago for item in self.work)


def refusal(entry: Entry) -> Verdict | None:
    """The rejection of an entry that can never be stored, whatever the register contains; `None`
    otherwise."""
    if entry.kind is Kind.VOID:
        return Verdict(EntryStatus.REJECTED, "voids") if entry.voids is None else None
    code = entry.decision.code
    if code is not None and code not in MEANING:
        return Verdict(EntryStatus.REJECTED, "decision.code")
    if code is not None and entry.session is None:
        return Verdict(EntryStatus.REJECTED, "session")
    return None


def take(
    entry: Entry,
    *,
    current: str | None,
    pupil_known: bool,
    date_right: bool,
    now: datetime,
    enrolled_at: datetime,
    doubts: tuple[WorkItem, ...] = (),
) -> Verdict:
    """The verdict on an arrival, a departure or a return that is not rejected.

    Args:
        entry: as the kiosk sent it.
        current: the code in the register for that pupil and session; `None` when the mark is empty.
        pupil_known: whether the pupil is on the school's roll.
        date_right: whether the entry's `date` is the date of its `at` in the school's time zone.
        now: the register's clock.
        enrolled_at: when the kiosk was enrolled.
        doubts: further work items that keep the mark from being written.
    """
    code = entry.decision.code
    work: list[WorkItem] = [*doubts]
    if entry.unlisted is not None:
        work.append(UnlistedArrival(name=entry.unlisted.name, form=entry.unlisted.form))
    elif not pupil_known:
        work.append(UnknownPupil(pupil=entry.pupil))
    why = _time_doubt(entry, now, enrolled_at, date_right=date_right)
    if why is not None:
        work.append(UncertainTime(why=why, code=code))
    mark = None
    if code is not None and not work and code != current:
        if kiosk_may_replace(current):
            mark = NewMark(code, entry.decision.minutes_late)
        else:
            work.append(Conflict(has=current, kiosk=code))
    if entry.decision.needs_office and entry.unlisted is None:  # the rule decides once the pupil is found
        work.append(SchoolDecides(suggested=entry.decision.suggested))
    return _verdict(mark, work)


def check_collector(
    entry: Entry, contacts: Sequence[PupilContact], *, by_office: bool, pin_may: bool | None
) -> BarredCollector | UncheckedRelease | None:
    """The work item for a collector who may not collect the pupil, or may be such a contact, and for any
    other release with a PIN that the register has not allowed; else `None`.

    It is not part of the verdict, because the kiosk is sent the verdict.

    Args:
        entry: as the kiosk sent it.
        contacts: all of the pupil's contacts, including those who may not collect.
        by_office: whether the office released the pupil to this adult, having compared the names then.
        pin_may: the register's answer to whether a PIN may release the pupil to this adult; `None` when the
            kiosk has not asked.
    """
    detail = entry.departure
    if entry.kind is not Kind.DEPARTURE or detail is None or by_office:
        return None
    collector = compare(detail.collector, detail.relationship, contacts)
    contact = collector.contact
    # The items keep name and relationship, since the contact may have changed by the time they are read.
    if collector.office_only and contact is not None:
        barred = collector.shared_with or contact
        return BarredCollector(
            match=collector.match.value, name=barred.name, relationship=barred.relationship
        )
    if detail.released_by is None or pin_may:
        return None
    return UncheckedRelease(
        why="not asked" if pin_may is None else "may not",
        match=collector.match.value,
        listed=contact.named if contact else None,
    )


TimeDoubt = Literal["not trusted", "ahead", "old", "before enrolment", "date"]


def _time_doubt(entry: Entry, now: datetime, enrolled_at: datetime, *, date_right: bool) -> TimeDoubt | None:
    """What keeps the entry's time from deciding about a mark, whatever the register contains."""
    if entry.clock.trust is Trust.UNKNOWN:
        return "not trusted"
    if entry.at > now + MOST_AHEAD:
        return "ahead"
    if entry.at < now - MOST_BACK:
        return "old"
    if entry.at < enrolled_at:
        return "before enrolment"
    return None if date_right else "date"


def check_release(entry: Entry, *, may_leave_alone: bool) -> tuple[WorkItem, ...]:
    """The doubt about a sign-out without a release of a pupil who may not leave alone.

    Args:
        entry: as the kiosk sent it.
        may_leave_alone: whether the pupil may, by their record or by their year; also of a pupil who is not
            on the roll, about whom the office is asked anyway.
    """
    released = entry.departure is not None and entry.departure.released_by is not None
    if entry.kind is not Kind.DEPARTURE or released or may_leave_alone:
        return ()
    return (UnreleasedDeparture(),)


def _verdict(mark: NewMark | None, work: list[WorkItem]) -> Verdict:
    if not work:
        return Verdict(EntryStatus.ACCEPTED, mark=mark)
    return Verdict(EntryStatus.REVIEW, "; ".join(item.kind.value for item in work), mark, tuple(work))


@dataclass(frozen=True, slots=True)
class VoidTarget:
    """The state of the entry that a void or a correction names."""

    pupil: str
    taken_back: bool
    wrote: bool
    """Whether the entry wrote a mark when it was taken in."""
    stands: bool
    """Whether that mark is unchanged in the register, and no user has confirmed it."""
    another: bool = False
    """Whether the current mark is another entry's."""
    same_kiosk: bool = True
    """Whether the entry comes from the kiosk that sends the void or correction."""


@dataclass(frozen=True, slots=True)
class VoidVerdict:
    """The verdict on a void, and its effects on the voided entry."""

    verdict: Verdict
    undo: bool = False
    """Whether to set the mark back to what it is without the voided entry."""
    take_back: bool = False
    """Whether to take the voided entry back and settle its work items."""


def take_void(
    entry: Entry, target: VoidTarget | None, *, now: datetime, enrolled_at: datetime
) -> VoidVerdict:
    """The verdict on a void that is not rejected. A kiosk never undoes a mark that a user has set since.

    Args:
        entry: the void.
        target: the entry that it names, or `None` when this school has no such entry.
        now: the register's clock.
        enrolled_at: when the kiosk was enrolled.
    """
    why = _cannot_void(entry, target)
    if why is None and _time_doubt(entry, now, enrolled_at, date_right=True) in ("old", "before enrolment"):
        why = "clock"
    if why is not None:
        return VoidVerdict(_verdict(None, [UncertainVoid(why=why, voids=str(entry.voids))]))
    undo = target is not None and target.wrote and target.stands
    return VoidVerdict(Verdict(EntryStatus.ACCEPTED), undo=undo, take_back=True)


def _cannot_void(entry: Entry, target: VoidTarget | None) -> str | None:
    if target is None:
        return "unknown entry"
    if target.pupil != entry.pupil:
        return "another pupil"
    if target.taken_back:
        return "taken back before"
    if entry.clock.trust is Trust.UNKNOWN:
        return "clock"
    if target.wrote and not (target.stands or target.another):
        return "changed since"
    return None


@dataclass(frozen=True, slots=True)
class Correction:
    """The effects of a correction on the corrected entry; they precede the correction's own verdict."""

    take_back: bool = False
    """Whether to take the corrected entry back and settle its work items."""
    undo: bool = False
    """Whether to set the mark back to what it is without the corrected entry."""
    doubts: tuple[WorkItem, ...] = ()


def take_correction(entry: Entry, target: VoidTarget | None) -> Correction:
    """The effects of a correction, which carries the true instant of an entry made with a doubtful clock.

    Args:
        entry: the correction.
        target: the entry that it corrects, or `None` when this school has no such entry: it was rejected, or
            has not arrived yet and will be stored as corrected when it does.
    """
    if target is None:
        return Correction()
    why = _cannot_correct(entry, target)
    if why is not None:
        return Correction(doubts=(UncertainVoid(why=why, corrects=str(entry.corrects)),))
    # A mark that a user has changed since stays; the new decision may then conflict with it like any other.
    return Correction(take_back=True, undo=target.wrote and target.stands)


def _cannot_correct(entry: Entry, target: VoidTarget) -> str | None:
    if target.pupil != entry.pupil:
        return "another pupil"
    if not target.same_kiosk:
        return "another kiosk"
    if target.taken_back:
        return "taken back before"
    return None
