"""A line to a device: a serial port through pyserial, with every way it fails told as one kind of error."""

import errno
import os
import termios
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeAlias

import serial

from hardware.errors import PortError
from hardware.states import ReaderState

_CHUNK = 4096
"""The most bytes taken at once: what Linux keeps for a terminal."""

_GONE = {errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO}
_HELD = {errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK}
_DENIED = {errno.EACCES, errno.EPERM}
_NO_PORT = {errno.ENOTTY, errno.EISDIR}

WRITE_SECONDS = 1.0
"""How long a device may refuse bytes: a question to a reader is a tenth of that on the wire."""

# pyserial on unplug: reads raise SerialException (an OSError), in_waiting a plain OSError, and opening a port
# that goes away meanwhile termios.error, which is neither.
_FAILURES = (OSError, termios.error)


class Line(Protocol):
    """An open device, for the thread that reads it; only `cancel` may be called from any thread."""

    def read(self, wait: float) -> bytes:
        """Wait for bytes and take what there is; nothing after `wait` seconds, or when `cancel` was called.

        Raises:
            PortError: unplugged, or the path leads to another device now.
        """

    def write(self, data: bytes) -> None:
        """Send bytes to the device.

        Raises:
            PortError: unplugged, or it takes nothing.
        """

    def cancel(self) -> None:
        """Wake up whoever waits in `read`."""

    def close(self) -> None:
        """Let the device go."""


OpenLine: TypeAlias = Callable[[Path, int], Line]
"""Opens a device by its path at a speed in bits a second; raises PortError."""


class Port:
    """An open serial port; a `Line`."""

    def __init__(self, path: Path, baud: int) -> None:
        """Open it, exclusively, and throw away what waited in it.

        Args:
            path: the device, or a link to it such as those in /dev/serial/by-id.
            baud: bits a second; 8 data bits, no parity, 1 stop bit.

        Raises:
            PortError: it cannot be opened.
        """
        self._path = path
        self._closing = threading.Lock()
        try:
            # `exclusive` is flock, which ends with the process. TIOCEXCL would be stronger, but on a
            # pseudo-terminal it outlives a killed process as long as the other end is open: the kiosk would
            # find its own port busy after a crash. A program that uses TIOCEXCL is recognised (EBUSY).
            self._serial = serial.Serial(
                str(path), baud, timeout=1.0, write_timeout=WRITE_SECONDS, exclusive=True
            )
        except _FAILURES as error:
            raise port_error(path, error) from error

    def read(self, wait: float) -> bytes:
        """See `Line.read`."""
        try:
            if wait != self._serial.timeout:  # setting it asks the system for the port's settings each time
                self._serial.timeout = wait
            first = self._serial.read(1)
            if first:
                # Never wait for more: whoever asked wants to know when the first byte came.
                return first + self._serial.read(min(self._serial.in_waiting, _CHUNK))
            check_path(self._path, self._serial.fileno())
        except _FAILURES as error:
            raise port_error(self._path, error) from error
        return b""

    def write(self, data: bytes) -> None:
        """See `Line.write`."""
        try:
            self._serial.write(data)
        except _FAILURES as error:
            raise port_error(self._path, error) from error

    def cancel(self) -> None:
        """See `Line.cancel`."""
        with self._closing:  # cancel_read() of a port that is being closed raises TypeError
            if self._serial.is_open:
                self._serial.cancel_read()

    def close(self) -> None:
        """See `Line.close`."""
        with self._closing:
            self._serial.close()


def check_path(path: Path, fileno: int) -> None:
    """Some USB adapters vanish without a read error; a silent line is the time to look.

    Raises:
        OSError: the path does not lead to this open file any more.
    """
    there, ours = path.stat(), os.fstat(fileno)
    if (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino):
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))


def port_error(
    path: Path, error: BaseException, *, group: str = "dialout", sort: str = "serial port"
) -> PortError:
    """What went wrong with a device, as a state and a sentence.

    Args:
        path: the device.
        error: what the system, or pyserial, said.
        group: whose members may open such devices.
        sort: what it should be.
    """
    number = _number(error)
    if number is None or number in _GONE:
        detail = f"No card reader at {path}: plug it in, or check the port in the configuration."
        return PortError(ReaderState.ABSENT, detail)
    if number in _HELD:
        detail = f"{path} is held by another program: stop that program (ModemManager takes such ports)."
        return PortError(ReaderState.BUSY, detail)
    if number in _DENIED:
        detail = f"This account may not open {path}: add it to the group {group} and log in again."
        return PortError(ReaderState.FORBIDDEN, detail)
    if number in _NO_PORT:
        detail = f"{path} is not a {sort}: check the port in the configuration."
        return PortError(ReaderState.ABSENT, detail)
    detail = f"The card reader at {path} cannot be read ({os.strerror(number)}): plug it in again."
    return PortError(ReaderState.ABSENT, detail)


def _number(error: BaseException | None) -> int | None:
    """The system's error number; None is pyserial's way to say that the device was unplugged while read."""
    if isinstance(error, termios.error):
        return int(error.args[0])
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    # pyserial wraps some errors and keeps only their text
    return None if error is None else _number(error.__context__)
