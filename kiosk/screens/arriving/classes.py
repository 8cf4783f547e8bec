"""“Which class are you in?”: a large tile with a symbol for each class of the youngest years."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header, palette
from kiosk.screens.kit.base import Stack, anything, number, text
from kiosk.screens.kit.symbols import symbol_of
from kiosk.screens.kit.tile import Tile
from kiosk.screens.kit.tile_grid import TileGrid
from kiosk.screens.staff import staff_tile
from kiosk.screens.wording import youngest as youngest_wording
from kiosk.views import ClassesView, ClassLabel
from kiosk.views.touches import ChooseClass, OnTouch

__all__ = ["ClassesScreen", "TileGrid", "header", "staff_tile"]  # used by the kv file

COLUMNS = ((4, 2), (9, 3), (12, 4))
"""(most classes, columns) in landscape."""


class ClassTile(Tile):
    """A class: symbol, name and year."""

    label: ClassLabel | None = anything(None)
    icon = text("")
    tone = anything(palette.INFO)
    name = anything(())
    year = anything(())

    def show(self, label: ClassLabel) -> None:
        """Draw what has changed."""
        symbol = symbol_of(label.animal, label.colour)
        self.label, self.icon, self.tone = label, symbol.icon, symbol.tone
        self.name, self.year = youngest_wording.class_name(label), youngest_wording.class_year(label)


class ClassesScreen(Stack):
    """Shows a `ClassesView`."""

    columns = number(3)

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._tiles: list[ClassTile] = []

    def show(self, view: ClassesView) -> None:
        """Draw what has changed."""
        self.columns = next((columns for most, columns in COLUMNS if len(view.classes) <= most), 5)
        while len(self._tiles) < len(view.classes):
            self._tiles.append(self._tile())
        used = self._tiles[: len(view.classes)]
        for tile, label in zip(used, view.classes, strict=True):
            tile.show(label)
        place = self.ids.tiles
        if len(place.children) != len(used):
            place.clear_widgets()
            for tile in used:
                place.add_widget(tile)

    def _tile(self) -> ClassTile:
        tile = ClassTile()
        tile.bind(on_choose=lambda chosen: self.touch(ChooseClass(chosen.label.year, chosen.label.form)))
        return tile


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
