"""Hurried fingers: a second tap or a slow lift must not choose anything."""

from collections.abc import Callable, Iterator

import pytest

from tests.kiosk.screens.conftest import WindowDriver

Open = Callable[[int, int], WindowDriver]


@pytest.fixture
def kiosk(open_window: Open) -> WindowDriver:
    return open_window(800, 480)


@pytest.fixture
def stop_clock(kiosk: WindowDriver) -> Iterator[Callable[[], None]]:
    """Stops the clock by which the window ignores touches."""

    def stop() -> None:
        kiosk.ask("stop_clock")

    yield stop
    kiosk.ask("start_clock")


def test_a_new_screen_ignores_touches_for_a_moment(
    kiosk: WindowDriver, stop_clock: Callable[[], None]
) -> None:
    tiles = kiosk.show("reason")
    kiosk.show("find-three")
    stop_clock()
    kiosk.ask("hold", "reason")
    kiosk.click(tiles["Traffic"])
    assert kiosk.touched(0) == []
    kiosk.ask("forward", "0.3")
    kiosk.click(tiles["Traffic"])
    assert kiosk.touched(1) == [["ChooseReason", "traffic"]]


def test_the_second_tap_on_a_name_chooses_no_reason(
    kiosk: WindowDriver, stop_clock: Callable[[], None]
) -> None:
    kiosk.ask("follow", "ChoosePupil", "reason")
    name = kiosk.show("find-six")["Améline D’A."]
    assert any(abs(x - name[0]) < 100 and abs(y - name[1]) < 40 for x, y in kiosk.show("reason").values())
    kiosk.show("find-six")
    stop_clock()
    kiosk.double_click(name)
    assert kiosk.touched(0) == [["ChoosePupil", "p4"]]


def test_fast_typing_loses_no_letter(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("find-six")
    kiosk.double_click(tiles["E"])
    assert kiosk.touched(2) == [["PressLetter", "E"], ["PressLetter", "E"]]


def test_a_redrawn_screen_keeps_taking_touches(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("home")
    kiosk.ask("hold", "home-last-two-minutes")
    kiosk.click(tiles["I’m late"])
    assert kiosk.touched(1) == [["ChooseLate"]]


def test_choices_of_home_that_move_ignore_touches_for_a_moment(
    kiosk: WindowDriver, stop_clock: Callable[[], None]
) -> None:
    tiles = kiosk.show("home-on-time")
    stop_clock()
    kiosk.ask("hold", "home")  # the late window begins
    kiosk.ask("forward", "0.2")
    kiosk.click(tiles["I’m back"])
    assert kiosk.touched(0) == []


def test_the_touch_after_waking_is_taken_at_once(kiosk: WindowDriver) -> None:
    kiosk.ask("follow", "Wake", "home")
    tiles = kiosk.show("home")
    kiosk.show("home-dimmed")
    kiosk.double_click(tiles["I’m late"])
    assert kiosk.touched(2) == [["Wake"], ["ChooseLate"]]


def test_a_double_tap_on_a_button_in_the_bar_opens_its_menu_and_leaves_it_open(
    kiosk: WindowDriver, stop_clock: Callable[[], None]
) -> None:
    place = kiosk.show("home")["languages"]
    stop_clock()
    kiosk.double_click(place)
    kiosk.ask("forward", "0.3")
    assert "Polski" in kiosk.tiles()
    kiosk.ask("start_clock")
    kiosk.show("saving")  # closes it


def test_the_second_tap_on_a_language_chooses_nothing_below_it(
    kiosk: WindowDriver, stop_clock: Callable[[], None]
) -> None:
    kiosk.click(kiosk.show("home")["languages"])
    place = kiosk.wait_for_tile("Polski")["Polski"]
    stop_clock()
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


def test_a_touch_counts_for_no_other_person(kiosk: WindowDriver, stop_clock: Callable[[], None]) -> None:
    tiles = kiosk.show("reason")
    stop_clock()
    kiosk.ask("hold", "reason", "1")  # the next pupil: the same question and the same answers
    kiosk.ask("forward", "0.55")
    kiosk.click(tiles["Traffic"])
    assert kiosk.touched(0) == []
    kiosk.ask("forward", "0.1")
    kiosk.click(tiles["Traffic"])
    assert kiosk.touched(1) == [["ChooseReason", "traffic"]]


def test_a_new_screen_does_not_cut_the_pause_of_a_new_person_short(
    kiosk: WindowDriver, stop_clock: Callable[[], None]
) -> None:
    tiles = kiosk.show("reason")
    kiosk.show("done-late")
    stop_clock()
    kiosk.ask("hold", "home", "1")
    kiosk.ask("forward", "0.1")
    kiosk.ask("hold", "reason", "1")
    kiosk.ask("forward", "0.55")
    kiosk.click(tiles["Traffic"])
    assert kiosk.touched(0) == []


@pytest.mark.parametrize(
    ("sample", "tile"), [("reason", "Traffic"), ("home", "I’m late"), ("home", "languages")]
)
def test_a_finger_from_before_a_change_of_person_chooses_nothing_when_it_lifts(
    kiosk: WindowDriver, stop_clock: Callable[[], None], sample: str, tile: str
) -> None:
    place = kiosk.show(sample)[tile]
    stop_clock()
    kiosk.press(place)
    assert kiosk.ask("pressed") == {"pressed": True}
    kiosk.ask("hold", sample, "1")
    kiosk.ask("forward", "0.7")
    kiosk.release()
    assert kiosk.touched(0) == []
    assert "Polski" not in kiosk.tiles()


def test_a_menu_closes_when_the_person_changes(kiosk: WindowDriver) -> None:
    kiosk.click(kiosk.show("home")["languages"])
    kiosk.wait_for_tile("Polski")
    kiosk.ask("hold", "home", "1")
    kiosk.wait_until_gone("Polski")
