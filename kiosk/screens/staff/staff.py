"""The staff screen: the kiosk's health, and today's entries with the actions for them."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header, icons, palette
from kiosk.screens.kit.base import Stack, anything, boolean, text
from kiosk.screens.kit.pager import Pages
from kiosk.screens.kit.theme import theme
from kiosk.screens.kit.tile_grid import TileGrid
from kiosk.screens.staff import staff_tile
from kiosk.screens.wording import staff as staff_wording
from kiosk.screens.wording.sentence import say
from kiosk.screens.wording.translate import _
from kiosk.views import EntryLine, Health, Progress, StaffView
from kiosk.views.touches import OnTouch, TurnPage, UndoEntry

__all__ = ["Pages", "StaffScreen", "TileGrid", "header", "icons", "staff_tile"]  # used by the kv file

TONES = {
    Progress.SAVED: palette.LATE,
    Progress.SENT: palette.OK,
    Progress.WITH_OFFICE: palette.INFO,
    Progress.REJECTED: palette.CLOSED,
}


class HealthCard(Stack):
    """One part of the kiosk and its state."""

    icon = text("")
    title = text("")
    words = anything("")
    alarming = boolean(False)


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
        self.undone, self.may_undo = line.undone, line.may_undo

    def undo(self) -> None:
        """Report that the entry is to be undone."""
        if self.touch is not None and self.line is not None:
            self.touch(UndoEntry(self.line.entry))


class EntryPages(Pages):
    """The pages of entries; each entry has two lines when a row is narrow."""


class StaffScreen(Stack):
    """Shows a `StaffView`."""

    who = anything(())
    words = anything(())
    waiting = anything(())
    clock = text("")
    reader = anything(())
    printer = text("")
    storage = text("")
    network = anything(())
    health: Health | None = anything(None)
    sending = boolean(False)

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._pages = EntryPages(
            lambda: EntryLineRow(touch=touch), lambda row, line: row.show(line), lambda: touch(TurnPage())
        )
        self.ids.lines.add_widget(self._pages)
        # Kept alive while they are not shown.
        self._bus = self.ids.bus.__self__
        self._storage = self.ids.storage.__self__

    def begin(self) -> None:
        """Return to the newest entries."""
        self._pages.begin()

    def show(self, view: StaffView) -> None:
        """Draw what has changed."""
        self.health = view.health
        self.who = say("{name}", name=view.member)
        self.waiting = staff_wording.waiting(view.health)
        self.clock = staff_wording.trust(view.health)
        self.reader = staff_wording.readers(view.health)
        self.printer = staff_wording.printer(view.health)
        self.network = staff_wording.network(view.health)
        self.sending = view.sending
        self.storage = staff_wording.storage(view.health)
        self.words = (
            say(_("This kiosk could not save that, so nothing was changed."))
            if view.undo_failed
            else staff_wording.advice(view.health)
        )
        self._pages.empty = _("Nobody has signed in or out here today")
        self._pages.title = staff_wording.title(view)
        self._pages.list(view.lines)
        self._offer_buses(view.buses)
        # Six cards would be too narrow to read on a small display; what is wrong is said above them.
        self._show_storage(not theme.compact)

    def _offer_buses(self, offered: bool) -> None:
        actions = self.ids.actions
        if offered and self._bus.parent is None:
            actions.add_widget(self._bus, index=len(actions.children) - 1)  # after the first tile
        elif not offered and self._bus.parent is not None:
            actions.remove_widget(self._bus)

    def _show_storage(self, shown: bool) -> None:
        cards = self.ids.health
        if shown and self._storage.parent is None:
            cards.add_widget(self._storage)
        elif not shown and self._storage.parent is not None:
            cards.remove_widget(self._storage)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
