"""Every sample of every screen: each thing has its place, and what is touched is large enough."""

from collections.abc import Callable

import pytest

from kiosk.screens.tools import gallery
from tests.kiosk.screens.conftest import Driven

Open = Callable[[int, int], Driven]

pytestmark = pytest.mark.timeout(600)  # every screen is drawn


@pytest.mark.parametrize("size", gallery.SIZES)
def test_at_every_size_everything_has_its_place_and_is_large_enough(
    open_window: Open, size: tuple[int, int]
) -> None:
    kiosk = open_window(*size)
    assert kiosk.ask("state")["size"] == list(size)
    least = 54 if size == (800, 480) else 50
    assert kiosk.ask("misfits", str(least))["misfits"] == []


# The smallest display is in `test_languages`, with large text: what fits there fits with the usual one too.
@pytest.mark.parametrize(("size", "language"), [((720, 1280), "ur"), ((1280, 800), "pa")], ids=str)
def test_a_longer_language_keeps_its_place_at_larger_sizes(
    open_window: Open, size: tuple[int, int], language: str
) -> None:
    assert open_window(*size).ask("misfits", "50", language)["misfits"] == []
