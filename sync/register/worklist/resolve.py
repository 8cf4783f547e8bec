"""Resolve work items: the choices that each kind allows, and carrying a decision out exactly once."""

import datetime as dt
import uuid
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Literal, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from attendance.codes import LATE_CODES, MEANING
from attendance.rule import unexplained_session
from sync.register import audit
from sync.register.actor import Actor
from sync.register.errors import AlreadyResolvedError, FutureDayError, ResolutionError, UnknownItemError
from sync.register.marks.marks import ANY_MARK, Mark, Place, amend_mark, current_mark, written_by
from sync.register.schools import roster_size
from sync.register.storage.locks import lock_pupils
from sync.register.storage.models import ABOUT_COLLECTOR, EntryRow, PupilRow, WorkItemRow, WorkKind
from sync.register.storage.work_items import SmallerRoster, UncertainVoid, read_item
from sync.register.worklist.unlisted import mark_by_rule
from sync.wire import UNLISTED_PREFIX


class Choice(StrEnum):
    """A user's choice for a work item."""

    KEEP = "keep"
    """Keep the current mark."""
    TAKE = "take"
    """Take over the kiosk's mark: its code (conflict, doubtful clock), its suggestion (a decision for the
    school), or the mark from before the voided entry (void)."""
    SET = "set"
    """Set another code, or `None` for an empty mark."""
    ASSIGN = "assign"
    """Assign the entry to a pupil: their mark becomes the entry's code, or the code that is given."""
    DISMISS = "dismiss"
    """The entry is of no pupil: it writes no mark."""
    NOTED = "noted"
    """Acknowledge the item; nothing changes."""
    AGREE = "agree"
    """The smaller roster is correct: kiosks take it over."""
    DISAGREE = "disagree"
    """The smaller roster is wrong: kiosks keep theirs until there is another."""
    RANG = "rang"
    """The family was rung; the reason is what they said."""


CHANGES_NO_MARK = (Choice.KEEP, Choice.NOTED, Choice.DISMISS, Choice.AGREE, Choice.DISAGREE, Choice.RANG)

POSSIBLE: dict[WorkKind, tuple[Choice, ...]] = {
    WorkKind.CONFLICT: (Choice.KEEP, Choice.TAKE, Choice.SET),
    WorkKind.NEEDS_OFFICE: (Choice.KEEP, Choice.TAKE, Choice.SET),
    WorkKind.CLOCK: (Choice.KEEP, Choice.TAKE, Choice.SET),
    WorkKind.VOID: (Choice.KEEP, Choice.TAKE, Choice.SET),
    WorkKind.UNKNOWN_PUPIL: (Choice.ASSIGN, Choice.NOTED),
    WorkKind.UNLISTED: (Choice.ASSIGN, Choice.DISMISS),
    WorkKind.GAP: (Choice.NOTED,),
    WorkKind.REUSED_ID: (Choice.NOTED,),
    WorkKind.REJECTED: (Choice.NOTED,),
    WorkKind.UNSENT: (Choice.NOTED,),
    WorkKind.EPOCH: (Choice.NOTED,),
    WorkKind.CLOCKS: (Choice.NOTED,),
    WorkKind.DAMAGED: (Choice.NOTED,),
    WorkKind.ROSTER: (Choice.AGREE, Choice.DISAGREE),
    WorkKind.BACK: (Choice.NOTED,),
    WorkKind.COLLECTOR: (Choice.RANG,),
    WorkKind.UNRELEASED: (Choice.KEEP, Choice.TAKE, Choice.SET),
    WorkKind.PIN_RELEASE: (Choice.NOTED, Choice.RANG),
    WorkKind.PLAN: (),  # settled on the pupil's page, where the plan is confirmed or ended
    WorkKind.PLAN_REVIEW: (Choice.NOTED,),
}
"""The choices that each kind of work item allows."""

NAMES_NO_PUPIL = frozenset({WorkKind.UNKNOWN_PUPIL, WorkKind.UNLISTED})
"""The kinds whose entry names no pupil of the roll, until the office chooses one."""


@dataclass(frozen=True, slots=True)
class OfficeDecision:
    """A user's decision about a work item.

    `code` and `minutes_late` are the new mark's: required for SET, optional for ASSIGN. `pupil` is for
    ASSIGN. `date` and `session` name another register than the entry's, when its clock had the wrong day.
    `seen` is the code that the user was shown, `None` for an empty mark; by default any.
    """

    choice: Choice
    code: str | None = None
    minutes_late: int | None = None
    pupil: str | None = None
    date: dt.date | None = None
    session: Literal["AM", "PM"] | None = None
    seen: object = ANY_MARK


@dataclass(frozen=True, slots=True)
class _Authorship:
    """Who made a decision, why and when."""

    actor: Actor
    reason: str
    now: dt.datetime


def resolve(
    session: Session,
    item_id: int,
    decision: OfficeDecision,
    actor: Actor,
    *,
    reason: str,
    now: dt.datetime,
) -> None:
    """Resolve a work item, once. The other items of its entry are settled with it, except one about a
    collector, which has its own decision.

    Args:
        session: a session that writes.
        item_id: the item's id.
        decision: the user's decision.
        actor: the user; the item keeps their name and position.
        reason: why, in the user's words; kept with every mark that changes.
        now: the instant, UTC.

    Raises:
        UnknownItemError: the user's school has no such item.
        AlreadyResolvedError: another user has resolved the item.
        ResolutionError: the item does not allow this decision, or the reason is empty.
        MarkConflictError: the current mark is not the one that the user was shown.
    """
    item = session.get(WorkItemRow, item_id, populate_existing=True)
    if item is None or item.school_id != actor.school:
        raise UnknownItemError(f"there is no work item {item_id} here")
    entry = session.get(EntryRow, item.entry_id) if item.entry_id else None
    lock_pupils(session, actor.school, {name for name in (entry and entry.pupil, decision.pupil) if name})
    with session.begin_nested():  # a caller that catches an error and commits leaves the item open
        author = _Authorship(actor, reason.strip(), now)
        kinds = _claim(session, item, decision, author)
        _check(item, entry, kinds, decision, author.reason)
        if entry is not None and decision.choice not in CHANGES_NO_MARK:
            _change_mark(session, item, entry, decision, author)
        if decision.choice is Choice.AGREE:
            numbers = read_item(item)
            assert isinstance(numbers, SmallerRoster), item.kind  # noqa: S101  the choice is this kind's alone
            roster_size.agree(session, item.school_id, numbers.pupils)
    audit.note(
        session,
        actor,
        audit.Action.RESOLUTION,
        now=now,
        subject=decision.pupil or (entry.pupil if entry else None),
        item=item.id,
        kind=item.kind,
        choice=decision.choice.value,
    )


def _claim(session: Session, item: WorkItemRow, decision: OfficeDecision, author: _Authorship) -> set[str]:
    """Write the resolution unless there is one; returns the kinds of all items that it settles."""
    resolution = {
        "resolved_at": author.now,
        "resolution": f"{decision.choice.value}: {author.reason}",
        "resolved_by": author.actor.name,
        "resolved_position": author.actor.position,
    }
    is_open = WorkItemRow.resolved_at.is_(None)
    this = update(WorkItemRow).where(WorkItemRow.id == item.id, is_open)
    claimed = session.execute(this.values(**resolution, decision=_as_json(decision)))
    session.refresh(item)
    if cast("CursorResult[Any]", claimed).rowcount == 0:
        raise AlreadyResolvedError(item.resolved_by or "a kiosk", item.resolved_at or author.now)
    if item.entry_id is None or item.kind in ABOUT_COLLECTOR:
        return {item.kind}
    others = (WorkItemRow.entry_id == item.entry_id, WorkItemRow.kind.not_in(ABOUT_COLLECTOR), is_open)
    kinds = set(session.scalars(select(WorkItemRow.kind).where(*others)))
    session.execute(update(WorkItemRow).where(*others).values(**resolution, decision={"with": item.id}))
    return {item.kind, *kinds}


def _check(
    item: WorkItemRow, entry: EntryRow | None, kinds: set[str], decision: OfficeDecision, reason: str
) -> None:
    if not reason.strip():
        raise ResolutionError("a reason is needed: it is kept with the decision")
    possible = POSSIBLE[WorkKind(item.kind)]
    for kind in NAMES_NO_PUPIL.intersection(kinds):  # before anything else, the pupil must be known
        possible = POSSIBLE[kind]
    if decision.choice not in possible:
        words = ", ".join(choice.value for choice in possible)
        raise ResolutionError(f"this item does not allow that decision; it allows: {words}")
    if decision.code is not None and decision.code not in MEANING:
        raise ResolutionError(
            f"{decision.code!r} is not an attendance code; the codes are {' '.join(MEANING)}"
        )
    if decision.choice is Choice.ASSIGN and decision.pupil is None:
        raise ResolutionError("choose the pupil")
    if entry is None and decision.choice not in CHANGES_NO_MARK:
        raise ResolutionError("this item has no entry to take a mark from")


def _change_mark(
    session: Session, item: WorkItemRow, entry: EntryRow, decision: OfficeDecision, author: _Authorship
) -> None:
    place, mark = _target(session, item, entry, decision)
    if current_mark(session, place) == mark:
        return
    try:
        amend_mark(
            session,
            place,
            mark.code if mark else None,
            at=author.now,
            reason=author.reason,
            actor=author.actor,
            minutes_late=mark.minutes_late if mark else None,
            seen=decision.seen,
        )
    except FutureDayError as error:
        raise ResolutionError(str(error)) from error


def _target(
    session: Session, item: WorkItemRow, entry: EntryRow, decision: OfficeDecision
) -> tuple[Place, Mark | None]:
    """The place of the mark that the decision changes, and its new content."""
    if decision.choice is Choice.ASSIGN:
        return _assigned(session, entry, decision)
    if item.kind == WorkKind.VOID:
        return _unvoided(session, item, decision)
    place = _place(entry, decision)
    if decision.choice is Choice.SET:
        return place, _mark(decision.code, _minutes(entry, place, decision.code, decision))
    if item.kind == WorkKind.NEEDS_OFFICE:
        if entry.suggested is None:
            raise ResolutionError("nothing was suggested for this; choose a code")
        return place, Mark(entry.suggested, _minutes(entry, place, entry.suggested, decision))
    if entry.code is None:
        raise ResolutionError("the kiosk sent no code for this; choose one")
    return place, Mark(entry.code, entry.minutes_late)


def _assigned(session: Session, entry: EntryRow, decision: OfficeDecision) -> tuple[Place, Mark | None]:
    pupil = session.get(PupilRow, (entry.school_id, decision.pupil))
    if pupil is None:
        raise ResolutionError("there is no such pupil on the roll")
    if decision.code is None and entry.pupil.startswith(UNLISTED_PREFIX):
        return mark_by_rule(session, entry, pupil)
    place = replace(_place(entry, decision), pupil=str(decision.pupil))
    if decision.code is not None:
        return place, Mark(decision.code, _minutes(entry, place, decision.code, decision))
    if entry.code is None:  # for example on time: the pupil is known now, and no mark is needed
        return place, current_mark(session, place)
    return place, Mark(entry.code, entry.minutes_late)


def _unvoided(session: Session, item: WorkItemRow, decision: OfficeDecision) -> tuple[Place, Mark | None]:
    """The place and new mark for a void that could not be carried out: those of the entry that it names."""
    void = read_item(item)
    target = void.target if isinstance(void, UncertainVoid) else None
    written = written_by(session, [uuid.UUID(target)]).get(uuid.UUID(target)) if target else None
    if written is None or written[0].school != item.school_id:
        raise ResolutionError("that entry wrote no mark, so there is none to set back; keep the current mark")
    place, before, _ = written
    if decision.choice is Choice.SET:
        return place, _mark(decision.code, decision.minutes_late)
    return place, before


def _place(entry: EntryRow, decision: OfficeDecision) -> Place:
    session = decision.session or unexplained_session(entry.outcome, entry.session)
    if session is None:
        raise ResolutionError("choose the session's register, AM or PM")
    return Place(entry.school_id, entry.pupil, decision.date or entry.date, session)


def _mark(code: str | None, minutes_late: int | None) -> Mark | None:
    return None if code is None else Mark(code, minutes_late)


def _minutes(entry: EntryRow, place: Place, code: str | None, decision: OfficeDecision) -> int | None:
    """Minutes late for L or U: the user's, or else the kiosk's if they are for the same session."""
    if code not in LATE_CODES or decision.minutes_late is not None:
        return decision.minutes_late
    return entry.minutes_late if (place.date, place.session) == (entry.date, entry.session) else None


def _as_json(decision: OfficeDecision) -> dict[str, Any]:
    values = asdict(decision)
    if decision.seen is ANY_MARK:
        del values["seen"]
    values["choice"] = decision.choice.value
    values["date"] = decision.date.isoformat() if decision.date else None
    return values
