"""Reads one card reader on a thread of its own, and reopens its port after every failure."""

import threading
import traceback
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVarTuple

import structlog

from hardware.errors import PortError
from hardware.readers.babble import Babble
from hardware.readers.port import DeviceLine, OpenLine, Port
from hardware.readers.ports import FixedPort, PortLocator
from hardware.readers.presence import Presence
from hardware.readers.reader import Event, Parser, PolledParser, Tap, TwoCards
from hardware.readers.spoiled import SpoiledFrames
from hardware.readers.unread import UnreadBytes, UnreadCode
from hardware.readers.unread_trace import UnreadTrace
from hardware.states import ReaderState

PATIENCE_SECONDS = 1.0
"""How long a read waits. A frame takes 15 ms, so a silence this long ends a partial one."""
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 2.0
BABBLE_PAUSE_SECONDS = 0.2
"""Pause between reads of a babbling port, so that noise does not use up the processor."""
STOP_SECONDS = 5.0
"""How long `stop` waits for a callback to return."""

TWO_CARDS = "two cards"
"""Takes the place of a card's name while two cards are held at once; no card has this name."""

log = structlog.get_logger()

Args = TypeVarTuple("Args")


class Supervisor:
    """Reads a port on a thread of its own: opens it, waits for cards, and reopens it after a failure.

    Never logs card numbers, nor error messages that may contain one.
    """

    def __init__(
        self,
        port: Path | PortLocator,
        parser: Parser,
        *,
        on_tap: Callable[[Tap], None],
        on_state: Callable[[ReaderState, str], None],
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        on_two_cards: Callable[[TwoCards], None] | None = None,
        on_unread: Callable[[UnreadCode], None] | None = None,
        open_line: OpenLine = Port,
        patience: float = PATIENCE_SECONDS,
        first_pause: float = FIRST_PAUSE_SECONDS,
        longest_pause: float = LONGEST_PAUSE_SECONDS,
    ) -> None:
        """Create the supervisor; reading begins with `start`.

        Args:
            port: the device, preferably a link in /dev/serial/by-id; or its locator, used at each opening.
            parser: the parser of the device family.
            on_tap: called once for each card held, on the reader's thread; must return quickly.
            on_state: called on the reader's thread when the state changes, with one sentence for people.
            now: the current time (aware, UTC).
            monotonic: seconds of a monotonic clock.
            on_two_cards: called once, on the reader's thread, when two cards are held at once.
            on_unread: called on the reader's thread after a code that is no card; not for line noise.
            open_line: opens the device; `drivers.wedge.WedgeKeyboard` for a keyboard-wedge reader.
            patience: seconds a read waits, after which a partial frame is discarded.
            first_pause: seconds before a lost port is opened again; doubled after each failure.
            longest_pause: upper limit of that pause, in seconds.
        """
        self._locator = FixedPort(port) if isinstance(port, Path) else port
        self._path: Path | PortLocator = port
        self._open_line = open_line
        self._speed = parser.baud if open_line is Port else None
        self._on_two_cards = on_two_cards or (lambda _: None)
        self._on_unread = on_unread or (lambda _: None)
        self._parser = parser
        self._on_tap = on_tap
        self._on_state = on_state
        self._now = now
        self._monotonic = monotonic
        self._patience = patience
        self._first_pause = first_pause
        self._longest_pause = longest_pause
        self._presence = Presence()
        self._babble = Babble()
        self._spoiled = SpoiledFrames(parser)
        self._unread = UnreadBytes(parser)
        self._trace = UnreadTrace()
        self._stream: UnreadCode | None = None
        """What the bytes of a babbling port look like."""
        self._reported: tuple[ReaderState, str] = (ReaderState.STOPPED, "")
        self._pause = first_pause
        self._port: DeviceLine | None = None
        self._stopping = threading.Event()
        # daemon: a callback that never returns must not keep the kiosk from ending
        self._thread = threading.Thread(target=self._run, name=f"reader {self._locator.name}", daemon=True)

    @property
    def state(self) -> ReaderState:
        """The port's current state."""
        return self._reported[0]

    def start(self) -> None:
        """Begin reading.

        Raises:
            RuntimeError: the supervisor has been started before; it can be used once.
        """
        self._thread.start()

    def stop(self) -> None:
        """Stop reading, and wait until the port is closed and the thread gone. May be called repeatedly."""
        self._stopping.set()
        port = self._port
        if port is not None:
            port.cancel()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(STOP_SECONDS)
            if self._thread.is_alive():
                log.error(
                    "reader.stuck", port=str(self._path), detail="A callback of the reader did not return."
                )

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._read_until_lost()
            except PortError as lost:
                self._report(lost.state, str(lost))
            except Exception as error:  # a defect in a parser or clock must not end the thread silently
                self._log_error("reader.failed", error)
                self._report(
                    ReaderState.ABSENT, f"Reading {self._path} failed and is being tried again: see the log."
                )
            self._stopping.wait(self._pause)
            self._pause = min(self._pause * 2, self._longest_pause)
        self._report(ReaderState.STOPPED, f"The card reader at {self._path} is not being read.")

    def _read_until_lost(self) -> None:
        self._path = path = self._locator.find()
        port = self._open_line(path, self._parser.baud)
        self._port = port
        try:
            self._parser.reset()
            self._babble = Babble()
            self._unread, self._trace, self._stream = UnreadBytes(self._parser), UnreadTrace(), None
            self._report_line(fault=None)
            while not self._stopping.is_set():  # tested after _port is set, so that stop() is never missed
                if isinstance(self._parser, PolledParser) and (
                    command := self._parser.ask(self._monotonic())
                ):
                    port.write(command)
                self._take_bytes(port.read(self._read_timeout()))
                self._pause = self._first_pause  # a port that can be read is retried quickly when it is lost
        finally:
            self._port = None
            port.close()

    def _read_timeout(self) -> float:
        """Time limit of the next read, in seconds."""
        patience = self._parser.patience
        return self._patience if patience is None else min(patience, self._patience)

    def _take_bytes(self, data: bytes) -> None:
        """Process the bytes of one read; no bytes mean a silence as long as the time limit."""
        at = self._monotonic()
        events = list(self._parser.feed(data, self._now()) if data else self._parser.silence())
        if data or events:
            babbling = self._babble.add(len(data), frame=bool(events), at=at)
        else:
            babbling = self._babble.is_babbling(at)
        self._unread.add(data, events=bool(events), at=at)
        if any(isinstance(event, Tap) for event in events):
            self._trace.card()
        unread = None if data else self._unread.ended(at)
        is_due = unread is not None and self._trace.code(unread, at)
        self._report_line(fault=self._fault(at, babbling=babbling))
        if unread is not None:
            if is_due:
                detail = unread.sentence(self._path, self._speed)
                log.warning("reader.unread", port=str(self._path), detail=detail)
            self._call(self._on_unread, unread)
        if (spoiled := self._spoiled.report_due(at)) is not None:
            log.warning("reader.spoiled", port=str(self._path), **spoiled._asdict())
        for event in events:
            self._take_event(event, at)
        if babbling:
            self._stopping.wait(BABBLE_PAUSE_SECONDS)

    def _take_event(self, event: Event, at: float) -> None:
        match event:
            case Tap():
                held, arrived = event.card, self._presence.arrives(event.card, at)
                callback = partial(self._on_tap, event)
            case TwoCards():
                held, arrived = TWO_CARDS, self._presence.arrives(TWO_CARDS, at)
                callback = partial(self._on_two_cards, event)
            case _:
                return
        if arrived:
            self._call(callback)
            # Frames that queued up during a slow callback belong to the same card, still held.
            self._presence.extend(held, self._monotonic())

    def _fault(self, at: float, *, babbling: bool) -> UnreadCode | None:
        """What comes instead of cards; `None` while the reader can be understood."""
        fault = self._trace.fault(at)
        if not babbling:
            self._stream = None
        elif self._stream is None:  # described once, since every further byte would change it
            self._stream = self._unread.so_far()
        return fault or self._stream

    def _report_line(self, *, fault: UnreadCode | None) -> None:
        if fault is not None:
            self._report(ReaderState.BABBLING, fault.sentence(self._path, self._speed))
        elif isinstance(self._parser, PolledParser) and not self._parser.is_answering:
            detail = (
                f"No card reader answers at {self._path}:"
                " check the kind of reader in the configuration, then the reader's cable and power."
            )
            self._report(ReaderState.ABSENT, detail)
        else:
            self._report(ReaderState.READY, f"The card reader at {self._path} is ready.")

    def _report(self, state: ReaderState, detail: str) -> None:
        if self._reported == (state, detail):
            return
        self._reported = (state, detail)
        log.info("reader.state", port=str(self._path), state=state.value, detail=detail)
        self._call(self._on_state, state, detail)

    def _call(self, callback: Callable[[*Args], None], *args: *Args) -> None:
        try:
            callback(*args)
        except Exception as error:  # the next pupil's card must still be read
            self._log_error("reader.callback_failed", error)

    def _log_error(self, event: str, error: Exception) -> None:
        # Log the type and place only: the message and the variables may contain a card's number.
        places = [
            f"{step.filename}:{step.lineno} {step.name}" for step in traceback.extract_tb(error.__traceback__)
        ]
        log.error(event, port=str(self._path), error=type(error).__name__, where=places)
