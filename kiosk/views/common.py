"""What several views speak of: people as anybody may see them, how far an entry has come, the register."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

IDLE_S = 20.0
"""Seconds without a touch after which the kiosk is home again and has forgotten what was typed."""


@dataclass(frozen=True, slots=True)
class View:
    """Base of everything that the kiosk can show. Each subclass is the plain data of one screen."""


class Link(StrEnum):
    """How the kiosk stands with the register."""

    STARTING = "starting"
    CONNECTED = "connected"
    OFFLINE = "offline"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """The pill at the top of every screen. `waiting` counts entries the register has not answered for."""

    link: Link
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class PupilLabel:
    """A pupil as anybody may see one: first name and initial, and the form. `called` greets them.

    Where two of a form would look the same, `name` has as much of the surname as tells them apart.
    """

    id: str
    name: str
    form: str
    given_name: str


class Progress(StrEnum):
    """How far an entry has come. Never more than is known."""

    SAVED = "saved"
    SENT = "sent"
    """The register has it."""
    WITH_OFFICE = "with_office"
    """The register has it and the office must decide."""
    REJECTED = "rejected"
    """The register could not take it; it is kept and the office is told."""


class Purpose(StrEnum):
    """What a visit is for; the same screens ask for a pupil and a reason in several of them."""

    LATE = "late"
    COLLECTING = "collecting"
    """An adult takes a pupil away."""
    LEAVING = "leaving"
    """A pupil who may do so signs out alone."""
    RETURNING = "returning"
    CARD = "card"
    """Staff: whose card is to be given or taken."""


@dataclass(frozen=True, slots=True)
class PresenceLine:
    """A pupil with the wall time at which they came or went."""

    pupil: PupilLabel
    at: datetime
