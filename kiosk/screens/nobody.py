"""Touches that lead nowhere, for pictures."""

from kiosk.attendance.reasons import Reason


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
