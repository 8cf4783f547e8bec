"""Fingers in a hurry: what a second tap, or a finger that is slow to lift, must not choose."""

from collections.abc import Callable, Iterator

import pytest

from kiosk.screens.window.pause import PAUSE_S
from tests.kiosk.screens.conftest import Driven

Open = Callable[[int, int], Driven]


@pytest.fixture
def kiosk(open_window: Open) -> Driven:
    return open_window(800, 480)


@pytest.fixture
def long_pause(kiosk: Driven) -> Iterator[Callable[[], None]]:
    """Makes the pause after a new screen so long that also a busy machine's clicks come within it."""

    def lengthen() -> None:
        assert kiosk.ask("deaf", "3") == {"before": PAUSE_S}

    yield lengthen
    kiosk.ask("deaf", str(PAUSE_S))


def test_a_screen_that_has_just_come_takes_no_touch_and_soon_after_it_does(
    kiosk: Driven, long_pause: Callable[[], None]
) -> None:
    tiles = kiosk.show("reason")
    kiosk.show("find-three")
    long_pause()
    kiosk.ask("hold", "reason")
    kiosk.click(tiles["Traffic"])
    assert kiosk.touched(0) == []
    kiosk.tiles()  # waits until it answers
    kiosk.click(tiles["Traffic"])
    assert kiosk.touched(1) == [["ChooseReason", "traffic"]]


def test_the_second_tap_on_a_name_chooses_no_reason(kiosk: Driven, long_pause: Callable[[], None]) -> None:
    kiosk.ask("follow", "ChoosePupil", "reason")
    name = kiosk.show("find-six")["Améline D’A."]
    assert any(abs(x - name[0]) < 100 and abs(y - name[1]) < 40 for x, y in kiosk.show("reason").values())
    kiosk.show("find-six")
    long_pause()
    kiosk.double_click(name)
    assert kiosk.touched(0) == [["ChoosePupil", "p4"]]


def test_letters_are_taken_as_fast_as_they_are_typed(kiosk: Driven) -> None:
    tiles = kiosk.show("find-six")
    kiosk.double_click(tiles["E"])
    assert kiosk.touched(2) == [["PressLetter", "E"], ["PressLetter", "E"]]


def test_a_screen_that_is_drawn_again_goes_on_taking_touches(kiosk: Driven) -> None:
    tiles = kiosk.show("home-on-time")
    kiosk.ask("hold", "home")  # a minute later
    kiosk.click(tiles["I’m late"])
    assert kiosk.touched(1) == [["ChooseLate"]]


def test_the_touch_after_the_waking_one_is_taken_at_once(kiosk: Driven) -> None:
    kiosk.ask("follow", "Wake", "home")
    tiles = kiosk.show("home")
    kiosk.show("home-dimmed")
    kiosk.double_click(tiles["I’m late"])
    assert kiosk.touched(2) == [["Wake"], ["ChooseLate"]]


def test_a_double_tap_on_a_button_in_the_bar_opens_its_menu_and_leaves_it_open(
    kiosk: Driven, long_pause: Callable[[], None]
) -> None:
    place = kiosk.show("home")["languages"]
    long_pause()
    kiosk.double_click(place)
    assert "Polski" in kiosk.tiles()
    kiosk.show("saving")  # closes it


def test_the_second_tap_on_a_language_chooses_nothing_below_it(
    kiosk: Driven, long_pause: Callable[[], None]
) -> None:
    kiosk.click(kiosk.show("home")["languages"])
    place = kiosk.until_there("Polski")["Polski"]
    long_pause()
    kiosk.double_click(place)
    assert kiosk.touched(0) == [["ChooseLanguage", "pl"]]


@pytest.mark.parametrize(
    ("first", "tile", "then"), [("find-six", "Amelia-Rose T.", "find-one"), ("year-few", "Year 10", "year")]
)
def test_a_tile_that_was_lent_out_anew_under_the_finger_chooses_nothing(
    kiosk: Driven, first: str, tile: str, then: str
) -> None:
    kiosk.press(kiosk.show(first)[tile])
    assert kiosk.ask("pressed") == {"pressed": True}
    kiosk.ask("hold", then)
    kiosk.release()
    assert kiosk.touched(0) == []


def test_an_entry_that_comes_while_a_finger_is_on_undo_does_not_put_another_one_under_it(
    kiosk: Driven,
) -> None:
    kiosk.press(kiosk.show("staff")["Undo"])
    assert kiosk.ask("pressed") == {"pressed": True}
    kiosk.ask("newer")
    kiosk.release()
    assert kiosk.touched(0) == []
