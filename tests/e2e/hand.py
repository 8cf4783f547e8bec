"""A finger at the product's own window: finds tiles by their text and touches them with a real pointer."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.school.letters import plain_letters
from tests.e2e import watched_kiosk
from tests.e2e.running import Product, product, until


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

    def texts(self) -> list[str]:
        """Every sentence on the screen now."""
        return list(self._read().get("texts", ()))

    def touch(self, name: str) -> None:
        """Touch that tile as soon as it can be pressed."""
        self._xdo("click", "1", name=name)

    def touch_first(self, words: str) -> None:
        """Touch the first tile whose text begins with these words."""

        def look() -> str | None:
            tiles = self._read().get("tiles", {})
            return next((name for name in tiles if name.startswith(words)), None)

        self.touch(until(look))

    def hold(self, name: str, until_screen: str) -> None:
        """Hold that tile until the screen has been shown."""
        self._xdo("mousedown", "1", name=name)
        self.running.screen(until_screen)
        self._run("mouseup", "1")  # where the finger is: that tile may be gone

    def type(self, letters: str) -> None:
        for letter in letters:
            self.touch("space" if letter == " " else letter)

    def _xdo(self, *act: str, name: str) -> None:
        x, y = until(lambda: self.place(name))
        self._run("mousemove", str(round(x)), str(round(y)), *act)

    def _run(self, *command: str) -> None:
        subprocess.run(
            ["xdotool", *command],
            env={"DISPLAY": self.running.display, "PATH": "/usr/bin:/bin"},
            check=True,
        )


@contextmanager
def hand(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    *,
    fail_at: str = "",
    leaves_alone: tuple[str, ...] = (),
    at: str = "09:07",
    totp: bool = False,
) -> Iterator[Hand]:
    places = folder / "places.json"
    monkeypatch.setenv(watched_kiosk.PLACES, str(places))
    if fail_at:
        monkeypatch.setenv(watched_kiosk.FAIL_AT, fail_at)
    with product(
        folder,
        at=at,
        size=size,
        kiosk_module="tests.e2e.watched_kiosk",
        totp=totp,
        leaves_alone=leaves_alone,
    ) as running:
        running.screen("home")
        yield Hand(running, places)


def find(hand: Hand, first: str, typed: str = "") -> None:
    """Type the pupil's name, of which the first letters may be typed already, and touch the pupil."""
    pupil = hand.running.school.find_by_name(first)
    shown = f"{pupil.preferred or pupil.first} {pupil.last[0]}."
    for letter in plain_letters(pupil.first)[len(typed) :]:
        if hand.place(shown):
            break
        hand.touch(letter)
        typed += letter
        hand.wait_for_text(typed)  # the names move with each letter
    hand.touch(shown)


def wait_for_commit(hand: Hand, kind: str) -> None:
    until(lambda: any(f"kind={kind}" in line for line in hand.running.kiosk.lines()))
