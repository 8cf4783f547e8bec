"""The Needs a decision page as data: each open decision with both sides and its options."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance.codes import MEANING
from attendance.explain import for_office
from attendance.rule import unexplained_session
from sync.register.departures.collectors import Match
from sync.register.entries.replay import decide_again
from sync.register.errors import NotReproducibleError
from sync.register.marks.marks import Place
from sync.register.office.views import wording
from sync.register.office.views.collector import barred
from sync.register.office.views.needs_lookup import CurrentMarks, ItemLookup, PolicyVersions
from sync.register.office.views.needs_options import Option, options
from sync.register.office.views.today import notice
from sync.register.storage.models import EntryRow, PupilRow, WorkItemRow, WorkKind
from sync.register.storage.work_items import BarredCollector, RejectedEntry, UncertainTime, read_item
from sync.register.worklist.open_items import open_groups
from sync.wire import Entry, Trust

PAGE = 50
"""QuestionsPage on one page."""
TITLES = {
    WorkKind.CONFLICT: "The register already has another mark",
    WorkKind.NEEDS_OFFICE: "Decide the mark",
    WorkKind.UNKNOWN_PUPIL: "Pupil not on the roll",
    WorkKind.CLOCK: "Time uncertain",
    WorkKind.GAP: "Entries are missing",
    WorkKind.REUSED_ID: "An entry arrived twice with different content",
    WorkKind.REJECTED: "An entry could not be read",
    WorkKind.UNSENT: "Kiosk removed with entries unsent",
    WorkKind.VOID: "A sign-in was undone",
    WorkKind.EPOCH: "A kiosk’s numbering went backwards",
    WorkKind.CLOCKS: "Two clocks disagree",
    WorkKind.ROSTER: "Far fewer pupils than before",
    WorkKind.BACK: "Signed out, but seen by the office",
    WorkKind.COLLECTOR: "Who collected a pupil",
}
TAKEN_UNTOLD = "Only users who may release pupils can see the details."


@dataclass(frozen=True, slots=True)
class TypedDecision:
    """A person's answer to whose register is meant, where it is not the entry's own; and what else they had
    typed when it could not be carried out."""

    pupil: str | None = None
    date: dt.date | None = None
    session: str | None = None
    reason: str = ""
    code: str = ""
    typed: str = ""
    """What stands in the field for the pupil."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One decision to make. Times are at the school."""

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
    pupil: str = ""
    """What was typed for the pupil when it names no pupil on the roll."""
    asks_pupil: bool = False
    asks_when: bool = False
    date: str = ""
    session: str = ""
    seen: str = ""
    """The code in the register that is shown; empty: none."""
    reason: str = ""
    """Typed before, in a decision that failed."""
    code: str = ""
    """Chosen before, in a decision that failed."""


@dataclass(frozen=True, slots=True)
class DecidedItem:
    """A decision made today."""

    at: str
    title: str
    who: str
    by: str
    what: str


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
    most: int | None = PAGE,
    elsewhere: dict[int, TypedDecision] | None = None,
) -> QuestionsPage:
    """The open decisions, oldest first.

    Args:
        session: a session that reads.
        school: the school's id.
        zone: its time zone.
        may_release: the user may see who may not collect a pupil.
        after: only what is newer than the question of this id.
        most: so many; None: everything.
        elsewhere: by a question's id, the other register that the user chose for it.
    """
    chosen = elsewhere or {}
    waits = open_groups(session, school, after=after, most=most)
    about = ItemLookup(session, school, [item for items in waits.groups for item in items])
    asked = [
        _open_thing(about, items, chosen.get(items[0].id, TypedDecision()), zone) for items in waits.groups
    ]
    standing = CurrentMarks(session, school, [each.place for each in asked])
    return QuestionsPage(
        [_question(each, about, standing, zone, may_release=may_release) for each in asked],
        number=waits.number,
        after=waits.groups[-1][0].id if waits.more else None,
    )


@dataclass(frozen=True, slots=True)
class _OpenThing:
    """An open decision and its mark."""

    items: list[WorkItemRow]
    kinds: set[WorkKind]
    entry: EntryRow | None
    chosen: TypedDecision
    place: Place | None = None
    before: str | None = None


def _open_thing(
    about: ItemLookup, items: list[WorkItemRow], chosen: TypedDecision, zone: ZoneInfo
) -> _OpenThing:
    kinds = {WorkKind(item.kind) for item in items}
    entry = about.entry(items[0])
    if entry is None or WorkKind.REUSED_ID in kinds:
        return _OpenThing(items, kinds, entry, chosen)
    return _OpenThing(items, kinds, entry, chosen, *_place(about, items, entry, chosen, zone))


def _question(
    asked: _OpenThing, about: ItemLookup, standing: CurrentMarks, zone: ZoneInfo, *, may_release: bool
) -> OpenQuestion:
    items, kinds, entry, chosen = asked.items, asked.kinds, asked.entry, asked.chosen
    first = items[0]
    name = about.kiosk(first)
    titles = "; ".join(TITLES[kind] for kind in WorkKind if kind in kinds)
    if entry is None or WorkKind.REUSED_ID in kinds:
        opened = _moment(first.opened_at, zone)
        why = [notice(first, name), *_understood(first, zone)]
        can = options(items, entry, None, None)
        pupil = about.who(first)
        who = "All kiosks" if WorkKind.ROSTER in kinds else _named(pupil) if pupil else name
        return OpenQuestion(first.id, titles, who, opened, why, "", "", can, reason=chosen.reason)
    if WorkKind.COLLECTOR in kinds:
        who, when = _named(about.pupil(entry)), _when(entry, zone, name, certain=entry.time_certain)
        why = _taken(first, entry, who, when) if may_release else [TAKEN_UNTOLD]
        can = options(items, entry, None, None)
        return OpenQuestion(first.id, titles, who, when, why, "", "", can, reason=chosen.reason)
    place, before, code = asked.place, asked.before, standing.code(asked.place)
    return OpenQuestion(
        id=first.id,
        title=titles,
        who=_named(about.pupil(entry)),
        when=_when(entry, zone, name, certain=WorkKind.CLOCK not in kinds),
        why=[explained(entry, about.versions, zone), *_doubts(entry, items, zone)],
        kiosk_says=_kiosk_says(entry),
        register_says=_register_says(standing, place, code, zone),
        options=options(items, entry, code, before),
        set_id=_settable(items, before_known=before is not None or WorkKind.VOID not in kinds),
        pupil=chosen.typed,
        asks_pupil=WorkKind.UNKNOWN_PUPIL in kinds,
        asks_when=WorkKind.CLOCK in kinds or (entry.session is None and WorkKind.VOID not in kinds),
        date=place.date.isoformat() if place else entry.date.isoformat(),
        session=place.session if place else "",
        seen=code or "",
        reason=chosen.reason,
        code=chosen.code,
    )


def _understood(item: WorkItemRow, zone: ZoneInfo) -> list[str]:
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
    said = ", ".join(f"{name}: {value}" for name, value in parts.items() if value)
    return [f"It contains: {said}."] if said else []


def _taken(item: WorkItemRow, entry: EntryRow, who: str, when: str) -> list[str]:
    """Who collected whom, when, where and on whose release, and what to do."""
    left = Entry.model_validate_json(entry.raw).departure
    collector = left.collector if left else "An adult"
    by = (left.released_by if left else None) or "a person who was not named"
    barred_by = read_item(item)
    assert isinstance(barred_by, BarredCollector), item.kind  # noqa: S101  the caller has looked
    contact = wording.related(barred_by.name, barred_by.relationship)
    return [
        f"{barred(Match(barred_by.match), contact)}.",
        f"{collector} has taken {who}, away: {when}. Released at the kiosk by {by}.",
        "Ring the family now, and write what they said as the reason.",
    ]


def _when(entry: EntryRow, zone: ZoneInfo, kiosk: str, *, certain: bool) -> str:
    if not certain:  # the kiosk's own time is uncertain
        return f"received {_moment(entry.received_at, zone)}, from {kiosk}"
    return f"{_moment(entry.at, zone)}, at {kiosk}"


def named(session: Session, entry: EntryRow) -> str:
    """The pupil's full name and form: a decision must name the pupil."""
    return _named(session.get(PupilRow, (entry.school_id, entry.pupil)))


def _named(pupil: PupilRow | None) -> str:
    if pupil is None:
        return "Not on the roll"
    return f"{pupil.preferred or pupil.first} {pupil.last}, {pupil.form}"


def explained(entry: EntryRow, versions: PolicyVersions, zone: ZoneInfo) -> str:
    """Why the kiosk decided as it did, by its version of the policy; a plain sentence without it."""
    sent = Entry.model_validate_json(entry.raw)
    policy = versions.of(sent.decision.policy_version)
    if policy is not None:
        try:
            return for_office(decide_again(sent, policy, zone))
        except NotReproducibleError:
            pass  # an entry from before kiosks said what they had decided from: the plain words are true too
    if sent.clock.trust is Trust.UNKNOWN:
        return "The kiosk’s clock could not be trusted. Decide the time."
    did = "Signed out" if entry.kind == "departure" else "Signed in"
    paragraph = f" ({sent.decision.paragraph})" if sent.decision.paragraph else ""
    return f"{did} at {entry.at.astimezone(zone):%H:%M:%S}{paragraph}."


def _doubts(entry: EntryRow, items: list[WorkItemRow], zone: ZoneInfo) -> list[str]:
    said = []
    for item in items:
        if item.kind == WorkKind.CLOCK:
            said.append(f"The kiosk's clock said {_moment(entry.at, zone)} {entry.at.astimezone(zone).year}.")
            clock = read_item(item)
            if isinstance(clock, UncertainTime) and clock.why == "ahead":
                said.append(
                    "That time was in the future when the entry arrived. Check the kiosk’s clock and the "
                    "register’s."
                )
        elif item.kind == WorkKind.VOID:
            said.append("It undoes an earlier sign-in whose mark has changed since or is not known.")
        elif item.kind == WorkKind.UNKNOWN_PUPIL:
            said.append("This pupil is on the kiosk’s roll but not on the register’s.")
    return said


def _kiosk_says(entry: EntryRow) -> str:
    code = entry.code or "no mark"
    late = f", {entry.minutes_late} min late" if entry.minutes_late is not None else ""
    reason = wording.reason(entry.reason, entry.outcome, entry.code)
    return f"{code}{late}" + (f" · {reason}" if reason != wording.NOTHING else "")


def _place(
    about: ItemLookup, items: list[WorkItemRow], entry: EntryRow, chosen: TypedDecision, zone: ZoneInfo
) -> tuple[Place | None, str | None]:
    """Whose mark in which register is meant; and of a void, the mark from before it (empty: none)."""
    for item in items:
        if item.kind == WorkKind.VOID:
            written = about.written(item)
            if written is None:
                return None, None
            place, before, _ = written
            return place, before.code if before else ""
    half = chosen.session or unexplained_session(entry.outcome, entry.session)
    doubted = any(item.kind == WorkKind.CLOCK for item in items)
    day = entry.received_at.astimezone(zone).date() if doubted else entry.date
    unknown = any(item.kind == WorkKind.UNKNOWN_PUPIL for item in items)
    pupil = chosen.pupil or (None if unknown else entry.pupil)
    if pupil is None or half is None:
        return None, None
    return Place(entry.school_id, pupil, chosen.date or day, half), None


def _register_says(standing: CurrentMarks, place: Place | None, code: str | None, zone: ZoneInfo) -> str:
    if place is None:
        return "choose which register this is for"
    where = f"{wording.long_date(place.date)}, {place.session}"
    change = standing.change(place)
    says = f"{code}, {MEANING[code].value}" if code else wording.NO_MARK
    by = f" · {change.name} ({change.position}), {_moment(change.at, zone)}" if change else ""
    return f"{says} · {where}{by}"


def _settable(items: list[WorkItemRow], *, before_known: bool) -> int | None:
    for item in items:
        if item.kind in (WorkKind.CONFLICT, WorkKind.NEEDS_OFFICE, WorkKind.CLOCK, WorkKind.VOID):
            unknown = any(other.kind == WorkKind.UNKNOWN_PUPIL for other in items)
            return None if unknown or not before_known else item.id
    return None


def decided(session: Session, school: str, *, since: dt.datetime, zone: ZoneInfo) -> list[DecidedItem]:
    """What has been decided since then, the newest first and no more than a page; what settled with it is
    not told again."""
    query = select(WorkItemRow).where(WorkItemRow.school_id == school, WorkItemRow.resolved_at >= since)
    rows = session.scalars(query.order_by(WorkItemRow.resolved_at.desc(), WorkItemRow.id.desc()))
    told = [item for item in rows if not (item.decision and "with" in item.decision)][:PAGE]
    about = ItemLookup(session, school, told)
    return [_decided(about, item, zone) for item in told]


def _decided(about: ItemLookup, item: WorkItemRow, zone: ZoneInfo) -> DecidedItem:
    entry = about.entry(item)
    pupil = about.pupil(entry) if entry else about.who(item)
    at = item.resolved_at.astimezone(zone) if item.resolved_at else None
    by = item.resolved_by or "the register"
    return DecidedItem(
        at=f"{at:%H:%M}" if at else "",
        title=TITLES[WorkKind(item.kind)],
        who=_named(pupil) if entry or pupil else about.kiosk(item),
        by=f"{by} ({item.resolved_position})" if item.resolved_position else by,
        what=wording.decided(item.decision, item.resolution),
    )


def _moment(instant: dt.datetime, zone: ZoneInfo) -> str:
    at = instant.astimezone(zone)
    return f"{wording.long_date(at.date())}, {at:%H:%M:%S}"
