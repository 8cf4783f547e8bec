"""The find screen: type a few letters, choose one name, and say yes to it if a letter may be wrong."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import action, field, header
from kiosk.screens.kit.base import Stack, anything, boolean, number, text
from kiosk.screens.kit.keyboard import Keyboard
from kiosk.screens.kit.tile import Tile
from kiosk.screens.kit.tile_grid import TileGrid
from kiosk.screens.wording import find as find_wording
from kiosk.screens.wording import leaving as leaving_wording
from kiosk.views import MOST_ASKED, FindView, PupilLabel, Purpose
from kiosk.views.touches import ChoosePupil, ConfirmPupil, OnTouch

__all__ = ["FindScreen", "TileGrid", "action", "field", "header"]  # used by the kv file

ROWS = 3
"""Results in one column, each high enough for a finger; more results take a second column."""


class PupilTile(Tile):
    """A pupil in the results: form and name."""

    pupil: PupilLabel | None = anything(None)
    only = boolean(False)
    """The only result."""
    narrow = boolean(False)
    """The results stand in two columns."""


class AskedPupil(Stack):
    """“Is this you?” about one pupil, with a Yes of its own (`on_confirm`)."""

    __events__ = ("on_confirm",)

    pupil: PupilLabel | None = anything(None)
    yes = text("")

    def on_confirm(self) -> None:
        """Called when Yes is touched."""


class AskPanel(Stack):
    """“Is this you?” about one pupil or two."""

    question = text("")


class FindScreen(Stack):
    """Shows a `FindView`. All tiles are built once and reused."""

    question = text("")
    letters = text("")
    hint = anything("")
    empty = text("")
    visit_time = anything(())
    two_columns = boolean(False)
    by_year = boolean(False)
    year = anything(())
    chosen = anything(())
    step = number(0)
    unlisted = boolean(False)
    """“My name isn’t here” is offered."""
    not_here = text("")
    tight = boolean(False)
    """The question stands in the header: a small display has no room for it below."""

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._keyboard = Keyboard(touch)
        self.ids.keyboard_place.add_widget(self._keyboard)
        self._tiles = [self._tile() for _number in range(find_wording.MOST_NAMES)]
        self._panel = AskPanel()
        self._asked = [self._asked_pupil() for _number in range(MOST_ASKED)]
        self._drawn: tuple[object, ...] = ()

    def _tile(self) -> PupilTile:
        tile = PupilTile()
        tile.bind(on_choose=lambda chosen: self.touch(ChoosePupil(chosen.pupil.id)))
        return tile

    def _asked_pupil(self) -> AskedPupil:
        asked = AskedPupil()
        asked.bind(on_confirm=lambda confirmed: self.touch(ConfirmPupil(confirmed.pupil.id)))
        return asked

    def show(self, view: FindView) -> None:
        """Draw what has changed."""
        self.question = find_wording.question(view)
        self.letters = view.letters
        self.hint = find_wording.hint(view)
        self.empty = find_wording.empty(view)
        self.visit_time = find_wording.visit_time(view)
        self.by_year = view.by_year and not view.matches
        self.year = find_wording.year(view.year) if view.year is not None else ()
        self.chosen = leaving_wording.pupils(view.chosen)
        self.step = 1 if view.purpose is Purpose.COLLECTING else 0
        self.unlisted = view.may_be_unlisted
        self.not_here = find_wording.not_here(view.purpose)
        self._keyboard.enable(view.next_letters, may_erase=bool(view.letters))
        drawn = (view.asks, view.matches, find_wording.is_this(view.purpose))
        if drawn != self._drawn:
            self._drawn = drawn
            self._draw_matches(view)

    def _draw_matches(self, view: FindView) -> None:
        self.two_columns = not view.asks and len(view.matches) > ROWS
        self.ids.results.clear_widgets()
        self.ids.place.remove_widget(self._panel)
        if view.asks:
            self._ask(view)
        else:
            self._list(view.matches[: find_wording.MOST_NAMES])

    def _ask(self, view: FindView) -> None:
        """Ask about each pupil, because no name is spelt exactly as typed."""
        self._panel.question = find_wording.is_this(view.purpose)
        self._panel.ids.pupils.clear_widgets()
        for asked, pupil in zip(self._asked, view.matches, strict=False):
            asked.pupil, asked.yes = pupil, find_wording.yes(view.purpose)
            self._panel.ids.pupils.add_widget(asked)
        self.ids.place.add_widget(self._panel)

    def _list(self, matches: tuple[PupilLabel, ...]) -> None:
        for tile, pupil in zip(self._tiles, matches, strict=False):
            tile.pupil = pupil
            tile.only = len(matches) == 1
            tile.narrow = self.two_columns
            self.ids.results.add_widget(tile)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
