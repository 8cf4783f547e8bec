"""`latebook demo`: the whole product on one machine, on a school morning."""

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
    """The demo cannot run; the text says why and what to do, in one sentence."""


PrintLine = Callable[[str], object]
"""Prints a line for the user."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The demo's folder; commands in another terminal find the running demo through its files."""

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
        """The display and the kiosk's process id of a running demo, as JSON."""
        return self.path / "running.json"

    @property
    def lock(self) -> Path:
        """Locked by a running demo. Its presence also marks a demo's folder, which may be emptied."""
        return self.path / "demo.lock"

    def display(self) -> str:
        """The display of the demo's window.

        Raises:
            DemoError: no demo is running.
        """
        return str(self._running_demo()["display"])

    def kill_kiosk(self) -> None:
        """Kill the kiosk (SIGKILL).

        Raises:
            DemoError: no demo is running.
        """
        os.kill(int(self._running_demo()["kiosk"]), signal.SIGKILL)

    @property
    def register_off(self) -> Path:
        """While this file exists, the launcher keeps the register stopped."""
        return self.path / "register.off"

    def switch_register(self, *, on: bool) -> None:
        """Start or stop the register.

        Raises:
            DemoError: no demo is running.
        """
        self._running_demo()
        if on:
            self.register_off.unlink(missing_ok=True)
        else:
            self.register_off.touch()

    def publish(self, display: str, kiosk: Program) -> None:
        """Publish the display and the kiosk's process id for other terminals."""
        new = self.running.with_suffix(".new")
        new.write_text(json.dumps({"display": display, "kiosk": kiosk.pid}), "utf-8")
        new.replace(self.running)

    def _running_demo(self) -> dict[str, Any]:
        if not self.is_running():
            raise DemoError("no demo is running; start one with: make demo")
        try:
            demo: dict[str, Any] = json.loads(self.running.read_text("utf-8"))
        except OSError as error:
            raise DemoError("the demo is still starting; try again in a moment") from error
        return demo

    def is_running(self) -> bool:
        """Whether a demo is running in this folder."""
        try:
            with self.lock.open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False


def default_folder() -> Folder:
    """The user's folder for the demo, the same in every terminal."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Folder(Path(base) / "latebook" / "demo")


def run(folder: Folder, at: datetime, *, port: int, size: tuple[int, int], print_line: PrintLine) -> None:
    """Run the demo until Ctrl-C.

    Args:
        folder: for its files; those of an earlier demo are deleted.
        at: the wall time at the school when the demo starts.
        port: the office page's, on loopback.
        size: the window's width and height in pixels.
        print_line: prints the instructions and events.

    Raises:
        DemoError: the port or the folder cannot be used.
        ProgramError: the register or the kiosk did not start.
    """
    if not port_is_free(port):
        raise DemoError(f"port {port} is in use; stop what uses it, or choose another: make demo PORT=8081")
    configure(logging.WARNING)
    stop = threading.Event()
    _stop_on_signals(stop)
    with ExitStack() as running:
        running.enter_context(_empty_folder(folder))
        school = oak_lane()
        real_now = datetime.now(UTC)
        offset_s = (instant(at, ZoneInfo(school.school.zone)) - real_now).total_seconds()
        print_line("Filling the register with Oak Lane School …")
        access = seed(database_url(folder.path), school, at.date(), instant(at, ZoneInfo(school.school.zone)))
        url = f"http://127.0.0.1:{port}"

        register = register_program(folder.path, port, offset_s)
        running.enter_context(stop_at_exit(register))
        register.start()
        register.wait_for("register.listening")
        credentials = enrol(RegisterClient(url), access.enrolment_code, "Main reception")
        store_token(kiosk_state(folder.path), credentials.token)

        reader = running.enter_context(VirtualReader(folder.reader))
        running.enter_context(ControlServer(folder.control, reader))
        display = os.environ.get("DISPLAY") or running.enter_context(virtual_display(size))
        print_line("Opening the kiosk's window …")
        kiosk = kiosk_program(folder.path, url, offset_s, reader=folder.reader, display=display, size=size)
        running.enter_context(stop_at_exit(kiosk))
        kiosk.start()
        kiosk.wait_for("bundle.taken")
        _print_instructions(
            print_line,
            at=at,
            url=url,
            login=access.login,
            password=access.password,
            pin=access.pin,
            hidden="DISPLAY" not in os.environ,
            logs=folder.path,
        )
        _watch(folder, register, kiosk, display=display, stop=stop, print_line=print_line)
        print_line("Stopping …")


def _watch(
    folder: Folder,
    register: Program,
    kiosk: Program,
    *,
    display: str,
    stop: threading.Event,
    print_line: PrintLine,
) -> None:
    """Restart either program when it ends, as a service manager would, but not a register that is off."""
    folder.publish(display, kiosk)
    while not stop.wait(WATCH_S):
        off = folder.register_off.exists()
        if off and register.running:
            register.stop()
            print_line("The register is stopped.")
        elif not off and not register.running:
            print_line("The register starts again.")
            register.start()
        if not kiosk.running:
            print_line("The kiosk ended and starts again.")
            kiosk.start()
            folder.publish(display, kiosk)


def _print_instructions(
    print_line: PrintLine,
    *,
    at: datetime,
    url: str,
    login: str,
    password: str,
    pin: str,
    hidden: bool,
    logs: Path,
) -> None:
    print_line("")
    print_line(f"  It is {at:%A %d %B %Y, %H:%M} at Oak Lane School (demo clock).")
    print_line(f"  Office page   {url}   log in as {login} with the password {password}")
    print_line("                (or as head or admin, with the same password, to see the other roles)")
    print_line(
        "                A school’s register also asks for an authenticator app’s code; the demo does not."
    )
    print_line(f"  Staff's PIN   {pin} at the kiosk")
    print_line('  Tap a card    .venv/bin/latebook demo tap "Amelia"     from another terminal')
    if hidden:
        print_line(
            "  The kiosk     has no display here; see it with: .venv/bin/latebook demo screenshot out.png"
        )
    else:
        print_line("  The kiosk     is the window that has just opened")
    print_line(f"  Logs          {logs}")
    print_line("  Stop          Ctrl-C")
    print_line("")


@contextmanager
def _empty_folder(folder: Folder) -> Iterator[None]:
    """Empty and lock the folder for this demo.

    Raises:
        DemoError: another demo is using it, it has files that are not a demo's, or it cannot be written.
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
