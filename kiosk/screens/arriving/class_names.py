"""“Which one are you?”: first names of one class, large, a few letters at a time."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header, palette
from kiosk.screens.kit.base import Stack, anything, boolean, text
from kiosk.screens.kit.symbols import symbol_of
from kiosk.screens.kit.tile import Tile
from kiosk.screens.kit.tile_grid import TileGrid
from kiosk.screens.staff import staff_tile
from kiosk.views import ChildName, ClassNamesView
from kiosk.views.touches import ChooseNameGroup, ChoosePupil, OnTouch

__all__ = ["ClassNamesScreen", "TileGrid", "header", "staff_tile"]  # used by the kv file

MOST_NAMES = 8


class ChildTile(Tile):
    """A child: the first letter on a disc, and the name."""

    child: ChildName | None = anything(None)
    tone = anything(palette.INFO)


class GroupTile(Tile):
    """A group of first letters."""

    words = text("")
    current = boolean(False)
    tone = anything(palette.INFO)


class ClassNamesScreen(Stack):
    """Shows a `ClassNamesView`."""

    icon = text("")
    tone = anything(palette.INFO)

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._names = [self._child() for _number in range(MOST_NAMES)]
        self._groups: list[GroupTile] = []

    def show(self, view: ClassNamesView) -> None:
        """Draw what has changed."""
        self.icon, self.tone = symbol_of(view.label.animal, view.label.colour)
        names = self._names[: len(view.names)]
        for tile, child in zip(names, view.names, strict=True):
            tile.child, tile.tone = child, self.tone
        _place(self.ids.names, names)
        while len(self._groups) < len(view.groups):
            self._groups.append(self._group())
        groups = self._groups[: len(view.groups)] if len(view.groups) > 1 else []
        for number, (group, words) in enumerate(zip(groups, view.groups, strict=False)):
            group.value, group.words = number, words
            group.current, group.tone = number == view.group, self.tone
        _place(self.ids.groups, groups)

    def _child(self) -> ChildTile:
        tile = ChildTile()
        tile.bind(on_choose=lambda chosen: self.touch(ChoosePupil(chosen.child.pupil_id)))
        return tile

    def _group(self) -> GroupTile:
        tile = GroupTile()
        tile.bind(on_choose=lambda chosen: self.touch(ChooseNameGroup(chosen.value)))
        return tile


def _place(place: Any, tiles: list[Any]) -> None:
    if len(place.children) != len(tiles):
        place.clear_widgets()
        for tile in tiles:
            place.add_widget(tile)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
