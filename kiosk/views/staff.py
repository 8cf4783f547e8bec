"""The views for staff: the PIN pad, and what is behind it."""

from __future__ import annotations  # the home screen need not wait for the modules of the rule

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from attendance.reasons import Reason
from kiosk.views.common import Link, PresenceLine, Progress, PupilLabel, View
from kiosk.views.leaving import Relationship

if TYPE_CHECKING:
    from attendance.rule import Outcome


class PinPurpose(StrEnum):
    """What a PIN is for."""

    STAFF = "staff"
    """To open the staff screen."""
    RELEASE = "release"
    """To release the pupils of a `ReleaseView`."""


class PinState(StrEnum):
    """The state of the PIN pad."""

    TYPING = "typing"
    CHECKING = "checking"
    """The PIN is being checked; keys are ignored."""
    WRONG = "wrong"
    """The PIN belongs to no member of staff; the user may type again."""
    LOCKED = "locked"
    """Locked for `locked_s` seconds after too many wrong PINs."""
    NOT_CHECKED = "not_checked"
    """The try could not be stored, so the PIN was not checked."""


@dataclass(frozen=True, slots=True)
class PinView(View):
    """The PIN pad. The digits are never shown."""

    purpose: PinPurpose
    digit_count: int
    """How many digits were typed."""
    state: PinState
    locked_s: int = 0
    complete: bool = False
    """Whether there are enough digits for a PIN, so that it can be entered."""
    pupils: tuple[PupilLabel, ...] = ()
    """The pupils who would be released."""
    collector: str = ""
    """The adult who collects them."""
    relationship: Relationship | None = None
    """The adult's own word."""
    reason: Reason | None = None
    """Why they leave."""
    list_unchecked: bool = False
    """Whether the family's list could not be checked; the screen says so, and asks once more later."""


class EntryKind(StrEnum):
    """The kind of an entry."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One of this kiosk's entries, in the list of the staff screen."""

    entry: UUID
    at: datetime
    """Wall time."""
    pupil: PupilLabel
    kind: EntryKind
    code: str | None
    outcome: Outcome
    reason: Reason | None
    progress: Progress
    undone: bool
    """Whether the entry was undone by a void; both are kept."""
    may_undo: bool
    clock_trusted: bool = True
    earlier: bool = False
    """Whether the entry is of an earlier day, and still waiting or rejected."""


class LinkObstacle(StrEnum):
    """What stands between the kiosk and the register (`sync.uplink.obstacles.Obstacle`)."""

    NETWORK = "network"
    SILENCE = "silence"
    CERTIFICATE = "certificate"
    CLOCK = "clock"
    PORTAL = "portal"
    FILTER = "filter"
    PROXY = "proxy"
    OTHER_SERVICE = "other service"


class StorageTrouble(StrEnum):
    """What is wrong with the kiosk's storage, or soon will be."""

    READ_ONLY = "read_only"
    FULL = "full"
    ERRORS = "errors"
    WORN = "worn"
    NEARLY_FULL = "nearly_full"


@dataclass(frozen=True, slots=True)
class StorageNotice:
    """The kiosk's storage, and what became of a journal that it damaged."""

    trouble: StorageTrouble | None = None
    put_aside: bool = False
    """Whether a damaged journal was put aside lately."""
    saved: int = 0
    """How many entries were saved from it."""
    missing: tuple[tuple[int, int], ...] = ()
    """First and last number of each run of entries that may be lost."""


NO_NOTICE = StorageNotice()
"""Nothing is wrong with the storage."""


@dataclass(frozen=True, slots=True)
class Health:
    """The health of the kiosk, in the states that its parts report. The screen translates the known ones."""

    link: Link
    link_since: datetime | None
    """Wall time at which the link last changed."""
    waiting: int
    """Entries that the register has not answered for."""
    oldest_min: int | None
    """Whole minutes that the oldest of them has waited."""
    rejected: int
    """Entries that the register could not take."""
    clock: str
    """`synced`, `held` or `unknown`."""
    readers: tuple[tuple[str, str], ...]
    """Each reader's name and state: `ready`, `absent`, `busy`, `forbidden`, `babbling`, `stopped`."""
    printer: str | None
    """`ready`, `paper_low`, `no_paper`, `cover_open`, `absent` or `busy`; `None` if there is no printer."""
    storage: StorageNotice = NO_NOTICE
    obstacle: LinkObstacle | None = None
    """What stands between the kiosk and the register, if that is known."""


@dataclass(frozen=True, slots=True)
class StaffView(View):
    """The staff screen: the health of the kiosk, today's entries with the newest first, and then the entries
    of earlier days that are waiting or rejected."""

    member: str
    """The name of the member of staff."""
    lines: tuple[EntryLine, ...]
    health: Health
    sending: bool = False
    """Whether the user touched “Send now” a moment ago."""
    undo_failed: bool = False
    """Whether the last undo could not be saved, so that nothing was changed."""
    buses: bool = True
    """Whether “Late bus” is offered."""
    more_pending: int = 0
    """How many further entries of earlier days are not listed."""


class ConfirmQuestion(StrEnum):
    """The actions that need a confirmation."""

    UNDO = "undo"
    REVOKE_CARDS = "revoke_cards"
    LEAVE_APP = "leave_app"
    CANCEL_REQUEST = "cancel_request"


@dataclass(frozen=True, slots=True)
class ConfirmView(View):
    """A question before an action: `Confirm` or `GoBack`."""

    question: ConfirmQuestion
    line: EntryLine | None = None
    """The entry to undo."""
    pupil: PupilLabel | None = None
    """The pupil whose cards are to be revoked."""
    pupils: tuple[PupilLabel, ...] = ()
    """The pupils of the request to cancel."""


class PresenceSource(StrEnum):
    """Whose list a `PresenceView` shows."""

    KIOSK = "kiosk"
    """Only who came through this kiosk: the register cannot be reached."""
    ASKING = "asking"
    """The same, until the register has answered."""
    REGISTER = "register"
    """The register's, with what this kiosk has not sent yet."""


@dataclass(frozen=True, slots=True)
class PresenceView(View):
    """Who is signed in and out, by name, for an evacuation."""

    now: datetime
    """Wall time."""
    inside: tuple[PresenceLine, ...]
    outside: tuple[PresenceLine, ...]
    source: PresenceSource = PresenceSource.KIOSK
    can_print: bool = False
    """Whether the kiosk has a printer."""
    printing: bool = False
    """Whether the list was sent to the printer a moment ago."""


@dataclass(frozen=True, slots=True)
class CleaningView(View):
    """Touches are ignored while the screen is wiped."""

    seconds_left: int


class CardStep(StrEnum):
    """The steps of changing a pupil's cards."""

    CHOOSE = "choose"
    """Give a card, or revoke all cards?"""
    TAP = "tap"
    """Waiting for the card at the reader."""
    SENDING = "sending"
    """Waiting for the register."""
    TAKEN = "taken"
    """The card has another owner (`owner`). `Confirm` takes it from them."""
    UNSURE = "unsure"
    """The card may be another pupil's: the reader cannot tell the two apart. Nothing is changed."""
    NUMBER = "number"
    """Not a card but the UPN or admission number of another pupil (`owner`)."""
    HALF = "half"
    """The reader sends only half of the card's number, which other cards share."""
    CHANGES = "changes"
    """The number changes with each tap, as a phone's does, so the card could never be recognised."""
    GIVEN = "given"
    REVOKED = "revoked"
    FAILED = "failed"
    """Nothing was changed; `error` says why."""


@dataclass(frozen=True, slots=True)
class CardView(View):
    """A pupil's cards."""

    pupil: PupilLabel
    step: CardStep
    owner: PupilLabel | None = None
    error: str | None = None
    """Why nothing was changed: a sentence for the member of staff."""
    cards: int | None = None
    """How many cards the pupil has now, according to the register."""
    card_reader: bool = True
