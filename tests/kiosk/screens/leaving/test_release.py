"""Leaving and coming back at the touchscreen, with real clicks."""

from collections.abc import Callable

import pytest

from kiosk.screens.samples.leaving import LARGE_FAMILY, TIMES
from tests.kiosk.screens.conftest import Driven

Open = Callable[[int, int], Driven]


@pytest.fixture
def kiosk(open_window: Open) -> Driven:
    return open_window(800, 480)


def test_leaving_alone_is_offered_only_where_somebody_may(kiosk: Driven) -> None:
    kiosk.click(kiosk.show("home-leaving-alone")["I’m leaving"])
    assert kiosk.touched(1) == [["ChooseLeaving"]]
    assert "I’m leaving" not in kiosk.show("home")
    order = [tile for tile in kiosk.show("home-leaving-alone") if tile.startswith(("I’m", "Collecting"))]
    assert sorted(order) == ["Collecting a pupil", "I’m back", "I’m late", "I’m leaving"]


def test_find_by_year_is_offered_until_somebody_is_found(kiosk: Driven) -> None:
    for sample in ("find-by-year", "find-nobody-by-year"):
        kiosk.click(kiosk.show(sample)["Find by year"])
        assert kiosk.touched(1) == [["FindByYear"]]
    assert "Find by year" not in kiosk.show("find-three")
    assert "Find by year" not in kiosk.show("find-empty")


def test_the_year_that_is_touched_is_reported(kiosk: Driven) -> None:
    kiosk.show("year-few")
    tiles = kiosk.show("year")  # the tiles are lent out again: to other years
    for year in ("Nursery", "Year 3"):
        kiosk.click(tiles[year])
    assert kiosk.touched(2) == [["ChooseYear", "N"], ["ChooseYear", "3"]]


def test_an_adults_name_is_typed_with_hyphen_apostrophe_and_space(kiosk: Driven) -> None:
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


def test_a_name_that_is_not_whole_does_not_go_on(kiosk: Driven) -> None:
    tiles = kiosk.show("name-empty")
    for tile in ("Next", "-", "space", "erase"):
        kiosk.click(tiles[tile])
    assert kiosk.touched(0) == []
    kiosk.click(kiosk.show("name")["Next"])
    assert kiosk.touched(1) == [["ConfirmName"]]


def test_while_a_name_is_typed_nothing_but_keys_can_be_chosen(kiosk: Driven) -> None:
    words = {tile for tile in kiosk.show("name") if len(tile) > 1}
    assert words == {"Back", "Next", "space", "erase", "languages", "appearance"}


def test_who_somebody_is_may_be_said_or_not(kiosk: Driven) -> None:
    tiles = kiosk.show("relationship")
    kiosk.click(tiles["Grandparent"])
    kiosk.click(tiles["I’d rather not say"])
    assert kiosk.touched(2) == [["ChooseRelationship", "grandparent"], ["ChooseRelationship", None]]


def test_the_time_of_coming_back_is_reported(kiosk: Driven) -> None:
    tiles = kiosk.show("back-at")
    assert {f"{each:%H:%M}" for each in TIMES} < set(tiles)
    kiosk.click(tiles["Not back today"])
    assert kiosk.touched(1) == [["ChooseReturnTime", None]]
    kiosk.show("back-at")
    kiosk.click(tiles["12:45"])
    assert kiosk.touched(1) == [["ChooseReturnTime", "12:45:00"]]


def test_a_touch_anywhere_says_that_somebody_is_still_there_and_presses_what_it_touches(
    kiosk: Driven,
) -> None:
    tiles = kiosk.show("evidence-still-there")
    assert "Still there? Touch the screen." in kiosk.ask("bar")["said"]
    kiosk.click([400, 110])
    assert kiosk.touched(1) == [["Stay"]]
    kiosk.click(tiles["Letter"])
    assert kiosk.touched(3) == [["Stay"], ["Stay"], ["ChooseEvidence", "letter"]]
    kiosk.show("evidence")
    kiosk.click([400, 110])
    assert kiosk.touched(0) == []


def test_evidence_is_noted_and_another_pupil_can_be_added(kiosk: Driven) -> None:
    tiles = kiosk.show("evidence")
    for tile in ("Letter", "Nothing to show", "Add another pupil"):
        kiosk.click(tiles[tile])
    assert kiosk.touched(3) == [["ChooseEvidence", "letter"], ["ChooseEvidence", None], ["AddPupil"]]
    assert "Add another pupil" not in kiosk.show("evidence-not-back")


def test_a_request_can_be_taken_back_and_staff_can_release_here(kiosk: Driven) -> None:
    tiles = kiosk.show("release-offline")
    kiosk.click(tiles["Staff: release here with a PIN"])
    kiosk.click(tiles["Cancel"])
    assert kiosk.touched(2) == [["AskStaff"], ["GoBack"]]


@pytest.mark.parametrize(
    "sample", ["release-offline-no-pins", "release-staff-only-no-pins", "release-saving"]
)
def test_where_no_pin_is_known_or_it_is_done_none_is_asked_for(kiosk: Driven, sample: str) -> None:
    kiosk.show("release")
    assert "Staff: release here with a PIN" not in kiosk.show(sample)


def test_every_pupil_of_a_family_is_told_of(kiosk: Driven) -> None:
    kiosk.show("release-family")
    kiosk.show("release-large-family")
    said = kiosk.said()
    for pupil, standing in zip(
        LARGE_FAMILY,
        ("may go", "please speak to the office", "waiting", "not recorded, please see the office"),
        strict=True,
    ):
        assert f"{pupil.name} · {standing}" in said


def test_the_steps_show_where_somebody_is_in_collecting_and_nowhere_else(kiosk: Driven) -> None:
    kiosk.show("reason-collecting")
    assert {"Pupil", "Your name", "Reason", "Back at", "Release"} <= set(kiosk.said())
    kiosk.show("reason-leaving")
    assert "Release" not in kiosk.said()


def test_where_steps_have_no_room_only_the_one_of_now_has_its_word(kiosk: Driven) -> None:
    kiosk.show("find-collecting-another")
    said = kiosk.said()
    assert {"1", "Pupil", "2", "5"} <= set(said)
    assert "Release" not in said


def test_who_stays_is_said_as_plainly_as_who_leaves(kiosk: Driven) -> None:
    tiles = kiosk.show("left-one-stays")
    said = kiosk.said()
    assert "Amelia is signed out" in said
    assert "Noah K. stays in school for now. Please speak to the office." in said
    kiosk.click(tiles["Done"])
    assert kiosk.touched(1) == [["Finish"]]


def test_of_nobody_it_is_said_that_nothing_was_saved_or_sent(kiosk: Driven) -> None:
    kiosk.show("left-nobody")
    said = kiosk.said()
    assert "Nobody is signed out" in said
    assert "Saved on this kiosk" not in said


@pytest.mark.parametrize("sample", ["year", "name", "relationship", "back-at", "evidence", "find-collecting"])
def test_there_is_a_way_back_from_each_step(kiosk: Driven, sample: str) -> None:
    kiosk.click(kiosk.show(sample)["Back"])
    assert kiosk.touched(1) == [["GoBack"]]
