"""What several views share: pupils as they may be shown, the progress of entries, the link."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

IDLE_S = 50.0
"""Seconds without a touch after which the kiosk goes home and forgets what was typed: 30 to answer, and then
20 of “Are you still there?”."""
SHORT_S = 20.0
"""The same where no answer is lost: the PIN pad, a menu, a wait for the disk."""


@dataclass(frozen=True, slots=True)
class View:
    """Base of everything that the kiosk can show. Each subclass is the plain data of one screen."""


class Link(StrEnum):
    """The connection to the register."""

    STARTING = "starting"
    CONNECTED = "connected"
    OFFLINE = "offline"
    REFUSED = "refused"
    """The register does not accept this kiosk."""


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """The pill at the top of every screen."""

    link: Link
    waiting: int = 0
    """Entries that the register has not answered for."""


@dataclass(frozen=True, slots=True)
class PupilLabel:
    """A pupil as the screens may show them."""

    id: str
    name: str
    """First name and initial, with as much more of the surname as tells two pupils of a form apart."""
    form: str
    given_name: str
    """The first name by which the kiosk greets the pupil."""


class Progress(StrEnum):
    """An entry's progress towards the register, as far as the kiosk knows for certain."""

    SAVED = "saved"
    """It is on the kiosk's disk."""
    SENT = "sent"
    """The register has it."""
    WITH_OFFICE = "with_office"
    """The register has it and the office must decide."""
    REJECTED = "rejected"
    """The register could not take it; it is kept, and the office is informed."""


class Purpose(StrEnum):
    """The purpose of a visit. Several purposes share the screens that ask for a pupil and a reason."""

    LATE = "late"
    """A late pupil signs in."""
    COLLECTING = "collecting"
    """An adult collects a pupil."""
    LEAVING = "leaving"
    """A pupil who may leave alone signs out."""
    RETURNING = "returning"
    """A pupil who signed out comes back."""
    BRINGING = "bringing"
    """An adult brings late children."""
    SIBLING = "sibling"
    """A pupil who has signed in adds another who came at the same time."""
    CARD = "card"
    """A member of staff changes a pupil's cards."""
    BUS = "bus"
    """A member of staff finds a passenger of a late bus who has no card."""


@dataclass(frozen=True, slots=True)
class PresenceLine:
    """A pupil, and when they arrived or left."""

    pupil: PupilLabel
    at: datetime
    """Wall time."""
    check: bool = False
    """Whether reception must look for the pupil: released without a sign-out, or at an uncertain time."""


class RequestProgress(StrEnum):
    """What home says about a request for release."""

    WAITING = "waiting"
    ASK_STAFF = "ask_staff"
    """The office cannot be reached from here: a member of staff can help."""
    SIGNED_OUT = "signed_out"
    SEE_OFFICE = "see_office"
    """Some pupil is not signed out. Home does not say whose decision that was."""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request for release, on home and in the list of requests."""

    id: UUID
    pupils: tuple[PupilLabel, ...]
    asked_at: time | None
    """Wall time; `None` if the clock was not trusted."""
    progress: RequestProgress
