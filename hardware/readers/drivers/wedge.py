"""A keyboard-wedge reader, read through the kernel's evdev and grabbed so that only the kiosk gets its keys.

Does not use python-evdev: that library has no wheel for 64-bit ARM, and all that is needed of the interface
is one 24-byte structure and one ioctl.
"""

import errno
import fcntl
import os
import select
import threading
from collections.abc import Callable
from pathlib import Path

from hardware.errors import PortError
from hardware.readers.drivers.barcode import Barcode
from hardware.readers.drivers.keys import EVENT, KeyDecoder
from hardware.readers.family import Family
from hardware.readers.port import check_path, port_error
from hardware.states import ReaderState

EVIOCGRAB = 0x40044590
"""_IOW('E', 0x90, int) of <linux/input.h>: its events then reach only this open file."""
GROUP = "input"
_BYTES = EVENT.size * 64
"""The kernel buffers up to 64 events."""


def grab(device: int) -> None:
    """Grab the keyboard exclusively, so that a card's digits never reach the screen.

    Raises:
        OSError: another program has grabbed it (EBUSY), or it is not an input device (ENOTTY).
    """
    fcntl.ioctl(device, EVIOCGRAB, 1)


class WedgeKeyboard:
    """An open wedge reader: a `DeviceLine` of the text that it types, with CR for return."""

    def __init__(self, path: Path, baud: int = 0, *, take: Callable[[int], None] = grab) -> None:
        """Open the device and grab it.

        Args:
            path: the device, best a link in /dev/input/by-id that ends in -event-kbd.
            baud: ignored.
            take: grabs the open device.

        Raises:
            PortError: the device cannot be opened or grabbed.
        """
        self._path = path
        self._keys = KeyDecoder()
        self._closing = threading.Lock()
        try:
            self._device = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        except OSError as error:
            raise _error(path, error) from error
        try:
            take(self._device)
            # Discard keys typed before the grab: they may be an earlier pupil's card.
            while select.select([self._device], [], [], 0)[0] and os.read(self._device, _BYTES):
                pass
            self._wake, self._waker = os.pipe()
        except OSError as error:
            os.close(self._device)
            raise _error(path, error) from error
        self._open = True
        self._ready: list[int] = []

    def read(self, wait: float) -> bytes:
        """See `DeviceLine.read`; keys that type nothing, such as a key release, restart the wait."""
        try:
            while not (text := self._keys.feed(self._events(wait))):
                if not self._ready:
                    return b""
        except OSError as error:
            raise _error(self._path, error) from error
        return text

    def write(self, data: bytes) -> None:
        """See `DeviceLine.write`; a keyboard accepts no bytes, so this always raises."""
        raise PortError(
            ReaderState.ABSENT, f"{self._path} is a keyboard: choose another kind of reader for it."
        )

    def cancel(self) -> None:
        """See `DeviceLine.cancel`."""
        with self._closing:
            if self._open:
                os.write(self._waker, b".")

    def close(self) -> None:
        """See `DeviceLine.close`; releases the grab."""
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
    return port_error(path, error, group=GROUP, kind="keyboard")


FAMILY = Family(
    "wedge",
    "Reader or scanner that types like a keyboard",
    lambda options: Barcode(check=options.check, ending=options.ending),
    example_cards=("barcode:0001234567", "barcode:004321"),
    open_line=WedgeKeyboard,
)
