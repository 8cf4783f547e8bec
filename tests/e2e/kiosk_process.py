"""Runs `headless` as a process and collects what it reports."""

import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from demo.programs import kiosk_state

ENOUGH_S = 120.0


class CampaignError(AssertionError):
    """The product did not respond in time."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A pupil's sign-in at the kiosk."""

    pupil: str
    at: datetime


class KioskProcess:
    """A headless kiosk, and the sign-ins that it reported."""

    def __init__(self, folder: Path, url: str, offset_s: float) -> None:
        self.touched: list[SignIn] = []
        self.confirmed: dict[str, SignIn] = {}
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
        self._changed = threading.Condition()
        self._ready = 0
        self._waiting: int | None = None
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def start(self) -> None:
        """Start the process and wait until it has its school."""
        with self._changed:
            before = self._ready
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        with self._changed:
            if not self._changed.wait_for(lambda: self._ready > before, ENOUGH_S):
                raise CampaignError("the kiosk did not start; its log says why")

    def sign_in(self, pupil: str) -> None:
        """Sign a pupil in."""
        self._send(f"sign-in {pupil}")

    def kill(self) -> None:
        """Send SIGKILL. What was reported by then is what the pupils saw."""
        assert self._process
        assert self._reader
        self.kills += 1
        self._process.kill()
        self._process.wait()
        self._reader.join()

    def waiting(self) -> int:
        """The number of entries that the register has not answered."""
        with self._changed:
            self._waiting = None
        self._send("queue")
        with self._changed:
            if not self._changed.wait_for(lambda: self._waiting is not None, ENOUGH_S):
                raise CampaignError("the kiosk does not report its queue")
            return self._waiting or 0

    def stop(self) -> None:
        """End the process."""
        if self._process is not None and self._process.poll() is None:
            assert self._process.stdin
            self._process.stdin.close()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._log.close()

    def _send(self, line: str) -> None:
        assert self._process
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process
        assert self._process.stdout
        for line in self._process.stdout:
            if not line.endswith("\n"):
                return  # killed in the middle of a line: no pupil has seen that
            word, *more = line.split()
            with self._changed:
                self._record(word, more)
                self._changed.notify_all()

    def _record(self, word: str, more: list[str]) -> None:
        if word == "ready":
            self._ready += 1
        elif word == "waiting":
            self._waiting = int(more[0])
        elif word == "touched":
            self.touched.append(SignIn(more[0], datetime.fromisoformat(more[1])))
        elif word == "confirmed":
            self.confirmed[more[0]] = SignIn(more[1], datetime.fromisoformat(more[2]))
        elif word == "failed":
            self.failures.append(f"a sign-in could not be saved: {more}")
