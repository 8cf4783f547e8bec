"""The home screen: the clock, the register's times, and three choices, or four if pupils may leave alone."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.arriving import timebar
from kiosk.screens.kit.base import Stack, anything, boolean, colour, text
from kiosk.screens.kit.tile import Tile
from kiosk.screens.wording import common as common_wording
from kiosk.screens.wording import release as release_wording
from kiosk.views import HomeView
from kiosk.views.touches import OnTouch

__all__ = ["HomeScreen", "timebar"]  # used by the kv file


class HomeTile(Tile):
    """One of the large tiles."""

    icon = text("")
    title = text("")
    subtitle = text("")
    ink = colour()
    soft = colour()
    icon_ink = colour()


class RequestChip(Tile):
    """The requests for release that wait. Without words it takes no room."""

    words = anything(())


class HomeScreen(Stack):
    """Shows a `HomeView`. It handles no cards: the journey takes them on every screen."""

    clock = text("")
    day = text("")
    times = anything(None)
    now = anything(None)
    headline = anything(())
    countdown = anything(())
    requests = anything(())
    card_reader = boolean(True)
    invites = boolean(True)

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._leaving = self.ids.leaving.__self__  # keeps the tile alive while it is not shown

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
        self._offer_leaving(view.may_leave_alone)

    def _offer_leaving(self, offered: bool) -> None:
        choices = self.ids.choices
        if offered and self._leaving.parent is None:
            choices.add_widget(self._leaving, index=1)  # before the last tile, “I’m back”
        elif not offered and self._leaving.parent is not None:
            choices.remove_widget(self._leaving)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
