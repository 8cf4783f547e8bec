"""What a touch can ask for. The journey is one of these; the screens know nothing else of it."""

from datetime import time
from typing import Protocol
from uuid import UUID

from attendance.reasons import Reason
from kiosk.views import Evidence, Relationship


class Touches(Protocol):
    """Called on the UI thread, once for each touch; returns at once."""

    def choose_late(self) -> None:
        """“I’m late” on the home screen."""

    def choose_collecting(self) -> None:
        """“Collecting a pupil” on the home screen."""

    def choose_returning(self) -> None:
        """“I’m back” on the home screen."""

    def press(self, letter: str) -> None:
        """A key: `A` to `Z`, or a space; in an adult’s name also `-` and `’`."""

    def erase(self) -> None:
        """The key that takes the last letter away."""

    def choose_pupil(self, pupil_id: str) -> None:
        """A name among those found."""

    def choose_reason(self, reason: Reason | None) -> None:
        """A reason; None: would rather not say."""

    def back(self) -> None:
        """Back, at the top of a screen."""

    def done(self) -> None:
        """Done, or OK on a problem."""

    def choose_language(self, tag: str) -> None:
        """A language (BCP 47 tag) for as long as somebody stands here."""

    def choose_large(self) -> None:
        """Larger text, or the usual again."""

    def choose_contrast(self) -> None:
        """High contrast, or the usual again."""

    def choose_leaving(self) -> None:
        """“I’m leaving” on the home screen: a pupil who may leave alone."""

    def choose_staff(self) -> None:
        """The way to the staff screen: a long press on the school’s name."""

    def choose_by_year(self) -> None:
        """Find by year, then by name."""

    def choose_year(self, year: str) -> None:
        """A year: `N`, `R`, `1` …"""

    def name_done(self) -> None:
        """The adult’s name is whole."""

    def choose_relationship(self, relationship: Relationship | None) -> None:
        """Who the adult is to the pupil; None: would rather not say."""

    def choose_back_at(self, back: time | None) -> None:
        """When the pupil will be back (wall time); None: not today."""

    def choose_evidence(self, evidence: Evidence | None) -> None:
        """What was shown of an appointment; None: nothing. The office is asked now."""

    def add_pupil(self) -> None:
        """Another pupil of the family goes too."""

    def ask_staff(self) -> None:
        """A member of staff releases here, with a PIN."""

    def press_digit(self, digit: str) -> None:
        """A figure of a PIN: `0` to `9`."""

    def pin_done(self) -> None:
        """The PIN is whole."""

    def undo(self, entry: UUID) -> None:
        """Take back one of today’s entries; asked once before it is done."""

    def confirm(self) -> None:
        """Yes, to a question; or: take the card from its owner."""

    def show_presence(self) -> None:
        """Who is in and who is out."""

    def send_now(self) -> None:
        """Send what waits, at once."""

    def clean_screen(self) -> None:
        """Be deaf to touches for a while."""

    def find_card_pupil(self) -> None:
        """Whose card?"""

    def assign_card(self) -> None:
        """The pupil gets the next card that is tapped."""

    def revoke_cards(self) -> None:
        """The pupil’s cards are lost."""

    def leave_app(self) -> None:
        """Leave the app; asked once before it is done."""

    def lock(self) -> None:
        """Leave the staff screen."""

    def page_turned(self) -> None:
        """Somebody reads a list on its next page, or the one before."""

    def stay(self) -> None:
        """A touch anywhere, while it is asked whether somebody is still there; it may press something too."""

    def wake(self) -> None:
        """The touch that wakes a dimmed screen, and presses nothing."""
