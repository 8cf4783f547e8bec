"""The problem screen: what is wrong and what to do, never a stack trace."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import action, icons, palette
from kiosk.screens.kit.base import Stack, anything, text
from kiosk.screens.wording import common as common_wording
from kiosk.views import ProblemView, Trouble
from kiosk.views.touches import OnTouch

__all__ = ["ProblemScreen", "action"]  # used by the kv file

LOOKS = {
    Trouble.UNKNOWN_CARD: (icons.ID_CARD, palette.LATE),
    Trouble.TWO_CARDS: (icons.ID_CARD, palette.LATE),
    Trouble.UNREADABLE_CARD: (icons.ID_CARD, palette.LATE),
    Trouble.NO_ROSTER: (icons.LIST_X, palette.LATE),
    Trouble.CLOSED_DAY: (icons.CALENDAR_OFF, palette.INFO),
    Trouble.AFTER_SCHOOL: (icons.MOON, palette.INFO),
    Trouble.NOT_SAVED: (icons.TRIANGLE_ALERT, palette.CLOSED),
    Trouble.FETCH_ADULT: (icons.USERS, palette.INFO),
    Trouble.ARRIVAL_WAITS: (icons.TRIANGLE_ALERT, palette.CLOSED),
    Trouble.DISK_FAILED: (icons.TRIANGLE_ALERT, palette.CLOSED),
    Trouble.EMPTY_ROSTER: (icons.USERS, palette.INFO),
    Trouble.SPEAK_TO_OFFICE: (icons.USER_CHECK, palette.INFO),
    Trouble.NO_ANSWER: (icons.USER_CHECK, palette.INFO),
    Trouble.RELEASED_TOO_LATE: (icons.TRIANGLE_ALERT, palette.LATE),
    Trouble.ALREADY_OUT: (icons.USER_CHECK, palette.INFO),
    Trouble.NOT_ALONE: (icons.USER_CHECK, palette.INFO),
    Trouble.NOT_OUT: (icons.UNDO, palette.INFO),
    Trouble.NOBODY_OUT: (icons.UNDO, palette.INFO),
    Trouble.SAME_NAME: (icons.USERS, palette.INFO),
    Trouble.NO_PINS: (icons.CIRCLE_ALERT, palette.INFO),
    Trouble.SCREEN_ERROR: (icons.MONITOR_X, palette.LATE),
}
"""The icon and tone of each problem; the words say the same, so that nothing depends on colour."""


class ProblemScreen(Stack):
    """Shows a `ProblemView`."""

    icon = text("")
    tone = anything(palette.INFO)
    sentence = text("")
    detail = text("")
    what_to_do = text("")

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)

    def show(self, view: ProblemView) -> None:
        """Draw what has changed."""
        self.icon, self.tone = LOOKS[view.trouble]
        self.sentence = common_wording.problem(view)
        self.detail = common_wording.detail(view)
        self.what_to_do = common_wording.what_to_do(view)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
