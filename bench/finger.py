"""A finger on the window, from within its process: what is to be seen, and touches as SDL brings them."""

from collections.abc import Callable, Iterator
from typing import Any

from kiosk.screens.wording.sentence import plain

Which = Callable[[Any], bool]
"""Whether that tile is meant."""

ICONS = {"\ue0fe": "languages", "\ue297": "appearance", "": "close"}
"""Tiles without a word, by their icon."""
GLYPHS = {"\ue3dd": "space", "\ue0ae": "erase"}


def shown(widget: Any) -> Iterator[Any]:
    """The widget and everything in it that can be seen."""
    if widget.opacity:
        yield widget
        for child in widget.children:
            yield from shown(child)


def as_string(said: Any) -> str:
    """A string or a sentence as one string."""
    return said if isinstance(said, str) else plain(said)


def tiles(root: Any) -> Iterator[Any]:
    """The tiles that can be seen in it."""
    from kiosk.screens.kit.tile import Tile

    return (
        widget for widget in shown(root) if isinstance(widget, Tile) and not getattr(widget, "hidden", False)
    )


def label(tile: Any) -> str:
    """What a tile says; of one without words, what its icon is called."""
    from kiosk.screens.arriving.find import PupilTile
    from kiosk.screens.kit.keyboard import GlyphKey
    from kiosk.screens.kit.label import TextBlock

    if isinstance(tile, GlyphKey):
        return GLYPHS[tile.glyph]
    if isinstance(tile, PupilTile):
        return tile.pupil.name if tile.pupil else ""
    title = getattr(tile, "title", None)
    said = title or next((one.words for one in shown(tile) if isinstance(one, TextBlock) and one.words), None)
    return as_string(said or ICONS.get(tile.icon, tile.icon))


class Finger:
    """Touches tiles; used between two frames of the window's own loop.

    Args:
        root: the root widget.
    """

    def __init__(self, root: Any) -> None:
        self._root = root

    def tiles(self) -> Iterator[Any]:
        """The tiles that can be seen."""
        return tiles(self._root)

    def place_of(self, which: Which) -> tuple[float, float] | None:
        """The centre, in the window, of the first tile that is meant and can be pressed now."""
        if not self._root.touchable:
            return None
        for tile in self.tiles():
            if tile.enabled and which(tile):
                x, y = tile.to_window(*tile.center)
                return float(x), float(y)
        return None

    def touch(self, place: tuple[float, float]) -> None:
        """Touch that place and lift; the window takes both with its next frame."""
        self._dispatch("on_mouse_down", place)
        self._dispatch("on_mouse_up", place)

    def _dispatch(self, event: str, place: tuple[float, float]) -> None:
        from kivy.core.window import Window

        x, y = place
        Window.dispatch(event, x, Window.height - y, "left", [])
