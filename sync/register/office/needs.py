"""The Needs the office page as data: what waits, with both sides of it, and what may be decided."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from kiosk.attendance.codes import MEANING
from kiosk.attendance.explain import for_office
from kiosk.attendance.policy import Policy
from sync.register import policies
from sync.register.marks import Place, current_mark, written_by
from sync.register.office import words
from sync.register.office.options import Option, options
from sync.register.office.today import notice
from sync.register.office.work import open_items, things
from sync.register.replay import NotReproducibleError, decide_again
from sync.register.storage.models import EntryRow, KioskRow, MarkChangeRow, PupilRow, WorkItemRow, WorkKind
from sync.wire import Entry, Trust

TITLES = {
    WorkKind.CONFLICT: "The register already says something else",
    WorkKind.NEEDS_OFFICE: "The school decides the mark",
    WorkKind.UNKNOWN_PUPIL: "Nobody on the roll",
    WorkKind.CLOCK: "The time is not certain",
    WorkKind.GAP: "Entries are missing",
    WorkKind.REUSED_ID: "An entry came twice, and not alike",
    WorkKind.VOID: "A sign-in was taken back",
    WorkKind.EPOCH: "A kiosk's numbering went back",
    WorkKind.ROSTER: "Far fewer pupils than before",
    WorkKind.BACK: "Signed out, and seen by the office",
}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A person's answer to whose register is meant, where it is not the entry's own; and what else they had
    typed when it could not be carried out."""

    pupil: str | None = None
    date: dt.date | None = None
    session: str | None = None
    reason: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to decide. Times are at the school."""

    id: int
    """Of its first work item."""
    title: str
    who: str
    when: str
    why: list[str]
    kiosk_says: str
    register_says: str
    options: list[Option] = field(default_factory=list)
    set_id: int | None = None
    """The item for which another code may be chosen."""
    pupil: str | None = None
    """Chosen so far, where nobody on the roll was named."""
    asks_pupil: bool = False
    asks_when: bool = False
    date: str = ""
    session: str = ""
    seen: str = ""
    """The code in the register that is shown; empty: none."""
    reason: str = ""
    """Typed before, with something that could not be carried out."""
    code: str = ""
    """Chosen before, likewise."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Something that was decided today."""

    at: str
    title: str
    who: str
    by: str
    what: str


def questions(
    session: Session, school: str, *, zone: ZoneInfo, elsewhere: dict[int, Elsewhere] | None = None
) -> list[Question]:
    """Everything that waits, the oldest first.

    Args:
        session: a session that reads.
        school: the school's id.
        zone: its time zone.
        elsewhere: by a question's id, another register that somebody has chosen for it.
    """
    chosen = elsewhere or {}
    return [
        _question(session, items, zone, chosen.get(items[0].id, Elsewhere()))
        for items in things(open_items(session, school))
    ]


def _question(session: Session, items: list[WorkItemRow], zone: ZoneInfo, chosen: Elsewhere) -> Question:
    first = items[0]
    kinds = {WorkKind(item.kind) for item in items}
    kiosk = session.get(KioskRow, first.kiosk_id) if first.kiosk_id else None
    name = kiosk.name if kiosk else "A kiosk"
    entry = session.get(EntryRow, first.entry_id) if first.entry_id else None
    titles = "; ".join(TITLES[kind] for kind in WorkKind if kind in kinds)
    if entry is None or WorkKind.REUSED_ID in kinds:
        opened = _moment(first.opened_at, zone)
        why = [notice(first, name)]
        can = options(items, entry, None, None)
        who = "All kiosks" if WorkKind.ROSTER in kinds else name
        return Question(first.id, titles, who, opened, why, "", "", can, reason=chosen.reason)
    place, before = _place(session, items, entry, chosen, zone)
    stands = current_mark(session, place) if place else None
    code = stands.code if stands else None
    return Question(
        id=first.id,
        title=titles,
        who=named(session, entry),
        when=_when(entry, kinds, zone, name),
        why=[explained(session, entry, zone), *_doubts(entry, items, zone)],
        kiosk_says=_kiosk_says(entry),
        register_says=_register_says(session, place, code, zone),
        options=options(items, entry, code, before),
        set_id=_settable(items, before_known=before is not None or WorkKind.VOID not in kinds),
        pupil=chosen.pupil,
        asks_pupil=WorkKind.UNKNOWN_PUPIL in kinds,
        asks_when=WorkKind.CLOCK in kinds or (entry.session is None and WorkKind.VOID not in kinds),
        date=place.date.isoformat() if place else entry.date.isoformat(),
        session=place.session if place else "",
        seen=code or "",
        reason=chosen.reason,
        code=chosen.code,
    )


def _when(entry: EntryRow, kinds: set[WorkKind], zone: ZoneInfo, kiosk: str) -> str:
    if WorkKind.CLOCK in kinds:  # the kiosk's own time is what is in doubt
        return f"received {_moment(entry.received_at, zone)}, from {kiosk}"
    return f"{_moment(entry.at, zone)}, at {kiosk}"


def named(session: Session, entry: EntryRow) -> str:
    """The pupil in full: whoever decides must know who it is."""
    pupil = session.get(PupilRow, (entry.school_id, entry.pupil))
    if pupil is None:
        return "Not on the roll"
    return f"{pupil.preferred or pupil.first} {pupil.last}, {pupil.form}"


def explained(session: Session, entry: EntryRow, zone: ZoneInfo) -> str:
    """Why the kiosk decided as it did, by its own version of the policy; plain words where that is lost."""
    sent = Entry.model_validate_json(entry.raw)
    body = policies.body_of(session, entry.school_id, sent.decision.policy_version)
    if body is not None:
        try:
            return for_office(decide_again(sent, Policy.model_validate(body), zone))
        except (NotReproducibleError, ValidationError):
            pass  # an entry from before kiosks said what they had decided from: the plain words are true too
    if sent.clock.trust is Trust.UNKNOWN:
        return "The kiosk's clock could not be trusted: the time is for the office."
    did = "Signed out" if entry.kind == "departure" else "Signed in"
    paragraph = f" ({sent.decision.paragraph})" if sent.decision.paragraph else ""
    return f"{did} at {entry.at.astimezone(zone):%H:%M:%S}{paragraph}."


def _doubts(entry: EntryRow, items: list[WorkItemRow], zone: ZoneInfo) -> list[str]:
    said = []
    for item in items:
        if item.kind == WorkKind.CLOCK:
            said.append(f"The kiosk's clock said {_moment(entry.at, zone)} {entry.at.astimezone(zone).year}.")
            if item.detail.get("why") == "ahead":
                said.append(
                    "That was still to come when it was received: is that clock right, or the register's?"
                )
        elif item.kind == WorkKind.VOID:
            said.append("It takes back an earlier sign-in whose mark has changed or is not known.")
        elif item.kind == WorkKind.UNKNOWN_PUPIL:
            said.append("The kiosk's roll had this pupil, and the register's has not.")
    return said


def _kiosk_says(entry: EntryRow) -> str:
    code = entry.code or "no mark"
    late = f", {entry.minutes_late} min late" if entry.minutes_late is not None else ""
    reason = words.reason(entry.reason, entry.outcome, entry.code)
    return f"{code}{late}" + (f" · {reason}" if reason != words.NOTHING else "")


def _place(
    session: Session, items: list[WorkItemRow], entry: EntryRow, chosen: Elsewhere, zone: ZoneInfo
) -> tuple[Place | None, str | None]:
    """Whose mark in which register is meant; and of a void, the mark from before it (empty: none)."""
    for item in items:
        if item.kind == WorkKind.VOID:
            target = item.detail.get("voids") or item.detail.get("corrects")
            written = written_by(session, [uuid.UUID(target)]) if target else {}
            for place, before, _ in written.values():
                return place, before.code if before else ""
            return None, None
    # The same as in resolving: after a missed morning it is the morning that nobody has explained.
    own = "AM" if entry.outcome == "missed_session" else entry.session
    half = chosen.session or own
    doubted = any(item.kind == WorkKind.CLOCK for item in items)
    day = entry.received_at.astimezone(zone).date() if doubted else entry.date
    unknown = any(item.kind == WorkKind.UNKNOWN_PUPIL for item in items)
    pupil = chosen.pupil or (None if unknown else entry.pupil)
    if pupil is None or half is None:
        return None, None
    return Place(entry.school_id, pupil, chosen.date or day, half), None


def _register_says(session: Session, place: Place | None, code: str | None, zone: ZoneInfo) -> str:
    if place is None:
        return "not known which register is meant"
    where = f"{words.long_date(place.date)}, {place.session}"
    latest = select(MarkChangeRow).where(
        MarkChangeRow.school_id == place.school,
        MarkChangeRow.pupil == place.pupil,
        MarkChangeRow.date == place.date,
        MarkChangeRow.session == place.session,
    )
    change = session.scalars(latest.order_by(MarkChangeRow.id.desc()).limit(1)).first()
    says = f"{code}, {MEANING[code].value}" if code else "empty"
    by = f" · {change.name} ({change.position}), {_moment(change.at, zone)}" if change else ""
    return f"{says} · {where}{by}"


def _settable(items: list[WorkItemRow], *, before_known: bool) -> int | None:
    for item in items:
        if item.kind in (WorkKind.CONFLICT, WorkKind.NEEDS_OFFICE, WorkKind.CLOCK, WorkKind.VOID):
            unknown = any(other.kind == WorkKind.UNKNOWN_PUPIL for other in items)
            return None if unknown or not before_known else item.id
    return None


def decided(session: Session, school: str, *, since: dt.datetime, zone: ZoneInfo) -> list[Decided]:
    """What has been decided since then, the newest first; what settled with it is not told again."""
    query = select(WorkItemRow).where(WorkItemRow.school_id == school, WorkItemRow.resolved_at >= since)
    return [
        _decided(session, item, zone)
        for item in session.scalars(query.order_by(WorkItemRow.resolved_at.desc(), WorkItemRow.id.desc()))
        if not (item.decision and "with" in item.decision)
    ]


def _decided(session: Session, item: WorkItemRow, zone: ZoneInfo) -> Decided:
    entry = session.get(EntryRow, item.entry_id) if item.entry_id else None
    kiosk = session.get(KioskRow, item.kiosk_id) if item.kiosk_id else None
    at = item.resolved_at.astimezone(zone) if item.resolved_at else None
    by = item.resolved_by or "the register"
    return Decided(
        at=f"{at:%H:%M}" if at else "",
        title=TITLES[WorkKind(item.kind)],
        who=named(session, entry) if entry else kiosk.name if kiosk else "A kiosk",
        by=f"{by} ({item.resolved_position})" if item.resolved_position else by,
        what=words.decided(item.decision, item.resolution),
    )


def _moment(instant: dt.datetime, zone: ZoneInfo) -> str:
    at = instant.astimezone(zone)
    return f"{words.long_date(at.date())}, {at:%H:%M:%S}"
