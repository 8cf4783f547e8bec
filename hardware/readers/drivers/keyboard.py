"""A keyboard-wedge reader as a line of text, through the kernel's evdev and taken from everybody else.

The library python-evdev is not used: it has no wheel for 64-bit ARM, and what is needed of the interface is
one structure of 24 bytes and one request.
"""

import errno
import fcntl
import os
import select
import threading
from collections.abc import Callable
from pathlib import Path

from hardware.errors import PortError
from hardware.readers.drivers.keys import EVENT, Keys
from hardware.readers.port import check_path, port_error
from hardware.states import ReaderState

EVIOCGRAB = 0x40044590
"""_IOW('E', 0x90, int) of <linux/input.h>: from now on events reach this file alone."""
GROUP = "input"
_BYTES = EVENT.size * 64
"""As many events as the kernel keeps."""


def grab(device: int) -> None:
    """Take the keyboard from everybody else, so that a card's digits never reach the screen.

    Raises:
        OSError: another program has grabbed it (EBUSY), or it is no input device (ENOTTY).
    """
    fcntl.ioctl(device, EVIOCGRAB, 1)


class Keyboard:
    """An open wedge reader; a `hardware.readers.port.Line` of the text that it types, with CR for return."""

    def __init__(self, path: Path, baud: int = 0, *, take: Callable[[int], None] = grab) -> None:
        """Open it, and take it.

        Args:
            path: the device, best a link in /dev/input/by-id that ends in -event-kbd.
            baud: of no meaning here.
            take: how the device is taken.

        Raises:
            PortError: it cannot be opened or taken.
        """
        self._path = path
        self._keys = Keys()
        self._closing = threading.Lock()
        try:
            self._device = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        except OSError as error:
            raise _error(path, error) from error
        try:
            take(self._device)
            # What was typed before belongs to whoever was there before.
            while select.select([self._device], [], [], 0)[0] and os.read(self._device, _BYTES):
                pass
            self._wake, self._waker = os.pipe()
        except OSError as error:
            os.close(self._device)
            raise _error(path, error) from error
        self._open = True
        self._ready: list[int] = []

    def read(self, wait: float) -> bytes:
        """See `Line.read`; keys that type nothing, such as one let go, begin the wait anew."""
        try:
            while not (text := self._keys.feed(self._events(wait))):
                if not self._ready:
                    return b""
        except OSError as error:
            raise _error(self._path, error) from error
        return text

    def write(self, data: bytes) -> None:
        """See `Line.write`; a keyboard is told nothing."""
        raise PortError(
            ReaderState.ABSENT, f"{self._path} is a keyboard: choose another kind of reader for it."
        )

    def cancel(self) -> None:
        """See `Line.cancel`."""
        with self._closing:
            if self._open:
                os.write(self._waker, b".")

    def close(self) -> None:
        """See `Line.close`; the keyboard is everybody's again."""
        with self._closing:
            if self._open:
                self._open = False
                for file in (self._device, self._wake, self._waker):
                    os.close(file)

    def _events(self, wait: float) -> bytes:
        self._ready = select.select([self._device, self._wake], [], [], wait)[0]
        if not self._ready:
            check_path(self._path, self._device)
        if self._wake in self._ready:
            os.read(self._wake, 100)
            self._ready = []
        if not self._ready:
            return b""
        data = os.read(self._device, _BYTES)
        if not data:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return data


def _error(path: Path, error: OSError) -> PortError:
    return port_error(path, error, group=GROUP, sort="keyboard")
