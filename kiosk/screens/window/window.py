"""The kiosk's window: one that no key closes and no error in a screen brings down."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kivy.base import ExceptionHandler, ExceptionManager
from kivy.clock import Clock
from kivy.core.window import Window

from kiosk.screens.kit.base import App
from kiosk.screens.window.host import Host
from kiosk.screens.window.pause import DEAF_S
from kiosk.screens.window.registry import VIEWS
from kiosk.views import Frame, Sound
from kiosk.views.touches import OnTouch

EVERY_S = 0.1
"""Seconds between screens: to import and build one takes some hundredths."""


class KioskApp(App):
    """The window with the screens in it.

    Args:
        touch: receives every touch, on the UI thread.
        on_ready: called once, on the UI thread, when the window is open and `show` may be called.
        on_error: called on the UI thread after an error in a screen was logged, to show the problem screen.
        play: plays a sound, on the UI thread; left out: the kiosk is silent.
        deaf_s: seconds for which a screen that has just come takes no touch (see `pause`).
    """

    title = "Latebook"
    use_kivy_settings = False

    def __init__(
        self,
        touch: OnTouch,
        on_ready: Callable[["KioskApp"], None],
        on_error: Callable[[], None] | None = None,
        play: Callable[[Sound], None] = lambda _sound: None,
        deaf_s: float = DEAF_S,
    ) -> None:
        super().__init__(kv_file="")
        self.allow_close = False
        """Whether a request to close the window is obeyed; leaving the app is for staff."""
        self.host = Host(touch, play, deaf_s)
        # Else Kivy's clock does nothing but look whether a timer is due, for some milliseconds before each.
        Clock.interupt_next_only = True  # Kivy's spelling
        # Kivy reads the display's events after a frame and hands them to the widgets in the next: not to wait
        # that frame out is a third of the time in which a touch is answered.
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
        """The window is open."""
        self._on_ready(self)

    def on_stop(self) -> None:
        """The window is about to go."""
        ExceptionManager.remove_handler(self._guard)
        Window.unbind(on_request_close=self._refuse_to_close)
        Window.unbind(on_mouse_down=self._touched, on_mouse_up=self._touched)

    def show(self, frame: Frame) -> None:
        """Show a frame; on the UI thread."""
        self.host.show(frame)

    def close(self) -> None:
        """Close the window, which nobody who stands before it can."""
        self.allow_close = True
        self.stop()

    def make_ready(self) -> None:
        """Build the screens not wanted yet, so that nobody waits for one; one every few frames, so that a
        touch is answered meanwhile."""
        views = iter(VIEWS)

        def build(_seconds: float) -> bool:
            view = next(views, None)
            if view is not None:
                self.host.screen(view)
            return view is not None

        Clock.schedule_interval(build, EVERY_S)

    def when_it_answers(self, do: Callable[[], None]) -> None:
        """Do that, on the UI thread, once what is shown now can be seen and touched."""
        self.host.when_it_answers(do)

    def open_settings(self, *_args: object) -> bool:
        """F1 would open Kivy's settings: it opens nothing."""
        return False

    def _touched(self, *_args: object) -> None:
        self._next_frame_now()  # what it returns would keep the touch from Kivy's own handlers

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
        _log(inst)
        if self._on_error is not None and not self._reporting:
            self._reporting = True  # an error while the problem screen is shown must not call for it again
            try:
                self._on_error()
            except Exception as error:  # raised here it would end the app: the screen stays as it is
                _log(error)
            finally:
                self._reporting = False
        return ExceptionManager.PASS


def _log(error: Exception) -> None:
    """Type and place only: the text of an error may hold a pupil's name."""
    import structlog  # slow to import, and home need not wait for it

    structlog.get_logger().error("screen.error", error=type(error).__name__, where=_where(error))


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
