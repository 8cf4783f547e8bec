"""The done screen: the recorded arrival, the reason for its code, and whether it is saved and sent."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kivy.lang import Builder

from attendance.rule import Outcome
from kiosk.screens.kit import icons, palette
from kiosk.screens.kit.base import Stack, anything, text
from kiosk.screens.wording import done as done_wording
from kiosk.views import BroughtView, DoneView, LeftView, Link, Progress
from kiosk.views.touches import OnTouch


@dataclass(frozen=True, slots=True)
class Badge:
    """The square at the left of the card: a code, or an icon when there is no code."""

    code: str
    icon: str
    tone: palette.Tone


LOOKS = {
    Outcome.LATE: (icons.CLOCK, palette.LATE),
    Outcome.AFTER_CLOSE: (icons.CLOCK, palette.CLOSED),
    Outcome.EXCUSED: (icons.CALENDAR_CHECK, palette.INFO),
    Outcome.ON_TIME: (icons.CHECK, palette.OK),
    Outcome.NO_EFFECT: (icons.CHECK, palette.OK),
    Outcome.MISSED_SESSION: (icons.SUN, palette.INFO),
}


def badge(view: DoneView) -> Badge:
    """The recorded code in its colour; an icon while no code has been decided."""
    if not view.clock_trusted:
        return Badge("", icons.CLOCK_ALERT, palette.INFO)
    icon, tone = LOOKS.get(view.decision.outcome, (icons.CLIPBOARD_LIST, palette.INFO))
    code = done_wording.badge(view)
    return Badge(code, "", tone) if code else Badge("", icon, tone)


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


class DoneScreen(Stack):
    """Shows a `DoneView`."""

    greeting = anything(())
    sign_in_time = anything(())
    badge = anything(Badge("", icons.CHECK, palette.OK))
    tone = anything(palette.OK)
    outcome_text = anything(())
    explanation = anything(())
    correction_hint = anything(())
    next_step = anything(())
    saved_note = text("")
    progress_note = text("")
    progress_icon = text("")

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)

    def show(self, view: DoneView) -> None:
        """Draw what has changed."""
        self.greeting = done_wording.greeting(view)
        self.sign_in_time = done_wording.sign_in_time(view)
        self.badge = badge(view)
        self.tone = self.badge.tone
        self.outcome_text = done_wording.outcome_text(view)
        self.explanation = done_wording.explanation(view)
        self.correction_hint = done_wording.correction_hint(view)
        self.next_step = done_wording.next_step(view)
        self.saved_note = done_wording.saved_note()
        self.progress_note = done_wording.progress_note(view)
        self.progress_icon = progress_icon(view)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
