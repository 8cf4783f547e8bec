"""A virtual card reader: real frames on a pseudo-terminal, and the faults of real readers as switches."""

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

import structlog

from hardware.errors import VirtualReaderError
from hardware.readers.drivers.rdm6300 import SimulatedEm4100
from hardware.readers.simulation import ReaderFault, SimulatedReader
from hardware.readers.virtual.faults import BABBLE_BYTES, LATENCY_SECONDS, PIECE_PAUSE_SECONDS, disturb
from hardware.readers.virtual.virtual_line import VirtualLine

REPEATS = 3
"""Repeats of a short hold: an RDM6300's frame and three repeats take 150 ms."""
LONG_REPEATS = 20
"""Repeats with the fault `repeats`: one second, longer than the gap that separates two taps."""
POLLED_SECONDS = 2.0
"""How long a card is held to a polled reader that no host polls."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class VirtualState:
    """The state of a virtual reader."""

    link: str
    """The path at which the kiosk opens it."""
    port: str | None
    """The pseudo-terminal behind the link; `None` when unplugged."""
    in_use: bool
    """Whether a program has the port open."""
    faults: tuple[ReaderFault, ...]


class VirtualReader:
    """Owns a pseudo-terminal and a symbolic link to it. Usable from any thread.

    Like a real device, it buffers nothing: bytes sent while no program has the port open are lost.
    """

    def __init__(
        self,
        link: Path,
        *,
        device: SimulatedReader | None = None,
        random: Random | None = None,
        period: float | None = None,
    ) -> None:
        """Create the reader and plug it in.

        Args:
            link: path of the symbolic link; its folder is made if necessary.
            device: the simulated reader; by default an RDM6300.
            random: source of noise and cuts; by default a fixed seed.
            period: seconds between the frames of a held card, instead of the device's own.

        Raises:
            VirtualReaderError: the path is taken by something other than a symbolic link.
            OSError: the pseudo-terminal or the link cannot be made.
        """
        self._link = link
        self._device = device or SimulatedEm4100()
        self._random = random or Random(0)  # noqa: S311 - line noise, not a secret
        self._period = self._device.period if period is None else period
        self._faults: frozenset[ReaderFault] = frozenset()
        self._line: VirtualLine | None = None
        self._plug = threading.RLock()
        self._field = threading.Lock()
        self._closing = threading.Event()
        self._answered = threading.Condition()
        self._answers = 0
        self._rests_until = 0.0
        self.replug()

    def tap(self, card: str | int, *, also: str | int | None = None, repeats: int | None = None) -> int:
        """Hold a card to the reader and take it away again; return after that.

        Args:
            card: its canonical name or a short form: 8 hex digits or the printed number of an EM4100 card,
                the UID in hex of an ISO 14443A card, the text of a barcode.
            also: another card, held at the same time.
            repeats: number of repeats of the frame; by default a short hold.

        Returns:
            The number of frames with the card that reached a program.

        Raises:
            VirtualReaderError: the reader is unplugged or closed, or cannot read two cards at once.
            ValueError: this kind of reader has no such card.
        """
        cards = [card] if also is None else [card, also]
        with self._field:  # one tap at a time
            try:
                if not self._device.show(cards) and not self._device.is_polled:
                    raise VirtualReaderError(
                        "Two cards at once garble each other: this reader reads neither."
                    )
                if self._line is None:
                    raise VirtualReaderError("The virtual reader is unplugged: plug it in again first.")
                if repeats is None:
                    repeats = LONG_REPEATS if ReaderFault.REPEATS in self._faults else REPEATS
                self._closing.wait(self._rests_until - time.monotonic())
                return self._hold(cards, repeats)
            finally:
                self._rests_until = time.monotonic() + self._device.rest
                self._device.show([])

    def switch(self, fault: ReaderFault, *, on: bool) -> None:
        """Turn a fault on or off, beginning with the next frame.

        Raises:
            VirtualReaderError: this kind of reader cannot have the fault.
        """
        if fault not in self._device.faults:
            raise VirtualReaderError(f"This kind of reader cannot have the fault {fault}.")
        with self._plug:
            self._faults = self._faults | {fault} if on else self._faults - {fault}
            if self._line is not None:
                self._line.wake()

    def unplug(self) -> None:
        """Hang up on the program that reads the device, and remove the link. No effect when unplugged."""
        with self._plug:
            line, self._line = self._line, None
            if line is None:
                return
            # Keep the link if another virtual reader has replaced it.
            if self._link.is_symlink() and str(self._link.readlink()) == line.port:
                self._link.unlink()
            line.close()
            log.info("virtual.unplugged", link=str(self._link))

    def replug(self) -> None:
        """Plug the device in as a new pseudo-terminal under the same link. No effect when plugged in.

        Raises:
            VirtualReaderError: the reader is closed, or its path is taken by something other than a link.
        """
        with self._plug:
            if self._closing.is_set():
                raise VirtualReaderError("The virtual reader is closed: start it again.")
            if self._line is not None:
                return
            line = VirtualLine(self._device.baud, on_data=self._take_data, babble=self._babble)
            try:
                _publish(self._link, line.port)
            except BaseException:
                line.close()
                raise
            self._line = line
            log.info("virtual.plugged", link=str(self._link), device=line.port)

    def state(self) -> VirtualState:
        """The reader's current state."""
        with self._plug:
            port = None if self._line is None else self._line.port
            in_use = self._line is not None and self._line.is_open
            return VirtualState(str(self._link), port, in_use, tuple(sorted(self._faults)))

    def close(self) -> None:
        """Unplug for good and end a tap in progress. May be called more than once."""
        self._closing.set()
        with self._answered:
            self._answered.notify_all()
        self.unplug()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _hold(self, cards: list[str | int], repeats: int) -> int:
        if ReaderFault.LATENCY in self._faults:
            self._device.show([])
            self._closing.wait(LATENCY_SECONDS)
        data = self._device.show(cards)
        if self._device.is_polled:
            return self._wait_for_polls(repeats + 1)
        pauses = [0.0] + [self._period] * repeats if self._period is not None else [0.0]
        return sum(self._send(data, after=pause) for pause in pauses)

    def _wait_for_polls(self, times: int) -> int:
        """Wait until this many answers have named the card; return how many did."""
        with self._answered:
            before = self._answers
            self._answered.wait_for(
                lambda: self._closing.is_set() or self._answers - before >= times,
                POLLED_SECONDS + times * (self._period or 0.0),
            )
            return self._answers - before

    def _take_data(self, data: bytes) -> None:
        """Answer bytes from the host. On the line's thread."""
        for answer, names_card in self._device.answer(data):
            if self._send(answer) and names_card:
                with self._answered:
                    self._answers += 1
                    self._answered.notify_all()

    def _babble(self) -> bytes | None:
        return self._random.randbytes(BABBLE_BYTES) if ReaderFault.BABBLE in self._faults else None

    def _send(self, data: bytes, *, after: float = 0.0) -> bool:
        """Send one frame with the faults that are on; return whether a program received all of it."""
        if self._closing.wait(after):
            return False
        pieces = disturb(data, self._faults, self._random, spoil=self._device.spoil, noise=self._device.noise)
        arrived = True
        for place, piece in enumerate(pieces):
            if place and self._closing.wait(PIECE_PAUSE_SECONDS):
                return False
            line = self._line
            arrived = line is not None and line.write(piece) and arrived
        return arrived


def _publish(link: Path, port: str) -> None:
    """Make the link, atomically replacing one that a killed program left behind."""
    if link.exists() and not link.is_symlink():
        raise VirtualReaderError(
            f"{link} exists and is not a symbolic link: move it away, or choose another path."
        )
    link.parent.mkdir(parents=True, exist_ok=True)
    new = link.with_name(f".{link.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    new.symlink_to(port)
    new.replace(link)
