"""Every sample of every screen: each thing has its place, and what is touched is large enough."""

from collections.abc import Callable

import pytest

from kiosk.screens.tools import gallery
from tests.kiosk.screens.conftest import WindowDriver

Open = Callable[[int, int], WindowDriver]

pytestmark = pytest.mark.timeout(600)  # every screen is drawn


SMALLEST = (800, 480)
PORTRAIT = (720, 1280)
OTHERS = [size for size in gallery.SIZES if size != SMALLEST]


def test_on_the_smallest_display_everything_has_its_place_and_is_large_enough(open_window: Open) -> None:
    check_places(open_window, SMALLEST)


def test_on_a_portrait_display_each_kind_of_screen_has_its_place(open_window: Open) -> None:
    check_places(open_window, PORTRAIT, few="few")


@pytest.mark.slow
@pytest.mark.parametrize("size", OTHERS)
def test_at_every_size_everything_has_its_place_and_is_large_enough(
    open_window: Open, size: tuple[int, int]
) -> None:
    check_places(open_window, size)


def check_places(open_window: Open, size: tuple[int, int], few: str = "") -> None:
    kiosk = open_window(*size)
    assert kiosk.ask("state")["size"] == list(size)
    least = 54 if size == SMALLEST else 50
    assert kiosk.ask("misfits", str(least), "", "", few)["misfits"] == []


# The smallest display is in `wording/test_translate_screens`, with large text.
@pytest.mark.slow
@pytest.mark.parametrize(("size", "language"), [((720, 1280), "ur"), ((1280, 800), "pa")], ids=str)
def test_a_longer_language_keeps_its_place_at_larger_sizes(
    open_window: Open, size: tuple[int, int], language: str
) -> None:
    assert open_window(*size).ask("misfits", "50", language)["misfits"] == []
