"""Checks staff PINs, and limits the number of wrong tries.

A PIN alone does not identify the member of staff, so it is compared with each one's hash, on a thread of its
own, because the hash is slow by design: 0.3 s on a Raspberry Pi 4, once for all (`sync.wire.pins`). A PIN is
short, and its protection at the screen is the limit on tries: each try is counted on the disk before it is
verified, so neither a restart nor a power cut gives a free one. A right PIN resets nothing, because a member
of staff who guesses a colleague's PIN could use their own before each lock. Wrong tries are forgiven by time
alone.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Protocol

import structlog

from sync.wire import StaffMember
from sync.wire.pins import TypedPin

log = structlog.get_logger()

SHORTEST, LONGEST = 4, 8
"""The shortest and longest PIN that may be typed, in digits. A register draws six; one of an earlier version
let staff choose four to eight, and these work until new ones are drawn."""
FREE_TRIES = 5
"""Number of wrong tries, not yet forgiven, that locks the PIN pad."""
FIRST_LOCK_S = 15.0
"""Length of the first lock in seconds; each further wrong try doubles it."""
LONGEST_LOCK_S = 1800.0
"""The longest lock in seconds: half an hour, so that a user who plays with the PIN pad cannot keep staff out
all day. It still makes trying ten thousand PINs impossible, and a million."""
FORGIVEN_AFTER_S = 1800.0
"""Seconds without a wrong try, after any lock, that forgive one. Some twenty mistyped PINs are spread over an
office's day without a lock; patience gains no more tries than the longest lock leaves, 48 a day."""


class PinVerdict(StrEnum):
    """The outcome of a try."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    """Not verified, because of too many wrong tries before."""
    NOT_CHECKED = "not_checked"
    """Not verified: the try could not be counted on the disk, or the hash could not be computed."""


@dataclass(frozen=True, slots=True)
class PinResult:
    """The outcome of a try."""

    verdict: PinVerdict
    member: StaffMember | None = None
    """The member of staff whose PIN it is; set only with `RIGHT`."""


class TryBook(Protocol):
    """Stores the count of tries; implemented by the journal."""

    def keep_pin_tries(self, wrong: int, at_ns: int, boot_id: str) -> Future[None]:
        """Store the number of wrong tries and the monotonic time and boot of the last; durable when done."""


class Pins:
    """Checks PINs. For the UI thread only.

    Args:
        book: stores the count of tries.
        stored: the stored count: wrong tries, monotonic time of the last in nanoseconds, and its boot id.
        boot_id: id of this boot.
        monotonic_ns: nanoseconds of this boot's monotonic clock.
        later: queues a function for the UI thread; callable from any thread.
    """

    def __init__(
        self,
        book: TryBook,
        stored: tuple[int, int, str] | None,
        *,
        boot_id: str,
        monotonic_ns: Callable[[], int],
        later: Callable[[Callable[[], None]], None],
    ) -> None:
        self._book = book
        self._boot_id = boot_id
        self._monotonic_ns = monotonic_ns
        self._later = later
        self._stored_wrong, at_ns, boot = stored or (0, 0, boot_id)
        # The time that the machine was off is unknown, so after a reboot the whole lock applies again.
        self._last_ns = at_ns if boot == boot_id else monotonic_ns()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pins")

    @property
    def locked_s(self) -> int:
        """Whole seconds until the next try is possible; 0 when it is possible now."""
        return max(0, ceil(self._lock_s - self._since_last_s))

    @property
    def _wrong(self) -> int:
        """The wrong tries that are not yet forgiven."""
        quiet_s = max(0.0, self._since_last_s - self._lock_s)
        return max(0, self._stored_wrong - int(quiet_s // FORGIVEN_AFTER_S))

    @property
    def _lock_s(self) -> float:
        """The whole lock after the last wrong try, in seconds."""
        if self._stored_wrong < FREE_TRIES:
            return 0.0
        return min(LONGEST_LOCK_S, FIRST_LOCK_S * 2.0 ** min(self._stored_wrong - FREE_TRIES, 20))

    @property
    def _since_last_s(self) -> float:
        return (self._monotonic_ns() - self._last_ns) / 1e9

    def try_pin(self, pin: str, staff: Sequence[StaffMember], on_result: Callable[[PinResult], None]) -> None:
        """Count a try, then verify the PIN.

        Args:
            pin: the digits.
            staff: the members of staff with a PIN.
            on_result: receives the outcome on the UI thread.
        """
        if self.locked_s:
            self._later(lambda: on_result(PinResult(PinVerdict.LOCKED)))
            return
        before = self._stored_wrong, self._last_ns
        self._stored_wrong = self._wrong + 1  # until the PIN proves right
        self._last_ns = self._monotonic_ns()

        def verify(count: Future[None]) -> None:
            if (error := count.exception()) is not None:
                log.error("pin.not_counted", error=type(error).__name__)
                self._later(lambda: on_result(PinResult(PinVerdict.NOT_CHECKED)))
            else:
                self._worker.submit(_owner, pin, staff).add_done_callback(report)

        def report(owner: Future[StaffMember | None]) -> None:
            self._later(lambda: self._report(owner, before, on_result))

        self._store_count().add_done_callback(verify)

    def close(self) -> None:
        """Stop the thread; tries that still wait are dropped."""
        self._worker.shutdown(cancel_futures=True)

    def _report(
        self,
        owner: Future[StaffMember | None],
        before: tuple[int, int],
        on_result: Callable[[PinResult], None],
    ) -> None:
        if (error := owner.exception()) is not None:  # out of memory: a hash needs 64 MiB
            log.error("pin.not_checked", error=type(error).__name__)
            on_result(PinResult(PinVerdict.NOT_CHECKED))
            return
        member = owner.result()
        if member is None:
            self._last_ns = self._monotonic_ns()  # the lock starts when the user sees the result
            log.warning("pin.wrong", tries=self._stored_wrong, locked_s=self.locked_s)
            on_result(PinResult(PinVerdict.WRONG))
            return
        self._stored_wrong, self._last_ns = before
        self._store_count().add_done_callback(_log_failure)
        log.info("pin.right", staff=member.id)
        on_result(PinResult(PinVerdict.RIGHT, member))

    def _store_count(self) -> Future[None]:
        return self._book.keep_pin_tries(self._stored_wrong, self._last_ns, self._boot_id)


def _owner(pin: str, staff: Sequence[StaffMember]) -> StaffMember | None:
    """The member of staff with this PIN, or `None`."""
    typed = TypedPin(pin)
    for member in staff:
        try:
            if typed.is_of(member.pin):
                return member
        except ValueError:  # made by a later version of the register
            log.error("pin.hash_unusable", staff=member.id)
    return None


def _log_failure(count: "Future[None]") -> None:
    if (error := count.exception()) is not None:
        # The stored count stays too high: at worst the next start locks sooner.
        log.error("pin.not_counted", error=type(error).__name__)
