"""The names of the steps of collecting a pupil."""

from kiosk.screens.wording.translate import _


def collecting_steps() -> tuple[str, ...]:
    """The five steps in order, short enough for a chip."""
    return (_("Pupil"), _("Your name"), _("Reason"), _("Back at"), _("Release"))
