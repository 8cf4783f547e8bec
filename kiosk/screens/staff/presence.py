"""The presence screen: who is signed in and out, for an evacuation."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header
from kiosk.screens.kit.base import Stack, anything, boolean
from kiosk.screens.kit.pager import Pages
from kiosk.screens.staff import staff_tile
from kiosk.screens.wording import staff as staff_wording
from kiosk.screens.wording.translate import _
from kiosk.views import PresenceLine, PresenceView
from kiosk.views.touches import OnTouch, TurnPage

__all__ = ["PresenceScreen", "header", "staff_tile"]  # used by the kv file


class PresenceRow(Stack):
    """One pupil and their time; reused by `Pages`."""

    who = anything(())
    since = anything(())

    def show(self, line: PresenceLine) -> None:
        """Draw what has changed."""
        self.who = staff_wording.name_and_form(line.pupil)
        self.since = staff_wording.presence_time(line)


class PresenceScreen(Stack):
    """Shows a `PresenceView`."""

    now = anything(())
    can_print = boolean(False)
    printing = boolean(False)

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
        self.now = staff_wording.source_text(view)
        self.can_print, self.printing = view.can_print, view.printing
        self._inside.title = staff_wording.inside(view)
        self._outside.title = staff_wording.outside(view)
        self._inside.empty = self._outside.empty = _("Nobody")
        self._inside.list(view.inside)
        self._outside.list(view.outside)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
