"""Leaving and coming back at the touchscreen, with real clicks."""

from collections.abc import Callable
from uuid import UUID

import pytest

from kiosk.screens.samples.leaving import LARGE_FAMILY, TIMES
from tests.kiosk.screens.conftest import WindowDriver

Open = Callable[[int, int], WindowDriver]


@pytest.fixture
def kiosk(open_window: Open) -> WindowDriver:
    return open_window(800, 480)


def test_leaving_alone_is_offered_only_if_the_policy_allows_it(kiosk: WindowDriver) -> None:
    kiosk.click(kiosk.show("home-leaving-alone")["I’m leaving"])
    assert kiosk.touched(1) == [["ChooseLeaving"]]
    assert "I’m leaving" not in kiosk.show("home")
    order = [tile for tile in kiosk.show("home-leaving-alone") if tile.startswith(("I’m", "Collecting"))]
    assert sorted(order) == [
        "Collecting a pupil",
        "I’m back",
        "I’m bringing a child",
        "I’m late",
        "I’m leaving",
    ]


def test_find_by_year_is_offered_until_a_pupil_is_found(kiosk: WindowDriver) -> None:
    for sample in ("find-by-year", "find-nobody-by-year"):
        kiosk.click(kiosk.show(sample)["Find by year"])
        assert kiosk.touched(1) == [["FindByYear"]]
    assert "Find by year" not in kiosk.show("find-three")
    assert "Find by year" not in kiosk.show("find-empty")


def test_the_chosen_year_is_reported(kiosk: WindowDriver) -> None:
    kiosk.show("year-few")
    tiles = kiosk.show("year")  # the tiles are reused for other years
    for year in ("Nursery", "Year 3"):
        kiosk.click(tiles[year])
    assert kiosk.touched(2) == [["ChooseYear", "N"], ["ChooseYear", "3"]]


def test_an_adults_name_is_typed_with_hyphen_apostrophe_and_space(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("name")
    for key in ("A", "’", "-", "space", "erase"):
        kiosk.click(tiles[key])
    assert kiosk.touched(5) == [
        ["PressLetter", "A"],
        ["PressLetter", "’"],
        ["PressLetter", "-"],
        ["PressLetter", " "],
        ["Erase"],
    ]


def test_an_incomplete_name_cannot_be_confirmed(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("name-empty")
    for tile in ("Next", "-", "space", "erase"):
        kiosk.click(tiles[tile])
    assert kiosk.touched(0) == []
    kiosk.click(kiosk.show("name")["Next"])
    assert kiosk.touched(1) == [["ConfirmName"]]


def test_the_name_screen_offers_nothing_but_keys(kiosk: WindowDriver) -> None:
    words = {tile for tile in kiosk.show("name") if len(tile) > 1}
    assert words == {"Back", "Next", "space", "erase", "languages", "appearance", "help"}


def test_the_relationship_may_be_given_or_declined(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("relationship")
    kiosk.click(tiles["Grandparent"])
    kiosk.click(tiles["I’d rather not say"])
    assert kiosk.touched(2) == [["ChooseRelationship", "grandparent"], ["ChooseRelationship", None]]


def test_the_return_time_is_reported(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("back-at")
    assert {f"{each:%H:%M}" for each in TIMES} < set(tiles)
    kiosk.click(tiles["Not back today"])
    assert kiosk.touched(1) == [["ChooseReturnTime", None]]
    kiosk.show("back-at")
    kiosk.click(tiles["12:45"])
    assert kiosk.touched(1) == [["ChooseReturnTime", "12:45:00"]]


def test_a_touch_anywhere_says_that_the_user_is_still_there_and_presses_nothing_below(
    kiosk: WindowDriver,
) -> None:
    tiles = kiosk.show("evidence-still-there")
    assert "Are you still there?" in kiosk.ask("bar")["texts"]
    kiosk.click([400, 110])
    assert kiosk.touched(1) == [["Stay"]]
    kiosk.click(tiles["Letter"])
    assert kiosk.touched(2) == [["Stay"], ["Stay"]]
    kiosk.show("evidence")


def test_evidence_is_reported_and_another_pupil_can_be_added(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("evidence")
    for tile in ("Letter", "Nothing to show", "Add another pupil"):
        kiosk.click(tiles[tile])
    assert kiosk.touched(3) == [["ChooseEvidence", "letter"], ["ChooseEvidence", None], ["AddPupil"]]
    assert "Add another pupil" not in kiosk.show("evidence-not-back")


def test_a_request_can_be_left_cancelled_or_released_by_staff(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("release-offline")
    for tile in ("Staff: release here with a PIN", "Cancel request…", "Done"):
        kiosk.click(tiles[tile])
    assert kiosk.touched(3) == [["AskStaff"], ["CancelRequest"], ["Finish"]]


def test_an_adult_who_is_asked_to_take_a_seat_can_cancel_and_no_pin_is_offered(kiosk: WindowDriver) -> None:
    kiosk.show("release")
    tiles = kiosk.show("release-just-asked")
    assert "Staff: release here with a PIN" not in tiles
    kiosk.click(tiles["Cancel request…"])
    assert kiosk.touched(1) == [["CancelRequest"]]
    assert {"Done"} == set(kiosk.show("release-office-only")) - {"languages", "appearance", "help"}
    assert set(tiles) < set(kiosk.show("release"))


def test_a_cancel_is_asked_about(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("confirm-cancel-request")
    assert "Cancel this request?" in kiosk.texts()
    kiosk.click(tiles["No, go back"])
    kiosk.click(tiles["Yes, cancel it"])
    assert kiosk.touched(2) == [["GoBack"], ["Confirm"]]


def test_the_chip_leads_from_home_to_the_requests(kiosk: WindowDriver) -> None:
    for sample, chip in (
        ("home-request", "Amelia K. is waiting"),
        ("home-requests", "2 waiting · 2 answered"),
    ):
        kiosk.click(kiosk.show(sample)[chip])
        assert kiosk.touched(1) == [["ShowRequests"]]
    assert "Amelia K. is waiting" not in kiosk.show("home")


def test_one_of_several_requests_is_chosen(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("requests")
    kiosk.click(tiles["Noah is signed out · asked at 10:43"])
    [[touch, request]] = kiosk.touched(1)
    assert (touch, UUID(request)) == ("ChooseRequest", UUID(int=3))


SIZES = ((800, 480), (1280, 800), (720, 1280), (1920, 1080))


def overlap(first: list[float], second: list[float]) -> bool:
    """Whether two areas (left, top, width, height) share a point."""
    return all(
        first[side] < second[side] + second[side + 2] and second[side] < first[side] + first[side + 2]
        for side in (0, 1)
    )


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("look", ["", "large"])
def test_yes_lies_clear_of_the_pin_pads_keys(open_window: Open, size: tuple[int, int], look: str) -> None:
    window = open_window(*size)
    yes = window.areas("release-yes", look)["Yes, release Amelia"]
    pad = window.areas("pin-release-unchecked", look)
    keys = {tile: area for tile, area in pad.items() if tile in (*"0123456789", "OK", "erase")}
    assert len(keys) == 12
    assert [key for key, area in keys.items() if overlap(yes, area)] == []


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_yes_to_a_cancel_does_not_lie_where_cancel_was(open_window: Open, size: tuple[int, int]) -> None:
    window = open_window(*size)
    asked = [window.areas(name)["Cancel request…"] for name in ("release", "release-just-asked")]
    yes = window.areas("confirm-cancel-request")["Yes, cancel it"]
    assert not any(overlap(yes, area) for area in asked)


def test_the_pin_screen_says_that_the_familys_list_is_not_checked(kiosk: WindowDriver) -> None:
    kiosk.show("pin-release-unchecked")
    texts = kiosk.texts()
    assert "The family’s list can’t be checked from here." in texts
    assert "Grandparent · Medical appointment" in texts
    kiosk.show("pin-release")
    assert "The family’s list can’t be checked from here." not in kiosk.texts()


@pytest.mark.parametrize(
    "sample", ["release-offline-no-pins", "release-staff-only-no-pins", "release-saving"]
)
def test_no_pin_is_offered_without_pins_or_once_released(kiosk: WindowDriver, sample: str) -> None:
    kiosk.show("release")
    assert "Staff: release here with a PIN" not in kiosk.show(sample)


def test_every_pupil_of_a_family_is_listed_with_the_state_of_their_request(kiosk: WindowDriver) -> None:
    kiosk.show("release-family")
    kiosk.show("release-large-family")
    texts = kiosk.texts()
    for pupil, standing in zip(
        LARGE_FAMILY,
        ("may go", "please speak to the office", "waiting", "not recorded yet, please see the office"),
        strict=True,
    ):
        assert f"{pupil.name} · {standing}" in texts


def test_the_steps_are_shown_while_collecting_only(kiosk: WindowDriver) -> None:
    kiosk.show("reason-collecting")
    assert {"1", "2", "Reason", "4", "5"} <= set(kiosk.ask("bar")["texts"])
    kiosk.show("reason-leaving")
    assert "Reason" not in kiosk.ask("bar")["texts"]


def test_without_room_only_the_current_step_shows_its_name(kiosk: WindowDriver) -> None:
    kiosk.show("find-collecting")
    texts = kiosk.ask("bar")["texts"]
    assert {"1", "Pupil", "2", "5"} <= set(texts)
    assert "Release" not in texts


def test_the_pupils_who_stay_are_named_as_well_as_those_who_leave(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("left-one-stays")
    texts = kiosk.texts()
    assert "Amelia is signed out" in texts
    assert "Noah K. stays in school for now. Please speak to the office." in texts
    kiosk.click(tiles["Done"])
    assert kiosk.touched(1) == [["Finish"]]


def test_nothing_is_shown_as_saved_when_no_pupil_leaves(kiosk: WindowDriver) -> None:
    kiosk.show("left-nobody")
    texts = kiosk.texts()
    assert "Nobody is signed out" in texts
    assert "Saved on this kiosk" not in texts


@pytest.mark.parametrize("sample", ["year", "name", "relationship", "back-at", "evidence", "find-collecting"])
def test_each_step_has_a_way_back(kiosk: WindowDriver, sample: str) -> None:
    kiosk.click(kiosk.show(sample)["Back"])
    assert kiosk.touched(1) == [["GoBack"]]
