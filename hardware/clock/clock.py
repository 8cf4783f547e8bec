"""The kiosk's clock, and how far its time can be trusted.

A Raspberry Pi has no battery clock. Without a network it starts at the time at which it was last switched
off, or in 1970, and nothing in the time itself shows that it is wrong. So every reading carries a trust:

- `synced`: the kernel's clock is synchronised from the network, or within the last two minutes it agreed with
  the register's time or was set by it.
- `held`: the clock was right earlier in this boot and has not jumped since, or a battery clock confirms it.
- `unknown`: neither holds; or the time lies before a recorded event; or the clock jumped.

A jump is a change of the wall clock that does not match the time passed on the monotonic clock, which cannot
be set. A jump voids everything known before it.

A battery clock, if one is fitted, confirms the time only if it has not jumped either: setting the time by
hand (`timedatectl set-time`) sets both clocks.

Some schools block time servers. Then the register's time, which comes over a connection whose certificate has
been checked, sets this clock, though not the machine's: a correction is added to every reading, until the
machine's own clock jumps or is synchronised.

The time of the newest known event survives restarts and may itself be wrong, for example because the clock
once showed 2028 for an hour and was trusted. Therefore a clock that is synchronised now and is more than a
day behind the remembered time replaces it. No other clock may do so.

All instants are aware datetimes in UTC.
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
"""The most that two clocks may differ and still agree; it allows for the time that an answer travels."""
AGREED_FOR_NS = 120 * 1_000_000_000
"""How long agreement with the register counts as `synced`: four heartbeats, in nanoseconds. Then it is
`held`."""
DRIFT = 0.0001
"""Tolerated drift between wall and monotonic clock: 100 parts per million, 9 s a day."""
WRONGLY_AHEAD = timedelta(days=1)
"""How far a remembered time must lie ahead of a synchronised clock, or of a later remembered time, to be
discarded as wrong. A smaller difference means that the clock was set back: it is `unknown` until it catches
up, within a day."""
TRUST_LOST = ""
"""Stored instead of a known time's boot id after a jump: the clock has not been trusted since."""

_TIME_ERROR = 5
"""`TIME_ERROR` of <sys/timex.h>: the kernel's clock is not synchronised."""
_TIMESYNCD = Path("/run/systemd/timesync/synchronized")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_HARDWARE_CLOCK = Path("/sys/class/rtc/rtc0/since_epoch")


class Reading(NamedTuple):
    """One reading of the clock."""

    at: datetime
    """Aware, UTC."""
    trust: str
    """`synced`, `held` or `unknown`."""
    boot_id: str
    monotonic_ns: int
    """Nanoseconds since this boot (CLOCK_BOOTTIME): counts during sleep and cannot be set."""


class Clock(Protocol):
    """The source of time. Passed to every part that needs it, so that a test can choose the time."""

    @property
    def is_demo(self) -> bool:
        """Whether the clock is offset for a demonstration; every screen then says so."""

    def now(self) -> datetime:
        """The current instant (aware, UTC)."""

    def reading(self) -> Reading:
        """The current instant and its trust."""

    def record_event(self, at: datetime) -> None:
        """Record an event at that instant: any earlier time is wrong from now on."""


@dataclass(frozen=True, slots=True)
class KnownTime:
    """An instant at which the clock was `synced`; kept in the journal over restarts of the program."""

    at: datetime
    """Aware, UTC."""
    monotonic_ns: int
    boot_id: str
    """The boot of `monotonic_ns`, or `TRUST_LOST`. After a loss of trust only `at` counts, as a lower bound,
    and a battery clock or timesyncd's file found at the start confirms nothing."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The time sources of a machine. Tests pass their own."""

    wall: Callable[[], datetime]
    """Aware, UTC."""
    monotonic_ns: Callable[[], int]
    boot_id: str
    kernel_is_synced: Callable[[], bool]
    """Whether the kernel reports its clock as synchronised."""
    timesyncd_synced: Callable[[], int | None]
    """A number that changes whenever systemd-timesyncd synchronises the clock; `None` when it never has."""
    hardware_clock: Callable[[], datetime | None]
    """The battery clock's time; `None` without a battery clock."""


class SystemClock:
    """The machine's clock with the trust of its time. Usable from any thread.

    Args:
        machine: the time sources; by default those of this machine.
        known: the last trusted time of an earlier run of the program.
        newest: the instant of the newest recorded event; any earlier time is wrong. Ignored when it lies more
            than `WRONGLY_AHEAD` after `known`, which is stored again every few minutes.
        offset: shift for a demonstration; a shifted clock always counts as `synced`.
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
        self._correction = timedelta(0)
        """What the register's time is ahead of the machine's clock, if that has not been synchronised."""
        self._lock = threading.Lock()
        in_this_boot = known is not None and known.boot_id == self._machine.boot_id
        trust_lost = known is not None and known.boot_id == TRUST_LOST
        # Wall and monotonic time when the clock was last known to be right; None after a jump.
        self._right = (known.at, known.monotonic_ns) if known and in_this_boot else None
        self._last = self._right
        self._newest = _newest(known, newest)
        self._timesyncd_at_start = self._machine.timesyncd_synced()
        self._timesyncd_seen: int | None = None
        self._agreed_ns: int | None = None
        self._timesyncd_before_jump = self._timesyncd_at_start if trust_lost else None
        # The battery clock must have run on from this time. After a jump in an earlier run it is not used: it
        # may have been set by that jump.
        battery = None if trust_lost else self._machine.hardware_clock()
        self._battery_from = (battery, self._machine.monotonic_ns()) if battery else None
        self._battery_was_read = False

    @property
    def is_demo(self) -> bool:
        """See `Clock.is_demo`."""
        return bool(self._offset)

    def now(self) -> datetime:
        """See `Clock.now`."""
        return self._machine.wall() + self._offset + self._correction

    def reading(self) -> Reading:
        """See `Clock.reading`."""
        with self._lock:
            at, monotonic_ns = self._read_times()
            trust = "synced" if self.is_demo else self._trust(at, monotonic_ns)
            return Reading(at, trust, self._machine.boot_id, monotonic_ns)

    def compare(self, server_time: datetime) -> None:
        """Compare with the register's time, which has just been received. Agreement makes the clock
        `synced`."""
        with self._lock:
            self._compare(server_time)

    def take(self, server_time: datetime) -> None:
        """Compare with the register's time and, if the two disagree, set this clock by it, unless the
        machine's is synchronised from the network: then nothing here shows which of the two is wrong.

        Args:
            server_time: the register's time now, at most `AGREES_WITHIN` wrong, over a connection whose
                certificate has been checked; aware, UTC.
        """
        with self._lock:
            if self._compare(server_time) or self.is_demo:
                return
            at, monotonic_ns = self._read_times()
            if self._is_synchronised(at, monotonic_ns):
                return
            log.warning("clock.set_by_register", by_s=round((server_time - at).total_seconds()))
            self._correction += server_time - at
            self._last = self._right = (server_time, monotonic_ns)
            self._agreed_ns = monotonic_ns

    def _compare(self, server_time: datetime) -> bool:
        at, monotonic_ns = self._read_times()
        agrees = abs(server_time - at) <= AGREES_WITHIN
        self._agreed_ns = monotonic_ns if agrees else None
        if agrees:
            self._right = (at, monotonic_ns)
        return agrees

    def record_event(self, at: datetime) -> None:
        """See `Clock.record_event`."""
        with self._lock:
            self._newest = max(filter(None, (self._newest, at)))

    def known(self) -> KnownTime | None:
        """The time to store for the next run of the program; `None` unless the clock is `synced`."""
        reading = self.reading()
        if reading.trust != "synced":
            return None
        return KnownTime(reading.at, reading.monotonic_ns, reading.boot_id)

    def _read_times(self) -> tuple[datetime, int]:
        """Wall and monotonic time; after a jump, withdraw the trust of everything known before it."""
        at, monotonic_ns = self.now(), self._machine.monotonic_ns()
        if self._has_jumped(at, monotonic_ns):
            self._battery_from = self._right or self._battery_from
            self._right = None
            self._battery_was_read = False
            self._agreed_ns = None
            self._timesyncd_before_jump = self._machine.timesyncd_synced()
            # The machine's clock was set: what it lacked until then says nothing any more.
            at, self._correction = at - self._correction, timedelta(0)
        self._last = (at, monotonic_ns)
        return at, monotonic_ns

    def _trust(self, at: datetime, monotonic_ns: int) -> str:
        if self._newest is not None and at < self._newest - AGREES_WITHIN:
            if self._newest - at <= WRONGLY_AHEAD or not self._is_synchronised_now(monotonic_ns):
                return "unknown"
            log.warning("clock.remembered_time_discarded", remembered=self._newest.isoformat())
            self._newest = at
        if self._is_synchronised(at, monotonic_ns) or self._agreed_recently(monotonic_ns):
            return "synced"
        if self._right is None and not self._battery_was_read:
            # Read once, and again after a jump: reading is slow, and cannot change the result in between.
            self._battery_was_read = True
            self._right = self._battery_from if self._battery_confirms(at, monotonic_ns) else None
        return "unknown" if self._right is None else "held"

    def _is_synchronised(self, at: datetime, monotonic_ns: int) -> bool:
        """Whether the kernel or timesyncd reports the clock as synchronised; remember the time if so.

        Setting the clock by hand clears the kernel's flag but leaves timesyncd's file in place. So an
        unchanged file confirms that the clock was right earlier, and a new one that it is right now.
        """
        synced_at, kernel = self._machine.timesyncd_synced(), self._machine.kernel_is_synced()
        if kernel or synced_at not in (None, self._timesyncd_seen, self._timesyncd_before_jump):
            self._right = (at, monotonic_ns)
        self._timesyncd_seen = synced_at
        return kernel or (synced_at is not None and synced_at != self._timesyncd_before_jump)

    def _is_synchronised_now(self, monotonic_ns: int) -> bool:
        """Whether the clock is synchronised at this moment. An old timesyncd file is not enough: the clock
        may have been set by hand since it was written."""
        synced_at = self._machine.timesyncd_synced()
        is_new = synced_at is not None and synced_at not in (
            self._timesyncd_at_start,
            self._timesyncd_before_jump,
        )
        return self._machine.kernel_is_synced() or is_new or self._agreed_recently(monotonic_ns)

    def _has_jumped(self, at: datetime, monotonic_ns: int) -> bool:
        """Whether the wall clock moved by something other than the time passed, since the last reading or, in
        steps too small to notice there, since the clock was last known to be right."""
        return any(
            not _ran_steadily(*since, at, monotonic_ns) for since in (self._last, self._right) if since
        )

    def _agreed_recently(self, monotonic_ns: int) -> bool:
        return self._agreed_ns is not None and monotonic_ns - self._agreed_ns <= AGREED_FOR_NS

    def _battery_confirms(self, at: datetime, monotonic_ns: int) -> bool:
        """Whether the battery clock agrees, has not stopped (it is past the newest known event), and was not
        set together with the wall clock (which has not jumped since the battery clock was first read)."""
        if self._newest is None or self._battery_from is None:
            return False
        battery = self._machine.hardware_clock()
        if battery is None or battery < self._newest or abs(battery - at) > AGREES_WITHIN:
            return False
        return _ran_steadily(*self._battery_from, at, monotonic_ns)


def ran_without_jump(known: KnownTime, reading: Reading) -> bool:
    """Whether `reading` is of the same boot as `known`, without a jump of the clock between them."""
    steady = _ran_steadily(known.at, known.monotonic_ns, reading.at, reading.monotonic_ns)
    return known.boot_id == reading.boot_id and steady


def _ran_steadily(last_at: datetime, last_ns: int, at: datetime, monotonic_ns: int) -> bool:
    """Whether the wall clock moved by the time passed on the monotonic clock, within `DRIFT`."""
    passed_s = (monotonic_ns - last_ns) / 1e9
    off_s = abs((at - last_at).total_seconds() - passed_s)
    return off_s <= AGREES_WITHIN.total_seconds() + DRIFT * passed_s


def _newest(known: KnownTime | None, newest: datetime | None) -> datetime | None:
    """The newest instant known to have passed. `known` is stored again every few minutes while the clock is
    trusted, so an entry far ahead of it was made at a time that has since been shown to be wrong."""
    if known is None or newest is None:
        return known.at if known else newest
    return known.at if newest - known.at > WRONGLY_AHEAD else max(known.at, newest)


def true_instant(monotonic_ns: int, right: Reading) -> datetime:
    """The instant (UTC) of a moment given by its monotonic time, from a trusted reading of the same boot."""
    return right.at - timedelta(microseconds=(right.monotonic_ns - monotonic_ns) / 1000)


def this_machine() -> Machine:
    """The time sources of the machine that runs this program. Linux only."""
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
    """Whether the kernel reports its clock as synchronised: NTP daemons set that flag (adjtimex)."""
    # struct timex is 208 bytes on 64-bit Linux; all zeros (modes = 0) read the state and change nothing.
    return _libc.adjtimex(ctypes.create_string_buffer(512)) not in (-1, _TIME_ERROR)


def _timesyncd_synced() -> int | None:
    try:
        return _TIMESYNCD.stat().st_mtime_ns
    except OSError:
        return None  # another daemon keeps the time, or none does


def _hardware_clock() -> datetime | None:
    try:
        return datetime.fromtimestamp(int(_HARDWARE_CLOCK.read_text()), UTC)
    except (OSError, ValueError, OverflowError):
        return None  # no battery clock is fitted, or its value is not a time
