"""A late bus: the newest passenger large, the count, the last cards, and undo."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import action, icons, palette
from kiosk.screens.kit.base import Stack, anything, boolean, text
from kiosk.screens.kit.theme import theme
from kiosk.screens.kit.tile_grid import TileGrid
from kiosk.screens.staff import staff_tile
from kiosk.screens.wording import bus as bus_wording
from kiosk.screens.wording.sentence import say
from kiosk.views import BusView, PassengerLine, PassengerState
from kiosk.views.touches import OnTouch, UndoEntry

__all__ = ["BusScreen", "TileGrid", "action", "icons", "staff_tile"]  # used by the kv file

MOST_CARDS = 8
FEWER_CARDS = 4
"""How many of the last cards are listed; fewer on a small or a portrait display."""


class PassengerCard(Stack):
    """One of the last passengers."""

    name = text("")
    more = anything(())
    newest = boolean(False)
    signed_in = boolean(False)

    def show(self, line: PassengerLine, *, newest: bool) -> None:
        """Draw what has changed."""
        self.name = line.pupil.name
        self.more = bus_wording.brief(line)
        self.newest = newest
        self.signed_in = line.state is PassengerState.SIGNED_IN


class BusScreen(Stack):
    """Shows a `BusView`."""

    title = anything(())
    name = anything(())
    result = text("")
    icon = text("")
    tone = anything(palette.OK)
    count = anything(())
    invitation = text("")
    ends = anything(())
    failed = boolean(False)
    undo_words = anything(())
    view: BusView | None = anything(None)

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._cards = [PassengerCard() for _number in range(MOST_CARDS)]
        theme.bind(compact=lambda *_: self._list(), portrait=lambda *_: self._list())

    def show(self, view: BusView) -> None:
        """Draw what has changed."""
        self.view = view
        self.title = bus_wording.title(view)
        self.count = bus_wording.count(view)
        self.invitation = bus_wording.invitation(view)
        self.ends, self.failed = bus_wording.ends(view), view.undo_failed
        self.undo_words = bus_wording.undo(view)
        newest = view.lines[0] if view.lines else None
        self.name = say("{name}", name=newest.pupil.name) if newest else ()
        self.result = bus_wording.latest(newest) if newest else ""
        fine = newest is not None and newest.state is PassengerState.SIGNED_IN
        saving = newest is None or newest.state is PassengerState.SAVING
        self.icon = "" if newest is None else _icon(newest.state)
        self.tone = palette.OK if fine else palette.INFO if saving else palette.LATE
        self._list()

    def undo(self) -> None:
        """Report that the newest arrival is to be undone."""
        if self.view is not None and self.view.undo is not None and self.view.undo.entry is not None:
            self.touch(UndoEntry(self.view.undo.entry))

    def _list(self) -> None:
        """Show the last cards; the newest is also large."""
        lines = self.view.lines if self.view is not None else ()
        most = FEWER_CARDS if theme.compact or theme.portrait else MOST_CARDS
        used = self._cards[: min(len(lines), most)]
        for number, (card, line) in enumerate(zip(used, lines, strict=False)):
            card.show(line, newest=number == 0)
        place = self.ids.cards
        place.rows = most // 2
        if len(place.children) != len(used):
            place.clear_widgets()
            for card in used:
                place.add_widget(card)


def _icon(state: PassengerState) -> str:
    return {PassengerState.SIGNED_IN: icons.CIRCLE_CHECK, PassengerState.SAVING: icons.LOADER}.get(
        state, icons.CIRCLE_ALERT
    )


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
