"""An RDM6300 that is not there: real frames on a pseudo-terminal, and the faults of real ones as switches."""

import os
import select
import termios
import threading
import tty
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

import structlog

from hardware.readers.rdm6300 import REPEAT_SECONDS, START, frame
from hardware.readers.reader import em4100_card, em4100_number

REPEATS = 3
"""A short hold: the frame and three repeats take 150 ms."""
LONG_REPEATS = 20
"""With the fault `repeats`: a second, longer than the gap that tells one tap from the next."""
LATENCY_SECONDS = 0.3
PIECE_PAUSE_SECONDS = 0.01

log = structlog.get_logger()


class Fault(StrEnum):
    """What can be wrong with a reader; each is on or off."""

    NOISE = "noise"
    """Stray bytes before every frame."""
    PIECES = "pieces"
    """A frame comes in pieces with pauses between them."""
    BAD_CHECKSUM = "bad_checksum"
    """No frame has the right checksum: no tap can come of it."""
    MIDFRAME = "midframe"
    """Every frame is begun, cut short by a new start byte, and sent whole."""
    REPEATS = "repeats"
    """Cards are held for a second."""
    LATENCY = "latency"
    """The reader takes a while to notice a card."""


class VirtualReaderError(Exception):
    """The virtual reader cannot do that, in one sentence."""


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

    def __init__(self, link: Path, *, random: Random | None = None, period: float = REPEAT_SECONDS) -> None:
        """Plug it in.

        Args:
            link: where the symbolic link goes; its folder is made if need be.
            random: for noise and pieces; the default is a fixed seed.
            period: seconds from one frame of a held card to its next.

        Raises:
            VirtualReaderError: something that is no symbolic link has that path.
            OSError: no pseudo-terminal, or no link, can be made.
        """
        self._link = link
        self._random = random or Random(0)  # noqa: S311 - line noise, not a secret
        self._period = period
        self._faults: set[Fault] = set()
        self._master: int | None = None
        self._port: str | None = None
        self._plug = threading.RLock()
        self._field = threading.Lock()
        self._closing = threading.Event()
        self.replug()

    def tap(self, card: str | int, *, repeats: int | None = None) -> int:
        """Hold a card to the reader and take it away; returns after that.

        Args:
            card: its canonical name, its number as 8 hex digits, or the number printed on it.
            repeats: how often the frame comes again, every 50 ms; by default a hold of 150 ms.

        Returns:
            How many frames went to a program that has the port open.

        Raises:
            VirtualReaderError: unplugged, or closed.
            ValueError: no such card can be.
        """
        data = frame(_number(card))
        with self._field:  # one card at a time
            if self._master is None:
                raise VirtualReaderError("The virtual reader is unplugged: plug it in again first.")
            if repeats is None:
                repeats = LONG_REPEATS if Fault.REPEATS in self._faults else REPEATS
            pauses = [LATENCY_SECONDS if Fault.LATENCY in self._faults else 0.0] + [self._period] * repeats
            return sum(self._send(data, after=pause) for pause in pauses)

    def switch(self, fault: Fault, *, on: bool) -> None:
        """Turn a fault on or off, from the next frame."""
        with self._plug:
            (self._faults.add if on else self._faults.discard)(fault)

    def unplug(self) -> None:
        """Take the device away: whoever reads it is hung up on, and the link goes. Nothing if it is away."""
        with self._plug:
            if self._master is None or self._port is None:
                return
            # Another reader may have taken the link over; then it is not ours to remove.
            if self._link.is_symlink() and str(self._link.readlink()) == self._port:
                self._link.unlink()
            os.close(self._master)
            log.info("virtual.unplugged", link=str(self._link))
            self._master = self._port = None

    def replug(self) -> None:
        """Bring the device back as a new pseudo-terminal under the same link. Nothing if it is there.

        Raises:
            VirtualReaderError: closed, or something that is no symbolic link has the link's path.
        """
        with self._plug:
            if self._closing.is_set():
                raise VirtualReaderError("The virtual reader is closed: start it again.")
            if self._master is not None:
                return
            master, port = _pseudo_terminal()
            try:
                _publish(self._link, port)
            except BaseException:
                os.close(master)
                raise
            self._master, self._port = master, port
            log.info("virtual.plugged", link=str(self._link), device=port)

    def state(self) -> VirtualState:
        """How it stands now."""
        with self._plug:
            heard = self._master is not None and _heard(self._master)
            return VirtualState(str(self._link), self._port, heard, tuple(sorted(self._faults)))

    def close(self) -> None:
        """Unplug for good; a card that is held is taken away. May be called more than once."""
        self._closing.set()
        self.unplug()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(self, data: bytes, *, after: float) -> bool:
        """Send one frame with the faults that are on; whether all of it went to somebody."""
        if self._closing.wait(after):
            return False
        with self._plug:
            pieces = list(_disturb(data, frozenset(self._faults), self._random))
        arrived = True
        for place, piece in enumerate(pieces):
            if place and self._closing.wait(PIECE_PAUSE_SECONDS):
                return False
            arrived = self._write(piece) and arrived
        return arrived

    def _write(self, piece: bytes) -> bool:
        with self._plug:
            if self._master is None or not _heard(self._master):
                return False
            try:
                return os.write(self._master, piece) == len(piece)
            except BlockingIOError:  # a program that does not read: lost, as in a device that has no buffer
                return False


def _disturb(data: bytes, faults: frozenset[Fault], random: Random) -> Iterator[bytes]:
    """What goes over the line for one frame, in pieces to be sent with pauses between them."""
    if Fault.BAD_CHECKSUM in faults:
        wrong = int(data[11:13], 16) ^ random.randint(1, 255)
        data = data[:11] + b"%02X" % wrong + data[13:]
    if Fault.MIDFRAME in faults:
        data = data[: random.randint(len(START), len(data) - 1)] + data
    if Fault.NOISE in faults:
        data = random.randbytes(random.randint(1, 12)) + data
    cuts = sorted(random.sample(range(1, len(data)), 3)) if Fault.PIECES in faults else []
    for begin, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
        yield data[begin:end]


def _pseudo_terminal() -> tuple[int, str]:
    """A pseudo-terminal set up as an RDM6300's line: its device end, open, and the path of its port end."""
    master, slave = os.openpty()
    try:
        tty.setraw(slave)
        settings = termios.tcgetattr(slave)
        settings[4] = settings[5] = termios.B9600
        termios.tcsetattr(slave, termios.TCSANOW, settings)
        os.set_blocking(master, False)
        return master, os.ttyname(slave)
    except BaseException:
        os.close(master)
        raise
    finally:
        os.close(slave)  # the settings stay; kept open, it would look as if somebody were listening


def _heard(master: int) -> bool:
    poll = select.poll()
    poll.register(master, 0)
    return not any(event & select.POLLHUP for _, event in poll.poll(0))


def _publish(link: Path, port: str) -> None:
    """Make the link, replacing at once an old one that a killed program left."""
    if link.exists() and not link.is_symlink():
        raise VirtualReaderError(f"{link} is not a symbolic link: move it away, or choose another path.")
    link.parent.mkdir(parents=True, exist_ok=True)
    new = link.with_name(f".{link.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    new.symlink_to(port)
    new.replace(link)


def _number(card: str | int) -> int:
    if isinstance(card, int):
        return em4100_number(em4100_card(card))
    return em4100_number(card if ":" in card else f"em4100:{card.upper()}")
