"""The kiosk's window: no key closes it, and no error in a screen ends it."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from kivy.base import ExceptionHandler, ExceptionManager
from kivy.clock import Clock
from kivy.core.window import Window

from kiosk.screens.kit.base import App
from kiosk.screens.window.host import Host
from kiosk.screens.window.registry import VIEWS
from kiosk.views import Frame, Sound
from kiosk.views.touches import OnTouch

BUILD_INTERVAL_S = 0.1
"""Seconds between building two screens; importing and building one takes some hundredths."""


class KioskApp(App):
    """The window with the screens in it.

    Args:
        touch: receives every touch, on the UI thread.
        on_ready: called once, on the UI thread, when the window is open and `show` may be called.
        on_error: called on the UI thread after an error in a screen was logged, to show the problem screen.
        play: plays a sound, on the UI thread; by default the kiosk is silent.
        now: seconds of a clock that never goes back (see `pause`).
    """

    title = "Latebook"
    use_kivy_settings = False

    def __init__(
        self,
        touch: OnTouch,
        on_ready: Callable[["KioskApp"], None],
        on_error: Callable[[], None] | None = None,
        play: Callable[[Sound], None] = lambda _sound: None,
        now: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(kv_file="")
        self.allow_close = False
        """Whether the window may be closed; only staff may leave the app."""
        self.host = Host(touch, play, now)
        # Without this, Kivy's clock busy-waits for some milliseconds before every timer.
        Clock.interupt_next_only = True  # Kivy's spelling
        # Kivy reads the display's events after a frame and dispatches them in the next one; forcing that
        # frame now saves a third of the time to answer a touch.
        self._next_frame_now = Clock.create_trigger(lambda _seconds: None, 0)
        self._on_ready = on_ready
        self._guard = ScreenErrors(on_error)

    def load_kv(self, *_args: object, **_kwargs: object) -> bool:
        """There is no kv file for the app itself: each screen loads its own."""
        return False

    def build(self) -> Host:
        """The root widget."""
        Window.bind(on_request_close=self._refuse_to_close)
        Window.bind(on_mouse_down=self._touched, on_mouse_up=self._touched)
        ExceptionManager.add_handler(self._guard)
        return self.host

    def on_start(self) -> None:
        """Kivy's event: the window is open."""
        self._on_ready(self)

    def on_stop(self) -> None:
        """Kivy's event: the window is about to close."""
        ExceptionManager.remove_handler(self._guard)
        Window.unbind(on_request_close=self._refuse_to_close)
        Window.unbind(on_mouse_down=self._touched, on_mouse_up=self._touched)

    def show(self, frame: Frame) -> None:
        """Show a frame, on the UI thread."""
        self.host.show(frame)

    def close(self) -> None:
        """Close the window; a visitor cannot."""
        self.allow_close = True
        self.stop()

    def build_remaining_screens(self) -> None:
        """Build the screens that have not been shown, so that their first use is fast; one at a time, so that
        touches are answered in between."""
        views = iter(VIEWS)

        def build(_seconds: float) -> bool:
            view = next(views, None)
            if view is not None:
                self.host.screen(view)
            return view is not None

        Clock.schedule_interval(build, BUILD_INTERVAL_S)

    def when_touchable(self, do: Callable[[], None]) -> None:
        """Call `do`, on the UI thread, once the current screen can be seen and touched."""
        self.host.when_touchable(do)

    def open_settings(self, *_args: object) -> bool:
        """Disable Kivy's settings panel, which F1 would open."""
        return False

    def _touched(self, *_args: object) -> None:
        self._next_frame_now()  # returns nothing: a true value would keep the touch from Kivy's own handlers

    def _refuse_to_close(self, *_args: object, **_kwargs: object) -> bool:
        return not self.allow_close


class ScreenErrors(ExceptionHandler):  # type: ignore[misc]  # Kivy ships no types: its classes are Any
    """Logs an error in a screen and shows the problem screen; the app keeps running."""

    def __init__(self, on_error: Callable[[], None] | None) -> None:
        super().__init__()
        self._on_error = on_error
        self._reporting = False

    def handle_exception(self, inst: BaseException) -> Any:
        """Called by Kivy's main loop. Ctrl-C and `exit` still end the process."""
        if not isinstance(inst, Exception):
            return ExceptionManager.RAISE
        _log(inst)
        if self._on_error is not None and not self._reporting:
            self._reporting = True  # an error in the problem screen must not show it again
            try:
                self._on_error()
            except Exception as error:  # raised here, it would end the app
                _log(error)
            finally:
                self._reporting = False
        return ExceptionManager.PASS


def _log(error: Exception) -> None:
    """Log type and place only: an error's text may contain a pupil's name."""
    import structlog  # slow to import; the home screen must not wait for it

    structlog.get_logger().error("screen.error", error=type(error).__name__, where=_where(error))


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
