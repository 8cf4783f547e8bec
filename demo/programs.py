"""The product's programs as processes of their own: started, watched, stopped."""

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
    """A part does not run as it should; one sentence with where its log is."""


class Program:
    """One program of the product, with its log in a file.

    Args:
        name: for people: `register`, `kiosk`.
        arguments: of the `latebook` command.
        environ: added to this process's environment; settings are `LATEBOOK_…`.
        log: the file that its standard error is appended to.
    """

    module = "kiosk.entry"
    """What Python runs; a test may have its own eyes and ears around the product's command."""

    def __init__(self, name: str, arguments: list[str], environ: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self._arguments = arguments
        self._environ = dict(environ)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; `wait_for` tells when it is ready."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  our own command
                [sys.executable, "-m", self.module, *self._arguments],
                env={**os.environ, **self._environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C goes to us, and we stop the parts in order
            )

    @property
    def pid(self) -> int:
        """The process's number; 0 before it was started."""
        return self._process.pid if self._process else 0

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def lines(self) -> list[str]:
        """Its log so far."""
        return self.log.read_text("utf-8", errors="replace").splitlines() if self.log.exists() else []

    def wait_for(self, event: str, *, after: int = 0, seconds: float = START_S) -> str:
        """The first line of its log, after the first `after` lines, with that event in it.

        Raises:
            ProgramError: the part ended before, or the time is over.
        """
        end = time.monotonic() + seconds
        while True:
            for line in self.lines()[after:]:
                if event in line:
                    return line
            if not self.running:
                raise ProgramError(f"{self.name} ended before {event!r}; {self._last_words()}")
            if time.monotonic() > end:
                raise ProgramError(
                    f"{self.name} did not say {event!r} within {seconds:.0f} s; see {self.log}"
                )
            time.sleep(0.02)  # the log is a file: there is no event to wait for

    def stop(self) -> None:
        """Ask it to stop, and wait until it has; one that does not in good time is killed."""
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
        """SIGKILL: what a power cut is to a process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _last_words(self) -> str:
        lines = [line for line in self.lines() if line.strip()]
        return f"its last words: {lines[-1]}" if lines else f"see {self.log}"


def register_program(folder: Path, port: int, offset_s: float, *, totp: bool = False) -> Program:
    """The central register on its embedded SQLite, on loopback.

    Without `totp` a password is enough at the office page: whoever tries a demo has no authenticator app at
    hand, and nobody but this machine reaches it. A register of a school asks for one.
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
    folder: Path, url: str, offset_s: float, *, reader: Path, display: str, size: tuple[int, int]
) -> Program:
    """A kiosk in a window. Its journal and token are in the folder `kiosk`."""
    return Program(
        "kiosk",
        ["kiosk"],
        {
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
    """The register's database in that folder."""
    return f"sqlite:///{folder / 'register.db'}"


def kiosk_state(folder: Path) -> Path:
    """The kiosk's own folder."""
    return folder / "kiosk"


def port_is_free(port: int) -> bool:
    """Whether a server could listen on that port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@contextmanager
def stop_at_exit(*parts: Program) -> Iterator[None]:
    """Stop the parts, last first, when the block ends however it ends."""
    try:
        yield
    finally:
        for part in reversed(parts):
            part.stop()
