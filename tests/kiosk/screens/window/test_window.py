from collections.abc import Callable

import pytest

from kiosk.screens.tools import gallery
from kiosk.screens.window.long_press import HELD_S
from kiosk.views import SHORT_S, View
from tests.kiosk.screens.conftest import WindowDriver

Open = Callable[[int, int], WindowDriver]


@pytest.fixture
def kiosk(open_window: Open) -> WindowDriver:
    return open_window(800, 480)


@pytest.mark.parametrize(
    ("tile", "call"),
    [
        ("I’m late", ["ChooseLate"]),
        ("Collecting a pupil", ["ChooseCollecting"]),
        ("I’m back", ["ChooseReturning"]),
    ],
)
def test_a_tile_on_the_home_screen_is_reported_once(kiosk: WindowDriver, tile: str, call: list[str]) -> None:
    tiles = kiosk.show("home")
    kiosk.click(tiles[tile])
    assert kiosk.touched(1) == [call]
    assert kiosk.touched(0) == [call]


def test_a_touch_does_not_wait_for_the_next_frame(kiosk: WindowDriver) -> None:
    frame_s = 0.4
    late = kiosk.show("home")["I’m late"]
    for _ in range(2):
        assert kiosk.press_slowly(late, frame_s) < frame_s / 2
        kiosk.release()
    assert kiosk.touched(2) == [["ChooseLate"]] * 2


def test_enabled_letters_space_and_erase_are_reported(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("find-six")
    for key in ("E", "space", "Y", "erase"):
        kiosk.click(tiles[key])
    assert kiosk.touched(4) == [["PressLetter", "E"], ["PressLetter", " "], ["PressLetter", "Y"], ["Erase"]]


def test_a_grey_letter_is_reported_so_that_the_screen_can_explain_it(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("find-three")
    for key in ("Q", "A", "Z"):
        kiosk.click(tiles[key])
    assert kiosk.touched(3) == [["PressLetter", "Q"], ["PressLetter", "A"], ["PressLetter", "Z"]]


def test_there_is_nothing_to_erase_before_the_first_letter(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("find-empty")
    kiosk.click(tiles["erase"])
    assert "space" not in tiles
    assert kiosk.touched(0) == []


def test_the_chosen_pupil_is_reported(kiosk: WindowDriver) -> None:
    kiosk.show("find-six")
    tiles = kiosk.show("find-three")  # the tiles are reused for other pupils
    kiosk.click(tiles["Amelia-Rose T."])
    assert kiosk.touched(1) == [["ChoosePupil", "p3"]]


def test_a_forgiven_name_is_chosen_only_by_its_yes(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("find-approximate-one")
    assert "Amelia-Rose T." not in tiles, "the name itself cannot be touched"
    kiosk.click(tiles["Yes, that’s me"])
    assert kiosk.touched(1) == [["ConfirmPupil", "p3"]]


def test_a_pupil_who_is_not_listed_types_name_and_form(kiosk: WindowDriver) -> None:
    kiosk.click(kiosk.show("find-three")["My name isn’t here"])
    assert kiosk.touched(1) == [["NameNotListed"]]
    tiles = kiosk.show("unlisted-form")
    for tile in ("7", "B", "Next"):
        kiosk.click(tiles[tile])
    assert kiosk.touched(3) == [["PressLetter", "7"], ["PressLetter", "B"], ["ConfirmName"]]


def test_a_reason_or_its_refusal_is_reported(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("reason-not-required")
    kiosk.click(tiles["Bus or train was late"])
    kiosk.click(tiles["I’d rather not say"])
    assert kiosk.touched(2) == [["ChooseReason", "public-transport"], ["ChooseReason", None]]


def test_a_reason_that_is_required_cannot_be_skipped(kiosk: WindowDriver) -> None:
    kiosk.show("reason-not-required")
    assert "I’d rather not say" not in kiosk.show("reason")


@pytest.mark.parametrize("screen", ["find-empty", "reason"])
def test_there_is_a_way_back(kiosk: WindowDriver, screen: str) -> None:
    kiosk.click(kiosk.show(screen)["Back"])
    assert kiosk.touched(1) == [["GoBack"]]


@pytest.mark.parametrize(("screen", "tile"), [("done-late", "Done"), ("problem-unknown-card", "OK")])
def test_done_and_ok_end_a_visit(kiosk: WindowDriver, screen: str, tile: str) -> None:
    kiosk.click(kiosk.show(screen)[tile])
    assert kiosk.touched(1) == [["Finish"]]


def test_while_an_entry_is_being_saved_no_second_reason_can_be_chosen(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("reason")
    kiosk.ask("hold", "saving")  # the reasons stay on the screen until saving has taken a while
    kiosk.click(tiles["Traffic"])
    assert kiosk.touched(0) == []


# Only the kiosk is on this display, as in the kiosk's session (`deploy/session.sh`), so every key reaches the
# window. Requests from a window manager are in test_window_manager.py.
KEYS = [
    *("Escape", "Return", "F1", "F11", "F12", "Print", "Menu", "super", "super+d", "Alt_L"),
    *("alt+F4", "alt+Tab", "alt+space", "ctrl+q", "ctrl+w", "ctrl+e", "ctrl+alt+Delete", "ctrl+alt+F2"),
]


@pytest.mark.parametrize("key", KEYS)
def test_no_key_does_anything(kiosk: WindowDriver, key: str) -> None:
    tiles = kiosk.show("home")
    kiosk.key(key)
    assert kiosk.touched(0) == []
    assert kiosk.ask("state")["on_top"] == ["Host"]
    kiosk.click(tiles["I’m late"])
    assert kiosk.touched(1) == [["ChooseLate"]]


@pytest.mark.parametrize("button", ["2", "3", "4", "5"])
def test_mouse_buttons_other_than_the_left_do_nothing(kiosk: WindowDriver, button: str) -> None:
    tiles = kiosk.show("home")
    width, height = kiosk.ask("state")["size"]
    for x, y in ([width // 2, height - 5], tiles["I’m late"], tiles["languages"]):
        kiosk.xdo("mousemove", "--window", kiosk.window, str(x), str(y), "click", button)
    assert kiosk.touched(0) == []
    assert "Polski" not in kiosk.tiles()
    assert kiosk.ask("state")["on_top"] == ["Host"]
    kiosk.click(kiosk.show("home")["I’m back"])
    assert kiosk.touched(1) == [["ChooseReturning"]]


def test_another_mouse_button_does_not_wake_a_dimmed_screen(kiosk: WindowDriver) -> None:
    kiosk.show("home-dimmed")
    kiosk.xdo("mousemove", "--window", kiosk.window, "400", "240", "click", "3")
    assert kiosk.touched(0) == []


def test_a_second_finger_chooses_nothing_else(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("home")
    kiosk.press(tiles["I’m late"])
    assert kiosk.ask("pressed") == {"pressed": True}
    x, y = tiles["I’m back"]
    kiosk.xdo("mousedown", "3", "mousemove", "--window", kiosk.window, str(x), str(y), "mouseup", "3")
    kiosk.release()
    assert kiosk.touched(0) in ([], [["ChooseLate"]])
    assert kiosk.ask("state")["on_top"] == ["Host"]
    kiosk.click(kiosk.show("home")["I’m back"])
    assert kiosk.touched(1) == [["ChooseReturning"]]


def test_a_request_to_close_the_window_is_refused(kiosk: WindowDriver) -> None:
    assert kiosk.ask("close_request") == {"refused": True}


def test_an_error_in_a_screen_is_reported_and_the_kiosk_keeps_running(kiosk: WindowDriver) -> None:
    before = len(kiosk.ask("state")["errors"])
    kiosk.ask("fail")
    assert len(kiosk.ask("state")["errors"]) == before + 1
    assert kiosk.alive()
    kiosk.click(kiosk.show("done-late")["Done"])
    assert kiosk.touched(1) == [["Finish"]]


def test_an_error_in_the_problem_screen_does_not_end_the_kiosk(kiosk: WindowDriver) -> None:
    before = len(kiosk.ask("state")["errors"])
    kiosk.ask("fail", "again")
    assert kiosk.alive()
    assert len(kiosk.ask("state")["errors"]) == before + 1
    kiosk.ask("fail")  # and the next one is reported again
    assert len(kiosk.ask("state")["errors"]) == before + 2
    kiosk.click(kiosk.show("done-late")["Done"])
    assert kiosk.touched(1) == [["Finish"]]


def test_an_unchanged_frame_is_not_redrawn(kiosk: WindowDriver) -> None:
    assert kiosk.ask("again", "home") == {"redrawn": False}


@pytest.mark.timeout(600)
def test_a_long_session_makes_no_new_widgets(kiosk: WindowDriver) -> None:
    first = kiosk.ask("widgets")
    assert kiosk.ask("widgets") == first


CHOICES = [
    ("languages", "Polski", ["ChooseLanguage", "pl"]),
    ("languages", "اردو", ["ChooseLanguage", "ur"]),
    ("languages", "ਪੰਜਾਬੀ", ["ChooseLanguage", "pa"]),
    ("appearance", "Larger text", ["ToggleLargeText"]),
    ("appearance", "High contrast", ["ToggleContrast"]),
]


SCREENS = ("home", "find-three", "reason", "done-late", "problem-closed-day")


def choose(kiosk: WindowDriver, screen: str, menu: str, choice: str, call: list[str]) -> None:
    kiosk.show("saving")  # a menu that was left open closes
    kiosk.click(kiosk.show(screen)[menu])
    kiosk.click(kiosk.wait_for_tile(choice)[choice])
    assert kiosk.touched(1) == [call], screen


def test_each_language_and_appearance_is_chosen_and_each_screen_offers_the_choice(
    kiosk: WindowDriver,
) -> None:
    for screen, (menu, choice, call) in zip(SCREENS, CHOICES, strict=True):
        choose(kiosk, screen, menu, choice, call)


@pytest.mark.slow
def test_language_and_appearance_are_chosen_on_every_screen(kiosk: WindowDriver) -> None:
    for screen in SCREENS:
        for menu, choice, call in CHOICES:
            choose(kiosk, screen, menu, choice, call)


def test_an_open_menu_takes_every_touch_and_closes_at_one_beside_it(
    kiosk: WindowDriver,
) -> None:
    tiles = kiosk.show("home")
    kiosk.click(tiles["languages"])
    kiosk.wait_for_tile("Polski")
    kiosk.click([*tiles["I’m back"][:1], 470])
    assert kiosk.touched(0) == []
    assert "Polski" not in kiosk.tiles()
    kiosk.click(tiles["I’m back"])
    assert kiosk.touched(1) == [["ChooseReturning"]]


def test_a_menu_closes_when_the_screen_changes(kiosk: WindowDriver) -> None:
    kiosk.click(kiosk.show("find-three")["languages"])
    kiosk.wait_for_tile("Polski")
    assert "Polski" not in kiosk.show("home")


def test_a_menu_that_was_left_open_closes_after_the_idle_time(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("home")
    kiosk.click(tiles["languages"])
    kiosk.wait_for_tile("Polski")
    assert kiosk.ask("menu_stays")["stays"] == SHORT_S
    kiosk.ask("menu_waits_no_longer")
    kiosk.wait_until_gone("Polski")
    kiosk.click(tiles["I’m back"])  # the next visitor's first touch
    assert kiosk.touched(1) == [["ChooseReturning"]]


def test_every_touch_keeps_a_menu_open(kiosk: WindowDriver) -> None:
    kiosk.click(kiosk.show("home")["appearance"])
    place = kiosk.wait_for_tile("Larger text")["Larger text"]
    while (left := kiosk.ask("menu_stays")["left"]) > SHORT_S - 1:
        assert left <= SHORT_S
    kiosk.click(place)
    kiosk.touched(1)
    assert left < kiosk.ask("menu_stays")["left"] <= SHORT_S


def test_every_view_has_a_screen_a_sample_and_a_picture(kiosk: WindowDriver) -> None:
    views = {view.__name__ for view in View.__subclasses__()}
    kinds = kiosk.ask("kinds")["kinds"]
    assert set(kinds) == views
    assert {name.removesuffix("Screen") for name in kinds.values()} == {
        name.removesuffix("View") for name in views
    }
    pictures = gallery.Selection(gallery.SIZES, ("en",)).frames("en").values()
    assert {type(frame.view).__name__ for frame in pictures} == views


def test_the_touch_that_wakes_a_dimmed_screen_presses_nothing(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("home")
    for place in (tiles["I’m late"], tiles["languages"], [400, 470]):
        kiosk.show("home-dimmed")
        kiosk.click(place)
        assert kiosk.touched(1) == [["Wake"]]
        assert "Polski" not in kiosk.tiles()


def test_a_long_press_opens_the_staff_screen_and_a_tap_does_not(kiosk: WindowDriver) -> None:
    kiosk.show("home-staff-door")
    kiosk.click([60, 27])
    assert kiosk.touched(0) == []
    kiosk.press([60, 27])
    assert kiosk.touched(1) == [["ChooseStaff"]]
    kiosk.release()


def test_a_long_press_does_nothing_during_a_visit(kiosk: WindowDriver) -> None:
    kiosk.show("find-empty")
    kiosk.press([60, 27])
    assert kiosk.touched(1, patience_s=HELD_S + 0.5) == []
    kiosk.release()


def test_a_sound_is_played_even_when_nothing_else_changes(kiosk: WindowDriver) -> None:
    kiosk.show("home")
    before = kiosk.ask("sound", "attention")["played"]
    assert kiosk.ask("sound", "unknown_card")["played"] == [*before, "unknown_card"]
    # The same card again: what is on the screen stays as it is.
    assert kiosk.ask("sound", "unknown_card")["played"] == [*before, "unknown_card", "unknown_card"]


def test_a_sound_is_not_repeated_by_the_next_frame(kiosk: WindowDriver) -> None:
    kiosk.show("home")
    once = kiosk.ask("sound", "accepted")["played"]
    assert kiosk.ask("sound", "")["played"] == once
    kiosk.show("reason")
    assert kiosk.ask("sound", "")["played"] == once
