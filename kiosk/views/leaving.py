"""What somebody sees who takes a pupil away, and a pupil who leaves alone.

The steps of collecting, for the chips at the top: 1 Pupil (`FindView`), 2 Your name (`NameView`,
`RelationshipView`), 3 Reason (`ReasonView`), 4 Back at (`BackAtView`, `EvidenceView`), 5 Release
(`ReleaseView`). The words and states are the same for a contact, a stranger and somebody who may not collect.
"""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from attendance.reasons import Reason
from kiosk.views.common import Link, Progress, PupilLabel, Purpose, View


class Relationship(StrEnum):
    """What somebody who collects a pupil says they are. The value goes to the register."""

    MOTHER = "mother"
    FATHER = "father"
    CARER = "carer"
    GRANDPARENT = "grandparent"
    SIBLING = "brother or sister"
    OTHER = "somebody else"


class Evidence(StrEnum):
    """What was shown of an appointment. The value goes to the register."""

    CARD = "card"
    LETTER = "letter"
    TEXT_MESSAGE = "text message"


@dataclass(frozen=True, slots=True)
class NameView(View):
    """The adult's name, typed whole; never completed, and nothing is suggested."""

    pupils: tuple[PupilLabel, ...]
    name: str
    """As it is shown: `Ruth Anne-Marie O’Kane`."""
    keys: frozenset[str]
    """The keys that do something now: A–Z, ` `, `-` and `’`."""
    complete: bool
    """A first and a last name are there: `name_done` goes on."""


@dataclass(frozen=True, slots=True)
class RelationshipView(View):
    """Who are you to the pupil? Nobody has to say (`choose_relationship(None)`)."""

    pupils: tuple[PupilLabel, ...]
    collector: str
    choices: tuple[Relationship, ...] = tuple(Relationship)


@dataclass(frozen=True, slots=True)
class BackAtView(View):
    """When will the pupil be back? `choose_back_at(None)`: not today."""

    pupils: tuple[PupilLabel, ...]
    times: tuple[time, ...]
    """Wall times in steps, the next first; at most sixteen."""
    purpose: Purpose = Purpose.COLLECTING


@dataclass(frozen=True, slots=True)
class EvidenceView(View):
    """The last step before the office is asked: what goes to it, another pupil, and what was shown.

    `choose_evidence(…)` (None: nothing) asks the office; `add_pupil` goes back to find another of the family.
    """

    pupils: tuple[PupilLabel, ...]
    collector: str
    reason: Reason
    back_at: time | None
    choices: tuple[Evidence, ...] = tuple(Evidence)
    may_add: bool = True
    """Another pupil may be added."""


class ReleaseState(StrEnum):
    """How the request for one pupil's release stands."""

    SENDING = "sending"
    """The register has not confirmed that it has it."""
    WAITING = "waiting"
    """The office sees it."""
    OFFLINE = "offline"
    """The register cannot be reached; it is tried again, and a member of staff can release here."""
    STAFF_ONLY = "staff_only"
    """The register takes no request from this kiosk: only a member of staff can help."""
    SAVING = "saving"
    """Released; the entry is on its way to the disk."""
    RELEASED = "released"
    """Released and recorded."""
    REFUSED = "refused"
    """Please speak to the office."""
    TAKEN_BACK = "taken_back"
    """Nobody has said yes or no, and nobody waits any more: not released."""
    NOT_SAVED = "not_saved"
    """Released, but the disk did not take it: not recorded."""


@dataclass(frozen=True, slots=True)
class PupilRelease:
    """One pupil of those who are to go, and how the request for them stands."""

    pupil: PupilLabel
    state: ReleaseState


@dataclass(frozen=True, slots=True)
class ReleaseView(View):
    """Please wait for the office. `ask_staff`: a member of staff releases with a PIN, here."""

    pupils: tuple[PupilRelease, ...]
    collector: str
    reason: Reason
    back_at: time | None
    staff_can_release: bool = True
    """False: no PIN is known here yet."""

    @property
    def state(self) -> ReleaseState:
        """The state to speak of: that of the first pupil who still waits."""
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
class LeftView(View):
    """Who is signed out now, and who is not."""

    entries: tuple[UUID, ...]
    pupils: tuple[PupilLabel, ...]
    """Signed out, and recorded."""
    at: datetime
    """Wall time of the signing out."""
    back_at: time | None
    progress: Progress
    """The least far of the entries."""
    link: Link
    alone: bool = False
    """A pupil signed themselves out."""
    released_by: str | None = None
    clock_trusted: bool = True
    not_released: tuple[PupilLabel, ...] = ()
    """Not released: please speak to the office about them."""
    not_saved: tuple[PupilLabel, ...] = ()
    """Released, but the disk did not take it: not recorded, please see the office."""
    reason: Reason | None = None
