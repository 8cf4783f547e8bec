"""One entry: what the kiosk sent, what the rule decided, and the mark with its history."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance.codes import MEANING
from attendance.rule import Outcome, unexplained_session
from sync.register.departures.collectors import PupilContact
from sync.register.departures.contacts import contacts_of
from sync.register.entries.replay import replay
from sync.register.errors import NotReproducibleError
from sync.register.marks.amend import history, revision
from sync.register.marks.marks import Place, current_mark
from sync.register.office.views import wording
from sync.register.office.views.needs import explained, named
from sync.register.office.views.needs_lookup import PolicyVersions
from sync.register.office.views.pupils_out import collected_by, doubt_about
from sync.register.storage.models import EntryRow, KioskRow, MarkChangeRow, PupilRow, WorkItemRow
from sync.wire import Entry

KINDS = {
    "arrival": "Signed in",
    "return": "Signed in again",
    "departure": "Signed out",
    "void": "Undid an entry",
}
OUTCOMES: dict[str, str] = {
    Outcome.ON_TIME: "on time",
    Outcome.LATE: "late",
    Outcome.AFTER_CLOSE: "after the register closed",
    Outcome.EXCUSED: "within an agreed absence",
    Outcome.REVIEW: "needs a decision",
    Outcome.MISSED_SESSION: "arrived after the morning session",
    Outcome.CLOSED: "no session",
    Outcome.NO_EFFECT: "no effect on a mark",
    Outcome.BACK_LATE: "decided when the pupil returns",
    Outcome.ABSENT_PM: "absent when the afternoon register is taken",
    "void": "undoes another entry",
}
EVIDENCE_NONE = "none"


@dataclass(frozen=True, slots=True)
class EntryFact:
    """One line of an entry's details."""

    name: str
    says: str
    tone: str | None = None
    """The chip's colour for a warning: late, closed."""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change of a mark. Times are at the school."""

    instant: datetime
    original: str
    amended: str
    reason: str
    by: str

    @property
    def at(self) -> str:
        """When, in words."""
        return _in_words(self.instant)


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark with its history, and what the form to amend it needs."""

    pupil: str
    who: str
    date: str
    session: str
    register: str
    """`Tuesday 24 November 2026, AM`."""
    code: str
    """Empty: none."""
    minutes_late: int | None
    says: str
    revision: int
    on_roll: bool
    history: list[ChangeView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry. Times are at the school."""

    id: uuid.UUID
    pupil: str
    who: str
    title: str
    told: str
    received: list[EntryFact]
    decided: list[EntryFact]
    mark: MarkView | None
    taken_back: bool
    waits: bool
    """It still needs a decision."""


def entry_view(session: Session, entry: EntryRow, zone: ZoneInfo) -> EntryView:
    """An entry with all its details."""
    sent = Entry.model_validate_json(entry.raw)
    waits = select(WorkItemRow.id).where(WorkItemRow.entry_id == entry.id, WorkItemRow.resolved_at.is_(None))
    place = place_of(entry)
    return EntryView(
        id=entry.id,
        pupil=entry.pupil,
        who=named(session, entry),
        title=f"{KINDS.get(entry.kind, entry.kind)} at {moment(entry.at, zone)}",
        told=explained(entry, PolicyVersions(session, entry.school_id), zone),
        received=_received(session, entry, sent, zone),
        decided=_decided(session, entry, sent),
        mark=mark_view(session, place, zone) if place else None,
        taken_back=entry.taken_back,
        waits=session.scalars(waits.limit(1)).first() is not None,
    )


def place_of(entry: EntryRow) -> Place | None:
    """The pupil and register of the entry's mark; `None` when it has no mark."""
    half = unexplained_session(entry.outcome, entry.session)
    return Place(entry.school_id, entry.pupil, entry.date, half) if half else None


def mark_view(session: Session, place: Place, zone: ZoneInfo) -> MarkView:
    """The current mark, with every change to it."""
    standing = current_mark(session, place)
    pupil = session.get(PupilRow, (place.school, place.pupil))
    return MarkView(
        pupil=place.pupil,
        who=f"{pupil.preferred or pupil.first} {pupil.last}, {pupil.form}" if pupil else "Not on the roll",
        date=place.date.isoformat(),
        session=place.session,
        register=f"{wording.long_date(place.date)} {place.date.year}, {place.session}",
        code=standing.code if standing else "",
        minutes_late=standing.minutes_late if standing else None,
        says=f"{standing.code}, {MEANING[standing.code].value}" if standing else wording.NO_MARK,
        revision=revision(session, place),
        on_roll=pupil is not None,
        history=[change_view(change, zone) for change in history(session, place)],
    )


def change_view(change: MarkChangeRow, zone: ZoneInfo) -> ChangeView:
    """A change in words."""
    return ChangeView(
        instant=change.at.astimezone(zone),
        original=content(change.original),
        amended=content(change.amended),
        reason=change.reason,
        by=f"{change.name} ({change.position})",
    )


def content(mark: dict[str, object] | None) -> str:
    """A mark as a change records it: `L, 22 min`, or `No mark`."""
    if mark is None:
        return wording.NO_MARK
    minutes = mark["minutes_late"]
    return str(mark["code"]) if minutes is None else f"{mark['code']}, {minutes} min"


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """`Tuesday 24 November 2026, 09:07:42`."""
    return _in_words(instant.astimezone(zone))


def _in_words(at: datetime) -> str:
    return f"{wording.long_date(at.date())} {at.year}, {at:%H:%M:%S}"


def _received(session: Session, entry: EntryRow, sent: Entry, zone: ZoneInfo) -> list[EntryFact]:
    kiosk = session.get(KioskRow, entry.kiosk_id)
    facts = [
        EntryFact("First touch or scan", moment(entry.at, zone)),
        EntryFact("Kiosk", f"{kiosk.name if kiosk else 'unknown'}, its entry {entry.seq}"),
        EntryFact("Kiosk's clock", wording.CLOCKS[sent.clock.trust.value]),
        EntryFact("Reached the register", moment(entry.received_at, zone)),
        EntryFact("Reason", wording.reason(entry.reason, entry.outcome, entry.code)),
    ]
    if sent.note:
        facts.append(EntryFact("Note", sent.note))
    contacts = contacts_of(session, entry.school_id, {entry.pupil}).get(entry.pupil, [])
    return facts + _leaving(sent, contacts, zone)


def _leaving(sent: Entry, contacts: Sequence[PupilContact], zone: ZoneInfo) -> list[EntryFact]:
    leaving = sent.departure
    if leaving is None:
        return []
    back, released = leaving.expected_back, leaving.released_at
    doubt = doubt_about(leaving, contacts)
    facts = [
        EntryFact("Collected by", collected_by(leaving)),
        *([EntryFact("On the family’s list now", doubt.says, doubt.tone)] if doubt else []),
        EntryFact("Expected back", moment(back, zone) if back else "not that day"),
        EntryFact("Evidence they mentioned", leaving.evidence or EVIDENCE_NONE),
    ]
    if leaving.released_by:
        when = f", {moment(released, zone)}" if released else ""
        # One who released with a PIN has their position in the name: the kiosk writes both together.
        position = f", {leaving.released_position}" if leaving.released_position else ""
        facts.append(EntryFact("Released by", f"{leaving.released_by}{position}{when}"))
    return facts


def _decided(session: Session, entry: EntryRow, sent: Entry) -> list[EntryFact]:
    said = sent.decision
    facts = [
        EntryFact("Outcome", OUTCOMES.get(said.outcome, said.outcome)),
        EntryFact("Session", entry.session or "none"),
        EntryFact("Code", said.code or "none needed"),
    ]
    if said.suggested:
        facts.append(EntryFact("Suggested", said.suggested))
    if said.minutes_late is not None:
        facts.append(EntryFact("Minutes late", str(said.minutes_late)))
    times = (
        ("opens", said.opens),
        ("late from", said.late_after),
        ("closes", said.closes),
        ("U from", said.unauthorised_after),
    )
    register = ", ".join(f"{name} {_clock(at)}" for name, at in times if at)
    facts.append(EntryFact("Register", register or "not sent"))
    if said.paragraph:
        facts.append(EntryFact("Paragraph", said.paragraph))
    if said.consequence:
        facts.append(EntryFact("Consequence", said.consequence))
    facts.append(EntryFact("Policy", f"{said.policy}, version {said.policy_version}"))
    facts.append(EntryFact("Checked again", _again(session, entry)))
    return facts


def _again(session: Session, entry: EntryRow) -> str:
    try:
        told = replay(session, entry.id)
    except NotReproducibleError as error:
        return f"not possible: {error}"
    except ValidationError:
        return "not possible: this version of Latebook cannot read that policy"
    return "the rule gives the same answer" if told.same else "the rule now gives a different answer"


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
