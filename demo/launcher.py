"""`latebook demo`: the whole product on one machine, at a school morning."""

import fcntl
import json
import logging
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

from attendance.calendar import instant
from demo.display import virtual_display
from demo.programs import (
    Program,
    database_url,
    kiosk_program,
    kiosk_state,
    port_is_free,
    register_program,
    stop_at_exit,
)
from demo.school import oak_lane
from demo.seed import seed
from hardware.readers.virtual.control import ControlServer
from hardware.readers.virtual.virtual import VirtualReader
from kiosk.enrolment import store_token
from sync.logs import configure
from sync.uplink.http import RegisterClient, enrol

WATCH_S = 0.5


class DemoError(Exception):
    """The demo cannot run; one sentence: what, and what to do."""


Say = Callable[[str], object]
"""Where the demo says what it does: one line for a person at a time."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a demo keeps its files; another terminal finds the running demo by them."""

    path: Path

    @property
    def control(self) -> Path:
        """The virtual reader's control socket."""
        return self.path / "reader.sock"

    @property
    def reader(self) -> Path:
        """The virtual reader's port."""
        return self.path / "reader"

    @property
    def running(self) -> Path:
        """What a running demo says of itself: its display and process."""
        return self.path / "running.json"

    @property
    def lock(self) -> Path:
        """Held by a running demo. It also says that the folder is a demo's and may be emptied."""
        return self.path / "demo.lock"

    def display(self) -> str:
        """The display that the demo's window is on.

        Raises:
            DemoError: no demo is running.
        """
        return str(self._said()["display"])

    def kill_kiosk(self) -> None:
        """SIGKILL to the kiosk.

        Raises:
            DemoError: no demo is running.
        """
        os.kill(int(self._said()["kiosk"]), signal.SIGKILL)

    @property
    def register_off(self) -> Path:
        """While this file is there, the launcher keeps the register stopped."""
        return self.path / "register.off"

    def switch_register(self, *, on: bool) -> None:
        """Have the register stopped, or started again.

        Raises:
            DemoError: no demo is running.
        """
        self._said()
        if on:
            self.register_off.unlink(missing_ok=True)
        else:
            self.register_off.touch()

    def tell(self, display: str, kiosk: Program) -> None:
        """Say for other terminals how the demo runs."""
        new = self.running.with_suffix(".new")
        new.write_text(json.dumps({"display": display, "kiosk": kiosk.pid}), "utf-8")
        new.replace(self.running)

    def _said(self) -> dict[str, Any]:
        if not self.is_running():
            raise DemoError("no demo is running; start one with: make demo")
        try:
            said: dict[str, Any] = json.loads(self.running.read_text("utf-8"))
        except OSError as error:
            raise DemoError("the demo is still starting; try again in a moment") from error
        return said

    def is_running(self) -> bool:
        """Whether a demo holds the folder."""
        try:
            with self.lock.open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False


def default_folder() -> Folder:
    """One folder for each user, so that any terminal finds the demo."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Folder(Path(base) / "latebook" / "demo")


def run(folder: Folder, at: datetime, *, port: int, size: tuple[int, int], say: Say) -> None:
    """Run the demo until Ctrl-C.

    Args:
        folder: for its files; what an earlier demo left there is removed.
        at: the wall time at the school at which the demo's clock starts.
        port: for the office page, on loopback.
        size: the window's, in pixels.
        say: told what to do and see.

    Raises:
        DemoError, ProgramError: something is in the way.
    """
    if not port_is_free(port):
        raise DemoError(f"port {port} is in use; stop what uses it, or choose another: make demo PORT=8081")
    configure(logging.WARNING)
    stop = threading.Event()
    _stop_on_signals(stop)
    with ExitStack() as running:
        running.enter_context(_fresh(folder))
        school = oak_lane()
        real_now = datetime.now(UTC)
        offset_s = (instant(at, ZoneInfo(school.school.zone)) - real_now).total_seconds()
        say("Filling the register with Oak Lane School …")
        seeded = seed(database_url(folder.path), school, at.date(), instant(at, ZoneInfo(school.school.zone)))
        url = f"http://127.0.0.1:{port}"

        register = register_program(folder.path, port, offset_s)
        running.enter_context(stop_at_exit(register))
        register.start()
        register.wait_for("register.listening")
        enrolled = enrol(RegisterClient(url), seeded.enrolment_code, "Main reception")
        store_token(kiosk_state(folder.path), enrolled.token)

        reader = running.enter_context(VirtualReader(folder.reader))
        running.enter_context(ControlServer(folder.control, reader))
        display = os.environ.get("DISPLAY") or running.enter_context(virtual_display(size))
        say("Opening the kiosk's window …")
        kiosk = kiosk_program(folder.path, url, offset_s, reader=folder.reader, display=display, size=size)
        running.enter_context(stop_at_exit(kiosk))
        kiosk.start()
        kiosk.wait_for("bundle.taken")
        _say_how(
            say,
            at=at,
            url=url,
            login=seeded.login,
            password=seeded.password,
            pin=seeded.pin,
            hidden="DISPLAY" not in os.environ,
            logs=folder.path,
        )
        _watch(folder, register, kiosk, display=display, stop=stop, say=say)
        say("Stopping …")


def _watch(
    folder: Folder, register: Program, kiosk: Program, *, display: str, stop: threading.Event, say: Say
) -> None:
    """Keep both running, as a service manager would, but for a register that is to be off."""
    folder.tell(display, kiosk)
    while not stop.wait(WATCH_S):
        off = folder.register_off.exists()
        if off and register.running:
            register.stop()
            say("The register is stopped.")
        elif not off and not register.running:
            say("The register starts again.")
            register.start()
        if not kiosk.running:
            say("The kiosk has ended and starts again.")
            kiosk.start()
            folder.tell(display, kiosk)


def _say_how(
    say: Say, *, at: datetime, url: str, login: str, password: str, pin: str, hidden: bool, logs: Path
) -> None:
    say("")
    say(f"  It is {at:%A %d %B %Y, %H:%M} at Oak Lane School (demo clock).")
    say(f"  Office page   {url}   log in as {login} with the password {password}")
    say("                as head or admin, with the same password, to see what other roles may")
    say(
        "                A school’s register also asks for a code of an authenticator app; the demo does not."
    )
    say(f"  Staff's PIN   {pin} at the kiosk")
    say('  Tap a card    .venv/bin/latebook demo tap "Amelia"     from another terminal')
    if hidden:
        say("  The kiosk     has no display here; see it with: .venv/bin/latebook demo screenshot out.png")
    else:
        say("  The kiosk     is the window that has just opened")
    say(f"  Logs          {logs}")
    say("  Stop          Ctrl-C")
    say("")


@contextmanager
def _fresh(folder: Folder) -> Iterator[None]:
    """An empty folder for this demo, unless another demo is using it or it is somebody's own.

    Raises:
        DemoError: it cannot be used.
    """
    if folder.is_running():
        raise DemoError("a demo is running already; stop it with Ctrl-C in its terminal")
    path = folder.path
    try:
        path.mkdir(parents=True, mode=0o700, exist_ok=True)
        if any(path.iterdir()) and not folder.lock.exists():
            raise DemoError(f"{path} has files that are not a demo's; choose another with --folder")
        for child in path.iterdir():
            if child.is_dir() and not child.is_symlink():
                shutil.rmtree(child)
            else:
                child.unlink()
        lock = folder.lock.open("w")
    except OSError as error:
        raise DemoError(f"{path} cannot be used for the demo: {error.strerror}") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _stop_on_signals(stop: threading.Event) -> None:
    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
