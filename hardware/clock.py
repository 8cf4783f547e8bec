"""What time it is, and how far that is to be believed."""

import ctypes
import ctypes.util
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_TIME_ERROR = 5
"""`TIME_ERROR` of <sys/timex.h>: the kernel's clock is not synchronised."""


class Reading(NamedTuple):
    """One look at the clock."""

    at: datetime
    """UTC."""
    trust: str
    """`synced`, `held` or `unknown`."""
    boot_id: str
    monotonic_ns: int


class Clock(Protocol):
    """Where the time comes from. Handed to whatever needs it, so that a test can be at 09:07."""

    @property
    def is_demo(self) -> bool:
        """Whether this clock has been set to another time on purpose, which every screen then says."""

    def now(self) -> datetime:
        """The instant, in UTC."""

    def reading(self) -> Reading:
        """The instant with how far it is to be believed."""


class SystemClock:
    """The machine's clock; `offset` moves it for a demonstration, and it is then trusted as set by hand."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset
        self._boot_id = _BOOT_ID.read_text().strip()

    @property
    def is_demo(self) -> bool:
        """Whether the clock is moved."""
        return bool(self._offset)

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC) + self._offset

    def reading(self) -> Reading:
        """The instant, and whether the kernel says that its clock is set from the network."""
        trust = "synced" if self.is_demo or kernel_is_synchronised() else "unknown"
        return Reading(self.now(), trust, self._boot_id, time.monotonic_ns())


def kernel_is_synchronised() -> bool:
    """Whether something keeps the kernel's clock set (NTP), as adjtimex(2) tells it.

    Raises:
        OSError: the kernel does not answer the question.
    """
    libc = ctypes.CDLL(ctypes.util.find_library("c") or "libc.so.6", use_errno=True)
    # struct timex is 208 bytes on 64-bit Linux; all zero (modes = 0) asks and changes nothing.
    state = libc.adjtimex(ctypes.create_string_buffer(512))
    if state == -1:
        errno = ctypes.get_errno()
        raise OSError(errno, "adjtimex")
    return bool(state != _TIME_ERROR)
