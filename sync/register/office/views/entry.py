"""One entry: what the kiosk sent, what the rule decided, and the mark with its history."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance.codes import code_and_name
from attendance.rule import unexplained_session
from sync.register.departures.collectors import PupilContact
from sync.register.departures.contacts import contacts_of
from sync.register.entries.replay import replay
from sync.register.errors import NotReproducibleError
from sync.register.marks.amend import history, revision
from sync.register.marks.marks import Place, current_mark
from sync.register.office.views import wording
from sync.register.office.views.collector import list_said
from sync.register.office.views.needs import explanation, name_and_form
from sync.register.office.views.needs_lookup import PolicyVersions
from sync.register.office.views.pupils_out import collected_by, doubt_about
from sync.register.storage.models import (
    DepartureRow,
    EntryRow,
    KioskRow,
    MarkChangeRow,
    PupilRow,
    WorkItemRow,
)
from sync.wire import DepartureDetail, Entry, Kind

NO_EVIDENCE = "none"


@dataclass(frozen=True, slots=True)
class EntryFact:
    """One line of an entry's details."""

    name: str
    value: str
    tone: str | None = None
    """A warning's colour: late or closed."""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change of a mark. Times are at the school."""

    instant: datetime
    original: str
    amended: str
    reason: str
    author: str

    @property
    def at(self) -> str:
        """The date and time in words."""
        return _in_words(self.instant)


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark with its history, and what the form to amend it needs."""

    pupil: str
    name: str
    date: str
    session: str
    register: str
    """`Tuesday 24 November 2026, AM`."""
    code: str
    """Empty when there is no mark."""
    minutes_late: int | None
    description: str
    revision: int
    on_roll: bool
    history: list[ChangeView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry. Times are at the school."""

    id: uuid.UUID
    pupil: str
    name: str
    title: str
    summary: str
    received: list[EntryFact]
    decision: list[EntryFact]
    mark: MarkView | None
    taken_back: bool
    undecided: bool
    """The office has yet to decide about it."""


def entry_view(session: Session, entry: EntryRow, zone: ZoneInfo) -> EntryView:
    """An entry with all its details."""
    sent = Entry.model_validate_json(entry.raw)
    open_items = select(WorkItemRow.id).where(
        WorkItemRow.entry_id == entry.id, WorkItemRow.resolved_at.is_(None)
    )
    place = place_of(entry)
    return EntryView(
        id=entry.id,
        pupil=entry.pupil,
        name=name_and_form(session, entry),
        title=f"{wording.KINDS[Kind(entry.kind)]} at {moment(entry.at, zone)}",
        summary=explanation(entry, PolicyVersions(session, entry.school_id), zone),
        received=_received(session, entry, sent, zone),
        decision=_decision(session, entry, sent),
        mark=mark_view(session, place, zone) if place else None,
        taken_back=entry.taken_back,
        undecided=session.scalars(open_items.limit(1)).first() is not None,
    )


def place_of(entry: EntryRow) -> Place | None:
    """The pupil and register of the entry's mark; `None` when it has no mark."""
    half = unexplained_session(entry.outcome, entry.session)
    return Place(entry.school_id, entry.pupil, entry.date, half) if half else None


def mark_view(session: Session, place: Place, zone: ZoneInfo) -> MarkView:
    """The current mark, with every change to it."""
    mark = current_mark(session, place)
    pupil = session.get(PupilRow, (place.school, place.pupil))
    return MarkView(
        pupil=place.pupil,
        name=f"{pupil.preferred or pupil.first} {pupil.last}, {pupil.form}" if pupil else wording.NOT_ON_ROLL,
        date=place.date.isoformat(),
        session=place.session,
        register=f"{wording.long_date(place.date)} {place.date.year}, {place.session}",
        code=mark.code if mark else "",
        minutes_late=mark.minutes_late if mark else None,
        description=code_and_name(mark.code) if mark else wording.NO_MARK,
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
        author=f"{change.name} ({change.position})",
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
    if sent.brought_by:
        facts.append(EntryFact("Brought by", sent.brought_by))
    if sent.route:
        facts.append(EntryFact("Late bus", sent.route))
    if sent.note:
        facts.append(EntryFact("Note", sent.note))
    if sent.departure is None:
        return facts
    contacts = contacts_of(session, entry.school_id, {entry.pupil}).get(entry.pupil, [])
    return facts + _leaving(sent.departure, contacts, zone) + _release(session, entry, sent.departure)


def _release(session: Session, entry: EntryRow, leaving: DepartureDetail) -> list[EntryFact]:
    """What the register knows about the release of this sign-out's request."""
    row = session.get(DepartureRow, (entry.school_id, leaving.request)) if leaving.request else None
    if row is None or row.pupil != entry.pupil:
        return []
    said = list_said(row.family, row.listed)
    facts = [EntryFact("On the family’s list then", said)] if said else []
    if row.grounds:
        facts.append(EntryFact("How the office knew", row.grounds))
    if row.pin_may is not None:
        answer = "a PIN may release" if row.pin_may else "only the office may release"
        facts.append(EntryFact("The kiosk asked the register", answer))
    return facts


def _leaving(leaving: DepartureDetail, contacts: Sequence[PupilContact], zone: ZoneInfo) -> list[EntryFact]:
    back, released = leaving.expected_back, leaving.released_at
    doubt = doubt_about(leaving, contacts)
    facts = [
        EntryFact("Collected by", collected_by(leaving)),
        *([EntryFact("On the family’s list now", doubt.text, doubt.tone)] if doubt else []),
        EntryFact("Expected back", moment(back, zone) if back else "not that day"),
        EntryFact("Evidence they mentioned", leaving.evidence or NO_EVIDENCE),
    ]
    if leaving.released_by:
        when = f", {moment(released, zone)}" if released else ""
        # For a release with a PIN the kiosk writes name and position together in the name.
        position = f", {leaving.released_position}" if leaving.released_position else ""
        facts.append(EntryFact("Released by", f"{leaving.released_by}{position}{when}"))
    return facts


def _decision(session: Session, entry: EntryRow, sent: Entry) -> list[EntryFact]:
    decision = sent.decision
    facts = [
        EntryFact("Outcome", wording.OUTCOMES.get(decision.outcome, decision.outcome)),
        EntryFact("Session", entry.session or "none"),
        EntryFact("Code", decision.code or "none needed"),
    ]
    if decision.suggested:
        facts.append(EntryFact("Suggested", decision.suggested))
    if decision.minutes_late is not None:
        facts.append(EntryFact("Minutes late", str(decision.minutes_late)))
    times = (
        ("opens", decision.opens),
        ("late from", decision.late_after),
        ("closes", decision.closes),
        ("U from", decision.unauthorised_after),
    )
    register = ", ".join(f"{name} {_clock(at)}" for name, at in times if at)
    facts.append(EntryFact("Register", register or "not sent"))
    if decision.paragraph:
        facts.append(EntryFact("Paragraph", decision.paragraph))
    if decision.consequence:
        facts.append(EntryFact("Consequence", decision.consequence))
    facts.append(EntryFact("Policy", f"{decision.policy}, version {decision.policy_version}"))
    facts.append(EntryFact("Checked again", _again(session, entry)))
    return facts


def _again(session: Session, entry: EntryRow) -> str:
    try:
        replayed = replay(session, entry.id)
    except NotReproducibleError as error:
        return f"not possible: {error}"
    except ValidationError:
        return "not possible: this version of Latebook cannot read that policy"
    return "the rule gives the same answer" if replayed.same else "the rule now gives a different answer"


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
