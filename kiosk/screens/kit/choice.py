"""A question with tiles as answers: reasons, years, times, relationships, evidence."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import header, tile_grid
from kiosk.screens.kit.base import Stack, anything, boolean, number, text
from kiosk.screens.kit.tile import Tile
from kiosk.screens.wording.sentence import Sentence
from kiosk.views.touches import OnTouch

__all__ = [
    "Answer",
    "ChoiceScreen",
    "ChoiceTile",
    "header",
    "tile_grid",
]  # used by the kv file


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. A quiet one is “I’d rather not say” or the like."""

    value: object
    title: str | Sentence
    icon: str = ""
    quiet: bool = False


class ChoiceTile(Tile):
    """The tile of one answer."""

    icon = text("")
    title = anything("")
    quiet = boolean(False)
    plain = boolean(False)
    """Words only."""
    alone = boolean(False)
    """Words only on every tile, which are large and centred."""


class ChoiceScreen(Stack):
    """A question and its answers. Tiles are built once and reused: rebuilding them leaked memory."""

    words_alone = True
    """Whether an answer without an icon is large and centred."""
    quiet_apart = True
    """Whether a quiet answer stands apart from the others."""
    question = anything(())
    who = anything(())
    step = number(0)
    columns = number(3)
    columns_upright = number(2)
    has_quiet = boolean(False)
    """A quiet answer stands in a row of its own, clear of the place that Done has on a result."""

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._tiles: list[ChoiceTile] = []

    def choose(self, value: Any) -> None:
        """Report a chosen answer; each screen overrides it.

        Raises:
            NotImplementedError: the screen does not override it.
        """
        raise NotImplementedError

    def show_answers(self, answers: tuple[Answer, ...]) -> None:
        """Show the answers in this order."""
        while len(self._tiles) < len(answers):
            self._tiles.append(self._tile())
        used = self._tiles[: len(answers)]
        for tile, offer in zip(used, answers, strict=True):
            tile.alone = self.words_alone and not offer.quiet
            tile.value, tile.title, tile.icon, tile.quiet = offer.value, offer.title, offer.icon, offer.quiet
        quiet = [tile for tile in used if tile.quiet and self.quiet_apart]
        self.has_quiet = bool(quiet)
        loud = [tile for tile in used if tile not in quiet]
        for place, tiles in ((self.ids.tiles, loud), (self.ids.quiet, quiet)):
            if place.children != tiles[::-1]:
                place.clear_widgets()
                for tile in tiles:
                    if tile.parent is not None:
                        tile.parent.remove_widget(tile)
                    place.add_widget(tile)

    def _tile(self) -> ChoiceTile:
        tile = ChoiceTile()
        tile.bind(on_choose=lambda chosen: self.choose(chosen.value))
        return tile


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
