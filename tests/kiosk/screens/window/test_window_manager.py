"""The kiosk under a window manager: it refuses to close.

A kiosk's own session has no window manager (`deploy/session.sh`), so nothing there takes alt+Tab or the keys
with a logo: those cannot be refused by any window, and are not pressed here.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from demo.display import virtual_display
from tests.kiosk.screens.conftest import WindowDriver
from tests.paths import ROOT

SIZE = (800, 480)
ENOUGH_S = 60.0


def until(look: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + ENOUGH_S
    while not look():
        assert time.monotonic() < end, what
        time.sleep(0.05)  # another process: there is no event to wait for


@contextmanager
def process(display: str, *command: str) -> Iterator["subprocess.Popen[bytes]"]:
    running = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "DISPLAY": display},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def xdotool(display: str, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "DISPLAY": display}
    return subprocess.run(
        ["xdotool", *words], env=environment, capture_output=True, text=True, check=False, timeout=ENOUGH_S
    )


def managed(display: str) -> bool:
    """Whether a window manager has taken charge of the display."""
    return xdotool(display, "get_desktop").returncode == 0


def active(display: str) -> str:
    """The name of the window that keys go to."""
    return xdotool(display, "getactivewindow", "getwindowname").stdout.strip()


@pytest.fixture(scope="module")
def desktop() -> Iterator[str]:
    openbox = shutil.which("openbox")
    assert openbox, "openbox is not installed: deploy/setup.sh test"
    with virtual_display(SIZE) as display, process(display, openbox, "--sm-disable"):
        until(lambda: managed(display), "openbox has not started")
        yield display


@pytest.fixture(scope="module")
def kiosk(desktop: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WindowDriver]:
    driven = WindowDriver(desktop, SIZE, tmp_path_factory.mktemp("kivy"))
    yield driven
    driven.close()


def press(display: str, *keys: str) -> None:
    assert xdotool(display, "key", *keys).returncode == 0


def test_the_window_manager_closes_an_ordinary_window(desktop: str, tmp_path: Path) -> None:
    command = (sys.executable, "-m", "bench.bare_window", str(tmp_path), "300", "200")
    with process(desktop, *command) as bare:
        until(lambda: active(desktop) == "BareWindow", "there is no window")
        press(desktop, "alt+F4")
        until(lambda: bare.poll() is not None, "alt+F4 has closed nothing")


@pytest.mark.parametrize("keys", [["alt+F4"], ["alt+F4"] * 5, ["alt+Escape", "alt+F4"]], ids=" ".join)
def test_the_kiosk_refuses_to_close_for_the_window_manager(
    kiosk: WindowDriver, desktop: str, keys: list[str]
) -> None:
    tiles = kiosk.show("home")
    until(lambda: active(desktop) == "Latebook", "the kiosk has no focus")
    press(desktop, *keys)
    assert kiosk.touched(0) == []
    assert kiosk.alive()
    assert kiosk.ask("state")["on_top"] == ["Host"]
    kiosk.click(tiles["I’m late"])
    assert kiosk.touched(1) == [["ChooseLate"]]
