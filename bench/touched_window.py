"""How long a window takes to show a touch: real clicks by xdotool, at the kiosk's own frame rate.

Run as `python -m bench.touched_window HOME kiosk|bare` with a display. Prints the seconds of each touch, from
just before the running xdotool gets the click until the frame with the pressed state goes to the display.
"""

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from kiosk.screens.window import setup

TOUCHES = 200
SIZE = (1280, 800)
PATIENCE_S = 10.0
SETTLED = 30
"""Frames after which the layout is at rest. Not a time, because the first frame takes long."""


class TouchTimer:
    """Touches a widget and waits until its pressed state is drawn. Runs on its own thread.

    Args:
        widget: a tile or a button.
    """

    def __init__(self, widget: Any) -> None:
        from kivy.core.window import Window

        self._widget = widget
        self._window = Window
        self._drawn = {"down": threading.Event(), "normal": threading.Event()}
        self._at = 0.0
        # One process for all touches, so that no start-up time is measured.
        self._hand = subprocess.Popen(["xdotool", "-"], stdin=subprocess.PIPE, text=True)  # noqa: S607  # from the PATH
        flip = Window.flip

        def timed_flip() -> None:
            flip()
            self._at = time.perf_counter()
            self._drawn[self._widget.state].set()

        Window.flip = timed_flip

    def touch(self) -> float:
        """Touch once and return the seconds until the pressed state is drawn."""
        x, y = self._widget.to_window(*self._widget.center)
        self._xdo("mousemove", "--window", self._id, str(round(x)), str(round(self._window.height - y)))
        begin = time.perf_counter()
        self._act("mousedown", "down")
        took_s = self._at - begin
        self._act("mouseup", "normal")
        return took_s

    @property
    def _id(self) -> str:
        return str(self._window.get_window_info().window)

    def _act(self, act: str, then: str) -> None:
        self._drawn[then].clear()
        self._xdo(act, "1")
        if not self._drawn[then].wait(PATIENCE_S):
            raise TimeoutError(f"{act}: no frame with the state {then!r} within {PATIENCE_S:.0f} s")

    def _xdo(self, *words: str) -> None:
        assert self._hand.stdin is not None  # noqa: S101  # it is a pipe
        self._hand.stdin.write(" ".join(words) + "\n")
        self._hand.stdin.flush()


def main(home: str, which: str) -> None:
    """Open the window, print the seconds of each touch, and close it."""
    setup.prepare(Path(home), SIZE)
    from kivy.clock import Clock

    def begin(app: Any, widget: Any) -> None:
        frames = iter(range(SETTLED))

        def run() -> None:
            try:
                for _ in range(TOUCHES):
                    sys.stdout.write(f"{timer.touch()}\n")
            finally:
                Clock.schedule_once(lambda _seconds: app.stop())

        def look(_seconds: float) -> bool:
            if next(frames, None) is not None:
                return True
            threading.Thread(target=run, daemon=True).start()
            return False

        timer = TouchTimer(widget)
        Clock.schedule_interval(look, 0)

    (_kiosk if which == "kiosk" else _bare)(begin)


def _kiosk(begin: Any) -> None:
    from bench.finger import label, tiles
    from kiosk.screens import samples
    from kiosk.screens.window.window import KioskApp

    def ready(app: KioskApp) -> None:
        app.show(samples.frames()["home"])
        begin(app, next(tile for tile in tiles(app.host) if label(tile) == "I’m late"))

    KioskApp(lambda _touch: None, ready).run()


def _bare(begin: Any) -> None:
    from kivy.app import App
    from kivy.uix.button import Button

    class BareButtonApp(App):  # type: ignore[misc]  # Kivy ships no types: its classes are Any
        def build(self) -> Button:
            return Button(text="Bare")

        def on_start(self) -> None:
            begin(self, self.root)

    BareButtonApp().run()


if __name__ == "__main__":
    main(*sys.argv[1:])
