"""The home screen: the clock, the register's times, and what can be done now."""

from pathlib import Path
from typing import Any

from kivy.factory import Factory
from kivy.lang import Builder

from kiosk.screens.arriving import timebar
from kiosk.screens.kit.base import Stack, anything, boolean, colour, number, text
from kiosk.screens.kit.theme import theme
from kiosk.screens.kit.tile import Tile
from kiosk.screens.kit.tile_grid import TileGrid
from kiosk.screens.wording import common as common_wording
from kiosk.screens.wording import release as release_wording
from kiosk.views import HomeView
from kiosk.views.touches import OnTouch

__all__ = ["HomeScreen", "TileGrid", "timebar"]  # used by the kv file


MOST_IN_ROW = 4
"""Choices, the largest included, of which the others have room in one row of a small display."""


class HomeTile(Tile):
    """One of the choices: wide with its words beside the icon, or `narrow` with them below."""

    touch: OnTouch | None = anything(None)
    icon = text("")
    title = text("")
    subtitle = text("")
    narrow = boolean(False)
    flat = boolean(False)
    """Narrow and low: the words stand beside the icon all the same."""
    largest = boolean(False)
    """The choice of most who come now."""
    room = number(0)
    """The height that its words may take."""
    ink = colour()
    soft = colour()
    icon_ink = colour()


class RequestChip(Tile):
    """The requests for release that wait. Without words it takes no room."""

    words = anything(())


class HomeScreen(Stack):
    """Shows a `HomeView`. It handles no cards: the journey takes them on every screen.

    Only what can be done now is offered. While most who come are late, “I’m late” is by far the largest.
    """

    clock = text("")
    day = text("")
    times = anything(None)
    now = anything(None)
    headline = anything(())
    countdown = anything(())
    requests = anything(())
    card_reader = boolean(True)
    invites = boolean(True)
    in_late_window = boolean(False)
    offers = number(0)
    """How many choices are offered."""

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._tiles: dict[tuple[str, str], HomeTile] = {}

    def show(self, view: HomeView) -> None:
        """Draw what has changed."""
        self.clock = common_wording.clock(view.now) if view.clock_trusted else ""
        self.day = common_wording.day(view.now) if view.clock_trusted else ""
        self.times = view.times
        self.now = view.now.time().replace(microsecond=0)
        self.headline = common_wording.headline(view)
        self.countdown = common_wording.countdown(view)
        self.requests = release_wording.chip(view.requests)
        self.card_reader = view.card_reader
        self.invites = view.times is not None or not view.clock_trusted
        self.in_late_window = view.in_late_window
        possible = {
            "LateTile": self.invites,
            "YoungestTile": self.invites and view.youngest,
            "BringingTile": self.invites and view.may_bring,
            "CollectingTile": self.invites,
            "LeavingTile": self.invites and view.may_leave_alone,
            "ReturningTile": self.invites and view.anyone_out,
        }
        self._offer([name for name, can_be_done in possible.items() if can_be_done])

    @staticmethod
    def clock_share(*, portrait: bool, compact: bool, large: bool, waiting: bool) -> float:
        """The share of its full size that the clock takes: less beside larger text or waiting requests."""
        if portrait:
            return 0.5 if large or waiting else 1.0
        if not compact:
            return 1.0
        if large:
            return 0.45 if waiting else 0.7
        return 0.85 if waiting else 1.0

    def _offer(self, names: list[str]) -> None:
        """Offer these choices; in the late window the first one stands apart, and is large."""
        self.offers = len(names)
        large = names[:1] if self.in_late_window else []
        rest = names[len(large) :]
        flat = (theme.portrait or theme.compact) and len(names) > MOST_IN_ROW
        self._place("largest", [self._tile(name, "largest") for name in large])
        wide = not large and not (flat and theme.portrait)
        shape = "wide" if wide else "flat" if flat else "narrow"
        self._place("others", [self._tile(name, shape) for name in rest])

    def _place(self, place: str, tiles: list[HomeTile]) -> None:
        box = self.ids[place]
        if box.children != tiles[::-1]:
            box.clear_widgets()
            for tile in tiles:
                box.add_widget(tile)

    def _tile(self, name: str, shape: str) -> HomeTile:
        """The tile of a choice in a shape, built on first use and kept."""
        if (name, shape) not in self._tiles:
            tile_class = Factory.get(name)
            self._tiles[name, shape] = tile_class(
                touch=self.touch,
                narrow=shape in ("narrow", "flat"),
                flat=shape == "flat",
                largest=shape == "largest",
            )
        return self._tiles[name, shape]


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
