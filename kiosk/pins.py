"""Whose PIN that is, and how often a wrong one may be tried.

A PIN names nobody: it is held against the hash of each member of staff in turn, on a thread of its own, since
a hash is slow on purpose. What protects it is that few are tried: each try is counted on the disk before it
is looked at, so that neither a restart nor a pulled plug gives one for nothing.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Protocol

import structlog

from sync.wire import StaffMember

log = structlog.get_logger()

SHORTEST, LONGEST = 4, 8
"""Figures of a PIN, as the register gives them out."""
FREE_TRIES = 5
"""So many wrong ones lock."""
FIRST_LOCK_S = 15.0
"""For how long; each wrong one after that, for twice as long as the last."""
LONGEST_LOCK_S = 1800.0
"""Half an hour at most: whoever plays with the figures must not keep a member of staff out all day. It is
still far too long to try ten thousand."""


class Verdict(StrEnum):
    """What came of a try."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    """It was not looked at: too many wrong ones before it."""
    NOT_CHECKED = "not_checked"
    """It was not looked at: the disk did not take that it was tried, or the machine could not hash it."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try, and who it was."""

    verdict: Verdict
    member: StaffMember | None = None


class TryBook(Protocol):
    """Where tries are counted: the journal."""

    def keep_pin_tries(self, wrong: int, at_ns: int, boot_id: str) -> Future[None]:
        """Keep that, durably."""


class Pins:
    """Tries PINs. Used from one thread (the screens').

    Args:
        book: where tries are counted.
        kept: what it has: wrong tries, when the last was (monotonic, ns) and in which boot.
        boot_id: of this boot.
        monotonic_ns: nanoseconds of this boot that only ever go forward.
        later: runs a function on the screens' thread, soon; callable from any thread.
    """

    def __init__(
        self,
        book: TryBook,
        kept: tuple[int, int, str] | None,
        *,
        boot_id: str,
        monotonic_ns: Callable[[], int],
        later: Callable[[Callable[[], None]], None],
    ) -> None:
        self._book = book
        self._boot_id = boot_id
        self._monotonic_ns = monotonic_ns
        self._later = later
        self._wrong, at_ns, boot = kept or (0, 0, boot_id)
        # Nobody knows how long the machine was off: after another boot the whole time is to be waited again.
        self._last_ns = at_ns if boot == boot_id else monotonic_ns()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pins")

    @property
    def locked_s(self) -> int:
        """Whole seconds until a PIN is looked at again; 0: now."""
        if self._wrong < FREE_TRIES:
            return 0
        lock_s = min(LONGEST_LOCK_S, FIRST_LOCK_S * 2.0 ** min(self._wrong - FREE_TRIES, 20))
        return max(0, ceil(lock_s - (self._monotonic_ns() - self._last_ns) / 1e9))

    def try_pin(self, pin: str, staff: Sequence[StaffMember], told: Callable[[Tried], None]) -> None:
        """Count a try, then look whose PIN it is.

        Args:
            pin: the figures.
            staff: who has one.
            told: handed what came of it, on the screens' thread.
        """
        if self.locked_s:
            self._later(lambda: told(Tried(Verdict.LOCKED)))
            return
        self._wrong += 1  # until it is known to be right
        self._last_ns = self._monotonic_ns()

        def counted(kept: Future[None]) -> None:
            if (error := kept.exception()) is not None:
                log.error("pin.not_counted", error=type(error).__name__)
                self._later(lambda: told(Tried(Verdict.NOT_CHECKED)))
            else:
                self._worker.submit(_whose, pin, staff).add_done_callback(looked)

        def looked(found: Future[StaffMember | None]) -> None:
            self._later(lambda: self._looked(found, told))

        self._keep().add_done_callback(counted)

    def close(self) -> None:
        """Look at no more PINs."""
        self._worker.shutdown(cancel_futures=True)

    def _looked(self, found: Future[StaffMember | None], told: Callable[[Tried], None]) -> None:
        if (error := found.exception()) is not None:  # out of memory: a hash needs 19 MiB
            log.error("pin.not_checked", error=type(error).__name__)
            told(Tried(Verdict.NOT_CHECKED))
            return
        member = found.result()
        if member is None:
            self._last_ns = self._monotonic_ns()  # the lock is counted from when they are told
            log.warning("pin.wrong", tries=self._wrong, locked_s=self.locked_s)
            told(Tried(Verdict.WRONG))
            return
        self._wrong = 0
        self._keep().add_done_callback(_log_failure)
        log.info("pin.right", staff=member.id)
        told(Tried(Verdict.RIGHT, member))

    def _keep(self) -> Future[None]:
        return self._book.keep_pin_tries(self._wrong, self._last_ns, self._boot_id)


def _whose(pin: str, staff: Sequence[StaffMember]) -> StaffMember | None:
    """Whose PIN it is."""
    from argon2 import PasswordHasher  # here: the window need not wait for it to be loaded
    from argon2.exceptions import InvalidHashError, VerificationError

    hasher = PasswordHasher()
    for member in staff:
        try:
            if hasher.verify(member.pin, pin):
                return member
        except VerificationError:
            continue
        except InvalidHashError:  # made by a later version of the register
            log.error("pin.hash_unusable", staff=member.id)
    return None


def _log_failure(kept: "Future[None]") -> None:
    if (error := kept.exception()) is not None:
        # The count stays on the disk as it was: at worst the next start locks sooner.
        log.error("pin.not_counted", error=type(error).__name__)
