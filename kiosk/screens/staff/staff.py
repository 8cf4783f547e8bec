"""The staff screen: the actions, the kiosk's health, and today's entries."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header, icons, palette
from kiosk.screens.kit.base import Stack, anything, boolean, text
from kiosk.screens.kit.pager import Pages
from kiosk.screens.kit.tile_grid import TileGrid
from kiosk.screens.staff import staff_tile
from kiosk.screens.staff.health import HealthPanel
from kiosk.screens.wording import staff as staff_wording
from kiosk.screens.wording.sentence import say
from kiosk.screens.wording.translate import _
from kiosk.views import EntryLine, Progress, StaffView
from kiosk.views.touches import OnTouch, TurnPage, UndoEntry

__all__ = ["Pages", "StaffScreen", "TileGrid", "header", "icons", "staff_tile"]  # used by the kv file

TONES = {
    Progress.SAVED: palette.LATE,
    Progress.SENT: palette.OK,
    Progress.WITH_OFFICE: palette.INFO,
    Progress.REJECTED: palette.CLOSED,
}
ICONS = {
    Progress.SAVED: icons.CLOCK,
    Progress.SENT: icons.CIRCLE_CHECK,
    Progress.WITH_OFFICE: icons.CLIPBOARD_LIST,
    Progress.REJECTED: icons.CIRCLE_ALERT,
}


class EntryLineRow(Stack):
    """One entry; reused by `Pages`."""

    touch: OnTouch | None = anything(None)
    line: EntryLine | None = anything(None)
    time = anything(())
    who = anything(())
    code = text("")
    why = anything(())
    state = text("")
    tone = anything(palette.INFO)
    undone = boolean(False)
    icon = text("")
    slim = boolean(False)
    """An icon stands for the state: the display is small."""
    may_undo = boolean(False)

    def show(self, line: EntryLine) -> None:
        """Draw what has changed."""
        self.line = line
        self.time = staff_wording.entry_time(line)
        self.who = staff_wording.name_and_form(line.pupil)
        self.code = line.code or "—"
        self.why = staff_wording.reason_text(line)
        self.state = staff_wording.state(line)
        self.tone = palette.INFO if line.undone else TONES[line.progress]
        self.icon = icons.UNDO if line.undone else ICONS[line.progress]
        self.undone, self.may_undo = line.undone, line.may_undo

    def undo(self) -> None:
        """Report that the entry is to be undone."""
        if self.touch is not None and self.line is not None:
            self.touch(UndoEntry(self.line.entry))


class StaffScreen(Stack):
    """Shows a `StaffView`."""

    who = anything(())
    words = anything(())
    sending = boolean(False)
    alarming = boolean(False)
    """Whether a part of the kiosk needs attention."""
    slim = boolean(False)
    """There is no room for the kiosk's parts beside the entries: a tile shows either."""
    shows_health = boolean(False)

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._pages = Pages(
            lambda: EntryLineRow(touch=touch),
            lambda row, line: row.show(line),
            lambda: touch(TurnPage()),
            has_tiles=True,
        )
        self._health = HealthPanel()
        self._bus = self.ids.bus.__self__  # kept alive while it is not shown
        self.fbind("slim", lambda *_: self._arrange())
        self._arrange()

    def begin(self) -> None:
        """Return to the newest entries."""
        self.shows_health = False
        self._arrange()
        self._pages.begin()

    def turn_over(self) -> None:
        """Show the kiosk's parts in the place of the entries, or the entries again."""
        self.shows_health = not self.shows_health
        self._arrange()
        self.touch(TurnPage())

    def _arrange(self) -> None:
        """Put the kiosk's parts above the entries, or in their place."""
        beside, below = self.ids.health, self.ids.lines
        in_place = self.slim and self.shows_health
        wanted = {self._health: below if in_place else None if self.slim else beside}
        wanted[self._pages] = None if in_place else below
        for part, place in wanted.items():
            if part.parent is not None and part.parent is not place:
                part.parent.remove_widget(part)
        for part, place in wanted.items():
            if place is not None and part.parent is None:
                place.add_widget(part)

    def show(self, view: StaffView) -> None:
        """Draw what has changed."""
        self.who = say("{name}", name=view.member)
        self.sending = view.sending
        self._health.show(view.health)
        self.alarming = self._health.alarming
        self.words = (
            say(_("This kiosk could not save that, so nothing was changed."))
            if view.undo_failed
            else staff_wording.advice(view.health)
        )
        self._pages.empty = _("Nobody has signed in or out here today")
        self._pages.title = staff_wording.title(view)
        self._pages.list(view.lines)
        self._offer_buses(view.buses)

    def _offer_buses(self, offered: bool) -> None:
        actions = self.ids.actions
        if offered and self._bus.parent is None:
            actions.add_widget(self._bus, index=len(actions.children) - 1)  # after the first tile
        elif not offered and self._bus.parent is not None:
            actions.remove_widget(self._bus)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
