"""Touches that lead nowhere, for pictures."""

from datetime import time
from uuid import UUID

from attendance.reasons import Reason
from kiosk.views import Evidence, Relationship


class Nobody:
    """A `Touches` that does nothing: nobody touches a picture."""

    def choose_late(self) -> None:
        """Nothing."""

    def choose_collecting(self) -> None:
        """Nothing."""

    def choose_returning(self) -> None:
        """Nothing."""

    def press(self, letter: str) -> None:
        """Nothing."""

    def erase(self) -> None:
        """Nothing."""

    def choose_pupil(self, pupil_id: str) -> None:
        """Nothing."""

    def choose_reason(self, reason: Reason | None) -> None:
        """Nothing."""

    def back(self) -> None:
        """Nothing."""

    def done(self) -> None:
        """Nothing."""

    def choose_language(self, tag: str) -> None:
        """Nothing."""

    def choose_large(self) -> None:
        """Nothing."""

    def choose_contrast(self) -> None:
        """Nothing."""

    def choose_leaving(self) -> None:
        """Nothing."""

    def choose_staff(self) -> None:
        """Nothing."""

    def choose_by_year(self) -> None:
        """Nothing."""

    def choose_year(self, year: str) -> None:
        """Nothing."""

    def name_done(self) -> None:
        """Nothing."""

    def choose_relationship(self, relationship: Relationship | None) -> None:
        """Nothing."""

    def choose_back_at(self, back: time | None) -> None:
        """Nothing."""

    def choose_evidence(self, evidence: Evidence | None) -> None:
        """Nothing."""

    def add_pupil(self) -> None:
        """Nothing."""

    def ask_staff(self) -> None:
        """Nothing."""

    def press_digit(self, digit: str) -> None:
        """Nothing."""

    def pin_done(self) -> None:
        """Nothing."""

    def undo(self, entry: UUID) -> None:
        """Nothing."""

    def confirm(self) -> None:
        """Nothing."""

    def show_presence(self) -> None:
        """Nothing."""

    def send_now(self) -> None:
        """Nothing."""

    def clean_screen(self) -> None:
        """Nothing."""

    def find_card_pupil(self) -> None:
        """Nothing."""

    def assign_card(self) -> None:
        """Nothing."""

    def revoke_cards(self) -> None:
        """Nothing."""

    def leave_app(self) -> None:
        """Nothing."""

    def lock(self) -> None:
        """Nothing."""

    def page_turned(self) -> None:
        """Nothing."""

    def stay(self) -> None:
        """Nothing."""

    def wake(self) -> None:
        """Nothing."""
