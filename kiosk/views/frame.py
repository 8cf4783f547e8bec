"""The problem screen, and everything that is on the screen at one moment."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.views.common import LinkStatus, View


class Trouble(StrEnum):
    """What the problem screen can say."""

    UNKNOWN_CARD = "unknown_card"
    TWO_CARDS = "two_cards"
    NO_ROSTER = "no_roster"
    """The register has sent no school yet."""
    EMPTY_ROSTER = "empty_roster"
    """The school has no pupils here: see the office."""
    CLOSED_DAY = "closed_day"
    AFTER_SCHOOL = "after_school"
    NOT_SAVED = "not_saved"
    """The disk did not take the entry: it is not recorded."""
    SPEAK_TO_OFFICE = "speak_to_office"
    """No release. The same words for everybody, whatever the reason."""
    NO_ANSWER = "no_answer"
    """Nobody answered in time, or the register has let the request lapse: it is taken back, nothing is
    recorded; ask again, or speak to the office."""
    RELEASED_TOO_LATE = "released_too_late"
    """The office released a pupil (`detail`: the name) after the request had been given up: nothing is
    recorded, the pupil is not signed out."""
    ALREADY_OUT = "already_out"
    """The pupil (`detail`: the name) is signed out already."""
    NOT_ALONE = "not_alone"
    """The pupil may not leave alone: somebody must collect them."""
    NOT_OUT = "not_out"
    """The pupil (`detail`: the name) is not signed out today, so there is nothing to come back from."""
    NOBODY_OUT = "nobody_out"
    """“I’m back”, and nobody is signed out on this kiosk today: sign in, or see the office."""
    SAME_NAME = "same_name"
    """Two pupils of a form are called exactly the same, and were found by name: a card or the office tells
    which one it is."""
    NO_PINS = "no_pins"
    """No member of staff has a PIN for this kiosk yet."""
    SCREEN_ERROR = "screen_error"


@dataclass(frozen=True, slots=True)
class ProblemView(View):
    """One sentence, and what to do. `detail` is a name, or a school's own word (why it is closed)."""

    trouble: Trouble
    detail: str | None = None


class Sound(StrEnum):
    """What is to be heard."""

    ACCEPTED = "accepted"
    """It is recorded."""
    UNKNOWN_CARD = "unknown_card"
    ATTENTION = "attention"
    """Something else is to be read."""


class Notice(StrEnum):
    """A card was read that changes nothing, while somebody is busy here: said beside what they see."""

    UNKNOWN_CARD = "unknown_card"
    TWO_CARDS = "two_cards"


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
    status: LinkStatus
    view: View
    demo_clock: bool = False
    """The clock is not the real one; the screen says so."""
    look: Look = Look()
    sound: Sound | None = None
    """To be played once, when this frame comes; the next frame has it no more."""
    dimmed: bool = False
    """Nobody is here: the backlight may go down. A touch calls `wake` and presses nothing."""
    cards_waiting: int = 0
    """Pupils whose card was read while somebody else is busy here: they are seen to next, with their own
    time."""
    notice: Notice | None = None
    """What is to be said of a card that was read just now; gone by itself after a few seconds."""
    ends_soon: bool = False
    """Whoever stands here is soon taken for gone, and what they said is forgotten: any touch says otherwise
    (`stay`)."""
    staff_door: bool = False
    """A member of staff may open the staff screen from here (`choose_staff`)."""
