"""Every touch that the screens report, as an event. The journey passes it to the current step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import TypeAlias
from uuid import UUID

from attendance.reasons import Reason
from kiosk.views.leaving import Evidence, Relationship

# --- On every screen -----------------------------------------------------------------------------


@dataclass(frozen=True)
class GoBack:
    """Back, at the top of a screen."""


@dataclass(frozen=True)
class Finish:
    """Done, or OK on a problem."""


@dataclass(frozen=True)
class ChooseLanguage:
    """Use a language until the user leaves."""

    tag: str
    """BCP 47."""


@dataclass(frozen=True)
class ToggleLargeText:
    """Larger text, or the usual size again."""


@dataclass(frozen=True)
class ToggleContrast:
    """High contrast, or the usual colours again."""


@dataclass(frozen=True)
class Wake:
    """Light a dimmed screen; this touch presses nothing."""


@dataclass(frozen=True)
class Stay:
    """Answer “Are you still there?” by touching anywhere."""


@dataclass(frozen=True)
class OpenHelp:
    """Help, which lies over the screen: the user reads."""


# --- Home ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChooseLate:
    """“I’m late”."""


@dataclass(frozen=True)
class ChooseBringing:
    """“I’m bringing a child”."""


@dataclass(frozen=True)
class ChooseCollecting:
    """“Collecting a pupil”."""


@dataclass(frozen=True)
class ChooseLeaving:
    """“I’m leaving”: a pupil who may leave alone."""


@dataclass(frozen=True)
class ChooseReturning:
    """“I’m back”."""


@dataclass(frozen=True)
class ShowRequests:
    """The chip of the requests for release that wait."""


@dataclass(frozen=True)
class ChooseYoungest:
    """“Little ones”: a child who cannot read yet."""


@dataclass(frozen=True)
class ChooseStaff:
    """A long press on the school’s name: to the staff screen."""


# --- Finding a pupil, typing a name --------------------------------------------------------------


@dataclass(frozen=True)
class PressLetter:
    """A key of the keyboard."""

    letter: str
    """`A` to `Z` or a space; in a name that is typed in full also `-` and `’`, in a form also `0` to `9`."""


@dataclass(frozen=True)
class Erase:
    """Remove the last letter or digit."""


@dataclass(frozen=True)
class FindByYear:
    """Find a pupil by year, then by name."""


@dataclass(frozen=True)
class ChooseYear:
    """A year group."""

    year: str
    """`N`, `R`, `1` …"""


@dataclass(frozen=True)
class ChoosePupil:
    """One of the pupils found."""

    pupil_id: str


@dataclass(frozen=True)
class ConfirmPupil:
    """Yes to “Is this you?”, which is asked when the typed name has a mistake."""

    pupil_id: str


@dataclass(frozen=True)
class NameNotListed:
    """“My name isn’t here”."""


@dataclass(frozen=True)
class ConfirmName:
    """Next, once a name is complete, or a form is typed."""


@dataclass(frozen=True)
class ChooseClass:
    """A class of the youngest."""

    year: str
    form: str


@dataclass(frozen=True)
class ChooseNameGroup:
    """Another group of first letters in the list of a class."""

    group: int


# --- Answers -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChooseReason:
    """A reason; `None` for “prefer not to say”."""

    reason: Reason | None


@dataclass(frozen=True)
class ChooseRelationship:
    """The adult’s relationship to the pupil; `None` for “prefer not to say”."""

    relationship: Relationship | None


@dataclass(frozen=True)
class ChooseReturnTime:
    """When the pupil will be back (wall time); `None` for “not back today”."""

    at: time | None


@dataclass(frozen=True)
class ChooseEvidence:
    """The evidence shown for an appointment; `None` for none. Sends the request to the office."""

    evidence: Evidence | None


@dataclass(frozen=True)
class AddPupil:
    """Add another pupil of the family."""


@dataclass(frozen=True)
class RemovePupil:
    """Take a pupil off the family again."""

    pupil_id: str


@dataclass(frozen=True)
class ChangeName:
    """Correct the adult’s name."""


@dataclass(frozen=True)
class SignInChildren:
    """Sign in the children whom the adult has named."""


@dataclass(frozen=True)
class AddSibling:
    """“Someone else with me”, on the result of an arrival."""


@dataclass(frozen=True)
class ChooseRequest:
    """One of several requests that wait."""

    request: UUID


@dataclass(frozen=True)
class CancelRequest:
    """Cancel a request; the user confirms first."""


@dataclass(frozen=True)
class AskStaff:
    """A member of staff releases the pupils here, with a PIN."""


# --- PIN and staff screen ------------------------------------------------------------------------


@dataclass(frozen=True)
class PressDigit:
    """A digit of a PIN."""

    digit: str
    """`0` to `9`."""


@dataclass(frozen=True)
class EnterPin:
    """Check the PIN that was typed."""


@dataclass(frozen=True)
class UndoEntry:
    """Undo one of today’s entries; the user confirms first."""

    entry: UUID


@dataclass(frozen=True)
class Confirm:
    """Yes to a question, or to taking a card from its current owner."""


@dataclass(frozen=True)
class ShowPresence:
    """List who is in and who is out."""


@dataclass(frozen=True)
class PrintPresence:
    """Print that list."""


@dataclass(frozen=True)
class TurnPage:
    """Show another page of a list."""


@dataclass(frozen=True)
class SendNow:
    """Send waiting entries at once."""


@dataclass(frozen=True)
class CleanScreen:
    """Ignore touches for a while, so that the screen can be wiped."""


@dataclass(frozen=True)
class ManageCards:
    """Choose the pupil whose cards are to change."""


@dataclass(frozen=True)
class AssignCard:
    """Give the pupil the next card that is tapped."""


@dataclass(frozen=True)
class RevokeCards:
    """Revoke all cards of the pupil, because they are lost."""


@dataclass(frozen=True)
class OpenBus:
    """Sign in the passengers of a late bus."""


@dataclass(frozen=True)
class ChooseRoute:
    """A bus route of the policy."""

    route: str


@dataclass(frozen=True)
class TypeRoute:
    """Another bus: its route is typed."""


@dataclass(frozen=True)
class ConfirmRoute:
    """Next, once the route is typed."""


@dataclass(frozen=True)
class ChangeReason:
    """Choose another reason for the passengers of the bus."""


@dataclass(frozen=True)
class FindPassenger:
    """Find a passenger without a card by name."""


@dataclass(frozen=True)
class LeaveApp:
    """Close the app; the user confirms first."""


@dataclass(frozen=True)
class Lock:
    """Lock the staff screen."""


@dataclass(frozen=True)
class CardMeansLeaving:
    """The card that was tapped is that of the pupil who is leaving."""


@dataclass(frozen=True)
class CardMeansArrival:
    """The card that was tapped is that of a pupil who has just arrived."""


Touch: TypeAlias = (
    GoBack
    | Finish
    | ChooseLanguage
    | ToggleLargeText
    | ToggleContrast
    | Wake
    | Stay
    | OpenHelp
    | ChooseLate
    | ChooseBringing
    | ChooseCollecting
    | ChooseLeaving
    | ChooseReturning
    | ShowRequests
    | ChooseYoungest
    | ChooseStaff
    | PressLetter
    | Erase
    | FindByYear
    | ChooseYear
    | ChoosePupil
    | ConfirmPupil
    | NameNotListed
    | ConfirmName
    | ChooseReason
    | ChooseRelationship
    | ChooseReturnTime
    | ChooseEvidence
    | AddPupil
    | ChooseRequest
    | CancelRequest
    | RemovePupil
    | ChangeName
    | SignInChildren
    | AddSibling
    | AskStaff
    | PressDigit
    | EnterPin
    | UndoEntry
    | Confirm
    | ShowPresence
    | PrintPresence
    | TurnPage
    | SendNow
    | CleanScreen
    | ManageCards
    | AssignCard
    | RevokeCards
    | ChooseClass
    | ChooseNameGroup
    | OpenBus
    | ChooseRoute
    | TypeRoute
    | ConfirmRoute
    | ChangeReason
    | FindPassenger
    | LeaveApp
    | Lock
    | CardMeansLeaving
    | CardMeansArrival
)
OnTouch: TypeAlias = Callable[[Touch], None]
"""Receives every touch, on the UI thread, and returns at once."""
