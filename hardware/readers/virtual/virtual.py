"""A card reader that is not there: real frames on a pseudo-terminal, and real readers' faults as switches."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

import structlog

from hardware.errors import VirtualReaderError
from hardware.readers.virtual.faults import BABBLE_BYTES, LATENCY_SECONDS, PIECE_PAUSE_SECONDS, Fault, disturb
from hardware.readers.virtual.simulated import Device, Em4100Device
from hardware.readers.virtual.virtual_line import VirtualLine

REPEATS = 3
"""A short hold: with an RDM6300 the frame and three repeats take 150 ms."""
LONG_REPEATS = 20
"""With the fault `repeats`: a second, longer than the gap that tells one tap from the next."""
ASKED_SECONDS = 2.0
"""How long a card is held to a reader that is not being asked."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class VirtualState:
    """How a virtual reader stands."""

    link: str
    """The path under which the kiosk opens it."""
    port: str | None
    """The pseudo-terminal behind the link; None when unplugged."""
    heard: bool
    """Whether a program has the port open."""
    faults: tuple[Fault, ...]


class VirtualReader:
    """Owns a pseudo-terminal and keeps a symbolic link to it. For any thread.

    As with the device, nothing is kept for later: what is sent while nobody has the port open is lost.
    """

    def __init__(
        self,
        link: Path,
        *,
        device: Device | None = None,
        random: Random | None = None,
        period: float | None = None,
    ) -> None:
        """Plug it in.

        Args:
            link: where the symbolic link goes; its folder is made if need be.
            device: what kind of reader it is; by default an RDM6300.
            random: for noise and pieces; the default is a fixed seed.
            period: seconds from one frame of a held card to its next, if not the device's own.

        Raises:
            VirtualReaderError: something that is no symbolic link has that path.
            OSError: no pseudo-terminal, or no link, can be made.
        """
        self._link = link
        self._device = device or Em4100Device()
        self._random = random or Random(0)  # noqa: S311 - line noise, not a secret
        self._period = self._device.period if period is None else period
        self._faults: frozenset[Fault] = frozenset()
        self._line: VirtualLine | None = None
        self._plug = threading.RLock()
        self._field = threading.Lock()
        self._closing = threading.Event()
        self._answered = threading.Condition()
        self._answers = 0
        self.replug()

    def tap(self, card: str | int, *, also: str | int | None = None, repeats: int | None = None) -> int:
        """Hold a card to the reader and take it away; returns after that.

        Args:
            card: its canonical name, or short: of an EM4100 card 8 hex digits or the number printed on it, of
                an ISO 14443A card its UID in hex, of a barcode its text.
            also: another card, held at the same time.
            repeats: how often the frame comes again; by default a short hold.

        Returns:
            How many frames with the card went to a program that has the port open.

        Raises:
            VirtualReaderError: unplugged, or closed.
            ValueError: no such card can be.
        """
        cards = [card] if also is None else [card, also]
        with self._field:  # one hand at a time
            try:
                if not self._device.shows(cards) and not self._device.asked:
                    raise VirtualReaderError(
                        "Two cards at once spoil each other here: the reader reads neither."
                    )
                if self._line is None:
                    raise VirtualReaderError("The virtual reader is unplugged: plug it in again first.")
                if repeats is None:
                    repeats = LONG_REPEATS if Fault.REPEATS in self._faults else REPEATS
                return self._hold(cards, repeats)
            finally:
                self._device.shows([])

    def switch(self, fault: Fault, *, on: bool) -> None:
        """Turn a fault on or off, from the next frame.

        Raises:
            VirtualReaderError: a reader of this kind cannot have it.
        """
        if fault not in self._device.faults:
            raise VirtualReaderError(f"This kind of reader cannot have the fault {fault}.")
        with self._plug:
            self._faults = self._faults | {fault} if on else self._faults - {fault}
            if self._line is not None:
                self._line.stir()

    def unplug(self) -> None:
        """Take the device away: whoever reads it is hung up on, and the link goes. Nothing if it is away."""
        with self._plug:
            line, self._line = self._line, None
            if line is None:
                return
            # Another reader may have taken the link over; then it is not ours to remove.
            if self._link.is_symlink() and str(self._link.readlink()) == line.port:
                self._link.unlink()
            line.close()
            log.info("virtual.unplugged", link=str(self._link))

    def replug(self) -> None:
        """Bring the device back as a new pseudo-terminal under the same link. Nothing if it is there.

        Raises:
            VirtualReaderError: closed, or something that is no symbolic link has the link's path.
        """
        with self._plug:
            if self._closing.is_set():
                raise VirtualReaderError("The virtual reader is closed: start it again.")
            if self._line is not None:
                return
            line = VirtualLine(self._device.baud, hears=self._hears, babble=self._babble)
            try:
                _publish(self._link, line.port)
            except BaseException:
                line.close()
                raise
            self._line = line
            log.info("virtual.plugged", link=str(self._link), device=line.port)

    def state(self) -> VirtualState:
        """How it stands now."""
        with self._plug:
            port = None if self._line is None else self._line.port
            heard = self._line is not None and self._line.heard
            return VirtualState(str(self._link), port, heard, tuple(sorted(self._faults)))

    def close(self) -> None:
        """Unplug for good; a card that is held is taken away. May be called more than once."""
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
        if Fault.LATENCY in self._faults:
            self._device.shows([])
            self._closing.wait(LATENCY_SECONDS)
        data = self._device.shows(cards)
        if self._device.asked:
            return self._be_asked(repeats + 1)
        pauses = [0.0] + [self._period] * repeats if self._period is not None else [0.0]
        return sum(self._send(data, after=pause) for pause in pauses)

    def _be_asked(self, times: int) -> int:
        """Wait until the host has been told of the card so often; how often it was."""
        with self._answered:
            before = self._answers
            self._answered.wait_for(
                lambda: self._closing.is_set() or self._answers - before >= times,
                ASKED_SECONDS + times * (self._period or 0.0),
            )
            return self._answers - before

    def _hears(self, data: bytes) -> None:
        """The host wrote; on the line's thread."""
        for answer, names_card in self._device.hears(data):
            if self._send(answer) and names_card:
                with self._answered:
                    self._answers += 1
                    self._answered.notify_all()

    def _babble(self) -> bytes | None:
        return self._random.randbytes(BABBLE_BYTES) if Fault.BABBLE in self._faults else None

    def _send(self, data: bytes, *, after: float = 0.0) -> bool:
        """Send one frame with the faults that are on; whether all of it went to somebody."""
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
    """Make the link, replacing at once an old one that a killed program left."""
    if link.exists() and not link.is_symlink():
        raise VirtualReaderError(f"{link} is not a symbolic link: move it away, or choose another path.")
    link.parent.mkdir(parents=True, exist_ok=True)
    new = link.with_name(f".{link.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    new.symlink_to(port)
    new.replace(link)
