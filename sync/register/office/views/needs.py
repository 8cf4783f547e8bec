"""The Needs a decision page as data: each open decision, with the kiosk's and the register's side."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance.codes import code_and_name
from attendance.explain import for_office
from attendance.rule import unexplained_session
from sync.register.departures.collectors import Match
from sync.register.entries.parsing import route_of
from sync.register.entries.replay import decide_again
from sync.register.entries.verdicts import MOST_BACK
from sync.register.errors import NotReproducibleError
from sync.register.marks.marks import Place
from sync.register.office.views import wording
from sync.register.office.views.collector import barred_warning, list_said, stated
from sync.register.office.views.needs_lookup import CurrentMarks, ItemLookup, PolicyVersions
from sync.register.office.views.needs_options import Option, options
from sync.register.office.views.today import notice
from sync.register.office.views.unlisted import name_text
from sync.register.storage.models import ABOUT_COLLECTOR, EntryRow, PupilRow, WorkItemRow, WorkKind
from sync.register.storage.work_items import (
    BarredCollector,
    RejectedEntry,
    UncertainTime,
    UncheckedRelease,
    doubts_time,
    read_item,
)
from sync.register.worklist.open_items import open_groups
from sync.register.worklist.resolve import NAMES_NO_PUPIL
from sync.wire import Entry, Kind, Trust

PAGE = 50
"""Open decisions per page, and decisions of today listed."""
TITLES = {
    WorkKind.CONFLICT: "The register already has another mark",
    WorkKind.NEEDS_OFFICE: "Decide the mark",
    WorkKind.UNKNOWN_PUPIL: "Pupil not on the roll",
    WorkKind.UNLISTED: "Signed in without being on the list",
    WorkKind.CLOCK: "Time uncertain",
    WorkKind.GAP: "Entries are missing",
    WorkKind.REUSED_ID: "An entry arrived twice with different content",
    WorkKind.REJECTED: "An entry could not be read",
    WorkKind.UNSENT: "Kiosk removed with entries unsent",
    WorkKind.VOID: "A sign-in was undone",
    WorkKind.EPOCH: "A kiosk’s numbering went backwards",
    WorkKind.CLOCKS: "Two clocks disagree",
    WorkKind.DAMAGED: "A kiosk’s storage was damaged",
    WorkKind.ROSTER: "Far fewer pupils than before",
    WorkKind.BACK: "Signed out, but seen by the office",
    WorkKind.COLLECTOR: "Who collected a pupil",
    WorkKind.UNRELEASED: "Signed out without a release",
    WorkKind.PIN_RELEASE: "Released with a PIN",
    WorkKind.PLAN: "A plan to confirm",
    WorkKind.PLAN_REVIEW: "A plan past its review day",
}
SETTABLE = (
    WorkKind.CONFLICT,
    WorkKind.NEEDS_OFFICE,
    WorkKind.CLOCK,
    WorkKind.VOID,
    WorkKind.UNRELEASED,
)
"""The kinds for which another code may be typed."""
TIME_DOUBTS = {
    "ahead": "That time was in the future when the entry arrived. Check the kiosk’s clock and the "
    "register’s.",
    "old": f"That was more than {MOST_BACK.days} days before the entry arrived.",
    "before enrolment": "That was before this kiosk was enrolled.",
}
COLLECTOR_WITHHELD = "Only users who may release pupils can see the details."


@dataclass(frozen=True, slots=True)
class TypedDecision:
    """The user's input for a decision that failed: shown again, with the mark of the pupil and session they
    chose."""

    pupil: str | None = None
    date: dt.date | None = None
    session: str | None = None
    reason: str = ""
    code: str = ""
    typed_pupil: str = ""
    """The text of the pupil field."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One decision to make. Times are at the school."""

    id: int
    """The id of its first work item."""
    title: str
    subject: str
    """The pupil, the kiosk, or all kiosks."""
    when: str
    why: list[str]
    kiosk_says: str
    register_says: str
    options: list[Option] = field(default_factory=list)
    set_id: int | None = None
    """The work item for which another code may be typed."""
    pupil: str = ""
    """The text of the pupil field."""
    asks_pupil: bool = False
    asks_code: bool = False
    """Whether a code may be chosen with the pupil, in place of the rule's."""
    asks_when: bool = False
    date: str = ""
    session: str = ""
    seen: str = ""
    """The register's code when the page was made; empty for no mark."""
    reason: str = ""
    """The reason typed for a decision that failed."""
    code: str = ""
    """The code chosen for a decision that failed."""
    record: str | None = None
    """The id of the pupil on whose page this is decided."""


@dataclass(frozen=True, slots=True)
class DecidedItem:
    """A decision made today."""

    at: str
    title: str
    subject: str
    decided_by: str
    decision: str


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """A page of open decisions, oldest first."""

    here: list[OpenQuestion]
    number: int
    """How many there are in total."""
    after: int | None
    """The id after which the next page begins; `None` on the last page."""


def questions(
    session: Session,
    school: str,
    *,
    zone: ZoneInfo,
    may_release: bool,
    after: int = 0,
    limit: int | None = PAGE,
    typed: dict[int, TypedDecision] | None = None,
) -> QuestionsPage:
    """The open decisions, oldest first.

    Args:
        session: a session that reads.
        school: the school's id.
        zone: its time zone.
        may_release: whether the user may see who may not collect a pupil.
        after: only decisions with a higher id than this.
        limit: the page size; `None` for all decisions.
        typed: the user's input for decisions that failed, by decision id.
    """
    inputs = typed or {}
    waiting = open_groups(session, school, after=after, limit=limit)
    lookup = ItemLookup(session, school, [item for items in waiting.groups for item in items])
    cases = [
        _open_case(lookup, items, inputs.get(items[0].id, TypedDecision()), zone) for items in waiting.groups
    ]
    marks = CurrentMarks(session, school, [case.place for case in cases])
    return QuestionsPage(
        [_question(case, lookup, marks, zone, may_release=may_release) for case in cases],
        number=waiting.number,
        after=waiting.groups[-1][0].id if waiting.more else None,
    )


@dataclass(frozen=True, slots=True)
class _OpenCase:
    """The work items of one decision, with their entry and mark."""

    items: list[WorkItemRow]
    kinds: set[WorkKind]
    entry: EntryRow | None
    typed: TypedDecision
    place: Place | None = None
    before: str | None = None
    """For a void: the code before the voided entry, empty for no mark; `None` when unknown."""


def _open_case(
    lookup: ItemLookup, items: list[WorkItemRow], typed: TypedDecision, zone: ZoneInfo
) -> _OpenCase:
    kinds = {WorkKind(item.kind) for item in items}
    entry = lookup.entry(items[0])
    if entry is None or WorkKind.REUSED_ID in kinds:
        return _OpenCase(items, kinds, entry, typed)
    return _OpenCase(items, kinds, entry, typed, *_place(lookup, items, entry, typed, zone))


def _question(
    case: _OpenCase, lookup: ItemLookup, marks: CurrentMarks, zone: ZoneInfo, *, may_release: bool
) -> OpenQuestion:
    items, kinds, entry, typed = case.items, case.kinds, case.entry, case.typed
    first = items[0]
    name = lookup.kiosk(first)
    titles = "; ".join(TITLES[kind] for kind in WorkKind if kind in kinds)
    if entry is None or WorkKind.REUSED_ID in kinds:
        opened_at = _moment(first.opened_at, zone)
        why = [notice(first, name), *_readable_fields(first, zone)]
        can = options(items, entry, None, None)
        pupil = lookup.pupil_of_item(first)
        subject = "All kiosks" if WorkKind.ROSTER in kinds else _pupil_text(pupil) if pupil else name
        about_plan = not kinds.isdisjoint({WorkKind.PLAN, WorkKind.PLAN_REVIEW})
        record = pupil.id if pupil is not None and about_plan else None
        return OpenQuestion(
            first.id, titles, subject, opened_at, why, "", "", can, reason=typed.reason, record=record
        )
    if kinds & ABOUT_COLLECTOR:
        subject, when = _pupil_text(lookup.pupil(entry)), _when(entry, zone, name, certain=entry.time_certain)
        why = _collection(first, entry, subject, when) if may_release else [COLLECTOR_WITHHELD]
        can = options(items, entry, None, None)
        return OpenQuestion(first.id, titles, subject, when, why, "", "", can, reason=typed.reason)
    place, before, code = case.place, case.before, marks.code(case.place)
    return OpenQuestion(
        id=first.id,
        title=titles,
        subject=_subject(lookup, entry),
        when=_when(entry, zone, name, certain=not any(map(doubts_time, items))),
        why=[explanation(entry, lookup.versions, zone), *_doubts(entry, items, zone)],
        kiosk_says=_kiosk_says(entry),
        register_says=_register_says(marks, place, code, zone, asks_pupil=WorkKind.UNLISTED in kinds),
        options=options(items, entry, code, before),
        set_id=_settable(items, before_known=before is not None or WorkKind.VOID not in kinds),
        pupil=typed.typed_pupil,
        asks_pupil=not NAMES_NO_PUPIL.isdisjoint(kinds),
        asks_code=WorkKind.UNLISTED in kinds,
        asks_when=WorkKind.CLOCK in kinds or (entry.session is None and WorkKind.VOID not in kinds),
        date=place.date.isoformat() if place else entry.date.isoformat(),
        session=place.session if place else "",
        seen=code or "",
        reason=typed.reason,
        code=typed.code,
    )


def _readable_fields(item: WorkItemRow, zone: ZoneInfo) -> list[str]:
    """The readable fields of a refused entry, in a sentence."""
    rejected = read_item(item)
    if not isinstance(rejected, RejectedEntry):
        return []
    at = rejected.at
    parts = {
        "What": rejected.entry_kind,
        "pupil": rejected.pupil,
        "when": _moment(dt.datetime.fromisoformat(at.upper()), zone) if at else None,
    }
    text = ", ".join(f"{name}: {value}" for name, value in parts.items() if value)
    return [f"It contains: {text}."] if text else []


def _collection(row: WorkItemRow, entry: EntryRow, pupil: str, when: str) -> list[str]:
    """What happened when an adult collected a pupil whom a PIN released, and what to do."""
    left = Entry.model_validate_json(entry.raw).departure
    collector = stated(left.collector, left.relationship) if left else "An adult"
    by = (left.released_by if left else None) or "a person who was not named"
    taken = f"{collector} has taken {pupil}, away: {when}. Released at the kiosk by {by}."
    item = read_item(row)
    if isinstance(item, UncheckedRelease):
        said = list_said(item.match, item.listed) or f"The family’s list had {item.listed}, who may collect"
        what = (
            "Released with a PIN while the family’s list was not checked."
            if item.why == "not asked"
            else "Released with a PIN although only the office may release this pupil."
        )
        return [what, taken, f"{said}.", "Ring the family if in doubt, and write how you know."]
    assert isinstance(item, BarredCollector), row.kind  # noqa: S101  the caller has checked the kind
    contact = wording.related(item.name, item.relationship)
    return [
        f"{barred_warning(Match(item.match), contact)}.",
        taken,
        "Ring the family now, and write what they said as the reason.",
    ]


def _when(entry: EntryRow, zone: ZoneInfo, kiosk: str, *, certain: bool) -> str:
    if not certain:  # the kiosk's own time is uncertain
        return f"received {_moment(entry.received_at, zone)}, from {kiosk}"
    return f"{_moment(entry.at, zone)}, at {kiosk}"


def name_and_form(session: Session, entry: EntryRow) -> str:
    """The full name and form of the entry's pupil, or as the pupil typed them."""
    typed = Entry.model_validate_json(entry.raw).unlisted
    if typed is not None:
        return name_text(typed)
    return _pupil_text(session.get(PupilRow, (entry.school_id, entry.pupil)))


def _subject(lookup: ItemLookup, entry: EntryRow) -> str:
    typed = Entry.model_validate_json(entry.raw).unlisted
    return name_text(typed) if typed is not None else _pupil_text(lookup.pupil(entry))


def _pupil_text(pupil: PupilRow | None) -> str:
    if pupil is None:
        return wording.NOT_ON_ROLL
    return f"{pupil.preferred or pupil.first} {pupil.last}, {pupil.form}"


def explanation(entry: EntryRow, versions: PolicyVersions, zone: ZoneInfo) -> str:
    """Why the kiosk decided as it did, by its version of the policy; a short sentence if that is unknown."""
    sent = Entry.model_validate_json(entry.raw)
    policy = versions.of(sent.decision.policy_version)
    if policy is not None:
        try:
            return for_office(decide_again(sent, policy, zone))
        except NotReproducibleError:
            pass  # the entry is older than the field with the decision's basis; the plain sentence holds too
    if sent.clock.trust is Trust.UNKNOWN:
        return "The kiosk’s clock could not be trusted. Decide the time."
    did = wording.KINDS[Kind.DEPARTURE if entry.kind == Kind.DEPARTURE else Kind.ARRIVAL]
    paragraph = f" ({sent.decision.paragraph})" if sent.decision.paragraph else ""
    return f"{did} at {entry.at.astimezone(zone):%H:%M:%S}{paragraph}."


def _doubts(entry: EntryRow, items: list[WorkItemRow], zone: ZoneInfo) -> list[str]:
    sentences = []
    for item in items:
        if item.kind == WorkKind.CLOCK:
            sentences.append(
                f"The kiosk's clock said {_moment(entry.at, zone)} {entry.at.astimezone(zone).year}."
            )
            clock = read_item(item)
            if isinstance(clock, UncertainTime) and clock.why in TIME_DOUBTS:
                sentences.append(TIME_DOUBTS[clock.why])
        elif item.kind == WorkKind.VOID:
            sentences.append("It undoes an earlier sign-in whose mark has changed since or is not known.")
        elif item.kind == WorkKind.UNRELEASED:
            sentences.append("This pupil may not leave alone, and no one released them. Ring the family.")
        elif item.kind == WorkKind.UNKNOWN_PUPIL:
            sentences.append("This pupil is on the kiosk’s roll but not on the register’s.")
        elif item.kind == WorkKind.UNLISTED:
            sentences.append(
                "The pupil touched “My name isn’t here” and typed this name. Choose the pupil: the mark "
                "follows from the time of arrival and the policy."
            )
    return sentences


def _kiosk_says(entry: EntryRow) -> str:
    code = entry.code or "no mark"
    late = f", {entry.minutes_late} min late" if entry.minutes_late is not None else ""
    reason = wording.reason(entry.reason, entry.outcome, entry.code, route_of(entry.raw))
    return f"{code}{late}" + (f" · {reason}" if reason != wording.NOTHING else "")


def _place(
    lookup: ItemLookup, items: list[WorkItemRow], entry: EntryRow, typed: TypedDecision, zone: ZoneInfo
) -> tuple[Place | None, str | None]:
    """The mark in question, and for a void the code before the voided entry (empty for no mark)."""
    for item in items:
        if item.kind == WorkKind.VOID:
            written = lookup.written(item)
            if written is None:
                return None, None
            place, before, _ = written
            return place, before.code if before else ""
    half = typed.session or unexplained_session(entry.outcome, entry.session)
    uncertain = any(map(doubts_time, items))
    day = entry.received_at.astimezone(zone).date() if uncertain else entry.date
    unknown = any(item.kind in NAMES_NO_PUPIL for item in items)
    pupil = typed.pupil or (None if unknown else entry.pupil)
    if pupil is None or half is None:
        return None, None
    return Place(entry.school_id, pupil, typed.date or day, half), None


def _register_says(
    marks: CurrentMarks, place: Place | None, code: str | None, zone: ZoneInfo, *, asks_pupil: bool
) -> str:
    if place is None:
        return "choose the pupil" if asks_pupil else "choose which register this is for"
    where = f"{wording.long_date(place.date)}, {place.session}"
    change = marks.change(place)
    says = code_and_name(code) if code else wording.NO_MARK
    by = f" · {change.name} ({change.position}), {_moment(change.at, zone)}" if change else ""
    return f"{says} · {where}{by}"


def _settable(items: list[WorkItemRow], *, before_known: bool) -> int | None:
    for item in items:
        if item.kind in SETTABLE:
            unknown = any(other.kind in NAMES_NO_PUPIL for other in items)
            return None if unknown or not before_known else item.id
    return None


def decisions_since(
    session: Session, school: str, *, since: dt.datetime, zone: ZoneInfo
) -> list[DecidedItem]:
    """The decisions since then, newest first, at most a page. An item that was settled by the decision about
    another one is left out."""
    query = select(WorkItemRow).where(WorkItemRow.school_id == school, WorkItemRow.resolved_at >= since)
    rows = session.scalars(query.order_by(WorkItemRow.resolved_at.desc(), WorkItemRow.id.desc()))
    decided = [item for item in rows if not (item.decision and "with" in item.decision)][:PAGE]
    lookup = ItemLookup(session, school, decided)
    return [_decided_item(lookup, item, zone) for item in decided]


def _decided_item(lookup: ItemLookup, item: WorkItemRow, zone: ZoneInfo) -> DecidedItem:
    entry = lookup.entry(item)
    pupil = None if entry else lookup.pupil_of_item(item)
    at = item.resolved_at.astimezone(zone) if item.resolved_at else None
    by = item.resolved_by or "the register"
    return DecidedItem(
        at=f"{at:%H:%M}" if at else "",
        title=TITLES[WorkKind(item.kind)],
        subject=_subject(lookup, entry) if entry else _pupil_text(pupil) if pupil else lookup.kiosk(item),
        decided_by=f"{by} ({item.resolved_position})" if item.resolved_position else by,
        decision=wording.decision_text(item.decision, item.resolution),
    )


def _moment(instant: dt.datetime, zone: ZoneInfo) -> str:
    at = instant.astimezone(zone)
    return f"{wording.long_date(at.date())}, {at:%H:%M:%S}"
