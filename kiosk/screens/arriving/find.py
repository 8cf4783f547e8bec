"""The find screen: type a few letters, choose one name."""

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
from kiosk.views import FindView, PupilLabel, Purpose
from kiosk.views.touches import ChoosePupil, OnTouch

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


class FindScreen(Stack):
    """Shows a `FindView`. The six result tiles are built once and reused."""

    question = text("")
    letters = text("")
    hint = text("")
    empty = text("")
    visit_time = anything(())
    two_columns = boolean(False)
    by_year = boolean(False)
    year = anything(())
    chosen = anything(())
    step = number(0)

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._keyboard = Keyboard(touch)
        self.ids.keyboard_place.add_widget(self._keyboard)
        self._tiles = [self._tile() for _number in range(find_wording.MOST_NAMES)]
        self._matches: tuple[PupilLabel, ...] = ()

    def _tile(self) -> PupilTile:
        tile = PupilTile()
        tile.bind(on_choose=lambda chosen: self.touch(ChoosePupil(chosen.pupil.id)))
        return tile

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
        self._keyboard.enable(view.next_letters, may_erase=bool(view.letters))
        if view.matches != self._matches:
            self._list(view.matches[: find_wording.MOST_NAMES])

    def _list(self, matches: tuple[PupilLabel, ...]) -> None:
        self._matches = matches
        self.two_columns = len(matches) > ROWS
        self.ids.results.clear_widgets()
        for tile, pupil in zip(self._tiles, matches, strict=False):
            tile.pupil = pupil
            tile.only = len(matches) == 1
            tile.narrow = self.two_columns
            self.ids.results.add_widget(tile)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
