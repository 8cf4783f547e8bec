"""A virtual display, and a kiosk window in its own process, because Kivy opens one window a process."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.display import virtual_display
from tests.paths import ROOT

ENOUGH_S = 60
"""Seconds that a busy machine may take; every wait ends as soon as it can."""


class WindowDriver:
    """Drives a kiosk window (`driven.py`): says what to show, and reads back what was touched."""

    def __init__(self, display: str, size: tuple[int, int], home: Path) -> None:
        self._environment = {**os.environ, "DISPLAY": display}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kiosk.screens.driven", f"{size[0]}x{size[1]}", str(home)],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.window = str(self._answer()["window"])

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the window's process has ended"
        answer = json.loads(line)
        assert isinstance(answer, dict)
        return answer

    def ask(self, *words: str) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def show(self, name: str) -> dict[str, Any]:
        """Show a sample; returns the centres of the visible tiles by label."""
        tiles = self.ask("show", name)["tiles"]
        assert isinstance(tiles, dict)
        return tiles

    def tiles(self) -> dict[str, Any]:
        """The centres of the visible tiles by label."""
        tiles = self.ask("tiles")["tiles"]
        assert isinstance(tiles, dict)
        return tiles

    def areas(self, name: str, look: str = "") -> dict[str, list[float]]:
        """Show a sample, in the `large` look if wanted; returns each tile's left, top, width and height."""
        areas = self.ask("areas", name, look)["areas"]
        assert isinstance(areas, dict)
        return areas

    def texts(self) -> list[str]:
        """All texts below the bar."""
        texts = self.ask("texts")["texts"]
        assert isinstance(texts, list)
        return texts

    def wait_for_tile(self, label: str) -> dict[str, Any]:
        """Wait until a tile is visible; returns all tiles."""
        end = time.monotonic() + ENOUGH_S
        while label not in (tiles := self.tiles()):
            assert time.monotonic() < end, f"there is no {label}, but {sorted(tiles)}"
        return tiles

    def wait_until_gone(self, label: str) -> None:
        """Wait until a tile is no longer visible."""
        end = time.monotonic() + ENOUGH_S
        while label in self.tiles():
            assert time.monotonic() < end, f"there is still {label}"

    def xdo(self, *words: str) -> None:
        """Send a real pointer or key event."""
        subprocess.run(["xdotool", *words], env=self._environment, check=True, timeout=ENOUGH_S)

    def press(self, place: list[int]) -> None:
        """Put a finger down and leave it there."""
        x, y = place
        self.xdo("mousemove", "--window", self.window, str(x), str(y), "mousedown", "1")

    def press_slowly(self, place: list[int], frame_s: float) -> float:
        """Put a finger down while frames are `frame_s` apart; returns the seconds until a tile is pressed."""
        self.ask("slow", str(frame_s))
        self.press(place)
        waited = self._answer()["waited"]
        assert isinstance(waited, float)
        return waited

    def release(self) -> None:
        """Lift the finger."""
        self.xdo("mouseup", "1")

    def click(self, place: list[int]) -> None:
        """Click at a place in the window."""
        x, y = place
        self.xdo("mousemove", "--window", self.window, str(x), str(y), "click", "1")

    def double_click(self, place: list[int]) -> None:
        """Click twice, too fast for anyone to read a screen in between."""
        x, y = place
        self.xdo(
            "mousemove",
            "--window",
            self.window,
            str(x),
            str(y),
            "click",
            "--repeat",
            "2",
            "--delay",
            "60",
            "1",
        )

    def key(self, name: str) -> None:
        """Press a key."""
        self.xdo("windowfocus", self.window, "key", name)

    def touched(self, how_many: int, patience_s: float | None = None) -> list[list[Any]]:
        """That many touches, or those that came within `patience_s` (by default the driver's own)."""
        patience = [] if patience_s is None else [str(patience_s)]
        touches = self.ask("touched", str(how_many), *patience)["touched"]
        assert isinstance(touches, list)
        return touches

    def alive(self) -> bool:
        """Whether the process is running."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(ENOUGH_S)
        finally:
            self._process.kill()


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    with virtual_display() as name:
        yield name


@pytest.fixture(scope="module")
def open_window(
    display: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., WindowDriver]]:
    opened: dict[tuple[int, int], WindowDriver] = {}

    def window(width: int, height: int) -> WindowDriver:
        size = (width, height)
        if size not in opened:
            for other in opened.values():
                other.close()
            opened.clear()
            opened[size] = WindowDriver(display, size, tmp_path_factory.mktemp("kivy"))
        return opened[size]

    yield window
    for driven in opened.values():
        driven.close()
