"""What there is to see at the kiosk, as data: the journey makes these, the screens draw them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kiosk.attendance.decide import Decision
from kiosk.attendance.policy import SessionName, SessionTimes
from kiosk.attendance.reasons import Reason


class Link(StrEnum):
    """How the kiosk stands with the register."""

    STARTING = "starting"
    CONNECTED = "connected"
    OFFLINE = "offline"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Status:
    """The pill at the top of every screen. `waiting` counts entries the register has not answered for."""

    link: Link
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A pupil as anybody may see one: first name and initial, and the form. `called` greets them."""

    id: str
    name: str
    form: str
    called: str


@dataclass(frozen=True, slots=True)
class HomeView:
    """The clock, the register's times with now on them, three choices.

    `session`, `times` and `ends` are of the register that matters now; None on a closed day or after
    school, and `closed_because` then says why.
    """

    now: datetime
    """Wall time at the school."""
    session: SessionName | None = None
    times: SessionTimes | None = None
    closed_because: str | None = None
    card_reader: bool = True
    """Whether a reader is ready; without one nobody is asked to tap."""
    clock_trusted: bool = True
    """False: the time is not known; it is not shown, and everybody may sign in."""


@dataclass(frozen=True, slots=True)
class FindView:
    """Letters so far, the letters that lead on, and at most six pupils."""

    started: datetime
    """Wall time of the first touch: the instant that will count."""
    letters: str = ""
    leads_on: frozenset[str] = frozenset()
    """Upper-case A–Z, and ` ` where a space leads on."""
    found: tuple[Listed, ...] = ()
    more: bool = False
    """More pupils than six match: type another letter."""


@dataclass(frozen=True, slots=True)
class ReasonView:
    """Why are you late? `required`: there is no going on without one."""

    pupil: Listed
    started: datetime
    reasons: tuple[Reason, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class SavingView:
    """The entry is on its way to the disk; nothing is said to be recorded yet."""

    pupil: Listed


class Progress(StrEnum):
    """How far an entry has come. Never more than is known."""

    SAVED = "saved"
    SENT = "sent"
    """The register has it."""
    WITH_OFFICE = "with_office"
    """The register has it and the office must decide."""
    REJECTED = "rejected"
    """The register could not take it; it is kept and the office is told."""


@dataclass(frozen=True, slots=True)
class DoneView:
    """What was recorded, and why. `clock_trusted` False: the office will confirm the time."""

    entry: UUID
    pupil: Listed
    at: datetime
    """Wall time of the arrival."""
    decision: Decision
    reason: Reason | None
    progress: Progress
    link: Link
    clock_trusted: bool = True
    already: bool = False
    """Nothing new was recorded: this is what was recorded earlier."""


class Trouble(StrEnum):
    """What the problem screen can say."""

    UNKNOWN_CARD = "unknown_card"
    TWO_CARDS = "two_cards"
    NO_ROSTER = "no_roster"
    CLOSED_DAY = "closed_day"
    AFTER_SCHOOL = "after_school"
    NOT_SAVED = "not_saved"
    """The disk did not take the entry: it is not recorded."""
    COLLECT_AT_OFFICE = "collect_at_office"
    BACK_AT_OFFICE = "back_at_office"
    SCREEN_ERROR = "screen_error"


@dataclass(frozen=True, slots=True)
class ProblemView:
    """One sentence, and what to do. `detail` is a school's own word for it (why it is closed)."""

    trouble: Trouble
    detail: str | None = None


View = HomeView | FindView | ReasonView | SavingView | DoneView | ProblemView


@dataclass(frozen=True, slots=True)
class Look:
    """How the screens look and what they speak: chosen by whoever stands there, and forgotten at idle."""

    language: str = "en"
    """A BCP 47 tag."""
    large: bool = False
    contrast: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything on the screen at one moment."""

    school: str
    status: Status
    view: View
    demo_clock: bool = False
    """The clock is not the real one; the screen says so."""
    look: Look = Look()
