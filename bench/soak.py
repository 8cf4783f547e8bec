"""`make soak`: thousands of journeys at the real window; fails when memory grows.

Window, journey, desk, rule, PINs and journal are the product's. Touches arrive as they do from SDL; the clock
is the bench's own, and the window draws as fast as it can.
"""

import argparse
import gc
import itertools
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

from bench.errands import Errands, Ready
from bench.finger import Finger
from bench.kiosk_backend import KioskBackend
from demo.display import virtual_display
from kiosk.screens.window import setup
from kiosk.views import Frame
from kiosk.views.touches import Wake
from sync.logs import configure

SIZE = (800, 480)
WARM_UP = 200
"""Journeys after which everything built once exists and caches are warm."""
A_DAY = 60
"""Journeys in one morning of a large school."""
BUDGET_MB = 10.0
PATIENCE_S = 60.0
"""Upper bound on the seconds that one step may take."""
SEED = 5


@dataclass(frozen=True, slots=True)
class Footprint:
    """Memory and objects of the process at one moment."""

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
    """The kiosk did not reach an expected screen; the message is one sentence."""


def measure(journeys: int) -> Footprint:
    """Measure after a garbage collection."""
    from kivy.event import EventDispatcher
    from kivy.graphics.instructions import Instruction
    from kivy.uix.widget import Widget

    gc.collect()
    classes = [type(one) for one in gc.get_objects()]

    def count(base: type) -> int:
        return sum(issubclass(each, base) for each in classes)

    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    rss_mb = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return Footprint(journeys, rss_mb, count(Widget), count(EventDispatcher), count(Instruction))


class Soak:
    """Runs errands one after the other, between the frames of a running window.

    Args:
        errands: the errands to run.
        backend: the kiosk behind the window.
        journeys: how many to run.
        look_every: journeys between two measurements.
        stop: ends the window's loop.
    """

    def __init__(
        self, errands: Errands, backend: KioskBackend, journeys: int, look_every: int, stop: Any
    ) -> None:
        self._backend = backend
        self._stop = stop
        self._errands = errands
        self._steps = self._all(journeys, look_every)
        self._ready: Ready = lambda: True
        self._name = ""
        self._since = time.monotonic()
        self.footprints: list[Footprint] = []
        self.error: Exception | None = None

    def frame(self, _seconds: float) -> None:
        """Run the next step between two frames, if the condition it waits for holds."""
        if self.error is not None:
            return
        try:
            self._advance()
        except StopIteration:
            self._stop()
        except Exception as error:  # any error ends the soak and is raised again at its end
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """End the soak with this error."""
        self.error = error
        self._stop()

    def _advance(self) -> None:
        if self._ready():
            self._ready, self._since = next(self._steps), time.monotonic()
        elif time.monotonic() - self._since > PATIENCE_S:
            view = self._backend.journey.view
            raise SoakError(f"{self._name}: no progress within {PATIENCE_S:.0f} s; the view is {view}")

    def _all(self, journeys: int, look_every: int) -> Iterator[Ready]:
        for number in range(journeys):
            if number and number % A_DAY == 0:
                self._errands.next_morning()
                self._backend.journey.tick()
                self._backend.journey.handle(Wake())  # the screen dimmed overnight
            errand = self._errands.all[number % len(self._errands.all)]
            self._name = f"journey {number + 1}, {errand.__name__}"
            yield from errand()
            self._backend.wait(20)
            if (number + 1) % look_every == 0 or number + 1 == journeys:
                self.footprints.append(measure(number + 1))
                _report(str(self.footprints[-1]))


def soak(folder: Path, journeys: int, look_every: int) -> list[Footprint]:
    """Run that many journeys in a window on the current display.

    Returns:
        The footprints, in the order in which they were measured.

    Raises:
        SoakError: an expected screen did not appear, or a screen could not be drawn.
    """
    setup.prepare(folder / "kivy", SIZE)
    from kivy.config import Config

    Config.set("graphics", "maxfps", "0")  # draw as fast as possible
    from kivy.clock import Clock

    from kiosk.screens.window.window import KioskApp

    def do_all(_seconds: float) -> None:
        backend.do_all()

    def show(frame: Frame) -> None:
        app.show(frame)  # `app` is built later: it needs the journey

    backend = KioskBackend(folder, show, lambda: Clock.schedule_once(do_all, 0))

    def ready(window: KioskApp) -> None:
        backend.open()
        Clock.schedule_interval(run.frame, 0)

    def failed() -> None:
        run.fail(SoakError("a screen failed; the log line above names it"))

    # No pause after a new screen: a screen is touched as soon as it is drawn.
    seconds = itertools.count()
    app = KioskApp(backend.journey.handle, ready, failed, now=lambda: float(next(seconds)))
    rng = random.Random(SEED)  # noqa: S311  not a secret: the same errands in every run
    errands = Errands(backend, Finger(app.host), rng, app.host.open_staff)
    run = Soak(errands, backend, journeys, look_every, app.stop)
    try:
        app.run()
    finally:
        backend.close()
    if run.error is not None:
        raise run.error
    return run.footprints


def main() -> int:
    """Run the command; return 1 when memory grew by the budget or more."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--journeys", type=int, default=2000)
    parser.add_argument("--every", type=int, default=WARM_UP, help="journeys between two measurements")
    parser.add_argument(
        "--no-budget", action="store_true", help="do not fail on memory: for a soak too short to judge it"
    )
    options = parser.parse_args()
    configure(logging.ERROR)  # a wrong PIN is expected here
    begin = time.monotonic()
    # Beside the project, because /tmp may be in memory: commits must reach the disk.
    with (
        tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".soak-") as folder,
        virtual_display(SIZE) as display,
    ):
        # Mesa draws in the window's own thread: on a busy machine its helpers wait for each other.
        os.environ.update(DISPLAY=display, LP_NUM_THREADS="0")
        footprints = soak(Path(folder), options.journeys, options.every)
    first, last = footprints[0], footprints[-1]
    grown = last.rss_mb - first.rss_mb
    _report(
        f"memory grew by {grown:.1f} MB in the {last.journeys - first.journeys:,} journeys after the first"
        f" {first.journeys:,} (allowed: less than {BUDGET_MB:.0f} MB); {time.monotonic() - begin:.0f} s"
    )
    return 0 if options.no_budget or grown < BUDGET_MB else 1


def _report(what: str) -> None:
    sys.stdout.write(f"soak: {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
