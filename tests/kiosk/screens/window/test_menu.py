"""Help: it lies over the screen, says what can be done there, and takes nothing from the visit."""

import re
from collections.abc import Callable

import pytest

from attendance.languages import ENGLISH, LANGUAGES
from kiosk.screens.window.registry import VIEWS
from tests.kiosk.screens.conftest import WindowDriver

Open = Callable[[int, int], WindowDriver]

DISPLAYS = {(800, 480): ("21", "64"), (720, 1280): ("32", "104"), (1280, 800): ("24", "84")}
"""Each display with the smallest text and target, in pixels."""
OFFICE = "Stuck? Ask at the office."


def check_place(open_window: Open, size: tuple[int, int], language: str = "", large: str = "") -> None:
    helps = open_window(*size).ask("helps", *DISPLAYS[size], language, large)["helps"]
    assert {name: each["faults"] for name, each in helps.items() if each["faults"]} == {}


def test_help_speaks_of_every_screen_and_names_only_tiles_that_are_there(open_window: Open) -> None:
    helps = open_window(800, 480).ask("helps", "21", "64")["helps"]
    assert {each["kind"] for each in helps.values()} == {view.__name__ for view in VIEWS}
    for name, each in helps.items():
        *lines, office = each["lines"]
        assert office == OFFICE
        assert lines, name
        for tile in re.findall("“(.*?)”", " ".join(lines)):
            assert tile in each["tiles"], f"{name} has no {tile}"


@pytest.mark.parametrize(("size", "language"), [((800, 480), ENGLISH), ((720, 1280), "pl")])
def test_help_has_its_place_on_small_displays(
    open_window: Open, size: tuple[int, int], language: str
) -> None:
    check_place(open_window, size, language, "large" if language == ENGLISH else "")


@pytest.mark.slow
@pytest.mark.parametrize("size", DISPLAYS)
@pytest.mark.parametrize("large", ["", "large"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_help_has_its_place_in_every_language(
    open_window: Open, size: tuple[int, int], language: str, large: str
) -> None:
    check_place(open_window, size, language, large)


@pytest.mark.parametrize(("size", "first"), [((800, 480), True), ((720, 1280), False)])
def test_help_opens_and_closes_and_presses_nothing_below(
    open_window: Open, size: tuple[int, int], first: bool
) -> None:
    kiosk = open_window(*size)
    tiles = kiosk.show("find-three")
    assert (tiles["help"][1] < size[1] / 2) is first, "at the top in landscape, at the bottom in portrait"
    kiosk.click(tiles["help"])
    assert kiosk.touched(1) == [["OpenHelp"]], "the visit's time begins again"
    kiosk.wait_for_tile("close")
    kiosk.click([5, size[1] // 2])
    kiosk.wait_until_gone("close")
    assert kiosk.touched(0) == [["OpenHelp"]]
    kiosk.click(kiosk.tiles()["R"])
    assert kiosk.touched(2)[1:] == [["PressLetter", "R"]], "the visit goes on where it was"


@pytest.mark.parametrize("then", ["reason", "evidence-still-there"])
def test_help_makes_way_for_a_card_and_for_the_question_whether_one_is_there(
    open_window: Open, then: str
) -> None:
    kiosk = open_window(800, 480)
    kiosk.click(kiosk.show("evidence")["help"])
    kiosk.wait_for_tile("close")
    kiosk.ask("hold", then, "1" if then == "reason" else "0")
    kiosk.wait_until_gone("close")
