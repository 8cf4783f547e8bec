"""Starts a kiosk. The window with its home screen comes first, visible and touchable in well under a second;
the rest (settings, journal, journey, reader, uplink) is imported and opened meanwhile."""

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
from kiosk.app.folder_lock import lock_folder
from kiosk.disk_faults import sentence_for
from kiosk.disk_key import read_key
from kiosk.early_settings import EarlySettings, read_early
from kiosk.enrolment import read_token
from kiosk.errors import StartError
from kiosk.views import Frame, HomeView, Link, LinkStatus, Sound

if TYPE_CHECKING:
    from types import FrameType

    from kiosk.app.wiring import Kiosk, Ready
    from kiosk.settings import KioskSettings

NO_TIME = datetime.fromisoformat("0001-01-01")
EARLY = Frame(
    "", LinkStatus(Link.STARTING), HomeView(NO_TIME, clock_trusted=False, anyone_out=True, starting=True)
)
"""The home screen until the rest has started. It shows no time, since none is known yet."""


def run(config: Path | None) -> None:
    """Run a kiosk until SIGTERM or SIGINT; a user cannot close its window.

    Args:
        config: the settings file, or `None`; the environment overrides it.

    Raises:
        KioskError: the kiosk cannot start; see `kiosk.errors` for the reasons.
    """
    gc.disable()  # collecting garbage among imported modules would take a tenth of the start
    os.umask(0o077)  # files of this process hold pupils' data: readable by this user only
    early = read_early(config, os.environ) or _from_all_settings(config)
    with lock_folder(early.state):
        token = read_token(early.state, read_key(early.key_file) if early.key_file else None)
        try:
            start = _Start(config, token, early)
        except OSError as error:
            if (sentence := sentence_for(error, early.state)) is None:
                raise
            raise StartError(sentence) from error
        start.run()


def _settings(config: Path | None) -> KioskSettings:
    from kiosk.settings import KioskSettings
    from sync.settings import SettingsError, load

    try:
        return load(KioskSettings, config, os.environ).value
    except SettingsError as error:
        raise StartError(str(error)) from error


def _from_all_settings(config: Path | None) -> EarlySettings:
    """The early settings, after reading all settings; raises a `StartError` when one of them is wrong."""
    settings = _settings(config)
    return EarlySettings(settings.kiosk.state, settings.display.size, settings.kiosk.key_file)


class _Start:
    """Opens the window at once and the kiosk behind it meanwhile."""

    def __init__(self, config: Path | None, token: str, early: EarlySettings) -> None:
        from kiosk.screens.window import setup

        setup.prepare(early.state / "kivy", early.size, fullscreen=early.size is None)
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
        """Open the window; return when it has closed and every thread has ended."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        try:
            self._window.run()
        finally:
            self._opener.shutdown()
            if self._kiosk is not None:
                self._kiosk.stop_threads()
            elif self._opening is not None and self._opening.exception() is None:
                self._opening.result().contents.journal.close()
        if self._failed is not None:
            raise self._failed

    # --- on the window's thread ------------------------------------------------------------------

    def _begin(self) -> None:
        from kivy.clock import Clock

        self._window.show(EARLY)
        Clock.schedule_once(lambda _dt: self._open(), 0)  # after the frame that draws it

    def _open(self) -> None:
        from kivy.clock import Clock

        _log("home.drawn")
        self._opening = self._opener.submit(_open_kiosk, self._config, self._token)
        self._opening.add_done_callback(lambda done: Clock.schedule_once(lambda _dt: self._complete(done), 0))

    def _complete(self, opening: Future[Ready]) -> None:
        try:
            ready = opening.result()
        except Exception as error:
            self._failed = error  # raised after the window has closed: here it would not end the app
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


def _log(event: str) -> None:
    """Write a line in the format of `sync.logs`, before its library has been imported."""
    with suppress(OSError):  # a failing log must not stop the kiosk
        sys.stderr.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ} [info] {event}\n")


def _open_kiosk(config: Path | None, token: str) -> Ready:
    """Import and open the rest of the kiosk. Runs on the opener's thread."""
    from sync.logs import configure

    configure()
    settings = _settings(config)
    from kiosk.app.wiring import open_kiosk

    return open_kiosk(settings, token)
