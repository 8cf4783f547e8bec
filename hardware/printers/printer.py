"""One thread that prints slips, and is never in the way: signing in does not wait for paper."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from hardware.errors import PrinterError
from hardware.printers.connection import Connection
from hardware.printers.render import render
from hardware.printers.slip import Paper, Slip
from hardware.printers.status import PRINTS, understand
from hardware.states import PrinterState

MOST_SLIPS = 20
"""How many slips wait; more, and the oldest is left out. A queue at reception is not longer."""
STALE_SECONDS = 60.0
"""A slip that could not be printed for so long belongs to a pupil who has gone to the lesson."""
LOOK_SECONDS = 10.0
"""How often an idle printer is looked at, so that an empty roll is seen before the next pupil comes."""
RETRY_SECONDS = 1.0
"""How soon a printer that slips wait for is looked at again."""
STOP_SECONDS = 5.0

_WORDS = {
    PrinterState.READY: "The slip printer is ready.",
    PrinterState.PAPER_LOW: "The slip printer's paper is nearly used up: have a new roll ready.",
    PrinterState.NO_PAPER: "The slip printer has no paper: put in a new roll.",
    PrinterState.COVER_OPEN: "The slip printer's cover is open: close it.",
    PrinterState.BUSY: "The slip printer is offline: switch it off and on again.",
}

log = structlog.get_logger()


class Printer:
    """Prints slips on a thread of its own. Pupils' names never reach the log."""

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
        """Nothing happens before `start`.

        Args:
            connection: the way to the printer; from now on this object's.
            paper: the roll's width.
            on_state: called when the state changes, with one sentence for people. On the printer's thread.
            monotonic: seconds that never jump.
            fonts: for names that are not ASCII; see `hardware.printers.picture`.
            look: seconds between looks at an idle printer.
            retry: seconds between looks while slips wait.
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
        self._news = False
        self._told: tuple[PrinterState, str] = (PrinterState.ABSENT, "")
        # daemon: a printer that hangs must not keep the kiosk from ending
        self._thread = threading.Thread(target=self._run, name="slip printer", daemon=True)

    @property
    def state(self) -> PrinterState:
        """How the printer stood when it was looked at last."""
        return self._told[0]

    def start(self) -> None:
        """Begin.

        Raises:
            RuntimeError: started before; a printer is used once.
        """
        self._thread.start()

    def print(self, slip: Slip) -> None:
        """Hand over a slip and return at once. For any thread; never raises."""
        with self._changed:
            if len(self._waiting) >= MOST_SLIPS:
                self._leave_out("queue full")
            self._waiting.append((slip, self._monotonic()))
            self._news = True
            self._changed.notify_all()

    def stop(self) -> None:
        """End; slips that still wait are left out. May be called more than once."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(STOP_SECONDS)
            if self._thread.is_alive():
                log.error("printer.stuck", detail="The slip printer did not return.")

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._attend()
            except PrinterError as lost:
                self._tell(lost.state, str(lost))
            except Exception as error:  # a font that is gone, say: the next slip may do without it
                log.error("printer.failed", error=type(error).__name__)
            with self._changed:
                pause = self._retry if self._waiting else self._look
                self._changed.wait_for(lambda: self._news or self._stopping, pause)
                self._news = False
        self._connection.close()

    def _attend(self) -> None:
        """Look at the printer, and print what waits if it can."""
        self._leave_out_stale()
        state = understand(self._connection.status())
        self._tell(state, _WORDS[state])
        while state in PRINTS and (waiting := self._take()) is not None:
            slip, since = waiting
            data = render(slip, self._paper, self._fonts)
            try:
                self._connection.send(data)
            except PrinterError:
                with self._changed:
                    self._waiting.appendleft((slip, since))  # once more, when the printer is there again
                raise
        self._connection.rest()

    def _take(self) -> tuple[Slip, float] | None:
        with self._changed:
            return self._waiting.popleft() if self._waiting and not self._stopping else None

    def _leave_out_stale(self) -> None:
        with self._changed:
            while self._waiting and self._monotonic() - self._waiting[0][1] > STALE_SECONDS:
                self._leave_out("too old")

    def _leave_out(self, why: str) -> None:
        slip, _ = self._waiting.popleft()
        log.warning("printer.slip_left_out", entry_id=slip.entry_id, why=why)

    def _tell(self, state: PrinterState, detail: str) -> None:
        if self._told == (state, detail):
            return
        self._told = (state, detail)
        log.info("printer.state", state=state.value, detail=detail)
        try:
            self._on_state(state, detail)
        except Exception as error:  # the next slip must still be printed
            log.error("printer.callback_failed", error=type(error).__name__)
