"""Tiles in rows of equal height, without a gap at the end."""

from typing import Any

from kiosk.screens.kit.base import Layout, boolean, number, reading


class TileGrid(Layout):
    """Children in `columns`, top to bottom; the last child fills its row.

    A row starts on the side where reading starts.
    """

    columns = number(3)
    spacing = number(22)
    rows = number(0)
    """The least number of rows, filled or not."""
    mirrors = boolean(True)
    """`False` keeps rows left to right in every language, as on a PIN pad."""
    last_share = number(1.0)
    """The height of the last row, in rows, when it has a single child."""
    least = number(0)
    """The last row is at least this high, in pixels."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("columns", "rows", "spacing", "last_share", "least", "size", "pos", "children"):
            self.fbind(name, self._trigger_layout)
        reading.bind(right_to_left=self._trigger_layout)
        for name in ("columns", "children"):
            self.fbind(name, self._count)

    filled_rows = number(0)
    """How many rows the children take."""

    def _count(self, *_: object) -> None:
        self.filled_rows = -(-len(self.children) // int(self.columns))

    def do_layout(self, *_: object) -> None:
        """Place every child."""
        children = list(reversed(self.children))
        columns = int(self.columns)
        if not children:
            return
        full, over = divmod(len(children), columns)
        shares = [1.0] * full + ([self.last_share if over == 1 and full else 1.0] if over else [])
        tall = shares + [1.0] * max(0, int(self.rows) - len(shares))
        room = self.height - self.spacing * (len(tall) - 1)
        one = room / sum(tall)
        if shares[-1] < 1 and one * shares[-1] < self.least:
            one = (room - self.least) / (sum(tall) - shares[-1])
            shares[-1] = self.least / one
        column = (self.width - self.spacing * (columns - 1)) / columns
        top = self.top
        for row, share in enumerate(shares):
            in_row = children[row * columns : (row + 1) * columns]
            height = one * share
            for index, child in enumerate(in_row):
                x = self.x + index * (column + self.spacing)
                fills = child is children[-1] and not self.rows
                child.size = (self.right - x if fills else column, height)
                left = self.x + self.right - x - child.width if reading.right_to_left and self.mirrors else x
                child.pos = (left, top - height)
            top -= height + self.spacing
