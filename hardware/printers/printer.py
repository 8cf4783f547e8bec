"""Prints slips on a thread of its own, so that signing in never waits for paper."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from hardware.errors import PrinterError
from hardware.printers.connection import Connection
from hardware.printers.render import render
from hardware.printers.slip import Paper, Slip
from hardware.printers.status import CAN_PRINT, printer_state
from hardware.states import PrinterState

MOST_SLIPS = 20
"""The most slips that wait; beyond it the oldest is dropped. No queue at reception is longer."""
STALE_SECONDS = 60.0
"""The oldest slip still printed: after this time the pupil has gone to the lesson."""
LOOK_SECONDS = 10.0
"""Interval of status queries while idle, so that an empty roll is noticed before the next pupil comes."""
RETRY_SECONDS = 1.0
"""Interval of status queries while slips wait."""
STOP_SECONDS = 5.0
"""How long `stop` waits for the printer's thread."""

_SENTENCES = {
    PrinterState.READY: "The slip printer is ready.",
    PrinterState.PAPER_LOW: "The slip printer's paper is nearly used up: have a new roll ready.",
    PrinterState.NO_PAPER: "The slip printer has no paper: put in a new roll.",
    PrinterState.COVER_OPEN: "The slip printer's cover is open: close it.",
    PrinterState.BUSY: "The slip printer is offline: switch it off and on again.",
}

log = structlog.get_logger()


class Printer:
    """Prints slips on a thread of its own. Never logs pupils' names."""

    def __init__(
        self,
        connection: Connection,
        paper: Paper,
        *,
        on_state: Callable[[PrinterState, str], None],
        monotonic: Callable[[], float],
        fonts: Sequence[Path] = (),
        look: float = LOOK_SECONDS,
        retry: float = RETRY_SECONDS,
    ) -> None:
        """Create the printer; its thread begins with `start`.

        Args:
            connection: the connection to the printer, used by this object alone from now on.
            paper: the roll's width.
            on_state: called on the printer's thread when the state changes, with one sentence for people.
            monotonic: seconds of a monotonic clock.
            fonts: font files for names that are not ASCII; see `hardware.printers.picture`.
            look: seconds between status queries while idle.
            retry: seconds between status queries while slips wait.
        """
        self._connection = connection
        self._paper = paper
        self._on_state = on_state
        self._monotonic = monotonic
        self._fonts = tuple(fonts)
        self._look = look
        self._retry = retry
        self._waiting: deque[tuple[Slip, float]] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._has_new_slip = False
        self._reported: tuple[PrinterState, str] = (PrinterState.ABSENT, "")
        # daemon: a printer that hangs must not keep the kiosk from ending
        self._thread = threading.Thread(target=self._run, name="slip printer", daemon=True)

    @property
    def state(self) -> PrinterState:
        """The state at the latest status query."""
        return self._reported[0]

    def start(self) -> None:
        """Start the printer's thread.

        Raises:
            RuntimeError: the printer has been started before; it can be used once.
        """
        self._thread.start()

    def print(self, slip: Slip) -> None:
        """Queue a slip and return at once. Callable from any thread; never raises."""
        with self._changed:
            if len(self._waiting) >= MOST_SLIPS:
                self._drop_oldest("queue full")
            self._waiting.append((slip, self._monotonic()))
            self._has_new_slip = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Stop the thread and drop the slips that still wait. May be called more than once."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(STOP_SECONDS)
            if self._thread.is_alive():
                log.error("printer.stuck", detail="The slip printer's thread did not end.")

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._print_waiting()
            except PrinterError as lost:
                self._report(lost.state, str(lost))
            except Exception as error:  # such as a missing font, which the next slip may not need
                log.error("printer.failed", error=type(error).__name__)
            with self._changed:
                pause = self._retry if self._waiting else self._look
                self._changed.wait_for(lambda: self._has_new_slip or self._stopping, pause)
                self._has_new_slip = False
        self._connection.close()

    def _print_waiting(self) -> None:
        """Query the printer's state, and print the waiting slips if it can print."""
        self._drop_stale()
        state = printer_state(self._connection.status())
        self._report(state, _SENTENCES[state])
        while state in CAN_PRINT and (waiting := self._take()) is not None:
            slip, since = waiting
            data = render(slip, self._paper, self._fonts)
            try:
                self._connection.send(data)
            except PrinterError:
                with self._changed:
                    self._waiting.appendleft((slip, since))  # to be printed when the printer is back
                raise
        self._connection.rest()

    def _take(self) -> tuple[Slip, float] | None:
        with self._changed:
            return self._waiting.popleft() if self._waiting and not self._stopping else None

    def _drop_stale(self) -> None:
        with self._changed:
            while self._waiting and self._monotonic() - self._waiting[0][1] > STALE_SECONDS:
                self._drop_oldest("too old")

    def _drop_oldest(self, why: str) -> None:
        slip, _ = self._waiting.popleft()
        log.warning("printer.slip_left_out", entry_id=slip.entry_id, why=why)

    def _report(self, state: PrinterState, detail: str) -> None:
        if self._reported == (state, detail):
            return
        self._reported = (state, detail)
        log.info("printer.state", state=state.value, detail=detail)
        try:
            self._on_state(state, detail)
        except Exception as error:  # the next slip must still be printed
            log.error("printer.callback_failed", error=type(error).__name__)
