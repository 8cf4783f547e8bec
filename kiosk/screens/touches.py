"""What a touch can ask for. The journey is one of these; the screens know nothing else of it."""

from typing import Protocol

from kiosk.attendance.reasons import Reason


class Touches(Protocol):
    """Called on the UI thread, once for each touch; returns at once."""

    def choose_late(self) -> None:
        """“I’m late” on the home screen."""

    def choose_collecting(self) -> None:
        """“Collecting a pupil” on the home screen."""

    def choose_returning(self) -> None:
        """“I’m back” on the home screen."""

    def press(self, letter: str) -> None:
        """A key: `A` to `Z`, or a space."""

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
