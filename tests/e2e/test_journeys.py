"""Journeys in the product's own window, touched by a real pointer; each display size has its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.screens.kit import icons
from tests.e2e.hand import Hand, find, hand, wait_for_commit
from tests.e2e.running import until

COLLECTOR = "RUTH OKANE"
OLD_ENOUGH = "Niamh"
"""A pupil of a year that may sign itself out here."""


def late(hand: Hand) -> None:
    hand.touch("I’m late")
    hand.running.screen("find")
    find(hand, "Amelia")
    hand.running.screen("reason")
    hand.touch("Traffic")
    hand.running.screen("done")
    wait_for_commit(hand, "arrival")


def collect_amelia(hand: Hand) -> None:
    hand.touch("Collecting a pupil")
    hand.running.screen("find")
    find(hand, "Amelia")
    hand.running.screen("name")
    hand.type(COLLECTOR)
    hand.touch("Next")
    hand.touch("Mother")
    hand.touch("Family reason")
    hand.touch("Not back today")
    hand.touch("Letter")
    hand.running.screen("release")


def release_here(hand: Hand) -> None:
    hand.touch("Staff: release here with a PIN")
    hand.running.screen("pin")
    hand.type(hand.running.access.pin)
    hand.touch("OK")
    hand.wait_for_text("The family’s list was not checked.")
    for words in ("Release Amelia K. to Ruth Okane?", "Mother", "Family reason"):
        hand.wait_for_text(words)
    hand.touch("Yes, release Amelia")
    hand.running.screen("left")
    wait_for_commit(hand, "departure")


def collecting_with_the_register_gone(hand: Hand) -> None:
    hand.running.register.stop()
    collect_amelia(hand)
    hand.wait_for_text("The register cannot be reached")
    release_here(hand)


def collecting_while_the_register_goes(hand: Hand) -> None:
    """The register goes while the adult waits; no year of this school may leave alone."""
    until(lambda: hand.place("I’m late"))
    assert hand.place("I’m leaving") is None
    collect_amelia(hand)
    hand.wait_for_text("We have asked a member of staff to release Amelia. Nobody leaves until they say yes.")
    hand.touch("Done")
    hand.wait_for_text("Amelia K. is waiting")
    hand.running.register.stop()
    hand.touch("Amelia K.: please ask a member of staff")
    hand.wait_for_text("The register cannot be reached")
    release_here(hand)
    hand.running.register.start()
    until(lambda: [entry.kind for entry in hand.running.entries()] == ["departure"])


def leaving_alone(hand: Hand) -> None:
    hand.touch("I’m leaving")
    hand.running.screen("find")
    find(hand, OLD_ENOUGH)
    hand.running.screen("reason")
    hand.touch("Medical appointment")
    hand.running.screen("backat")
    hand.touch("Not back today")
    hand.running.screen("left")
    hand.wait_for_text("You are signed out")
    wait_for_commit(hand, "departure")
    until(lambda: [entry.kind for entry in hand.running.entries()] == ["departure"])


def coming_back(hand: Hand) -> None:
    collecting_with_the_register_gone(hand)
    hand.touch("Done")
    hand.running.screen("home", times=2)
    hand.touch("I’m back")
    hand.running.screen("find", times=2)
    find(hand, "Amelia")
    hand.running.screen("done")
    wait_for_commit(hand, "return")


def undoing(hand: Hand) -> None:
    late(hand)
    hand.touch("Done")
    hand.running.screen("home", times=2)
    hand.hold("door", "pin")
    hand.type(hand.running.access.pin)
    hand.touch("OK")
    hand.running.screen("staff")
    hand.running.picture("5-staff")
    hand.touch(icons.ROTATE_CCW)  # in portrait this tile has no room for its text
    hand.running.screen("confirm")
    hand.touch("Undo it")
    hand.running.screen("staff", times=2)
    wait_for_commit(hand, "void")


@pytest.mark.parametrize(
    ("size", "journey"),
    [
        pytest.param((800, 480), collecting_while_the_register_goes, id="800x480"),
        pytest.param((1280, 800), coming_back, id="1280x800", marks=pytest.mark.slow),
        pytest.param((720, 1280), undoing, id="720x1280", marks=pytest.mark.slow),
        pytest.param((1920, 1080), late, id="1920x1080", marks=pytest.mark.slow),
    ],
)
def test_a_whole_journey_can_be_walked_by_touch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], journey: Callable[[Hand], None]
) -> None:
    with hand(tmp_path, monkeypatch, size) as walking:
        journey(walking)


def test_a_pupil_of_a_year_that_leaves_alone_signs_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand(tmp_path, monkeypatch, (720, 1280), leaves_alone=("13",)) as walking:
        leaving_alone(walking)


def test_the_kiosk_survives_an_error_in_a_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hand(tmp_path, monkeypatch, (800, 480), fail_at="FindScreen") as walking:
        running = walking.running
        walking.touch("I’m late")
        running.kiosk.wait_for("screen.error")
        running.screen("problem")
        [line] = [line for line in running.kiosk.lines() if "screen.error" in line]
        assert "error=LookupError" in line
        assert "an error in a screen" not in "\n".join(running.kiosk.lines())
        walking.touch("OK")
        running.screen("home", times=2)
        late(walking)
        assert running.kiosk.running
