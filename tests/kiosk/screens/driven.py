"""A kiosk window that takes commands on standard input; the tests run it as a process."""

import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import structlog

from bench.finger import as_string, tiles, visible
from kiosk.screens.window import setup
from kiosk.views.touches import Touch
from tests.kiosk.screens.misfits import tile_places
from tests.kiosk.screens.sample_checks import SampleChecks, answer

PATIENCE_S = 30.0
"""Seconds to wait for an expected touch."""
POLL_S = 0.005
"""Seconds between checks of a condition."""
NO_TOUCH_S = 0.3
"""Seconds to wait before concluding that no touch comes."""


class DrivenClock:
    """The clock by which the window ignores touches: it can be stopped, and then goes on only when told."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._stopped: float | None = None

    def __call__(self) -> float:
        return time.monotonic() + self._ahead if self._stopped is None else self._stopped

    def stop(self) -> None:
        self._stopped = self()

    def forward(self, seconds: float) -> None:
        self._stopped = self() + seconds

    def go(self) -> None:
        self._ahead, self._stopped = self() - time.monotonic(), None


class TouchLog:
    """Records every touch as its name and values, and runs the reaction set for it."""

    def __init__(self) -> None:
        self.touched: list[list[Any]] = []
        self.follows: dict[str, Callable[[], None]] = {}

    def __call__(self, touch: Touch) -> None:
        name = type(touch).__name__
        self.touched.append([name, *(getattr(touch, field.name) for field in fields(touch))])
        self.follows.pop(name, lambda: None)()


def main(size: tuple[int, int], home: Path) -> None:
    """Open the window, then answer commands one at a time."""
    setup.prepare(home, size)
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr)
    )  # standard output is for answers
    from kivy.config import Config

    Config.set("graphics", "maxfps", "200")  # at the kiosk's own rate, every check would take longer
    from kivy.clock import Clock
    from kivy.core.window import Window

    from kiosk.screens.window.window import KioskApp

    touches = TouchLog()
    errors: list[str] = []
    answers: Answers

    def ready(app: KioskApp) -> None:
        nonlocal answers
        answers = Answers(app, touches, errors, played, clock)
        answer({"window": Window.get_window_info().window})
        threading.Thread(target=read, args=(app, Clock, answers), daemon=True).start()

    played: list[str] = []
    clock = DrivenClock()

    def play(sound: StrEnum) -> None:
        played.append(sound.value)

    def failed() -> None:
        errors.append("error")
        if answers.fails_again:
            answers.fails_again = False
            raise LookupError("the problem screen has a fault as well")

    KioskApp(touches, ready, failed, play, clock).run()


def read(app: Any, clock: Any, answers: "Answers") -> None:
    """Run each command on the window's thread; end the app at the end of the input."""
    for line in sys.stdin:
        words = json.loads(line)
        clock.schedule_once(lambda _seconds, words=words: getattr(answers, words[0])(*words[1:]))
    clock.schedule_once(lambda _seconds: app.stop())


class Answers(SampleChecks):
    """The commands, by the names that a test sends. Each writes one answer."""

    def __init__(
        self, app: Any, touches: TouchLog, errors: list[str], played: list[str], seconds: DrivenClock
    ) -> None:
        super().__init__(app)
        self._touches, self._errors, self._played = touches, errors, played
        self._seconds = seconds
        self.fails_again = False
        """Whether showing the problem screen fails once."""

    def _draw(self) -> None:
        from kivy.base import EventLoop

        self._app.host.show_now()
        for _pass in range(4):
            EventLoop.idle()

    def _settle(self) -> None:
        """Draw, and wait until the screen takes touches."""
        from kivy.base import EventLoop

        self._draw()
        answering: list[bool] = []
        self._app.when_touchable(lambda: answering.append(True))
        while not answering:
            EventLoop.idle()

    def show(self, name: str) -> None:
        """Show a sample and forget earlier touches."""
        from kiosk.screens import samples

        self._app.show(samples.frames()[name])
        self._settle()
        self._touches.touched.clear()
        answer(
            {
                "tiles": {
                    label: place for label, place, _size in tile_places(self._app.host, self._window.height)
                }
            }
        )

    def sound(self, name: str) -> None:
        """Show home with a sound, or with none; answers all sounds played so far."""
        from kiosk.screens import samples
        from kiosk.views import Sound

        self._app.show(replace(samples.frames()["home"], sound=Sound(name) if name else None))
        answer({"played": self._played})

    def newer(self) -> None:
        """Show the staff screen with a new entry above the others."""
        from kiosk.screens import samples
        from kiosk.screens.samples.staff import LINES, entry_line
        from kiosk.views import StaffView

        frame = samples.frames()["staff"]
        assert isinstance(frame.view, StaffView)
        newest = entry_line(10, "10:05", LINES[2].pupil)
        self._app.show(replace(frame, view=replace(frame.view, lines=(newest, *LINES))))
        answer({})

    def texts(self) -> None:
        """All texts below the bar."""
        from kiosk.screens.kit.label import TextBlock

        texts = [
            one.words for one in visible(self._app.host.ids.area) if isinstance(one, TextBlock) and one.words
        ]
        answer({"texts": [as_string(text) for text in texts]})

    def bar(self) -> None:
        """All texts in the bar."""
        from kiosk.screens.kit.label import TextBlock

        below = set(visible(self._app.host.ids.area)) | set(visible(self._app.host.ids.menu))
        texts = [
            one.words for one in visible(self._app.host) if isinstance(one, TextBlock) and one not in below
        ]
        answer({"texts": [as_string(text) for text in texts if text]})

    def menu_stays(self) -> None:
        """The idle time of an open menu, and how much of it is left, in seconds."""
        idle = self._app.host.ids.menu.idle
        answer({"stays": idle.timeout, "left": idle._last_dt + idle.timeout - self._clock.time()})

    def menu_waits_no_longer(self) -> None:
        """Let the idle time of the open menu pass."""
        idle = self._app.host.ids.menu.idle
        idle._last_dt -= idle.timeout
        answer({})

    def tiles(self) -> None:
        """The visible tiles."""
        self._settle()
        answer(
            {
                "tiles": {
                    label: place for label, place, _size in tile_places(self._app.host, self._window.height)
                }
            }
        )

    def areas(self, name: str, look: str = "") -> None:
        """Show a sample, large if `look` says so; answers each tile's left, top, width and height."""
        from kiosk.screens import samples

        frame = samples.frames()[name]
        self._app.show(replace(frame, look=replace(frame.look, large=look == "large")))
        self._settle()
        answer(
            {
                "areas": {
                    label: [x - width / 2, y - height / 2, width, height]
                    for label, (x, y), (width, height) in tile_places(self._app.host, self._window.height)
                }
            }
        )

    def stop_clock(self) -> None:
        """Stop the clock by which new screens ignore touches."""
        self._seconds.stop()
        answer({})

    def forward(self, seconds: str) -> None:
        """Draw, and set the stopped clock forward."""
        from kivy.base import EventLoop

        for _pass in range(4):
            EventLoop.idle()
        self._seconds.forward(float(seconds))
        answer({})

    def start_clock(self) -> None:
        """Let the clock go on."""
        self._seconds.go()
        answer({})

    def hold(self, name: str, person: str = "0") -> None:
        """Show a sample as the journey would, without forcing a delayed saving screen."""
        from kiosk.screens import samples

        self._app.show(replace(samples.frames()[name], person=int(person)))
        answer({})

    def follow(self, touch: str, name: str) -> None:
        """Show a sample as the reaction to the next touch of a kind."""
        from kiosk.screens import samples

        self._touches.follows[touch] = lambda: self._app.show(samples.frames()[name])
        answer({})

    def pressed(self) -> None:
        """Answer when a tile is pressed, or after the wait."""
        left = {"seconds": PATIENCE_S}

        def look(seconds: float) -> bool:
            left["seconds"] -= seconds
            pressed = any(tile.state == "down" for tile in tiles(self._app.host))
            if pressed or left["seconds"] <= 0:
                answer({"pressed": pressed})
            return not pressed and left["seconds"] > 0

        self._clock.schedule_interval(look, POLL_S)

    def slow(self, frame_s: str) -> None:
        """Draw frames `frame_s` apart until a tile is pressed; then answer again with the seconds."""
        clock, window, looked_at = self._clock, self._window, list(tiles(self._app.host))
        pace, clock._max_fps = clock._max_fps, 1 / float(frame_s)  # Kivy reads its setting at the start
        began: list[float] = []

        def finger(*_: object) -> None:
            began.append(time.perf_counter())

        def pressed(_tile: Any, state: str) -> None:
            if state == "down":
                waited = time.perf_counter() - began[0]
                clock._max_fps = pace
                window.unbind(on_mouse_down=finger)
                for tile in looked_at:
                    tile.unbind(state=pressed)
                answer({"waited": waited})

        window.bind(on_mouse_down=finger)
        for tile in looked_at:
            tile.bind(state=pressed)
        answer({})

    def touched(self, how_many: str, patience: str = "") -> None:
        """Answer after `how_many` touches, or after `patience` seconds; for 0, after a moment."""
        left = {"seconds": float(patience) if patience else PATIENCE_S if int(how_many) else NO_TOUCH_S}

        def look(seconds: float) -> bool:
            left["seconds"] -= seconds
            enough = int(how_many) and len(self._touches.touched) >= int(how_many)
            if enough or left["seconds"] <= 0:
                answer({"touched": self._touches.touched})
                return False
            return True

        self._clock.schedule_interval(look, POLL_S)

    def state(self) -> None:
        """The window's size, its top widgets, and the errors so far."""
        on_top = [type(child).__name__ for child in self._window.children]
        answer({"size": list(self._window.size), "on_top": on_top, "errors": self._errors})

    def close_request(self) -> None:
        """Request to close the window, as a window manager does."""
        refused = self._window.dispatch("on_request_close")
        answer({"refused": bool(refused)})

    def again(self, name: str) -> None:
        """Show a sample twice; answers whether the second time redrew anything."""
        from kiosk.screens import samples

        self._app.show(samples.frames()[name])
        self._settle()
        self._window.dispatch("on_draw")
        self._app.show(samples.frames()[name])
        self._draw()
        answer({"redrawn": bool(self._window.canvas.needs_redraw)})

    def fail(self, again: str = "") -> None:
        """Raise in the main loop, as a faulty screen would; with `again`, also in the problem screen."""
        self.fails_again = bool(again)
        self._clock.schedule_once(lambda _seconds: 1 / 0)
        self._clock.schedule_once(lambda _seconds: answer({}), 0.2)


if __name__ == "__main__":
    width, height = sys.argv[1].split("x")
    main((int(width), int(height)), Path(sys.argv[2]))
