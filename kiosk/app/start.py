"""Being a kiosk. The window and its home come first, seen and touched in well under a second; the rest of the
kiosk (settings, journal, journey, reader, uplink) is imported and opened meanwhile."""

from __future__ import annotations

import gc
import os
import signal
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.app.early_touches import EarlyTouches
from kiosk.app.folder_lock import only_one_in
from kiosk.early_settings import Glance, glance
from kiosk.enrolment import read_token
from kiosk.errors import StartError
from kiosk.views import Frame, HomeView, Link, LinkStatus, Sound

if TYPE_CHECKING:
    from types import FrameType

    from kiosk.app.wiring import Kiosk, Ready
    from kiosk.settings import KioskSettings

NO_TIME = datetime.fromisoformat("0001-01-01")
EARLY = Frame("", LinkStatus(Link.STARTING), HomeView(NO_TIME, clock_trusted=False, starting=True))
"""Home while nothing is known but the choices. The time is not, and is not shown."""


def run(config: Path | None) -> None:
    """Be a kiosk until told to stop (SIGTERM or SIGINT); the window cannot be closed.

    Args:
        config: the settings' file, or None; the environment adds to it.

    Raises:
        KioskError: the settings cannot be used, the folder neither, no register knows this kiosk, another
            kiosk uses the folder, the journal cannot be opened, or there is no display.
    """
    gc.disable()  # what is imported stays: to look it through for garbage takes a tenth of the start
    os.umask(0o077)  # whatever this process writes is of pupils, and for this user alone
    seen = glance(config, os.environ) or _whole(config)
    with only_one_in(seen.state):
        token = read_token(seen.state)
        _Start(config, token, seen).run()


def _settings(config: Path | None) -> KioskSettings:
    from kiosk.settings import KioskSettings
    from sync.settings import SettingsError, load

    try:
        return load(KioskSettings, config, os.environ).value
    except SettingsError as error:
        raise StartError(str(error)) from error


def _whole(config: Path | None) -> Glance:
    """The same as `glance`, and what is wrong."""
    settings = _settings(config)
    return Glance(settings.kiosk.state, settings.display.size)


class _Start:
    """The window, and the kiosk behind it as soon as there is one."""

    def __init__(self, config: Path | None, token: str, seen: Glance) -> None:
        from kiosk.screens.window import setup

        setup.prepare(seen.state / "kivy", seen.size, fullscreen=seen.size is None)
        from kiosk.screens.window.window import KioskApp

        self._config = config
        self._token = token
        self._touches = EarlyTouches()
        self._kiosk: Kiosk | None = None
        self._failed: Exception | None = None
        self._opening: Future[Ready] | None = None
        self._opener = ThreadPoolExecutor(1, "opener")
        self._window = KioskApp(self._touches, lambda _window: self._begin(), self._screen_failed, self._play)

    def run(self) -> None:
        """Open the window; come back when it has closed and every thread has ended."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        try:
            self._window.run()
        finally:
            self._opener.shutdown()
            if self._kiosk is not None:
                self._kiosk.stopped()
            elif self._opening is not None and self._opening.exception() is None:
                self._opening.result().opened.journal.close()
        if self._failed is not None:
            raise self._failed

    # --- on the window's thread ------------------------------------------------------------------

    def _begin(self) -> None:
        from kivy.clock import Clock

        self._window.show(EARLY)
        Clock.schedule_once(lambda _dt: self._open(), 0)  # after the frame that draws it

    def _open(self) -> None:
        from kivy.clock import Clock

        _say("home.drawn")
        self._opening = self._opener.submit(_opened, self._config, self._token)
        self._opening.add_done_callback(lambda done: Clock.schedule_once(lambda _dt: self._complete(done), 0))

    def _complete(self, opening: Future[Ready]) -> None:
        try:
            ready = opening.result()
        except Exception as error:
            self._failed = error  # raised when the window has closed; a screen's error would not end the app
            self._window.close()
            return
        from kiosk.app.wiring import Kiosk

        self._kiosk = Kiosk(ready, self._window)
        self._kiosk.begin()
        self._touches.hand_over(self._kiosk.journey.handle)
        gc.freeze()
        gc.enable()
        self._window.build_remaining_screens()

    def _screen_failed(self) -> None:
        if self._kiosk is not None:
            self._kiosk.journey.screen_failed()

    def _play(self, sound: Sound) -> None:
        if self._kiosk is not None:
            self._kiosk.play(sound)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        (self._kiosk or self._window).close()


def _say(event: str) -> None:
    """Into the log, as `sync.logs` writes it; its library is one of those that home does not wait for."""
    with suppress(OSError):  # a log that cannot be written stops nothing
        sys.stderr.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ} [info] {event}\n")


def _opened(config: Path | None, token: str) -> Ready:
    """On the opener's thread."""
    from sync.logs import configure

    configure()
    settings = _settings(config)
    from kiosk.app.wiring import open_kiosk

    return open_kiosk(settings, token)
