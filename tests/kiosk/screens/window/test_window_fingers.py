"""Hurried fingers: a second tap or a slow lift must not choose anything."""

from collections.abc import Callable, Iterator

import pytest

from kiosk.screens.window.pause import PAUSE_S
from tests.kiosk.screens.conftest import WindowDriver

Open = Callable[[int, int], WindowDriver]


@pytest.fixture
def kiosk(open_window: Open) -> WindowDriver:
    return open_window(800, 480)


@pytest.fixture
def long_pause(kiosk: WindowDriver) -> Iterator[Callable[[], None]]:
    """Makes the pause after a new screen long enough for a busy machine's clicks."""

    def lengthen() -> None:
        assert kiosk.ask("pause", "3") == {"before": PAUSE_S}

    yield lengthen
    kiosk.ask("pause", str(PAUSE_S))


def test_a_new_screen_ignores_touches_for_a_moment(
    kiosk: WindowDriver, long_pause: Callable[[], None]
) -> None:
    tiles = kiosk.show("reason")
    kiosk.show("find-three")
    long_pause()
    kiosk.ask("hold", "reason")
    kiosk.click(tiles["Traffic"])
    assert kiosk.touched(0) == []
    kiosk.tiles()  # waits until the screen takes touches
    kiosk.click(tiles["Traffic"])
    assert kiosk.touched(1) == [["ChooseReason", "traffic"]]


def test_the_second_tap_on_a_name_chooses_no_reason(
    kiosk: WindowDriver, long_pause: Callable[[], None]
) -> None:
    kiosk.ask("follow", "ChoosePupil", "reason")
    name = kiosk.show("find-six")["Améline D’A."]
    assert any(abs(x - name[0]) < 100 and abs(y - name[1]) < 40 for x, y in kiosk.show("reason").values())
    kiosk.show("find-six")
    long_pause()
    kiosk.double_click(name)
    assert kiosk.touched(0) == [["ChoosePupil", "p4"]]


def test_fast_typing_loses_no_letter(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("find-six")
    kiosk.double_click(tiles["E"])
    assert kiosk.touched(2) == [["PressLetter", "E"], ["PressLetter", "E"]]


def test_a_redrawn_screen_keeps_taking_touches(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("home-on-time")
    kiosk.ask("hold", "home")  # a minute later
    kiosk.click(tiles["I’m late"])
    assert kiosk.touched(1) == [["ChooseLate"]]


def test_the_touch_after_waking_is_taken_at_once(kiosk: WindowDriver) -> None:
    kiosk.ask("follow", "Wake", "home")
    tiles = kiosk.show("home")
    kiosk.show("home-dimmed")
    kiosk.double_click(tiles["I’m late"])
    assert kiosk.touched(2) == [["Wake"], ["ChooseLate"]]


def test_a_double_tap_on_a_button_in_the_bar_opens_its_menu_and_leaves_it_open(
    kiosk: WindowDriver, long_pause: Callable[[], None]
) -> None:
    place = kiosk.show("home")["languages"]
    long_pause()
    kiosk.double_click(place)
    assert "Polski" in kiosk.tiles()
    kiosk.show("saving")  # closes it


def test_the_second_tap_on_a_language_chooses_nothing_below_it(
    kiosk: WindowDriver, long_pause: Callable[[], None]
) -> None:
    kiosk.click(kiosk.show("home")["languages"])
    place = kiosk.wait_for_tile("Polski")["Polski"]
    long_pause()
    kiosk.double_click(place)
    assert kiosk.touched(0) == [["ChooseLanguage", "pl"]]


@pytest.mark.parametrize(
    ("first", "tile", "then"), [("find-six", "Amelia-Rose T.", "find-one"), ("year-few", "Year 10", "year")]
)
def test_a_tile_that_changes_under_the_finger_chooses_nothing(
    kiosk: WindowDriver, first: str, tile: str, then: str
) -> None:
    kiosk.press(kiosk.show(first)[tile])
    assert kiosk.ask("pressed") == {"pressed": True}
    kiosk.ask("hold", then)
    kiosk.release()
    assert kiosk.touched(0) == []


def test_a_new_entry_does_not_move_another_undo_under_the_finger(
    kiosk: WindowDriver,
) -> None:
    kiosk.press(kiosk.show("staff")["Undo"])
    assert kiosk.ask("pressed") == {"pressed": True}
    kiosk.ask("newer")
    kiosk.release()
    assert kiosk.touched(0) == []
