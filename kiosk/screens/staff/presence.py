"""The presence screen: who is signed in and out at this kiosk, for an evacuation."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header
from kiosk.screens.kit.base import Stack, anything, text
from kiosk.screens.kit.pager import Pages
from kiosk.screens.wording import common as common_wording
from kiosk.screens.wording import staff as staff_wording
from kiosk.screens.wording.sentence import say
from kiosk.screens.wording.translate import _
from kiosk.views import PresenceLine, PresenceView
from kiosk.views.touches import OnTouch, TurnPage

__all__ = ["PresenceScreen", "header"]  # used by the kv file


class PresenceRow(Stack):
    """One pupil and their time; reused by `Pages`."""

    who = anything(())
    since = text("")

    def show(self, line: PresenceLine) -> None:
        """Draw what has changed."""
        self.who = staff_wording.name_and_form(line.pupil)
        self.since = common_wording.clock(line.at)


class PresenceScreen(Stack):
    """Shows a `PresenceView`."""

    now = anything(())

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._inside, self._outside = (
            Pages(PresenceRow, lambda row, line: row.show(line), lambda: touch(TurnPage()))
            for _list in range(2)
        )
        for pages in (self._outside, self._inside):
            self.ids.lists.add_widget(pages)

    def begin(self) -> None:
        """Return both lists to their first page."""
        self._inside.begin()
        self._outside.begin()

    def show(self, view: PresenceView) -> None:
        """Draw what has changed."""
        self.now = say(
            _("On this kiosk at {time}. All others: see the class registers."),
            time=common_wording.clock(view.now),
        )
        self._inside.title = staff_wording.inside(view)
        self._outside.title = staff_wording.outside(view)
        self._inside.empty = self._outside.empty = _("Nobody")
        self._inside.list(view.inside)
        self._outside.list(view.outside)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
