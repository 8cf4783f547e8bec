"""The visits in the list on the Today page: who, when, and where the mark of each is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.office import words
from sync.register.storage.models import EntryRow, MarkRow, PupilRow, WorkItemRow, WorkKind


@dataclass(frozen=True, slots=True)
class Row:
    """One visit. Times are at the school."""

    time: str
    time_certain: bool
    day: str | None
    """`for Monday 23 November`, where the visit was not today."""
    name: str
    form: str
    code: str
    tone: str
    """The chip's colours: late, closed, info or plain."""
    lateness: str
    reason: str
    state: str
    state_tone: str


def rows(
    session: Session,
    school: str,
    entries: Sequence[EntryRow],
    items: Sequence[WorkItemRow],
    *,
    now: datetime,
) -> list[Row]:
    """A row for each entry, in the same order.

    Args:
        session: a session that reads.
        school: the school's id.
        entries: arrivals, returns and departures.
        items: what is open for the office.
        now: the instant, with the school's zone.
    """
    known = {entry.pupil for entry in entries}
    pupils = {
        pupil.id: pupil
        for pupil in session.scalars(
            select(PupilRow).where(PupilRow.school_id == school, PupilRow.id.in_(known))
        )
    }
    dates = {entry.date for entry in entries}
    marks = {
        (mark.pupil, mark.date, mark.session): mark.code
        for mark in session.scalars(
            select(MarkRow).where(
                MarkRow.school_id == school, MarkRow.date.in_(dates), MarkRow.pupil.in_(known)
            )
        )
    }
    asked = defaultdict(list)
    for item in items:
        asked[item.entry_id].append(item)
    return [
        _row(
            entry,
            pupils.get(entry.pupil),
            marks.get((entry.pupil, entry.date, entry.session or "")),
            asked[entry.id],
            now,
        )
        for entry in entries
    ]


def _row(
    entry: EntryRow, pupil: PupilRow | None, standing: str | None, asked: list[WorkItemRow], now: datetime
) -> Row:
    state, state_tone = _state(entry, standing, asked)
    certain = not any(item.kind == WorkKind.CLOCK for item in asked)
    at = (entry.at if certain else entry.received_at).astimezone(now.tzinfo)
    day = entry.date if certain else at.date()
    return Row(
        time=f"{at:%H:%M:%S}",
        time_certain=certain,
        day=None if day == now.date() else f"for {words.long_date(day)}",
        name=_name(pupil) if pupil else "Not on the roll",
        form=pupil.form if pupil else words.NOTHING,
        code=entry.code or words.NOTHING,
        tone={"L": "late", "U": "closed"}.get(entry.code or "", "info"),
        lateness=words.lateness(entry.kind, entry.outcome, entry.minutes_late),
        reason=words.reason(entry.reason, entry.outcome, entry.code),
        state=state,
        state_tone=state_tone,
    )


def _name(pupil: PupilRow) -> str:
    """As much of a name as a screen in an office full of visitors should show."""
    return f"{pupil.preferred or pupil.first} {pupil.last[:1]}."


def _state(entry: EntryRow, standing: str | None, asked: list[WorkItemRow]) -> tuple[str, str]:
    """Where the visit's mark is, in words, and the chip's colours."""
    if entry.taken_back:
        return "taken back", "plain"
    for item in asked:
        return _asked(item, entry), "closed"
    if entry.code is None:
        return "no mark needed", "info"
    if standing == entry.code:
        return "in the register", "ok"
    return ("register now empty" if standing is None else f"register now says {standing}"), "info"


def _asked(item: WorkItemRow, entry: EntryRow) -> str:
    if item.kind == WorkKind.CONFLICT:
        return f"register already says {item.detail['has']}"
    why = {
        WorkKind.NEEDS_OFFICE: words.decision(entry.outcome, entry.code, entry.suggested),
        WorkKind.UNKNOWN_PUPIL: "who is it?",
        WorkKind.CLOCK: "time not certain",
    }
    return f"needs the office: {why[WorkKind(item.kind)]}"
