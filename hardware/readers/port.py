"""A serial port through pyserial, with every way it fails told as one kind of error."""

import errno
import os
import termios
import threading
from pathlib import Path

import serial

from hardware.readers.reader import ReaderState

_CHUNK = 4096
"""The most bytes taken at once: what Linux keeps for a terminal."""

_GONE = {errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO}
_HELD = {errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK}
_DENIED = {errno.EACCES, errno.EPERM}
_NO_PORT = {errno.ENOTTY, errno.EISDIR}

# pyserial on unplug: reads raise SerialException (an OSError), in_waiting a plain OSError, and opening a port
# that goes away meanwhile termios.error, which is neither.
_FAILURES = (OSError, termios.error)


class PortError(Exception):
    """The port cannot be read, now or any more. `state` says how it stands, the message says it to people."""

    def __init__(self, state: ReaderState, detail: str) -> None:
        super().__init__(detail)
        self.state = state


class Port:
    """An open port, for the thread that reads it; only `cancel` may be called from any thread."""

    def __init__(self, path: Path, *, baud: int, patience: float) -> None:
        """Open it, exclusively, and throw away what waited in it.

        Args:
            path: the device, or a link to it such as those in /dev/serial/by-id.
            baud: bits a second; 8 data bits, no parity, 1 stop bit.
            patience: seconds after which `read` returns with nothing.

        Raises:
            PortError: it cannot be opened.
        """
        self._path = path
        self._closing = threading.Lock()
        try:
            # `exclusive` is flock, which ends with the process. TIOCEXCL would be stronger, but on a
            # pseudo-terminal it outlives a killed process as long as the other end is open: the kiosk would
            # find its own port busy after a crash. A program that uses TIOCEXCL is recognised (EBUSY).
            self._serial = serial.Serial(str(path), baud, timeout=patience, exclusive=True)
        except _FAILURES as error:
            raise _error(path, error) from error

    def read(self) -> bytes:
        """Wait for bytes and take what there is; nothing when patience ran out or `cancel` was called.

        Raises:
            PortError: unplugged, or the path leads to another device now.
        """
        try:
            first = self._serial.read(1)
            if first:
                # Never wait for more: whoever asked wants to know when the first byte came.
                return first + self._serial.read(min(self._serial.in_waiting, _CHUNK))
            self._check_path()
        except _FAILURES as error:
            raise _error(self._path, error) from error
        return b""

    def cancel(self) -> None:
        """Wake up whoever waits in `read`."""
        with self._closing:  # cancel_read() of a port that is being closed raises TypeError
            if self._serial.is_open:
                self._serial.cancel_read()

    def close(self) -> None:
        """Let the port go."""
        with self._closing:
            self._serial.close()

    def _check_path(self) -> None:
        # Some USB adapters vanish without a read error; a silent line is the time to look.
        there, ours = self._path.stat(), os.fstat(self._serial.fileno())
        if (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino):
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))


def _error(path: Path, error: BaseException) -> PortError:
    number = _number(error)
    if number is None or number in _GONE:
        detail = f"No card reader at {path}: plug it in, or check the port in the configuration."
        return PortError(ReaderState.ABSENT, detail)
    if number in _HELD:
        detail = f"{path} is held by another program: stop that program (ModemManager takes such ports)."
        return PortError(ReaderState.BUSY, detail)
    if number in _DENIED:
        detail = f"This account may not open {path}: add it to the group dialout and log in again."
        return PortError(ReaderState.FORBIDDEN, detail)
    if number in _NO_PORT:
        detail = f"{path} is not a serial port: check the port in the configuration."
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
