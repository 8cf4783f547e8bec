"""Reads the places of tiles from the kiosk's screens, so that a test can touch a tile by name."""

from collections.abc import Sequence
from pathlib import Path

from demo.display import virtual_display
from tests.kiosk.screens.conftest import WindowDriver

Share = tuple[float, float]
"""A point in the window as shares of its width and height, from the top left."""


def layout(samples: Sequence[str], size: tuple[int, int], home: Path) -> dict[str, dict[str, Share]]:
    """The centres of all tiles of those samples, by sample and by the tile's text.

    Args:
        samples: names of `kiosk.screens.samples`.
        size: the window's, in pixels.
        home: for Kivy's files.
    """
    width, height = size
    with virtual_display(size) as display:
        window = WindowDriver(display, size, home)
        try:
            shown = {name: window.show(name) for name in samples}
        finally:
            window.close()
    return {
        name: {tile: (x / width, y / height) for tile, (x, y) in tiles.items()}
        for name, tiles in shown.items()
    }
