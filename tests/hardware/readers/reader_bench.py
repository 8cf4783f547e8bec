"""A real port, a real supervisor, settable clocks, and waiting with a deadline."""

import os
import threading
import time
import tty
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hardware.readers.drivers.rdm6300 import Rdm6300
from hardware.readers.port import OpenLine, Port
from hardware.readers.ports import PortLocator
from hardware.readers.reader import Tap, TwoCards
from hardware.readers.supervisor import Supervisor
from hardware.readers.unread import UnreadCode
from hardware.states import ReaderState

NINE_O_SEVEN = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)
DEADLINE_SECONDS = 60.0


def open_files() -> int:
    """Number of open files of this process."""
    return len(list(Path("/proc/self/fd").iterdir()))


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Wait until the condition holds; fail after `DEADLINE_SECONDS`."""
    end = time.monotonic() + DEADLINE_SECONDS
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end, f"still waiting for: {what}"
        pause.wait(0.002)


@dataclass
class PtyDevice:
    """A pseudo-terminal: bytes written here arrive at the port at `path`."""

    master: int = field(init=False)
    path: Path = field(init=False)
    _slave: int = field(init=False)

    def __post_init__(self) -> None:
        self.master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = Path(os.ttyname(self._slave))

    def write(self, data: bytes) -> None:
        assert os.write(self.master, data) == len(data)

    def hang_up(self) -> None:
        os.close(self.master)
        os.close(self._slave)
        self.master = -1

    def close(self) -> None:
        if self.master >= 0:
            self.hang_up()


@dataclass
class Clock:
    """Wall and monotonic time as a test sets them; `looks` counts reads of the wall time."""

    wall: datetime = NINE_O_SEVEN
    seconds: float = 1000.0
    looks: int = 0

    def now(self) -> datetime:
        self.looks += 1
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def until_looks(self, count: int) -> None:
        wait_for(lambda: self.looks >= count, f"{count} pieces read, got {self.looks}")


class SupervisorRecorder:
    """A supervisor and everything that it reported."""

    def __init__(
        self,
        path: Path | PortLocator,
        *,
        clock: Clock | None = None,
        patience: float = 0.5,
        pause: float = 0.05,
        longest_pause: float = 0.2,
        parser: Any = None,
        on_tap: Callable[[Tap], None] = lambda tap: None,
        on_unread: Callable[[UnreadCode], None] | None = None,
        open_line: OpenLine = Port,
    ) -> None:
        self.taps: list[Tap] = []
        self.two_cards: list[TwoCards] = []
        self.states: list[tuple[ReaderState, str]] = []
        self._next = 0
        self.parser = parser or Rdm6300()
        self._on_tap = on_tap
        self.supervisor = Supervisor(
            path,
            self.parser,
            on_tap=self._record_tap,
            on_state=lambda state, detail: self.states.append((state, detail)),
            now=clock.now if clock else lambda: datetime.now(UTC),
            monotonic=clock.monotonic if clock else time.monotonic,
            on_two_cards=self.two_cards.append,
            on_unread=on_unread,
            open_line=open_line,
            patience=patience,
            first_pause=pause,
            longest_pause=max(pause, longest_pause),
        )
        self.supervisor.start()

    def _record_tap(self, tap: Tap) -> None:
        self.taps.append(tap)
        self._on_tap(tap)

    @property
    def cards(self) -> list[str]:
        return [tap.card for tap in self.taps]

    @property
    def detail(self) -> str:
        """The sentence of the state last waited for."""
        return self.states[self._next - 1][1]

    def until(self, state: ReaderState) -> None:
        """Wait for a state after the one last waited for, so that a brief state is not missed."""

        def reached() -> bool:
            later = [place for place in range(self._next, len(self.states)) if self.states[place][0] is state]
            if later:
                self._next = later[0] + 1
            return bool(later)

        wait_for(reached, f"{state.value}; states so far: {[each.value for each, _ in self.states]}")

    def until_taps(self, count: int) -> None:
        wait_for(lambda: len(self.taps) >= count, f"{count} taps, got {len(self.taps)}")

    def until_frames(self, count: int) -> None:
        wait_for(lambda: self.parser.frames >= count, f"{count} frames, got {self.parser.frames}")
