"""A list in pages: as many whole rows as fit, each high enough for a finger."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.lang import Builder

from kiosk.screens.kit import tile
from kiosk.screens.kit.base import Stack, anything, boolean, number, text
from kiosk.screens.wording.sentence import say

__all__ = ["Pages", "tile"]  # used by the kv file


class Pages(Stack):
    """Shows items in rows, which are built as needed and reused.

    Args:
        make: builds a row.
        fill: shows an item in a row.
        on_turn: called when a touch turns the page.
    """

    title = anything("")
    empty = text("")
    page = number(0)
    pages = number(1)
    page_text = anything(())
    is_empty = boolean(True)
    row_height = number(64)
    has_tiles = boolean(False)
    """The rows have tiles, and on a portrait display four lines."""

    def __init__(
        self,
        make: Callable[[], Any],
        fill: Callable[[Any, Any], None],
        on_turn: Callable[[], None],
        **kwargs: Any,
    ) -> None:
        self._make, self._fill, self._on_turn = make, fill, on_turn
        self._items: Sequence[Any] = ()
        self._rows: list[Any] = []
        super().__init__(**kwargs)
        self._rest = self.ids.rest.__self__  # keeps the widget alive while it is not visible
        self._draw = Clock.create_trigger(self._draw_now, -1)
        self.ids.rows.bind(height=lambda *_: self._draw())
        self.fbind("row_height", lambda *_: self._draw())

    def list(self, items: Sequence[Any]) -> None:
        """Show these items; the page stays the same if it still exists."""
        self._items = items
        self.is_empty = not items
        self._draw()

    def turn(self, by: int) -> None:
        """Turn to another page, if there is one."""
        self.page = min(max(self.page + by, 0), self.pages - 1)
        self._draw()
        self._on_turn()

    def begin(self) -> None:
        """Return to the first page."""
        self.page = 0
        self._draw()

    def _draw_now(self, *_: object) -> None:
        rows = self.ids.rows
        fit = max(1, int(rows.height // self.row_height))
        self.pages = max(1, -(-len(self._items) // fit))
        self.page = min(self.page, self.pages - 1)
        visible = self._items[int(self.page) * fit :][:fit]
        self.page_text = say("{page} / {pages}", page=int(self.page) + 1, pages=int(self.pages))
        while len(self._rows) < len(visible):
            self._rows.append(self._make())
        if len(rows.children) != len(visible) + 1:
            rows.clear_widgets()
            for row in self._rows[: len(visible)]:
                rows.add_widget(row)
            rows.add_widget(self._rest)
        for row, item in zip(self._rows, visible, strict=False):
            row.size_hint_y, row.height = None, self.row_height
            self._fill(row, item)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
