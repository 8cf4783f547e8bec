"""What the register makes of an entry: pure decisions, so that the same entry always meets the same fate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from attendance.codes import MEANING, kiosk_may_replace
from sync.register.departures.collectors import PupilContact, compare
from sync.register.storage.attendance import WorkKind
from sync.register.storage.work_items import (
    LEAVES_ENTRY_CERTAIN,
    BarredCollector,
    Conflict,
    SchoolDecides,
    UncertainTime,
    UncertainVoid,
    UnknownPupil,
    WorkItem,
)
from sync.wire import Entry, EntryStatus, Kind, Trust

MOST_AHEAD = timedelta(minutes=10)
"""How far a trusted time may lie ahead of the register's own: two clocks that are kept right differ by
seconds, and an entry is always older than its arrival."""


@dataclass(frozen=True, slots=True)
class NewMark:
    """A mark to be written."""

    code: str
    minutes_late: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an entry: its status, the mark it writes if any, and what the office must see."""

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
        """Whether the time can be relied on."""
        return all(item.kind is not WorkKind.CLOCK for item in self.work)


def refusal(entry: Entry) -> Verdict | None:
    """Why an entry cannot be kept at all, whatever the register has; None where it can."""
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
    doubts: tuple[WorkItem, ...] = (),
) -> Verdict:
    """The verdict on an arrival, a departure or a return that is not refused.

    Args:
        entry: as the kiosk sent it.
        current: the code in the register for that pupil and session; None where the mark is empty.
        pupil_known: the pupil is on the school's roll.
        date_right: the entry's `date` is the date of its `at` in the school's time zone.
        now: the register's own time.
        doubts: what else keeps its mark from being written.
    """
    code = entry.decision.code
    work: list[WorkItem] = [*doubts, *_doubts(entry, now, pupil_known=pupil_known, date_right=date_right)]
    mark = None
    if code is not None and not work and code != current:
        if kiosk_may_replace(current):
            mark = NewMark(code, entry.decision.minutes_late)
        else:
            work.append(Conflict(has=current, kiosk=code))
    if entry.decision.needs_office:
        work.append(SchoolDecides(suggested=entry.decision.suggested))
    return _verdict(mark, work)


def collected(entry: Entry, contacts: Sequence[PupilContact], *, by_office: bool) -> BarredCollector | None:
    """What the office must see of who took the pupil away; None where the family's word is not against it.

    It is no part of the verdict, which a kiosk is told.

    Args:
        entry: as the kiosk sent it.
        contacts: all of the pupil's, those who may not collect too.
        by_office: the office has released the pupil to this person itself, and has compared the names then.
    """
    detail = entry.departure
    if entry.kind is not Kind.DEPARTURE or detail is None or by_office:
        return None
    verdict = compare(detail.collector, contacts)
    if not verdict.barred or verdict.contact is None:
        return None
    contact = verdict.contact
    # With who it was: a contact may have been changed by the time that somebody reads this.
    return BarredCollector(match=verdict.match.value, name=contact.name, relationship=contact.relationship)


def _doubts(entry: Entry, now: datetime, *, pupil_known: bool, date_right: bool) -> list[WorkItem]:
    """What keeps a mark from being written whatever the register has: nobody to write it for, or no time."""
    code = entry.decision.code
    doubts: list[WorkItem] = []
    if not pupil_known:
        doubts.append(UnknownPupil(pupil=entry.pupil))
    if entry.clock.trust is Trust.UNKNOWN:
        doubts.append(UncertainTime(why="not trusted", code=code))
    elif entry.at > now + MOST_AHEAD:
        doubts.append(UncertainTime(why="ahead", code=code))
    elif not date_right:
        doubts.append(UncertainTime(why="date", code=code))
    return doubts


def _verdict(mark: NewMark | None, work: list[WorkItem]) -> Verdict:
    if not work:
        return Verdict(EntryStatus.ACCEPTED, mark=mark)
    return Verdict(EntryStatus.REVIEW, "; ".join(item.kind.value for item in work), mark, tuple(work))


@dataclass(frozen=True, slots=True)
class Voided:
    """What the register knows of the entry that a void takes back."""

    pupil: str
    taken_back: bool
    wrote: bool
    """It wrote a mark when it came."""
    stands: bool
    """That mark is still the one in the register, as the entry wrote it, and no person has upheld it."""
    another: bool = False
    """Another entry's mark stands there now."""
    same_kiosk: bool = True
    """The kiosk that sends made it too."""


@dataclass(frozen=True, slots=True)
class VoidVerdict:
    """What becomes of a void; `undo`: set the mark back to what it is without the voided entry."""

    verdict: Verdict
    undo: bool = False
    take_back: bool = False
    """The voided entry counts no more, and what it asked of the office is settled."""


def take_void(entry: Entry, target: Voided | None) -> VoidVerdict:
    """The verdict on a void that is not refused. What a person has put into the register since is never
    undone by a kiosk.

    Args:
        entry: the void.
        target: the entry that it names, or None where this school has no such entry.
    """
    why = _cannot_void(entry, target)
    if why is not None:
        return VoidVerdict(_verdict(None, [UncertainVoid(why=why, voids=str(entry.voids))]))
    undo = target is not None and target.wrote and target.stands
    return VoidVerdict(Verdict(EntryStatus.ACCEPTED), undo=undo, take_back=True)


def _cannot_void(entry: Entry, target: Voided | None) -> str | None:
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
    """What a correction does to the entry that it corrects, before it is decided by itself."""

    take_back: bool = False
    """The corrected entry counts no more, and what it asked of the office is settled."""
    undo: bool = False
    """Set the mark back to what it is without the corrected entry."""
    doubts: tuple[WorkItem, ...] = ()


def take_correction(entry: Entry, target: Voided | None) -> Correction:
    """What to do about the entry whose true instant this one is.

    Args:
        entry: the correction.
        target: the entry that it corrects, or None where this school has no such entry: that one was
            rejected, or has not arrived yet and will be kept as corrected when it does.
    """
    if target is None:
        return Correction()
    why = _cannot_correct(entry, target)
    if why is not None:
        return Correction(doubts=(UncertainVoid(why=why, corrects=str(entry.corrects)),))
    # A mark that a person has changed since stays, and the new decision meets it as any other would.
    return Correction(take_back=True, undo=target.wrote and target.stands)


def _cannot_correct(entry: Entry, target: Voided) -> str | None:
    if target.pupil != entry.pupil:
        return "another pupil"
    if not target.same_kiosk:
        return "another kiosk"
    if target.taken_back:
        return "taken back before"
    return None
