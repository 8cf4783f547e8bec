"""Window benchmarks: time to start, CPU when idle, time to answer a touch.

Start and idle run the product's own process with a roster in its journal and no register, as on a morning
without a network. The yardstick is a bare Kivy window.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.measure import Figures, Measurement
from demo.display import virtual_display
from demo.programs import Program, database_url, kiosk_program, kiosk_state, register_program
from demo.school import oak_lane
from demo.seed import seed
from kiosk.enrolment import store_token
from sync.register.server.server import listen
from sync.uplink.http import RegisterClient, enrol

SIZE = (1280, 800)
STARTS = 5
LOOKS = 6
LOOK_S = 5.0
"""Six samples of five seconds: half a minute on the home screen, with its clock running."""
IDLE_SHARE = 0.03
TOUCH_S = 0.1
DRAWN, HOME, SHOWN = "home.drawn", "screen.shown screen=home", "window.shown"
MORNING = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)


def results(folder: Path) -> Iterator[Measurement]:
    """Measure the window. `folder` is on the disk to be measured."""
    with virtual_display(SIZE) as display:
        kiosk = _enrolled_kiosk(folder, display)
        yield from _starts(folder, kiosk, display)
        yield _idle(folder, kiosk, display)
        yield _touch(folder, display)


def _starts(folder: Path, kiosk: Program, display: str) -> Iterator[Measurement]:
    bare = _bare(folder, display)
    drawn, whole, theirs = [], [], []
    for _ in range(STARTS):
        with _running(kiosk, DRAWN) as took_s:
            drawn.append(took_s)
        with _running(kiosk, HOME) as took_s:
            whole.append(took_s)
        with _running(bare, SHOWN) as took_s:
            theirs.append(took_s)
    bare_start = "a bare Kivy window's start"
    what = "start until home is drawn and takes a touch (ratio: at most 1.5)"
    yield Measurement(what, Figures(drawn), bare_start, Figures(theirs))
    what = "start until home shows the register's times and a touch opens a screen"
    yield Measurement(what, Figures(whole), bare_start, Figures(theirs))


def _idle(folder: Path, kiosk: Program, display: str) -> Measurement:
    with _running(kiosk, HOME), _running(bare := _bare(folder, display), SHOWN):
        time.sleep(LOOK_S)  # work left over from the start is not idling
        ours, theirs = [], []
        for _ in range(LOOKS):
            before = _cpu_s(kiosk), _cpu_s(bare)
            time.sleep(LOOK_S)
            ours.append((_cpu_s(kiosk) - before[0]) / LOOK_S)
            theirs.append((_cpu_s(bare) - before[1]) / LOOK_S)
    what = "CPU on the idle home screen, in cores"
    return Measurement(what, Figures(ours), "a bare Kivy window's", Figures(theirs), budget_s=IDLE_SHARE)


def _touch(folder: Path, display: str) -> Measurement:
    ours, theirs = (_touch_times(folder, display, which) for which in ("kiosk", "bare"))
    return Measurement(
        "a touch until the pressed tile is drawn", ours, "the same on Kivy's button", theirs, budget_s=TOUCH_S
    )


def _touch_times(folder: Path, display: str, which: str) -> Figures:
    process = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-m", "bench.touched_window", str(folder / "kivy"), which],
        env={**os.environ, "DISPLAY": display},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Figures([float(line) for line in process.stdout.split()])


@contextmanager
def _running(part: Program, event: str) -> Iterator[float]:
    """Run a program; yields the seconds from its start until it logged `event`."""
    before, begin = len(part.lines()), time.perf_counter()
    part.start()
    try:
        part.wait_for(event, after=before)
        yield time.perf_counter() - begin
    finally:
        part.stop()


def _enrolled_kiosk(folder: Path, display: str) -> Program:
    """A kiosk that has its roster; the register that sent it is stopped again."""
    school = oak_lane()
    access = seed(database_url(folder), school, MORNING.date(), MORNING)
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    offset_s = (MORNING - datetime.now(UTC)).total_seconds()
    url = f"http://127.0.0.1:{port}"
    register = register_program(folder, port, offset_s)
    kiosk = kiosk_program(folder, url, offset_s, reader=folder / "no-reader", display=display, size=SIZE)
    with _running(register, "register.listening"):
        store_token(kiosk_state(folder), enrol(RegisterClient(url), access.enrolment_code, "Bench").token)
        with _running(kiosk, "bundle.taken"):
            kiosk.wait_for(HOME)
    return kiosk


def _bare(folder: Path, display: str) -> Program:
    width, height = map(str, SIZE)
    bare = Program("bare", [str(folder / "bare"), width, height], {"DISPLAY": display}, folder / "bare.log")
    bare.module = "bench.bare_window"
    return bare


def _cpu_s(part: Program) -> float:
    """CPU seconds of the process so far: user and system, all threads."""
    fields = Path(f"/proc/{part.pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
