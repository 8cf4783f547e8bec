"""What time it is, and how far that is to be believed.

A Raspberry Pi has no battery clock: without a network it starts at the time at which it was last switched
off, or in 1970, and is sure of it. So every reading says how much it is worth:

- `synced`: the kernel's clock is kept right from the network, or the register's time agreed a moment ago.
- `held`: it was right earlier in this boot and has only ticked since, or a battery clock vouches for it.
- `unknown`: neither; or it stands before something that has happened already; or it has jumped.

Whoever sets the time by hand (`timedatectl set-time`) sets the battery clock with it. So a battery clock
vouches only while it, too, has only ticked.

What has happened already is remembered over restarts, and may itself be wrong: for an hour some clock said
2028 and was believed. A clock that is kept right this moment, and stands more than a day before what is
remembered, is believed in its place; no other clock is.
"""

import ctypes
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

import structlog

log = structlog.get_logger()

AGREES_WITHIN = timedelta(seconds=2)
"""How far two clocks may be apart and still agree (issue 3 of the design; an answer takes part of it)."""
AGREED_FOR_NS = 120 * 1_000_000_000
"""How long the register's agreement counts as `synced`: four heartbeats. After that the time is `held`."""
DRIFT = 0.0001
"""How much a clock may gain or lose and still only tick: 100 parts in a million, 9 s a day."""
WRONGLY_AHEAD = timedelta(days=1)
"""How far a remembered time must lie ahead of a clock that is kept right, or of what was remembered after it,
to be taken for wrong. By less than that a clock has been set back: it is doubted, for a day at most."""
DOUBTED = ""
"""In the place of a known time's boot (none is called that): the clock has been in doubt since."""

_TIME_ERROR = 5
"""`TIME_ERROR` of <sys/timex.h>: nothing keeps the kernel's clock right."""
_TIMESYNCD = Path("/run/systemd/timesync/synchronized")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_HARDWARE_CLOCK = Path("/sys/class/rtc/rtc0/since_epoch")


class Reading(NamedTuple):
    """One look at the clock."""

    at: datetime
    """UTC."""
    trust: str
    """`synced`, `held` or `unknown`."""
    boot_id: str
    monotonic_ns: int
    """Nanoseconds since this boot; counts on while the machine sleeps, and nobody can set it."""


class Clock(Protocol):
    """Where the time comes from. Handed to whatever needs it, so that a test can be at 09:07."""

    @property
    def is_demo(self) -> bool:
        """Whether this clock has been set to another time on purpose, which every screen then says."""

    def now(self) -> datetime:
        """The instant, in UTC."""

    def reading(self) -> Reading:
        """The instant with how far it is to be believed."""

    def happened(self, at: datetime) -> None:
        """Something is known to have happened at that instant: time before it is wrong."""


@dataclass(frozen=True, slots=True)
class KnownTime:
    """A moment at which the time was known to be right: kept over restarts of the program."""

    at: datetime
    monotonic_ns: int
    boot_id: str
    """Or `DOUBTED`: then neither it vouches, nor a battery clock or timesyncd's file as they are found."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a clock asks of the machine. Tests hand in their own."""

    wall: Callable[[], datetime]
    monotonic_ns: Callable[[], int]
    boot_id: str
    kernel_is_synced: Callable[[], bool]
    """Whether the kernel says that something keeps its clock right."""
    timesyncd_synced: Callable[[], int | None]
    """When systemd-timesyncd last said so (any number that changes when it says so again), if it did."""
    hardware_clock: Callable[[], datetime | None]
    """What the battery clock says, where there is one."""


class SystemClock:
    """The machine's clock, and what is known of its worth. Safe to read from any thread.

    Args:
        machine: what is asked.
        known: when the time was last known to be right, from an earlier run of the program.
        newest: the instant of the newest thing that is known to have happened; time before it is wrong. When
            it lies far ahead of `known`, which is kept anew every few minutes, it is no longer believed.
        offset: for a demonstration: added to the machine's time, which is then trusted as set on purpose.
    """

    def __init__(
        self,
        machine: Machine | None = None,
        *,
        known: KnownTime | None = None,
        newest: datetime | None = None,
        offset: timedelta = timedelta(0),
    ) -> None:
        self._machine = machine or this_machine()
        self._offset = offset
        self._lock = threading.Lock()
        in_this_boot = known is not None and known.boot_id == self._machine.boot_id
        doubted = known is not None and known.boot_id == DOUBTED
        # The wall and the monotonic time when the time was known to be right; None again after a jump.
        self._right = (known.at, known.monotonic_ns) if known and in_this_boot else None
        self._last = self._right
        self._newest = _newest(known, newest)
        self._said_at_start = self._machine.timesyncd_synced()
        self._said: int | None = None
        self._agreed_ns: int | None = None
        self._said_before_jump = self._said_at_start if doubted else None
        # What the battery clock must have ticked on from. In doubt it may have been set with the wrong time.
        battery = None if doubted else self._machine.hardware_clock()
        self._battery_from = (battery, self._machine.monotonic_ns()) if battery else None
        self._asked_battery = False

    @property
    def is_demo(self) -> bool:
        """Whether the clock is moved."""
        return bool(self._offset)

    def now(self) -> datetime:
        """The instant, in UTC."""
        return self._machine.wall() + self._offset

    def reading(self) -> Reading:
        """The instant, and how far it is to be believed now."""
        with self._lock:
            at, monotonic_ns = self._look()
            trust = "synced" if self.is_demo else self._judge(at, monotonic_ns)
            return Reading(at, trust, self._machine.boot_id, monotonic_ns)

    def compare(self, server_time: datetime) -> None:
        """The register has just said what time it is there."""
        with self._lock:
            at, monotonic_ns = self._look()
            agrees = abs(server_time - at) <= AGREES_WITHIN
            self._agreed_ns = monotonic_ns if agrees else None
            if agrees:
                self._right = (at, monotonic_ns)

    def happened(self, at: datetime) -> None:
        """Something that is known to have happened at that instant: time before it is wrong."""
        with self._lock:
            self._newest = max(filter(None, (self._newest, at)))

    def known(self) -> KnownTime | None:
        """Now, if the time is known to be right now: to be kept for the next run."""
        reading = self.reading()
        if reading.trust != "synced":
            return None
        return KnownTime(reading.at, reading.monotonic_ns, reading.boot_id)

    def _look(self) -> tuple[datetime, int]:
        """The time and the monotonic time; after a jump nothing that was known before vouches any more."""
        at, monotonic_ns = self.now(), self._machine.monotonic_ns()
        if self._has_jumped(at, monotonic_ns):
            self._battery_from = self._right or self._battery_from
            self._right = None
            self._asked_battery = False
            self._agreed_ns = None
            self._said_before_jump = self._machine.timesyncd_synced()
        self._last = (at, monotonic_ns)
        return at, monotonic_ns

    def _judge(self, at: datetime, monotonic_ns: int) -> str:
        if self._newest is not None and at < self._newest - AGREES_WITHIN:
            if self._newest - at <= WRONGLY_AHEAD or not self._right_this_moment(monotonic_ns):
                return "unknown"
            log.warning("clock.remembered_time_discarded", remembered=self._newest.isoformat())
            self._newest = at
        if self._kept_right(at, monotonic_ns) or self._agreed_lately(monotonic_ns):
            return "synced"
        if self._right is None and not self._asked_battery:
            self._asked_battery = True  # once, and again after a jump: it is slow, and has no more to say
            self._right = self._battery_from if self._battery_vouches(at, monotonic_ns) else None
        return "unknown" if self._right is None else "held"

    def _kept_right(self, at: datetime, monotonic_ns: int) -> bool:
        """Setting the clock by hand takes back the kernel's word by itself; timesyncd's file stays, so it
        says that the time is right only when it is new, and afterwards that it was."""
        said, kernel = self._machine.timesyncd_synced(), self._machine.kernel_is_synced()
        if kernel or said not in (None, self._said, self._said_before_jump):
            self._right = (at, monotonic_ns)
        self._said = said
        return kernel or (said is not None and said != self._said_before_jump)

    def _right_this_moment(self, monotonic_ns: int) -> bool:
        """Whether the clock is kept right by more than a file from before it may have been set by hand."""
        said = self._machine.timesyncd_synced()
        said_anew = said is not None and said not in (self._said_at_start, self._said_before_jump)
        return self._machine.kernel_is_synced() or said_anew or self._agreed_lately(monotonic_ns)

    def _has_jumped(self, at: datetime, monotonic_ns: int) -> bool:
        """Whether the wall clock has moved by other than the time that has passed: since the last reading,
        or, in steps too small for that, since the time was known to be right."""
        return any(not _ticked(*since, at, monotonic_ns) for since in (self._last, self._right) if since)

    def _agreed_lately(self, monotonic_ns: int) -> bool:
        return self._agreed_ns is not None and monotonic_ns - self._agreed_ns <= AGREED_FOR_NS

    def _battery_vouches(self, at: datetime, monotonic_ns: int) -> bool:
        """Whether a battery clock says the same, and has neither stood still (it is past all that is known)
        nor been set together with this clock (which stands where ticking brings it)."""
        if self._newest is None or self._battery_from is None:
            return False
        says = self._machine.hardware_clock()
        if says is None or says < self._newest or abs(says - at) > AGREES_WITHIN:
            return False
        return _ticked(*self._battery_from, at, monotonic_ns)


def fits(known: KnownTime, reading: Reading) -> bool:
    """Whether the clock has only ticked since `known`: the same boot, and no jump."""
    ticked = _ticked(known.at, known.monotonic_ns, reading.at, reading.monotonic_ns)
    return known.boot_id == reading.boot_id and ticked


def _ticked(last_at: datetime, last_ns: int, at: datetime, monotonic_ns: int) -> bool:
    """Whether the wall clock has moved by the time that has passed, give or take what clocks drift."""
    passed_s = (monotonic_ns - last_ns) / 1e9
    off_s = abs((at - last_at).total_seconds() - passed_s)
    return off_s <= AGREES_WITHIN.total_seconds() + DRIFT * passed_s


def _newest(known: KnownTime | None, newest: datetime | None) -> datetime | None:
    """The newest instant of which something is known. `known` is kept anew while the clock is trusted, so an
    entry far ahead of it is from a time that a clock kept right has since shown to be wrong."""
    if known is None or newest is None:
        return known.at if known else newest
    return known.at if newest - known.at > WRONGLY_AHEAD else max(known.at, newest)


def true_instant(monotonic_ns: int, right: Reading) -> datetime:
    """When something happened, from its monotonic time and a right reading of the same boot."""
    return right.at - timedelta(microseconds=(right.monotonic_ns - monotonic_ns) / 1000)


def this_machine() -> Machine:
    """The machine that the program runs on."""
    return Machine(
        wall=lambda: datetime.now(UTC),
        monotonic_ns=lambda: time.clock_gettime_ns(time.CLOCK_BOOTTIME),
        boot_id=_BOOT_ID.read_text().strip(),
        kernel_is_synced=_kernel_is_synced,
        timesyncd_synced=_timesyncd_synced,
        hardware_clock=_hardware_clock,
    )


_libc = ctypes.CDLL(None)


def _kernel_is_synced() -> bool:
    """Whether the kernel says that its clock is kept right (adjtimex; NTP daemons tell it so)."""
    # struct timex is 208 bytes on 64-bit Linux; all zero (modes = 0) asks and changes nothing.
    return _libc.adjtimex(ctypes.create_string_buffer(512)) not in (-1, _TIME_ERROR)


def _timesyncd_synced() -> int | None:
    try:
        return _TIMESYNCD.stat().st_mtime_ns
    except OSError:
        return None  # another daemon keeps the time, or none


def _hardware_clock() -> datetime | None:
    try:
        return datetime.fromtimestamp(int(_HARDWARE_CLOCK.read_text()), UTC)
    except (OSError, ValueError, OverflowError):
        return None  # none is fitted, or it says nothing that is a time
