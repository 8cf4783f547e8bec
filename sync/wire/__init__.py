"""The messages between a kiosk and the central register: HTTP and JSON below `/api/v1` (docs/wire.md).

Both ends use these models, and the kiosk's journal stores an entry in exactly this form, so what was saved is
what is sent. Import from here. One file holds the messages of one subject; a new message is a class in one of
them and its name in the lists below:

    message     what all messages share: their base class, instants, days, numbers
    clock       the state of a kiosk's clock
    enrolment   a kiosk joins a school
    entries     what happened at a kiosk, and the register's answer
    bundle      what a kiosk knows about its school
    plans       part-time timetables in the bundle
    heartbeat   the state of a kiosk
    departures  a request for a pupil's release, the office's answer, and releases with a PIN
    cards       cards assigned and revoked at the staff screen
    on_site     where reception last saw the day's pupils
"""

from sync.wire.bundle import (
    KEEP_PAST,
    Appointment,
    Bundle,
    BundleCalendar,
    BundleCards,
    BundleClosure,
    BundleSchool,
    BundleTerm,
    Pupil,
    StaffMember,
    policy_as_sent,
)
from sync.wire.cards import CardAssignment, CardRevocation, CardsResponse, card_hash
from sync.wire.clock import ClockReading, Trust
from sync.wire.departures import DepartureAnswer, DepartureRequest, DepartureState, PinReleaseAnswer
from sync.wire.enrolment import EnrolRequest, EnrolResponse
from sync.wire.entries import (
    MOST_CHARACTERS,
    MOST_ENTRIES,
    UNLISTED_PREFIX,
    Basis,
    DepartureDetail,
    EntriesRequest,
    EntriesResponse,
    Entry,
    EntryDecision,
    EntryResult,
    EntryStatus,
    Kind,
    PlanSent,
    Unlisted,
)
from sync.wire.heartbeat import (
    MOST_PUPILS,
    DiskState,
    DiskTrouble,
    Heartbeat,
    HeartbeatResponse,
    HeldBack,
    PutAside,
    QueueState,
    SeqRange,
)
from sync.wire.message import (
    BASE_PATH,
    FIRST_YEAR,
    LAST_YEAR,
    Count,
    Day,
    Instant,
    Message,
    WallTime,
    Whole,
)
from sync.wire.on_site import OnSiteResponse, PupilOnSite, SiteState
from sync.wire.plans import WEEKDAYS, PlanDay, PupilPlan, Weekday, weekday_of

__all__ = [
    "BASE_PATH",
    "FIRST_YEAR",
    "KEEP_PAST",
    "LAST_YEAR",
    "MOST_CHARACTERS",
    "MOST_ENTRIES",
    "MOST_PUPILS",
    "UNLISTED_PREFIX",
    "WEEKDAYS",
    "Appointment",
    "Basis",
    "Bundle",
    "BundleCalendar",
    "BundleCards",
    "BundleClosure",
    "BundleSchool",
    "BundleTerm",
    "CardAssignment",
    "CardRevocation",
    "CardsResponse",
    "ClockReading",
    "Count",
    "Day",
    "DepartureAnswer",
    "DepartureDetail",
    "DepartureRequest",
    "DepartureState",
    "DiskState",
    "DiskTrouble",
    "EnrolRequest",
    "EnrolResponse",
    "EntriesRequest",
    "EntriesResponse",
    "Entry",
    "EntryDecision",
    "EntryResult",
    "EntryStatus",
    "Heartbeat",
    "HeartbeatResponse",
    "HeldBack",
    "Instant",
    "Kind",
    "Message",
    "OnSiteResponse",
    "PinReleaseAnswer",
    "PlanDay",
    "PlanSent",
    "Pupil",
    "PupilOnSite",
    "PupilPlan",
    "PutAside",
    "QueueState",
    "SeqRange",
    "SiteState",
    "StaffMember",
    "Trust",
    "Unlisted",
    "WallTime",
    "Weekday",
    "Whole",
    "card_hash",
    "policy_as_sent",
    "weekday_of",
]
