"""An open line to a device: a serial port through pyserial, whose many failures all become `PortError`."""

import errno
import os
import termios
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeAlias

import serial

from hardware.errors import PortError
from hardware.readers.holders import PortHolder, holder, likely_holder
from hardware.states import ReaderState

_CHUNK = 4096
"""The most bytes of one read: the size of Linux's terminal buffer."""

_GONE = {errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO}
_HELD = {errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK}
_DENIED = {errno.EACCES, errno.EPERM}
_SERIAL_GROUP = "dialout"
_NO_PORT = {errno.ENOTTY, errno.EISDIR}

WRITE_SECONDS = 1.0
"""Time limit for a write; a command to a reader takes a tenth of that on the wire."""

# On unplug, reads of pyserial raise SerialException (an OSError), in_waiting a plain OSError, and
# opening a port that vanishes meanwhile raises termios.error, which is neither.
_FAILURES = (OSError, termios.error)


class DeviceLine(Protocol):
    """An open device. For the thread that reads it; any thread may call `cancel`."""

    def read(self, wait: float) -> bytes:
        """Wait for bytes and return all that have arrived; empty after `wait` seconds or a call of `cancel`.

        Raises:
            PortError: the device was unplugged, or the path now leads to another device.
        """

    def write(self, data: bytes) -> None:
        """Send bytes to the device.

        Raises:
            PortError: the device was unplugged, or does not accept the bytes.
        """

    def cancel(self) -> None:
        """Make a waiting `read` return."""

    def close(self) -> None:
        """Close the device."""


OpenLine: TypeAlias = Callable[[Path, int], DeviceLine]
"""Opens a device, given its path and speed in bits a second; raises `PortError`."""


class Port:
    """An open serial port; a `DeviceLine`."""

    def __init__(self, path: Path, baud: int) -> None:
        """Open the port exclusively and discard bytes received before.

        Args:
            path: the device, or a link to it such as those in /dev/serial/by-id.
            baud: bits a second; 8 data bits, no parity, 1 stop bit.

        Raises:
            PortError: the port cannot be opened.
        """
        self._path = path
        self._closing = threading.Lock()
        try:
            # `exclusive` takes a flock, which ends with the process. TIOCEXCL would be stronger, but on a
            # pseudo-terminal it survives a killed process while the other end is open, so that a kiosk would
            # find its own port busy after a crash. A port held with TIOCEXCL is still recognised (EBUSY).
            self._serial = serial.Serial(
                str(path), baud, timeout=1.0, write_timeout=WRITE_SECONDS, exclusive=True
            )
        except _FAILURES as error:
            raise port_error(path, error) from error

    def read(self, wait: float) -> bytes:
        """See `DeviceLine.read`."""
        try:
            if wait != self._serial.timeout:  # each assignment costs system calls
                self._serial.timeout = wait
            first = self._serial.read(1)
            if first:
                # Never wait for more: the caller takes the time of the first byte.
                return first + self._serial.read(min(self._serial.in_waiting, _CHUNK))
            check_path(self._path, self._serial.fileno())
        except _FAILURES as error:
            raise port_error(self._path, error) from error
        return b""

    def write(self, data: bytes) -> None:
        """See `DeviceLine.write`."""
        try:
            self._serial.write(data)
        except _FAILURES as error:
            raise port_error(self._path, error) from error

    def cancel(self) -> None:
        """See `DeviceLine.cancel`."""
        with self._closing:  # cancel_read() raises TypeError while the port is being closed
            if self._serial.is_open:
                self._serial.cancel_read()

    def close(self) -> None:
        """See `DeviceLine.close`."""
        with self._closing:
            self._serial.close()


def check_path(path: Path, fileno: int) -> None:
    """Check that the path still leads to this open file. Some USB adapters vanish without a read error.

    Raises:
        OSError: the path no longer leads to this open file.
    """
    there, ours = path.stat(), os.fstat(fileno)
    if (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino):
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))


def port_error(
    path: Path, error: BaseException, *, group: str = _SERIAL_GROUP, kind: str = "serial port"
) -> PortError:
    """The state and the sentence that describe a failure of a device.

    Args:
        path: the device.
        error: the exception from the system or from pyserial.
        group: the group whose members may open such devices.
        kind: the kind of device expected.
    """
    number, is_serial = _number(error), group == _SERIAL_GROUP
    if number in _HELD:
        return PortError(ReaderState.BUSY, _held(path, likely_holder(path) if is_serial else None))
    # A port that two programs read seems to be unplugged, since each takes bytes that the other waits for.
    # A keyboard is different: every window system reads it as well.
    if is_serial and (number is None or number in _GONE) and path.exists() and (other := holder(path)):
        return PortError(ReaderState.BUSY, _held(path, other))
    if number is None or number in _GONE:
        detail = f"No card reader at {path}: plug it in, or check the port in the configuration."
        return PortError(ReaderState.ABSENT, detail)
    if number in _DENIED:
        detail = f"This account may not open {path}: add it to the group {group} and log in again."
        return PortError(ReaderState.FORBIDDEN, detail)
    if number in _NO_PORT:
        detail = f"{path} is not a {kind}: check the port in the configuration."
        return PortError(ReaderState.ABSENT, detail)
    detail = f"The card reader at {path} cannot be read ({os.strerror(number)}): plug it in again."
    return PortError(ReaderState.ABSENT, detail)


def _held(path: Path, other: PortHolder | None) -> str:
    if other is None:
        return f"{path} is held by another program: stop that program (ModemManager takes such ports)."
    return f"{path} is held by another program, {other.title}: {other.remedy}."


def _number(error: BaseException | None) -> int | None:
    """The system's error number; `None` for pyserial's error when a device is unplugged during a read."""
    if isinstance(error, termios.error):
        return int(error.args[0])
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    # pyserial wraps some errors and keeps only their text, but the original is their context
    return None if error is None else _number(error.__context__)
