"""A question with tiles to answer it: reasons, years, times, who somebody is, what they can show."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header, tile_grid
from kiosk.screens.kit.base import Box, anything, boolean, number, text
from kiosk.screens.kit.sentence import Sentence
from kiosk.screens.kit.tile import Tile
from kiosk.views.touches import OnTouch

__all__ = [
    "ChoiceScreen",
    "ChoiceTile",
    "Offer",
    "header",
    "tile_grid",
]  # the kv file builds what is in these


@dataclass(frozen=True, slots=True)
class Offer:
    """One answer. A `quiet` one is the choice not to say, or nothing."""

    value: object
    title: str | Sentence
    icon: str = ""
    quiet: bool = False


class ChoiceTile(Tile):
    """One answer to be touched."""

    icon = text("")
    title = anything("")
    quiet = boolean(False)
    plain = boolean(False)
    """Words only, in the middle."""


class ChoiceScreen(Box):
    """A question and its answers. Tiles are built once and lent out again: long sessions leaked."""

    question = anything(())
    who = anything(())
    step = number(0)
    columns = number(3)
    columns_upright = number(2)

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._tiles: list[ChoiceTile] = []

    def choose(self, value: Any) -> None:
        """That answer was touched; each screen says what it is an answer to.

        Raises:
            NotImplementedError: a screen without an answer to its question.
        """
        raise NotImplementedError

    def offer(self, offers: tuple[Offer, ...]) -> None:
        """Show these answers, in this order."""
        while len(self._tiles) < len(offers):
            self._tiles.append(self._tile())
        lent = self._tiles[: len(offers)]
        for tile, offer in zip(lent, offers, strict=True):
            tile.value, tile.title, tile.icon, tile.quiet = offer.value, offer.title, offer.icon, offer.quiet
        place = self.ids.tiles
        if len(place.children) != len(lent):
            place.clear_widgets()
            for tile in lent:
                place.add_widget(tile)

    def _tile(self) -> ChoiceTile:
        tile = ChoiceTile()
        tile.bind(on_choose=lambda chosen: self.choose(chosen.value))
        return tile


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
