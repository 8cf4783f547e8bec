"""The messages between a kiosk and the central register: HTTP and JSON below `/api/v1`.

Both ends use these models, and the kiosk's journal keeps an entry in exactly this form, so what was
saved is what is sent. Instants are UTC. A message from a newer version may have more keys than these;
they are ignored, never refused.
"""

import hashlib
import hmac
import re
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
)

BASE_PATH = "/api/v1"
MOST_ENTRIES = 500
"""The most entries that one `POST /entries` may carry."""
MOST_PUPILS = 1_000_000
"""More than any school has."""


FIRST_YEAR, LAST_YEAR = 1970, 9000
"""The years of an instant or a date, both included. No clock of a kiosk counts from before 1970. One that is
far ahead is wrong, and its entry is kept and doubted; but in the first and last days of the calendar another
zone's time of the same instant, or the day after, does not exist, and whoever asks for it would fail."""


def _within_years(value: date) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"must be of the years {FIRST_YEAR} to {LAST_YEAR}")
    return value


def _instant(value: datetime) -> datetime:
    _within_years(value)  # first: in the year 1 or 9999 its time in UTC may not exist
    _within_years(value.astimezone(UTC))
    return value


_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written(pattern: re.Pattern[str], example: str) -> BeforeValidator:
    """Only as the description has it: pydantic would take a number for the seconds since 1970."""

    def check(value: object) -> object:
        if isinstance(value, date) or (isinstance(value, str) and pattern.fullmatch(value)):
            return value
        raise ValueError(f"must be written like {example}")

    return BeforeValidator(check)


def _utc_text(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Instant = Annotated[
    AwareDatetime,
    _written(_INSTANT, "2026-11-24T09:07:42.120Z"),
    AfterValidator(_instant),
    PlainSerializer(_utc_text, return_type=str, when_used="json"),
]
"""A point in time with a zone, written in UTC to the millisecond: `2026-11-24T09:07:42.120Z`. Of the years
`FIRST_YEAR` to `LAST_YEAR`."""

Day = Annotated[date, _written(_DAY, "2026-11-24"), AfterValidator(_within_years)]
"""A date at the school, `2026-11-24`, of the same years."""

Whole = Annotated[int, Field(strict=True)]
"""A whole number, and never a text with figures in it, or yes and no for 1 and 0."""

Count = Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)]
"""How many: as large as every database can keep."""

WallTime = Annotated[time, PlainSerializer(lambda t: t.strftime("%H:%M"), return_type=str, when_used="json")]
"""A time of day at the school, written `09:15`."""


class Message(BaseModel):
    """What all messages share: they do not change once made."""

    model_config = ConfigDict(frozen=True, extra="ignore")


# --- Enrolment -----------------------------------------------------------------------------------


class EnrolRequest(Message):
    """A kiosk asks to belong to a school: the code was made on the office page and works once."""

    code: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=100)


class Enrolled(Message):
    """The answer: the token is told this once; the register keeps only its hash."""

    kiosk_id: str
    token: str


# --- Entries -------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What happened at the kiosk."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    RETURN = "return"
    VOID = "void"


class Trust(StrEnum):
    """How far the kiosk's clock was to be believed when an entry was made."""

    SYNCED = "synced"
    HELD = "held"
    UNKNOWN = "unknown"


class ClockReading(Message):
    """What the kiosk's clock said of itself: enough to work out the true instant later."""

    trust: Trust
    boot_id: str
    monotonic_ns: Whole


class Basis(Message):
    """What the kiosk knew of the pupil and the day when it decided: with it anybody can decide again."""

    year: str
    school_day: bool = True
    agreed: str | None = None
    """The kind of an appointment agreed in advance."""
    agreed_until: WallTime | None = None
    starts: WallTime | None = None
    """The pupil's individual start on that day."""
    returning: bool = False
    left: WallTime | None = None
    """A return: when the pupil had been signed out."""


class EntryDecision(Message):
    """The rule's decision as the kiosk made it, with what it was made from."""

    outcome: str
    code: str | None = None
    suggested: str | None = None
    minutes_late: Whole | None = None
    needs_office: bool = False
    consequence: str | None = None
    policy: str
    policy_version: str
    opens: WallTime | None = None
    late_after: WallTime | None = None
    closes: WallTime | None = None
    unauthorised_after: WallTime | None = None
    paragraph: str | None = Field(default=None, max_length=500)
    """Where the school's document says so."""
    basis: Basis | None = None


class DepartureDetail(Message):
    """Who takes a pupil away, and who let them go."""

    collector: str
    relationship: str | None = None
    expected_back: Instant | None = None
    evidence: str | None = None
    released_by: str | None = None
    released_position: str | None = None
    """As what they released: `Attendance officer`."""
    released_at: Instant | None = None


class Entry(Message):
    """One thing that happened at a kiosk."""

    id: UUID
    seq: Whole = Field(ge=1)
    kind: Kind
    pupil: str = Field(min_length=1, max_length=64)
    at: Instant
    date: Day
    session: Literal["AM", "PM"] | None = None
    decision: EntryDecision
    reason: str | None = Field(default=None, max_length=64)
    note: str | None = Field(default=None, max_length=500)
    departure: DepartureDetail | None = None
    voids: UUID | None = None
    """A void: the entry it takes back."""
    corrects: UUID | None = None
    """The entry of this kiosk, made while its clock could not be trusted, whose true instant this is."""
    clock: ClockReading


class EntriesRequest(Message):
    """A batch. Its entries are read one by one, so that a bad one never spoils the others."""

    entries: list[dict[str, Any]] = Field(max_length=MOST_ENTRIES)


class Status(StrEnum):
    """What the register made of an entry."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REVIEW = "review"
    REJECTED = "rejected"


class EntryResult(Message):
    """The register's word on one entry. `id` is as it was sent, or None where there was none to read."""

    id: str | None
    status: Status
    detail: str | None = None


class EntriesResponse(Message):
    """One result for each entry, in the order in which they were sent."""

    results: list[EntryResult]
    server_time: Instant


# --- Bundle: all that a kiosk knows of its school ------------------------------------------------


class School(Message):
    """The school a kiosk stands in. `zone` is an IANA name."""

    id: str
    name: str
    zone: str = "Europe/London"
    language: str = "en"
    """What the kiosk speaks until somebody chooses another: a BCP 47 tag."""


class Term(Message):
    """A stretch of school days, first and last day included."""

    name: str
    starts: date
    ends: date


class Closure(Message):
    """Days on which there is no school, and why, in words for the kiosk's screen."""

    first: date
    last: date | None = None
    """The last closed day; None: `first` alone."""
    reason: str
    years: list[str] | None = None
    """The year groups who have no school; None: everybody."""


class Calendar(Message):
    """Which weekdays are not school days: a school's own calendar, on top of its policy's."""

    terms: list[Term] = []
    """Where there are any, the days outside them are holidays."""
    closures: list[Closure] = []


Weekday = Literal["mon", "tue", "wed", "thu", "fri"]


class Pupil(Message):
    """A pupil as a kiosk knows one: a name, a form, and nothing to reach or find them by."""

    id: str
    first: str
    last: str
    preferred: str | None = None
    year: str
    form: str
    starts: dict[Weekday, WallTime] = {}
    """Individual starts of a part-time timetable."""
    leaves_alone: bool = False
    """Whether the school lets this pupil sign out without anybody; a policy may allow whole years it."""


class Cards(Message):
    """Card hashes and whose they are; `key` (hex) is the school's own key for `card_hash`.

    Among them, as if they were cards, `upn:…` and `admission:…`: what a barcode may say instead.
    """

    key: str
    pupils: dict[str, str] = {}


class Contact(Message):
    """Somebody who may collect. Contacts who may not are never sent to a kiosk."""

    id: str
    pupil: str
    name: str
    relationship: str


class Appointment(Message):
    """An absence the school agreed in advance; `until` is when the pupil is due back, if it was said."""

    pupil: str
    date: date
    kind: Literal["medical", "interview", "exceptional"]
    until: WallTime | None = None


class StaffMember(Message):
    """Somebody whose PIN opens the staff screen and releases a pupil, with the register or without it."""

    id: str
    name: str
    position: str
    pin: str
    """Argon2id of the PIN, with its parameters in it."""


class Bundle(Message):
    """Everything a kiosk needs in order to work alone. Taken whole or not at all."""

    version: str
    school: School
    policy: dict[str, Any]
    calendar: Calendar = Calendar()
    pupils: list[Pupil] = []
    cards: Cards
    contacts: list[Contact] = []
    appointments: list[Appointment] = []
    releases: list[dict[str, Any]] = []
    staff: list[StaffMember] = []
    agreed_pupils: int | None = None
    """The office has said that a roster of so few is right; otherwise one that shrinks by more than a tenth
    is not taken over (`Heartbeat.held_back`)."""


# --- Heartbeat -----------------------------------------------------------------------------------


class QueueState(Message):
    """The entries on a kiosk that the register has not answered for."""

    waiting: Count
    oldest_at: Instant | None = None
    dead: Count = 0
    """Entries the register has rejected; they wait for the office."""


class HeldBack(Message):
    """A bundle that a kiosk has not taken over, because its roster is so much smaller."""

    version: str
    pupils: Count = Field(le=MOST_PUPILS)
    """How many are in it."""
    before: Count = Field(le=MOST_PUPILS)
    """How many the kiosk knows, and goes on with."""


class Heartbeat(Message):
    """A kiosk says how it is."""

    queue: QueueState
    clock: ClockReading
    readers: dict[str, str] = {}
    printer: str | None = None
    version: str
    uptime_s: Count
    last_seq: Count
    held_back: HeldBack | None = None
    at: Instant | None = None
    """What the kiosk's clock said when it wrote this; the register compares it with its own."""


class Numbers(Message):
    """Entries of a kiosk by their `seq`, `first` to `last`, both included."""

    first: Count
    last: Count


class HeartbeatResponse(Message):
    """The register's answer: its time, which bundle is the newest, and what it lacks."""

    server_time: Instant
    bundle_version: str
    missing: tuple[Numbers, ...] = ()
    """Entries that this register does not have although the kiosk has counted on, as after it was put back
    from a backup. A kiosk that still has them, and had this register's answer for them, sends them again."""


# --- Leaving -------------------------------------------------------------------------------------


class DepartureRequest(Message):
    """Somebody at the kiosk asks. The same words go back whoever they are."""

    pupil: str = Field(min_length=1, max_length=64)
    collector: str = Field(min_length=1, max_length=200)
    relationship: str | None = Field(default=None, max_length=64)
    reason: str | None = Field(default=None, max_length=64)
    expected_back: Instant | None = None
    evidence: str | None = Field(default=None, max_length=200)


class DepartureState(StrEnum):
    """Where the request stands."""

    WAITING = "waiting"
    RELEASED = "released"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """Nobody at the kiosk waits any more: they gave up, or a member of staff released there."""


class DepartureAnswer(Message):
    """The office's answer so far. Why a request was refused never crosses the wire."""

    state: DepartureState
    released_by: str | None = None
    released_position: str | None = None
    """As what they released: `Attendance officer`."""
    released_at: Instant | None = None


# --- Cards ---------------------------------------------------------------------------------------


class CardAssignment(Message):
    """`PUT /cards/{hash}`: a card is somebody's from now on. Made at the staff screen, behind a PIN."""

    pupil: str = Field(min_length=1, max_length=64)
    by: str = Field(min_length=1, max_length=64)
    """The id of the `StaffMember` who did it."""
    instead_of: str | None = Field(default=None, max_length=64)
    """The pupil who has it now, where it is known and meant; otherwise somebody's card is refused (409)."""


class CardRevocation(Message):
    """`POST /pupils/{id}/cards/revoke`: a pupil's cards are lost, and work no more."""

    by: str = Field(min_length=1, max_length=64)


class CardsChanged(Message):
    """The answer to both."""

    cards: int = Field(ge=0)
    """How many cards the pupil has now."""
    bundle_version: str


def card_hash(key: str, card: str) -> str:
    """How a card is written down, here and in the register: never as it was read.

    Args:
        key: the school's key, in hex, from the bundle.
        card: the card as its driver names it, for example `em4100:0012D687`.
    """
    return hmac.new(bytes.fromhex(key), card.encode(), hashlib.sha256).hexdigest()
