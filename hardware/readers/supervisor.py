"""One thread that keeps one card reader read, whatever happens to its port."""

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
from hardware.readers.port import Line, OpenLine, Port
from hardware.readers.ports import Fixed, Where
from hardware.readers.presence import Presence
from hardware.readers.reader import Asking, Event, Parser, Tap, TwoCards
from hardware.readers.spoiled import SpoiledFrames
from hardware.states import ReaderState

PATIENCE_SECONDS = 1.0
"""How long a read waits. A frame takes 15 ms: half a frame before such a silence will not be finished."""
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 2.0
BABBLE_PAUSE_SECONDS = 0.2
"""How long a port that babbles is left alone between two looks: noise must not cost a processor."""
STOP_SECONDS = 5.0
"""How long `stop` waits for a callback that does not return."""

TWO_CARDS = "two cards"
"""Stands for two cards held at once where a card's name would; no card has such a name."""

log = structlog.get_logger()

Args = TypeVarTuple("Args")


class Supervisor:
    """Reads a port on a thread of its own: opens it, waits for cards, opens it again after it was lost.

    Card numbers, and messages of errors that may contain one, are never logged.
    """

    def __init__(
        self,
        port: Path | Where,
        parser: Parser,
        *,
        on_tap: Callable[[Tap], None],
        on_state: Callable[[ReaderState, str], None],
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        on_two_cards: Callable[[TwoCards], None] | None = None,
        open_line: OpenLine = Port,
        patience: float = PATIENCE_SECONDS,
        first_pause: float = FIRST_PAUSE_SECONDS,
        longest_pause: float = LONGEST_PAUSE_SECONDS,
    ) -> None:
        """Nothing happens before `start`.

        Args:
            port: the device, best a link in /dev/serial/by-id; or how it is found each time it is opened.
            parser: the device family.
            on_tap: called once for a card that is held. On the reader's thread: hand it over and return.
            on_state: called when the state changes, with one sentence for people. On the reader's thread.
            now: the time, aware, UTC.
            monotonic: seconds that never jump.
            on_two_cards: called once when two cards are held at once; neither is a tap. On that thread, too.
            open_line: opens the port; for a keyboard-wedge reader `drivers.keyboard.Keyboard`.
            patience: seconds a read waits, and after which half a frame is forgotten.
            first_pause: seconds before a lost port is tried again; doubled each time it fails.
            longest_pause: seconds those pauses never exceed.
        """
        self._where = Fixed(port) if isinstance(port, Path) else port
        self._path: Path | Where = port
        self._open_line = open_line
        self._on_two_cards = on_two_cards or (lambda _: None)
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
        self._told: tuple[ReaderState, str] = (ReaderState.STOPPED, "")
        self._pause = first_pause
        self._port: Line | None = None
        self._stopping = threading.Event()
        # daemon: a callback that never returns must not keep the kiosk from ending
        self._thread = threading.Thread(target=self._run, name=f"reader {self._where.name}", daemon=True)

    @property
    def state(self) -> ReaderState:
        """How the port stands now."""
        return self._told[0]

    def start(self) -> None:
        """Begin reading.

        Raises:
            RuntimeError: started before; a supervisor is used once.
        """
        self._thread.start()

    def stop(self) -> None:
        """End reading and wait until the port is closed and the thread gone. May be called more than once."""
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
                self._tell(lost.state, str(lost))
            except Exception as error:  # a fault in a parser or a clock must not end the thread silently
                self._complain("reader.failed", error)
                self._tell(
                    ReaderState.ABSENT, f"Reading {self._path} failed: see the log; it is tried again."
                )
            self._stopping.wait(self._pause)
            self._pause = min(self._pause * 2, self._longest_pause)
        self._tell(ReaderState.STOPPED, f"The card reader at {self._path} is not being read.")

    def _read_until_lost(self) -> None:
        self._path = path = self._where.find()
        port = self._open_line(path, self._parser.baud)
        self._port = port
        try:
            self._parser.reset()
            self._babble = Babble()
            self._tell_how_it_stands(babbling=False)
            while not self._stopping.is_set():  # looked at after _port is set, so that stop() is never missed
                if isinstance(self._parser, Asking) and (question := self._parser.ask(self._monotonic())):
                    port.write(question)
                self._hear(port.read(self._wait()))
                self._pause = self._first_pause  # only a port that can be read is worth a quick retry
        finally:
            self._port = None
            port.close()

    def _wait(self) -> float:
        """How long the next read may last."""
        patience = self._parser.patience
        return self._patience if patience is None else min(patience, self._patience)

    def _hear(self, data: bytes) -> None:
        """Take what came; nothing is a silence as long as patience."""
        at = self._monotonic()
        events = list(self._parser.feed(data, self._now()) if data else self._parser.silence())
        if data or events:
            babbling = self._babble.heard(len(data), frame=bool(events), at=at)
        else:
            babbling = self._babble.silence(at)
        self._tell_how_it_stands(babbling=babbling)
        if (spoiled := self._spoiled.to_tell(at)) is not None:
            log.warning("reader.spoiled", port=str(self._path), **spoiled._asdict())
        for event in events:
            self._take(event, at)
        if babbling:
            self._stopping.wait(BABBLE_PAUSE_SECONDS)

    def _take(self, event: Event, at: float) -> None:
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
            # Frames that queued up behind a slow callback are the same card, still held.
            self._presence.still(held, self._monotonic())

    def _tell_how_it_stands(self, *, babbling: bool) -> None:
        if isinstance(self._parser, Asking) and not self._parser.answers:
            detail = (
                f"No card reader answers at {self._path}:"
                " check the kind of reader in the configuration, then its cable and power."
            )
            self._tell(ReaderState.ABSENT, detail)
        elif babbling:
            detail = (
                f"{self._path} sends bytes that are no card:"
                " check the kind of reader in the configuration, then its cable."
            )
            self._tell(ReaderState.BABBLING, detail)
        else:
            self._tell(ReaderState.READY, f"The card reader at {self._path} is ready.")

    def _tell(self, state: ReaderState, detail: str) -> None:
        if self._told == (state, detail):
            return
        self._told = (state, detail)
        log.info("reader.state", port=str(self._path), state=state.value, detail=detail)
        self._call(self._on_state, state, detail)

    def _call(self, callback: Callable[[*Args], None], *args: *Args) -> None:
        try:
            callback(*args)
        except Exception as error:  # the next pupil's card must still be read
            self._complain("reader.callback_failed", error)

    def _complain(self, event: str, error: Exception) -> None:
        # Where and what kind, but not the message, nor the frames' variables: they may hold a card's number.
        where = [
            f"{step.filename}:{step.lineno} {step.name}" for step in traceback.extract_tb(error.__traceback__)
        ]
        log.error(event, port=str(self._path), error=type(error).__name__, where=where)
