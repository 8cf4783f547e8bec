"""`make soak`: thousands of journeys at the real window, and what has grown meanwhile.

The window, the journey, the desk, the rule, PINs and the journal are the product's. Touches come as SDL hands
them over; the clock is the bench's own, and the window draws as fast as it can.
"""

import argparse
import gc
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.behind import Behind
from bench.errands import Errands, Ready
from bench.finger import Finger
from demo.display import virtual_display
from kiosk.screens.window import setup
from kiosk.views import Frame
from kiosk.views.touches import Wake
from sync.logs import configure

SIZE = (800, 480)
WARM_UP = 200
"""Journeys after which everything that is built once has been built, and caches are warm."""
A_DAY = 60
"""Journeys of one morning: as many as a large school has."""
BUDGET_MB = 10.0
PATIENCE_S = 60.0
"""Seconds in which any one step must have come."""
SEED = 5


@dataclass(frozen=True, slots=True)
class Kept:
    """What the process holds at one moment."""

    journeys: int
    rss_mb: float
    widgets: int
    dispatchers: int
    instructions: int

    def __str__(self) -> str:
        return (
            f"after {self.journeys:,} journeys: {self.rss_mb:.1f} MB, {self.widgets} widgets,"
            f" {self.dispatchers} event dispatchers, {self.instructions} drawing instructions"
        )


class SoakError(Exception):
    """The kiosk did not do what was waited for; one sentence."""


def kept(journeys: int) -> Kept:
    """Measure, once all that nobody holds is gone."""
    from kivy.event import EventDispatcher
    from kivy.graphics.instructions import Instruction
    from kivy.uix.widget import Widget

    gc.collect()
    classes = [type(one) for one in gc.get_objects()]

    def count(base: type) -> int:
        return sum(issubclass(each, base) for each in classes)

    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    rss_mb = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return Kept(journeys, rss_mb, count(Widget), count(EventDispatcher), count(Instruction))


class Soak:
    """Lets people come, one after the other, between the frames of a running window.

    Args:
        errands: what they come for.
        behind: what is behind the window.
        journeys: how many come.
        look_every: after so many of them it is measured.
        stop: ends the window's loop.
    """

    def __init__(self, errands: Errands, behind: Behind, journeys: int, look_every: int, stop: Any) -> None:
        self._behind = behind
        self._stop = stop
        self._errands = errands
        self._steps = self._all(journeys, look_every)
        self._ready: Ready = lambda: True
        self._name = ""
        self._since = time.monotonic()
        self.seen: list[Kept] = []
        self.error: Exception | None = None

    def frame(self, _seconds: float) -> None:
        """Between two frames: go on, if what is waited for has come."""
        if self.error is not None:
            return
        try:
            self._go_on()
        except StopIteration:
            self._stop()
        except Exception as error:  # whatever it is, the soak has failed, and says so
            self.fails(error)

    def fails(self, error: Exception) -> None:
        """It is over."""
        self.error = error
        self._stop()

    def _go_on(self) -> None:
        if self._ready():
            self._ready, self._since = next(self._steps), time.monotonic()
        elif time.monotonic() - self._since > PATIENCE_S:
            view = self._behind.journey.view
            raise SoakError(f"{self._name}: nothing came of it within {PATIENCE_S:.0f} s; there is {view}")

    def _all(self, journeys: int, look_every: int) -> Iterator[Ready]:
        for number in range(journeys):
            if number and number % A_DAY == 0:
                self._errands.next_morning()
                self._behind.journey.tick()
                self._behind.journey.handle(Wake())  # the night has dimmed the screen
            errand = self._errands.all[number % len(self._errands.all)]
            self._name = f"journey {number + 1}, {errand.__name__}"
            yield from errand()
            self._behind.waits(20)
            if (number + 1) % look_every == 0 or number + 1 == journeys:
                self.seen.append(kept(number + 1))
                _tell(str(self.seen[-1]))


def soak(folder: Path, journeys: int, look_every: int) -> list[Kept]:
    """Run that many journeys in a window on the display that is there.

    Returns:
        What the process held, each time it was looked at.

    Raises:
        SoakError: the kiosk did not do what was waited for, or a screen could not be drawn.
    """
    setup.prepare(folder / "kivy", SIZE)
    from kivy.config import Config

    Config.set("graphics", "maxfps", "0")  # nobody waits for a touch here
    from kivy.clock import Clock

    from kiosk.screens.window.window import KioskApp

    def do_all(_seconds: float) -> None:
        behind.do_all()

    def show(frame: Frame) -> None:
        app.show(frame)  # which wants the journey first

    behind = Behind(folder, show, lambda: Clock.schedule_once(do_all, 0))

    def ready(window: KioskApp) -> None:
        behind.open()
        Clock.schedule_interval(run.frame, 0)

    def failed() -> None:
        run.fails(SoakError("a screen failed; the line above says where"))

    # Nobody taps twice here: a screen is touched as soon as it has been drawn.
    app = KioskApp(behind.journey.handle, ready, failed, pause_s=0)
    rng = random.Random(SEED)  # noqa: S311  nothing secret: the same errands each time
    errands = Errands(behind, Finger(app.host), rng, app.host.open_staff)
    run = Soak(errands, behind, journeys, look_every, app.stop)
    try:
        app.run()
    finally:
        behind.close()
    if run.error is not None:
        raise run.error
    return run.seen


def main() -> int:
    """The command; its exit status: 1 where memory has grown by the budget or more."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--journeys", type=int, default=2000)
    parser.add_argument("--every", type=int, default=WARM_UP, help="look after so many journeys")
    parser.add_argument("--no-budget", action="store_true", help="a soak too short to speak of memory")
    chosen = parser.parse_args()
    configure(logging.ERROR)  # a wrong PIN is no news here
    begin = time.monotonic()
    # Beside the project and not in a folder in memory: what counts is the disk.
    with (
        tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".soak-") as folder,
        virtual_display(SIZE) as display,
    ):
        # Mesa draws in the window's own thread: on a busy machine its helpers wait for each other.
        os.environ.update(DISPLAY=display, LP_NUM_THREADS="0")
        seen = soak(Path(folder), chosen.journeys, chosen.every)
    grown = seen[-1].rss_mb - seen[0].rss_mb
    _tell(
        f"{seen[-1].journeys - seen[0].journeys:,} journeys after the first {seen[0].journeys:,} made memory"
        f" grow by {grown:.1f} MB (allowed: less than {BUDGET_MB:.0f} MB); {time.monotonic() - begin:.0f} s"
    )
    return 0 if chosen.no_budget or grown < BUDGET_MB else 1


def _tell(what: str) -> None:
    sys.stdout.write(f"soak: {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
