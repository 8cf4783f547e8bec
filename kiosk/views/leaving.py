"""The views of leaving: an adult collects pupils, or a pupil leaves alone.

The steps of collecting, for the chips at the top: 1 Pupil (`FindView`), 2 Your name (`NameView`,
`RelationshipView`), 3 Reason (`ReasonView`), 4 Back at (`BackAtView`, `EvidenceView`), 5 Release
(`ReleaseView`). The words and states are the same for a contact, a stranger and an adult who may not collect.
"""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from attendance.reasons import Reason
from kiosk.views.common import Link, Progress, PupilLabel, Purpose, RequestLine, View


class Relationship(StrEnum):
    """The adult's own word for their relationship to the pupil. The value goes to the register."""

    MOTHER = "mother"
    FATHER = "father"
    CARER = "carer"
    GRANDPARENT = "grandparent"
    SIBLING = "brother or sister"
    OTHER = "somebody else"


class Evidence(StrEnum):
    """The evidence for an appointment. The value goes to the register."""

    CARD = "card"
    LETTER = "letter"
    TEXT_MESSAGE = "text message"


@dataclass(frozen=True, slots=True)
class NameView(View):
    """The adult's name as it is typed. It is never completed, and nothing is suggested."""

    pupils: tuple[PupilLabel, ...]
    name: str
    """As it is shown: `Ruth Anne-Marie O’Kane`."""
    keys: frozenset[str]
    """The keys that may come next: A–Z, ` `, `-` and `’`."""
    complete: bool
    """Whether there is a first and a last name, so that the user can go on."""
    purpose: Purpose = Purpose.COLLECTING


@dataclass(frozen=True, slots=True)
class RelationshipView(View):
    """“Who are you to the pupil?” The answer is optional."""

    pupils: tuple[PupilLabel, ...]
    collector: str
    choices: tuple[Relationship, ...] = tuple(Relationship)


@dataclass(frozen=True, slots=True)
class BackAtView(View):
    """“When will the pupil be back?” The user can also answer “not back today”."""

    pupils: tuple[PupilLabel, ...]
    times: tuple[time, ...]
    """Wall times in steps, the next first; at most sixteen."""
    purpose: Purpose = Purpose.COLLECTING


@dataclass(frozen=True, slots=True)
class EvidenceView(View):
    """The last view before the request: a summary, the evidence, and the choice to add another pupil.

    `ChooseEvidence` sends the request to the office; `AddPupil` finds another pupil of the family.
    """

    pupils: tuple[PupilLabel, ...]
    collector: str
    reason: Reason
    back_at: time | None
    choices: tuple[Evidence, ...] = tuple(Evidence)
    may_add: bool = True
    """Whether another pupil may be added."""


class ReleaseState(StrEnum):
    """The state of one pupil's release."""

    SENDING = "sending"
    """The register has not confirmed the request."""
    WAITING = "waiting"
    """The office sees the request."""
    OFFLINE = "offline"
    """The register cannot be reached. The kiosk keeps trying, and a member of staff can release here."""
    STAFF_ONLY = "staff_only"
    """The register takes no requests from this kiosk: only a member of staff can release."""
    SAVING = "saving"
    """Released; the entry is being saved."""
    RELEASED = "released"
    """Released and recorded."""
    REFUSED = "refused"
    """The office refused: the adult is to speak to it."""
    WITHDRAWN = "withdrawn"
    """Withdrawn before the office decided: not released."""
    NOT_SAVED = "not_saved"
    """Released, but the disk has not taken the departure: the kiosk keeps trying."""
    ALREADY_OUT = "already_out"
    """The pupil has left with another adult, or alone: not released to this one."""


@dataclass(frozen=True, slots=True)
class PupilRelease:
    """One pupil of a request, and the state of the release."""

    pupil: PupilLabel
    state: ReleaseState


@dataclass(frozen=True, slots=True)
class ReleaseView(View):
    """A request that waits. It is shown once it is sent, and again from home; nobody has to stand here.

    Any user may open it from home, so it shows neither the adult nor the reason. `AskStaff`: a member of
    staff releases here with a PIN. `CancelRequest` is asked about first.
    """

    pupils: tuple[PupilRelease, ...]
    asked_at: time | None
    """Wall time of the request; `None` if the clock was not trusted."""
    just_asked: bool = False
    """Whether the request has only just been sent: the adult is asked to take a seat."""
    staff_can_release: bool = True
    """Whether some member of staff has a PIN for this kiosk."""
    office_only: bool = False
    """Whether a member of staff has just been refused: only the office may release these pupils."""

    @property
    def state(self) -> ReleaseState:
        """The state that the screen describes: the one that most needs the adult's attention."""
        order = (
            ReleaseState.OFFLINE,
            ReleaseState.STAFF_ONLY,
            ReleaseState.SENDING,
            ReleaseState.WAITING,
            ReleaseState.SAVING,
        )
        states = {each.state for each in self.pupils}
        return next((each for each in order if each in states), ReleaseState.RELEASED)


@dataclass(frozen=True, slots=True)
class RequestListView(View):
    """“Which request?”, when several wait; the oldest first."""

    requests: tuple[RequestLine, ...]


@dataclass(frozen=True, slots=True)
class ReleaseYesView(View):
    """The last question to a member of staff whose PIN was right, while the family's list is not checked:
    `Confirm`, which is ignored at first, or `GoBack`."""

    pupils: tuple[PupilLabel, ...]
    collector: str
    relationship: Relationship | None
    reason: Reason
    back_at: time | None
    member: str
    """The name of the member of staff, which is kept with the release."""
    ready: bool = True
    """Whether a yes counts already: not in the first second."""
    checking: bool = False
    """Whether the register is being asked once more; touches are ignored."""


@dataclass(frozen=True, slots=True)
class LeftView(View):
    """The result of a departure: who is signed out, and who is not."""

    entries: tuple[UUID, ...]
    pupils: tuple[PupilLabel, ...]
    """The pupils whose departure is recorded."""
    at: datetime
    """Wall time of the departure."""
    back_at: time | None
    progress: Progress
    """The progress of the least advanced entry."""
    link: Link
    alone: bool = False
    """Whether the pupil signed out alone."""
    released_by: str | None = None
    clock_trusted: bool = True
    not_released: tuple[PupilLabel, ...] = ()
    """The pupils who were not released."""
    not_saved: tuple[PupilLabel, ...] = ()
    """The pupils who were released, but whose departure could not be saved."""
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class CardQuestionView(View):
    """A card was tapped while a pupil who leaves is looked for: is it theirs, or has its owner arrived?"""

    pupil: PupilLabel
    """The card's owner."""
    purpose: Purpose = Purpose.COLLECTING
    """Collecting, or leaving alone."""
