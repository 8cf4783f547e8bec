"""The problem screen, and the frame around every view."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.views.common import LinkStatus, PupilLabel, View


class Trouble(StrEnum):
    """The problems that the kiosk can show."""

    UNKNOWN_CARD = "unknown_card"
    TWO_CARDS = "two_cards"
    UNREADABLE_CARD = "unreadable_card"
    """The reader sent something that is no card."""
    NO_ROSTER = "no_roster"
    """The register has sent no school yet."""
    EMPTY_ROSTER = "empty_roster"
    """The school has no pupils on this kiosk."""
    CLOSED_DAY = "closed_day"
    AFTER_SCHOOL = "after_school"
    NOT_SAVED = "not_saved"
    """The departure could not be saved. The kiosk keeps it in memory and keeps trying."""
    ARRIVAL_WAITS = "arrival_waits"
    """The arrival could not be saved. The kiosk keeps it in memory and keeps trying."""
    DISK_FAILED = "disk_failed"
    """Nothing can be saved now: the home screen. Cards are still read, and kept in memory."""
    SPEAK_TO_OFFICE = "speak_to_office"
    """The office refused the release. The words are the same for every adult and every reason."""
    NO_ANSWER = "no_answer"
    """The office did not answer in time, or the register let the request lapse. Nothing is recorded."""
    RELEASED_TOO_LATE = "released_too_late"
    """The office released a pupil (`detail`: the name) after the request was withdrawn. The pupil is not
    signed out, and nothing is recorded."""
    ALREADY_OUT = "already_out"
    """The pupil (`detail`: the name) is already signed out."""
    NOT_ALONE = "not_alone"
    """The pupil may not leave alone: an adult must collect them."""
    FETCH_ADULT = "fetch_adult"
    """An adult must bring a late pupil of this year (`detail`: the pupil’s name)."""
    NOT_OUT = "not_out"
    """The pupil (`detail`: the name) has not signed out today, so they cannot come back."""
    NOBODY_OUT = "nobody_out"
    """“I’m back”, but no pupil has signed out on this kiosk today."""
    SAME_NAME = "same_name"
    """Two pupils of a form have the same name. A card or the office tells them apart."""
    NO_PINS = "no_pins"
    """No member of staff has a PIN for this kiosk yet."""
    SCREEN_ERROR = "screen_error"


@dataclass(frozen=True, slots=True)
class ProblemView(View):
    """A problem: what is wrong, and what to do about it."""

    trouble: Trouble
    detail: str | None = None
    """A pupil's name, or the school's own word for why it is closed."""


class Sound(StrEnum):
    """The sounds of the kiosk."""

    ACCEPTED = "accepted"
    """An entry is recorded."""
    UNKNOWN_CARD = "unknown_card"
    ATTENTION = "attention"
    """There is something to read."""


class Notice(StrEnum):
    """A notice beside the view, about a card that was read while a user is busy and begins no visit."""

    UNKNOWN_CARD = "unknown_card"
    TWO_CARDS = "two_cards"
    UNREADABLE_CARD = "unreadable_card"
    TO_BE_COLLECTED = "to_be_collected"
    """The owner's release waits: they are leaving, not arriving."""


@dataclass(frozen=True, slots=True)
class Look:
    """The language, text size and colours of the screens: chosen by the user, and reset after the visit."""

    language: str = "en"
    """A BCP 47 tag."""
    large: bool = False
    contrast: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The view with everything around it."""

    school: str
    """The school's name; empty while there is none."""
    status: LinkStatus
    view: View
    demo_clock: bool = False
    """Whether the clock was set to another time on purpose; the screen says so."""
    look: Look = Look()
    person: int = 0
    """Changes when the screen passes to another person, whose screens the last person's touches must not
    reach."""
    sound: Sound | None = None
    """Played once, with this frame."""
    dimmed: bool = False
    """Whether the kiosk is idle and the backlight may go down. The next touch is a `Wake`."""
    next_pupils: tuple[PupilLabel, ...] = ()
    """The pupils whose cards wait until the user has finished, the longest wait first. Each card keeps the
    time of its tap."""
    notice: Notice | None = None
    """Disappears after a few seconds."""
    seconds_left: int | None = None
    """Seconds until the answers are forgotten, while “Are you still there?” is asked."""
    closes_in: int | None = None
    """Seconds until a result closes by itself."""
    staff_can_enter: bool = False
    """Whether a member of staff may open the staff screen from here (`ChooseStaff`)."""

    @property
    def cards_waiting(self) -> int:
        """How many cards are waiting."""
        return len(self.next_pupils)
