"""What a visit may answer to. One that does not say otherwise lets a touch lead nowhere."""

from collections.abc import Sequence
from datetime import time
from typing import NamedTuple
from uuid import UUID

from attendance.reasons import Reason
from hardware.clock.clock import Reading
from kiosk.views import Evidence, Relationship, ReleaseState
from sync.wire import DepartureAnswer


class Tap(NamedTuple):
    """A card was read."""

    names: Sequence[str]
    """What it may be called, the likeliest first."""
    reading: Reading
    """The clock at its first byte."""


class Visit:
    """Somebody stands here, or nobody."""

    for_staff = False
    """Whether a member of staff may open the staff screen from here."""

    @property
    def busy(self) -> bool:
        """Whether a card that is read now waits until this is over."""
        return False

    # --- what happens of itself ------------------------------------------------------------------

    def wants(self, tap: Tap) -> bool:
        """Take a card that was read; False: it is not for this visit."""
        del tap
        return False

    def tick(self) -> None:
        """About once a second."""

    def time_is_up(self) -> None:
        """Nobody has touched the screen for as long as the view was to stay."""

    def leave(self) -> None:
        """Something else takes this visit's place: let go of all that it has begun, and lose nobody."""

    def asking(self, request: UUID, asked: ReleaseState) -> bool:
        """How a request to the office stands has changed; False: it is not one of this visit's."""
        del request, asked
        return False

    def answered(self, request: UUID, answer: DepartureAnswer | None) -> bool:
        """The office has answered a request; False: it is not one of this visit's."""
        del request, answer
        return False

    def settled(self) -> None:
        """The register has answered for some entries, or the link has changed."""

    # --- what is touched -------------------------------------------------------------------------

    def choose_late(self) -> None:
        """“I’m late.”"""

    def choose_collecting(self) -> None:
        """“Collecting a pupil.”"""

    def choose_leaving(self) -> None:
        """“I’m leaving.”"""

    def choose_returning(self) -> None:
        """“I’m back.”"""

    def choose_staff(self) -> None:
        """The way to the staff screen."""

    def press(self, letter: str) -> None:
        """A letter."""
        del letter

    def erase(self) -> None:
        """Take the last letter or figure back."""

    def choose_by_year(self) -> None:
        """By year, then by name."""

    def choose_year(self, year: str) -> None:
        """A year."""
        del year

    def choose_pupil(self, pupil_id: str) -> None:
        """One of those found."""
        del pupil_id

    def name_done(self) -> None:
        """The adult's name is whole."""

    def choose_relationship(self, relationship: Relationship | None) -> None:
        """Who the adult is to the pupil."""
        del relationship

    def choose_reason(self, reason: Reason | None) -> None:
        """Why."""
        del reason

    def choose_back_at(self, back: time | None) -> None:
        """When the pupil will be back."""
        del back

    def choose_evidence(self, evidence: Evidence | None) -> None:
        """What was shown of an appointment."""
        del evidence

    def add_pupil(self) -> None:
        """Another pupil goes too."""

    def ask_staff(self) -> None:
        """A member of staff releases here."""

    def press_digit(self, digit: str) -> None:
        """A figure."""
        del digit

    def pin_done(self) -> None:
        """The PIN is whole."""

    def undo(self, entry: UUID) -> None:
        """Take back an entry."""
        del entry

    def confirm(self) -> None:
        """Yes."""

    def show_presence(self) -> None:
        """Who is in and who is out."""

    def page_turned(self) -> None:
        """Somebody reads on in a list."""

    def send_now(self) -> None:
        """Send what waits."""

    def clean_screen(self) -> None:
        """Be deaf for a while."""

    def find_card_pupil(self) -> None:
        """Whose card?"""

    def assign_card(self) -> None:
        """The next card is theirs."""

    def revoke_cards(self) -> None:
        """Their cards are lost."""

    def leave_app(self) -> None:
        """Leave the app."""

    def lock(self) -> None:
        """Leave the staff screen."""

    def back(self) -> None:
        """One step back."""

    def done(self) -> None:
        """Read; home again."""
