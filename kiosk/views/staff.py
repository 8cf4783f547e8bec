"""What a member of staff sees behind a PIN."""

from __future__ import annotations  # the home screen need not wait for the modules of the rule

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from attendance.reasons import Reason
from kiosk.views.common import Link, PresenceLine, Progress, PupilLabel, View

if TYPE_CHECKING:
    from attendance.rule import Outcome


class PinPurpose(StrEnum):
    """What a PIN is asked for."""

    STAFF = "staff"
    RELEASE = "release"
    """To let the pupils of a `ReleaseView` go."""


class PinState(StrEnum):
    """How a PIN stands."""

    TYPING = "typing"
    CHECKING = "checking"
    """It is looked at; no key does anything."""
    WRONG = "wrong"
    """Typing again, after one that is nobody's."""
    LOCKED = "locked"
    """Too many wrong ones: `locked_s` seconds are to pass."""
    NOT_CHECKED = "not_checked"
    """The try could not be counted (the disk), so it was not looked at."""


@dataclass(frozen=True, slots=True)
class PinView(View):
    """Figures, never shown; `press_digit`, `erase`, `pin_done`, `back`."""

    purpose: PinPurpose
    digit_count: int
    """How many figures there are."""
    state: PinState
    locked_s: int = 0
    complete: bool = False
    """There are enough figures for a PIN: `pin_done` looks at it."""
    pupils: tuple[PupilLabel, ...] = ()
    """Who would be released."""
    collector: str = ""
    """To whom."""


class EntryKind(StrEnum):
    """What an entry is of."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One of this kiosk's entries."""

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
    """A void has taken it back; both are kept."""
    may_undo: bool
    clock_trusted: bool = True
    earlier: bool = False
    """Of another day: it is listed because it waits still, or could not be taken."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the kiosk is. Words of the parts themselves, which a screen translates where it knows them."""

    link: Link
    link_since: datetime | None
    """Wall time at which the link last changed."""
    waiting: int
    """Entries that the register has not answered for."""
    oldest_min: int | None
    """How long the oldest of them has waited, in whole minutes."""
    rejected: int
    """Entries that the register could not take."""
    clock: str
    """`synced`, `held` or `unknown`."""
    readers: tuple[tuple[str, str], ...]
    """Each reader's name and state: `ready`, `absent`, `busy`, `forbidden`, `babbling`, `stopped`."""
    printer: str | None
    """`ready`, `paper_low`, `no_paper`, `cover_open`, `absent` or `busy`; None: there is none."""


@dataclass(frozen=True, slots=True)
class StaffView(View):
    """The staff screen: today's entries, newest first, and how the kiosk is. After today's come those of
    earlier days that the register has not answered for or could not take.

    Touches: `undo(entry)`, `show_presence`, `send_now`, `clean_screen`, `find_card_pupil`, `leave_app`,
    `lock`; each leads on or back here. `page_turned`: somebody reads on, so it stays.
    """

    member: str
    """The name of whoever is in."""
    lines: tuple[EntryLine, ...]
    health: Health
    sending: bool = False
    """Sending was asked for a moment ago."""
    undo_failed: bool = False
    """The disk did not take the last undo: nothing was changed."""
    more_pending: int = 0
    """So many more of earlier days wait or could not be taken, and are not listed."""


class ConfirmQuestion(StrEnum):
    """What is asked once before it is done."""

    UNDO = "undo"
    REVOKE_CARDS = "revoke_cards"
    LEAVE_APP = "leave_app"


@dataclass(frozen=True, slots=True)
class ConfirmView(View):
    """Sure? `confirm` or `back`. `line` with UNDO, `pupil` with REVOKE_CARDS."""

    question: ConfirmQuestion
    line: EntryLine | None = None
    pupil: PupilLabel | None = None


@dataclass(frozen=True, slots=True)
class PresenceView(View):
    """Who is signed in and out on this kiosk, by name: for an evacuation. `page_turned` keeps it."""

    now: datetime
    """Wall time."""
    inside: tuple[PresenceLine, ...]
    outside: tuple[PresenceLine, ...]


@dataclass(frozen=True, slots=True)
class CleaningView(View):
    """The screen is deaf while it is wiped."""

    seconds_left: int


class CardStep(StrEnum):
    """Where giving and taking cards stands."""

    CHOOSE = "choose"
    """`assign_card` or `revoke_cards`."""
    TAP = "tap"
    """Hold the card to the reader."""
    SENDING = "sending"
    """The register is asked."""
    TAKEN = "taken"
    """The card is somebody else's (`owner`): `confirm` takes it from them."""
    UNSURE = "unsure"
    """The reader does not tell the card from another pupil's: it is neither given nor taken."""
    NUMBER = "number"
    """No card: it is the UPN or the admission number of somebody else (`owner`)."""
    CHANGES = "changes"
    """It has another number at each tap, as telephones have: it would never be known again."""
    GIVEN = "given"
    REVOKED = "revoked"
    FAILED = "failed"
    """Nothing was changed; `error` says why."""


@dataclass(frozen=True, slots=True)
class CardView(View):
    """A pupil's cards. `done` goes back to the staff screen."""

    pupil: PupilLabel
    step: CardStep
    owner: PupilLabel | None = None
    error: str | None = None
    """Why nothing was changed: a sentence for the member of staff."""
    cards: int | None = None
    """How many cards the pupil has now, as the register says."""
    card_reader: bool = True
