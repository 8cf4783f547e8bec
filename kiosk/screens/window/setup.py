"""Settings that Kivy reads when it is imported: its defaults suit a desktop, not a kiosk.

This module imports Kivy only inside `prepare`, which must run before any module that imports Kivy.
"""

import logging
import os
import sys
from pathlib import Path

from kiosk.errors import TooLateError

DEFAULT_SIZE = (1280, 800)
FRAMES_PER_SECOND = 30
"""The most frames a second: a touch waits at most one of them (33 ms)."""


def prepare(home: Path, size: tuple[int, int] | None = None, *, fullscreen: bool = False) -> None:
    """Set everything that Kivy reads at import and when its window opens.

    Args:
        home: the folder for Kivy's own files; created if missing.
        size: the window's width and height in pixels; `None` for 1280×800, or the display's if `fullscreen`.
        fullscreen: cover the display, without a border or a pointer.

    Raises:
        TooLateError: Kivy was imported before this call.
    """
    if "kivy" in sys.modules:
        raise TooLateError("Kivy has already been imported; call setup.prepare() before importing any screen")
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        KIVY_HOME=str(home),
        KIVY_NO_CONFIG="1",  # a config.ini with few keys crashes, and a stray one must not change a kiosk
        KIVY_NO_ARGS="1",  # the command line is ours
        KIVY_NO_FILELOG="1",  # log files pile up; with KIVY_NO_CONSOLELOG as well, tracebacks vanish
        KIVY_LOG_MODE="PYTHON",  # Kivy's log goes where ours goes, and sys.stderr is left alone
        SDL_MOUSE_FOCUS_CLICKTHROUGH="1",  # SDL would drop the touch that brings the focus: the first
        KIVY_CLOCK="interrupt",  # work from another thread or a finger runs now, not at the next frame
        KIVY_METRICS_DENSITY="1",  # sizes come from the window alone, never from a display's claimed density
    )
    _configure(size, fullscreen)


def _configure(size: tuple[int, int] | None, fullscreen: bool) -> None:
    from kivy.config import Config

    logging.getLogger("kivy").setLevel(logging.WARNING)
    # SDL already hands touches over as mouse events: with this provider every touch would arrive twice.
    Config.remove_option("input", "%(name)s")
    Config.set("input", "mouse", "mouse,disable_multitouch")  # no red dots from a right click
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("graphics", "allow_screensaver", "0")  # a desktop must not blank the kiosk in mid-morning
    Config.set("graphics", "maxfps", str(FRAMES_PER_SECOND))
    Config.set("graphics", "multisamples", "0")  # shapes smooth their own edges; not every driver has samples
    Config.set("graphics", "resizable", "0" if fullscreen else "1")
    Config.set("graphics", "borderless", "1" if fullscreen else "0")
    Config.set("graphics", "show_cursor", "0" if fullscreen else "1")
    Config.set("graphics", "fullscreen", "auto" if fullscreen and size is None else "0")
    width, height = size or DEFAULT_SIZE
    Config.set("graphics", "width", str(width))
    Config.set("graphics", "height", str(height))
    if fullscreen:
        Config.set("graphics", "position", "custom")
        Config.set("graphics", "left", "0")
        Config.set("graphics", "top", "0")
