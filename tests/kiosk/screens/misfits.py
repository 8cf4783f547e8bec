"""Finds what does not fit in a kiosk window: texts cut off, widgets outside it, icons off centre."""

from collections.abc import Iterator
from typing import Any

from bench.finger import as_string, label, tiles, visible


def misfits(host: Any, window_size: tuple[int, int], area: Any = None) -> Iterator[str]:
    """Describe everything on the screen that does not fit, in the screen's area or another."""
    yield from _out_of_place(host, window_size, area or host.ids.area)
    yield from _over_the_edge(host)
    yield from _off_centre(host)


def tile_places(host: Any, window_height: int) -> Iterator[tuple[str, list[int], list[int]]]:
    """The label, centre (from the top left) and size of every visible tile, in pixels."""
    for tile in tiles(host):
        x, y = tile.to_window(*tile.center)
        yield label(tile), [round(x), round(window_height - y)], list(map(round, tile.size))


def too_small(host: Any, least_text: float, least_target: float) -> Iterator[str]:
    """Describe every text and every tile that is smaller than these sizes, in pixels.

    A key of a keyboard may be narrower: ten keys stand in a row of the narrowest display.
    """
    from kiosk.screens.kit.keyboard import Key
    from kiosk.screens.kit.label import TextBlock

    for widget in visible(host):
        if isinstance(widget, TextBlock) and widget.words and widget.drawn_font_size < least_text:
            yield f"the text {as_string(widget.words)!r} is {widget.drawn_font_size:.0f} px"
    for tile in tiles(host):
        small = tile.height if isinstance(tile, Key) else min(tile.size)
        if small < least_target:
            yield f"the tile {label(tile)!r} is {round(tile.width)} x {round(tile.height)} px"


def _off_centre(host: Any) -> Iterator[str]:
    """Icons alone on a tile that are off its centre: fingers aim at the icon."""
    from kivy.uix.widget import Widget

    from kiosk.screens.kit.tile import Icon

    for tile in tiles(host):
        inner = [child for child in tile.children if type(child) is not Widget]
        if len(inner) == 1 and isinstance(inner[0], Icon):
            off = abs(inner[0].center_x - tile.center_x), abs(inner[0].center_y - tile.center_y)
            if max(off) > 1:
                yield f"the icon {inner[0].text} is {off} beside the middle of {label(tile)}"


def _over_the_edge(host: Any) -> Iterator[str]:
    """Texts that leave their tile, above or below: they lie over what is next to it."""
    from kiosk.screens.kit.label import TextBlock

    for tile in tiles(host):
        for widget in tile.walk(restrict=True):
            if isinstance(widget, TextBlock) and widget.words and widget.drawn_size[1]:
                over = widget.drawn_size[1] / 2 + abs(widget.center_y - tile.center_y) - tile.height / 2
                if over > 1 and widget.valign == "middle":
                    yield f"{as_string(widget.words)!r} is {over:.0f} px over the edge of {label(tile)!r}"


def _out_of_place(host: Any, window_size: tuple[int, int], area: Any) -> Iterator[str]:
    from kiosk.screens.kit.label import TextBlock
    from kiosk.screens.kit.tile import Icon

    below = set(visible(area))
    for widget in visible(host):
        box = (*widget.to_window(widget.x, widget.y), *widget.to_window(widget.right, widget.top))
        if isinstance(widget, TextBlock):
            width, height = widget.drawn_size
            if width > widget.width + 1 or height > widget.height + 1:
                yield f"{widget.words} covers {widget.drawn_size} of {widget.size}"
            if widget.words and not width:
                yield f"{widget.words} is not drawn"
        elif not isinstance(widget, Icon) or not widget.text:
            continue
        if not _is_inside(box, window_size):
            text = widget.words if isinstance(widget, TextBlock) else widget.text
            yield f"{text} leaves the window: {box}"
        elif widget in below and widget.height and box[3] > area.top + 1:
            text = widget.words if isinstance(widget, TextBlock) else widget.text
            yield f"{text} lies over the bar: {box}"


def _is_inside(box: tuple[float, ...], window_size: tuple[int, int]) -> bool:
    width, height = window_size
    return box[0] >= -1 and box[1] >= -1 and box[2] <= width + 1 and box[3] <= height + 1
