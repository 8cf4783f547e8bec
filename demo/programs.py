"""Starts, watches and stops the product's programs, the register and the kiosk, as processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

START_S = 60.0
STOP_S = 15.0


class ProgramError(Exception):
    """A program failed; the text says how and where its log is, in one sentence."""


class Program:
    """A program of the product, which logs to a file.

    Args:
        name: `register` or `kiosk`, for messages.
        arguments: for the `latebook` command.
        environ: added to this process's environment, such as settings (`LATEBOOK_…`).
        log: the file to which its output is appended.
    """

    module = "kiosk.entry"
    """The module to run; a test may replace it with one that wraps the product's command."""

    def __init__(self, name: str, arguments: list[str], environ: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self._arguments = arguments
        self._environ = dict(environ)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the program; `wait_for` waits until it is ready."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  our own command
                [sys.executable, "-m", self.module, *self._arguments],
                env={**os.environ, **self._environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # only we receive Ctrl-C, and stop the programs in order
            )

    @property
    def pid(self) -> int:
        """The process id; 0 before the program was started."""
        return self._process.pid if self._process else 0

    @property
    def running(self) -> bool:
        """Whether the process is running."""
        return self._process is not None and self._process.poll() is None

    def lines(self) -> list[str]:
        """The lines of its log so far."""
        return self.log.read_text("utf-8", errors="replace").splitlines() if self.log.exists() else []

    def wait_for(self, event: str, *, after: int = 0, seconds: float = START_S) -> str:
        """Wait for an event in the log; returns the first line with it, after the first `after` lines.

        Raises:
            ProgramError: the program ended, or `seconds` passed.
        """
        end = time.monotonic() + seconds
        while True:
            for line in self.lines()[after:]:
                if event in line:
                    return line
            if not self.running:
                raise ProgramError(f"{self.name} ended before {event!r}; {self._last_line()}")
            if time.monotonic() > end:
                raise ProgramError(
                    f"{self.name} did not log {event!r} within {seconds:.0f} s; see {self.log}"
                )
            time.sleep(0.02)  # polls, because the log is a file

    def stop(self) -> None:
        """Stop the program (SIGTERM), and kill it if it does not end in time."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()

    def kill(self) -> None:
        """Kill the program (SIGKILL), as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _last_line(self) -> str:
        lines = [line for line in self.lines() if line.strip()]
        return f"its last line: {lines[-1]}" if lines else f"see {self.log}"


def register_program(folder: Path, port: int, offset_s: float, *, totp: bool = False) -> Program:
    """The central register with its own SQLite database, on loopback.

    Without `totp` the office page needs only a password: a demo has no authenticator app, and only this
    machine reaches it. A school's register asks for a code too.
    """
    return Program(
        "register",
        ["register", "serve"],
        {
            "LATEBOOK_DATABASE_URL": database_url(folder),
            "LATEBOOK_SERVER_PORT": str(port),
            "LATEBOOK_CLOCK_OFFSET_S": repr(offset_s),
            "LATEBOOK_LOGIN_TOTP": "true" if totp else "false",
        },
        folder / "register.log",
    )


def kiosk_program(
    folder: Path,
    url: str,
    offset_s: float,
    *,
    reader: Path,
    display: str,
    size: tuple[int, int],
    key_file: Path | None = None,
) -> Program:
    """A kiosk in a window, with its journal and token in the folder `kiosk`, encrypted if there is a key."""
    encryption = {"LATEBOOK_KIOSK_KEY_FILE": str(key_file)} if key_file else {}
    return Program(
        "kiosk",
        ["kiosk"],
        {
            **encryption,
            "DISPLAY": display,
            "LATEBOOK_KIOSK_NAME": "Main reception",
            "LATEBOOK_KIOSK_STATE": str(kiosk_state(folder)),
            "LATEBOOK_UPLINK_URL": url,
            "LATEBOOK_READER_PORT": str(reader),
            "LATEBOOK_DISPLAY_WIDTH": str(size[0]),
            "LATEBOOK_DISPLAY_HEIGHT": str(size[1]),
            "LATEBOOK_CLOCK_OFFSET_S": repr(offset_s),
        },
        folder / "kiosk.log",
    )


def database_url(folder: Path) -> str:
    """The URL of the register's database in a demo's folder."""
    return f"sqlite:///{folder / 'register.db'}"


def kiosk_state(folder: Path) -> Path:
    """The kiosk's state folder in a demo's folder."""
    return folder / "kiosk"


def port_is_free(port: int) -> bool:
    """Whether a server can listen on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@contextmanager
def stop_at_exit(*programs: Program) -> Iterator[None]:
    """Stop the programs, last first, when the block ends."""
    try:
        yield
    finally:
        for program in reversed(programs):
            program.stop()
