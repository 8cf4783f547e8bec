"""A kiosk without a window as a process of its own, and what it has said to its pupils."""

import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from demo.programs import kiosk_state

ENOUGH_S = 120.0


class CampaignError(AssertionError):
    """The product did not do what it has to."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What somebody did at the kiosk."""

    pupil: str
    at: datetime


class Kiosk:
    """The kiosk's process, and what it has said to the pupils."""

    def __init__(self, folder: Path, url: str, offset_s: float) -> None:
        self.touched: list[SignedIn] = []
        self.confirmed: dict[str, SignedIn] = {}
        self.failures: list[str] = []
        self.kills = 0
        self._command = [
            sys.executable,
            "-m",
            "tests.e2e.headless",
            str(kiosk_state(folder)),
            url,
            repr(offset_s),
        ]
        self._log = (folder / "kiosk.log").open("ab")
        self._said = threading.Condition()
        self._ready = 0
        self._waiting: int | None = None
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def start(self) -> None:
        """Start it, and wait until it knows its school."""
        with self._said:
            before = self._ready
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        with self._said:
            if not self._said.wait_for(lambda: self._ready > before, ENOUGH_S):
                raise CampaignError("the kiosk did not start; its log says why")

    def sign_in(self, pupil: str) -> None:
        """A pupil signs in."""
        self._tell(f"sign-in {pupil}")

    def kill(self) -> None:
        """SIGKILL. What it has said by then is what the pupils have seen."""
        assert self._process
        assert self._reader
        self.kills += 1
        self._process.kill()
        self._process.wait()
        self._reader.join()

    def waiting(self) -> int:
        """How many entries the register has not answered for."""
        with self._said:
            self._waiting = None
        self._tell("queue")
        with self._said:
            if not self._said.wait_for(lambda: self._waiting is not None, ENOUGH_S):
                raise CampaignError("the kiosk does not say what waits")
            return self._waiting or 0

    def stop(self) -> None:
        """Let it end."""
        if self._process is not None and self._process.poll() is None:
            assert self._process.stdin
            self._process.stdin.close()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._log.close()

    def _tell(self, line: str) -> None:
        assert self._process
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process
        assert self._process.stdout
        for line in self._process.stdout:
            if not line.endswith("\n"):
                return  # it was killed in the middle of a word: nobody has seen that
            word, *more = line.split()
            with self._said:
                self._hear(word, more)
                self._said.notify_all()

    def _hear(self, word: str, more: list[str]) -> None:
        if word == "ready":
            self._ready += 1
        elif word == "waiting":
            self._waiting = int(more[0])
        elif word == "touched":
            self.touched.append(SignedIn(more[0], datetime.fromisoformat(more[1])))
        elif word == "confirmed":
            self.confirmed[more[0]] = SignedIn(more[1], datetime.fromisoformat(more[2]))
        elif word == "failed":
            self.failures.append(f"a sign-in could not be saved: {more}")
