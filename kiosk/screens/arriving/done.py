"""The done screen: the recorded arrival, the reason for its code, and whether it is saved and sent."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import action, icons, person
from kiosk.screens.kit.base import Stack, anything, boolean, number, text
from kiosk.screens.kit.yielding_column import YieldingColumn
from kiosk.screens.wording import done as done_wording
from kiosk.views import BroughtView, DoneView, LeftView, Link, Progress, PupilLabel
from kiosk.views.touches import OnTouch

__all__ = ["DoneScreen", "YieldingColumn", "action", "person"]  # used by the kv file


def progress_icon(view: DoneView | LeftView | BroughtView) -> str:
    """An icon for the entry's progress: saved, sent, with the office."""
    if view.progress is Progress.SENT:
        return icons.SEND
    if view.progress is Progress.SAVED:
        return icons.LOADER if view.link is Link.CONNECTED else icons.CLOCK
    return icons.CLIPBOARD_LIST


class ProgressNote(Stack):
    """An icon and a few words about the entry's progress."""

    icon = text("")
    words = anything("")
    widest = number(0)
    """The most width that it may take, in pixels; longer words go on in a second line."""


class DoneScreen(Stack):
    """Shows a `DoneView`: words for the pupil, the code small for the office."""

    pupil: PupilLabel | None = anything(None)
    heading = anything(())
    story = anything(())
    office_line = anything(())
    correction_hint = anything(())
    next_step = anything(())
    may_add = boolean(False)
    """“Someone else with me” is offered."""
    saved_note = text("")
    progress_note = text("")
    progress_icon = text("")

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)

    def show(self, view: DoneView) -> None:
        """Draw what has changed."""
        self.pupil = view.pupil
        self.may_add = view.may_add
        self.heading = done_wording.heading(view)
        self.story = done_wording.story(view)
        self.office_line = done_wording.office_line(view)
        self.correction_hint = done_wording.correction_hint(view)
        self.next_step = done_wording.next_step(view)
        self.saved_note = done_wording.saved_note()
        self.progress_note = done_wording.progress_note(view)
        self.progress_icon = progress_icon(view)

    @staticmethod
    def disc_width(*, portrait: bool, compact: bool, large: bool, may_add: bool) -> float:
        """The diameter of the pupil's disc in the design's pixels: less beside more or larger words."""
        if portrait:
            return 110 if large or may_add else 170
        if large:
            return 136 if compact else 170
        return 236


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
