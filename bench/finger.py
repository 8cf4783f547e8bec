"""Reads and touches the window from inside its process; touches arrive as they do from SDL."""

from collections.abc import Callable, Iterator
from typing import Any

from kiosk.screens.wording.sentence import plain

TileFilter = Callable[[Any], bool]
"""Selects the tile to touch."""

ICONS = {"\ue0fe": "languages", "\ue297": "appearance", "\ue082": "help", "\ue148": "Undo", "": "close"}
"""Names of tiles that have an icon and no text."""
GLYPHS = {"\ue3dd": "space", "\ue0ae": "erase"}


def visible(widget: Any) -> Iterator[Any]:
    """The widget and its visible descendants."""
    if widget.opacity:
        yield widget
        for child in widget.children:
            yield from visible(child)


def as_string(text: Any) -> str:
    """A string or a sentence as one string."""
    return text if isinstance(text, str) else plain(text)


def tiles(root: Any) -> Iterator[Any]:
    """The visible tiles below `root`."""
    from kiosk.screens.kit.tile import Tile

    return (
        widget
        for widget in visible(root)
        if isinstance(widget, Tile) and not getattr(widget, "hidden", False)
    )


def label(tile: Any) -> str:
    """A tile's text, or the name of its icon when it has none."""
    from kiosk.screens.arriving.find import PupilTile
    from kiosk.screens.kit.keyboard import GlyphKey
    from kiosk.screens.kit.label import TextBlock

    if isinstance(tile, GlyphKey):
        return GLYPHS[tile.glyph]
    if isinstance(tile, PupilTile):
        return tile.pupil.name if tile.pupil else ""
    title = getattr(tile, "title", None) or getattr(tile, "words", None)
    text = title or next(
        (one.words for one in visible(tile) if isinstance(one, TextBlock) and one.words), None
    )
    icon = getattr(tile, "icon", "")
    return as_string(text or ICONS.get(icon, icon))


class Finger:
    """Touches tiles between two frames of the window's own loop.

    Args:
        root: the root widget.
    """

    def __init__(self, root: Any) -> None:
        self._root = root

    def tiles(self) -> Iterator[Any]:
        """The visible tiles of the window."""
        return tiles(self._root)

    def place_of(self, which: TileFilter) -> tuple[float, float] | None:
        """The centre of the first selected tile that can be pressed now; `None` when there is none."""
        if not self._root.touchable:
            return None
        for tile in self.tiles():
            if tile.enabled and which(tile):
                x, y = tile.to_window(*tile.center)
                return float(x), float(y)
        return None

    def touch(self, place: tuple[float, float]) -> None:
        """Touch and lift; the window handles both in its next frame."""
        self._dispatch("on_mouse_down", place)
        self._dispatch("on_mouse_up", place)

    def _dispatch(self, event: str, place: tuple[float, float]) -> None:
        from kivy.core.window import Window

        x, y = place
        Window.dispatch(event, x, Window.height - y, "left", [])
