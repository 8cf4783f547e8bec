"""Journeys in the product's own window, touched by a real pointer; each display size has its own."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.school.letters import plain_letters
from kiosk.screens.kit import icons
from tests.e2e import watched_kiosk
from tests.e2e.running import Product, product, until

COLLECTOR = "RUTH OKANE"
OLD_ENOUGH = "Niamh"
"""A pupil of a year that may sign itself out here."""


class Hand:
    """Finds tiles by their text and touches them."""

    def __init__(self, running: Product, places: Path) -> None:
        self.running = running
        self._places = places

    def _read(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self._places.read_text("utf-8")) if self._places.exists() else {}
        return read

    def place(self, name: str) -> list[float] | None:
        tiles: dict[str, list[float]] = self._read().get("tiles", {})
        return tiles.get(name)

    def wait_for_text(self, sentence: str) -> None:
        """Wait until the screen shows that sentence."""
        until(lambda: sentence in self._read().get("texts", ()))

    def touch(self, name: str) -> None:
        """Touch that tile as soon as it can be pressed."""
        self._xdo("click", "1", name=name)

    def hold(self, name: str, until_screen: str) -> None:
        """Hold that tile until the screen has been shown."""
        self._xdo("mousedown", "1", name=name)
        self.running.screen(until_screen)
        self._xdo("mouseup", "1", name=name)

    def type(self, letters: str) -> None:
        for letter in letters:
            self.touch("space" if letter == " " else letter)

    def _xdo(self, *act: str, name: str) -> None:
        x, y = until(lambda: self.place(name))
        subprocess.run(
            ["xdotool", "mousemove", str(round(x)), str(round(y)), *act],
            env={"DISPLAY": self.running.display, "PATH": "/usr/bin:/bin"},
            check=True,
        )


@contextmanager
def hand(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    fail_at: str = "",
    leaves_alone: tuple[str, ...] = (),
) -> Iterator[Hand]:
    places = folder / "places.json"
    monkeypatch.setenv(watched_kiosk.PLACES, str(places))
    if fail_at:
        monkeypatch.setenv(watched_kiosk.FAIL_AT, fail_at)
    with product(
        folder, size=size, kiosk_module="tests.e2e.watched_kiosk", leaves_alone=leaves_alone
    ) as running:
        running.screen("home")
        yield Hand(running, places)


def find(hand: Hand, first: str) -> None:
    pupil = hand.running.school.find_by_name(first)
    shown = f"{pupil.preferred or pupil.first} {pupil.last[0]}."
    for letter in plain_letters(pupil.first):
        if hand.place(shown):
            break
        hand.touch(letter)
    hand.touch(shown)


def wait_for_commit(hand: Hand, kind: str) -> None:
    until(lambda: any(f"kind={kind}" in line for line in hand.running.kiosk.lines()))


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
    hand.running.register.stop()
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
