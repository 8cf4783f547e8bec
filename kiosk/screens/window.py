"""The kiosk's window: one that no key closes and no error in a screen brings down."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from kivy.base import ExceptionHandler, ExceptionManager
from kivy.core.window import Window

from kiosk.screens.base import App
from kiosk.screens.host import Host
from kiosk.screens.touches import Touches
from kiosk.views import Frame, Sound

log = structlog.get_logger()


class KioskApp(App):
    """The window with the screens in it.

    Args:
        touches: told of every touch, on the UI thread.
        on_ready: called once, on the UI thread, when the window is open and `show` may be called.
        on_error: called on the UI thread after an error in a screen was logged, to show the problem screen.
        play: plays a sound, on the UI thread; left out: the kiosk is silent.
    """

    title = "Latebook"
    use_kivy_settings = False

    def __init__(
        self,
        touches: Touches,
        on_ready: Callable[["KioskApp"], None],
        on_error: Callable[[], None] | None = None,
        play: Callable[[Sound], None] = lambda _sound: None,
    ) -> None:
        super().__init__(kv_file="")
        self.allow_close = False
        """Whether a request to close the window is obeyed; leaving the app is for staff."""
        self.host = Host(touches, play)
        self._on_ready = on_ready
        self._guard = ScreenErrors(on_error)

    def load_kv(self, *_args: object, **_kwargs: object) -> bool:
        """There is no kv file for the app itself: each screen loads its own."""
        return False

    def build(self) -> Host:
        """The root widget."""
        Window.bind(on_request_close=self._refuse_to_close)
        ExceptionManager.add_handler(self._guard)
        return self.host

    def on_start(self) -> None:
        """The window is open."""
        self._on_ready(self)

    def on_stop(self) -> None:
        """The window is about to go."""
        ExceptionManager.remove_handler(self._guard)
        Window.unbind(on_request_close=self._refuse_to_close)

    def show(self, frame: Frame) -> None:
        """Show a frame; on the UI thread."""
        self.host.show(frame)

    def open_settings(self, *_args: object) -> bool:
        """F1 would open Kivy's settings: it opens nothing."""
        return False

    def _refuse_to_close(self, *_args: object, **_kwargs: object) -> bool:
        return not self.allow_close


class ScreenErrors(ExceptionHandler):  # type: ignore[misc]  # Kivy ships no types: its classes are Any
    """An error while a screen draws or answers is logged and shown as a problem; the app stays up."""

    def __init__(self, on_error: Callable[[], None] | None) -> None:
        super().__init__()
        self._on_error = on_error
        self._reporting = False

    def handle_exception(self, inst: BaseException) -> Any:
        """Called by Kivy's main loop. What ends a process (Ctrl-C, exit) still ends it."""
        if not isinstance(inst, Exception):
            return ExceptionManager.RAISE
        # Type and place only: the text of an error may hold a pupil's name.
        log.error("screen.error", error=type(inst).__name__, where=_where(inst))
        if self._on_error is not None and not self._reporting:
            self._reporting = True  # an error while the problem screen is shown must not call for it again
            try:
                self._on_error()
            finally:
                self._reporting = False
        return ExceptionManager.PASS


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
