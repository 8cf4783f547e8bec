"""Home can be seen and touched before the rest of the kiosk has been imported."""

import subprocess
import sys
from pathlib import Path

from tests.e2e.running import product

LATE = (0.74, 0.26)
"""The middle of “I’m late” on the first home, as shares of a landscape display."""

CAN_WAIT = (
    "pydantic",
    "structlog",
    "requests",
    "typer",
    "rich",
    "sqlite_utils",
    "kiosk.journey",
    "kiosk.desk",
)
"""The slowest imports that are not needed to draw home."""


def test_home_is_drawn_before_the_slow_imports(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
import kiosk.entry, kiosk.app.start
from kiosk.screens.window import setup
setup.prepare(Path({str(tmp_path)!r}))
import kiosk.screens.window.window, kiosk.screens.arriving.home
print(*(name for name in {CAN_WAIT!r} if name in sys.modules))
"""
    process = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert process.stdout.split() == []


def test_a_touch_on_the_first_home_is_kept_and_opens_its_screen(tmp_path: Path) -> None:
    with product(tmp_path) as running:
        running.kiosk.stop()
        before = len(running.kiosk.lines())
        running.kiosk.start()
        running.kiosk.wait_for("home.drawn", after=before)
        running.touch(*LATE)
        running.kiosk.wait_for("screen.shown screen=find", after=before)
