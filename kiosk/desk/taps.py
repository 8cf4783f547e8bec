"""The pupils who are in the building and have not become an entry yet: each is a tap of a card, or a name
that a pupil who is not on the roster typed and confirmed.

A tap is on the disk as soon as it happens, because it shows that the pupil is in the building. It goes from
there in the transaction of the entry that it becomes, which has the tap's id: so it becomes one entry and no
second one, even when the kiosk dies in between.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple
from uuid import UUID

import structlog

from hardware.clock.clock import Reading
from kiosk.desk.visits import SignOut
from kiosk.journal.journal import Journal, StoredTap
from kiosk.school.school import Roster
from kiosk.school.unlisted import typed_name, unlisted_pupil
from sync.wire import Pupil

log = structlog.get_logger()

ON_THE_WAY_NS = 60 * 1_000_000_000
"""Nanoseconds after a sign-out in which the pupil's card counts as a tap on the way out, not as a return."""


class PupilTap(NamedTuple):
    """A pupil's card at the reader; or the first touch of a pupil who is not on the roster, or whose entry
    could not be saved."""

    id: UUID
    """Also the id of the entry that it becomes."""
    pupil: Pupil
    reading: Reading
    """The clock at that instant, which counts as the arrival."""
    brought_by: str | None = None
    """The adult who brought the pupil, as they typed their name."""


class TapBook:
    """The open taps, at most one for a pupil: the first one counts. For the UI thread only.

    Args:
        journal: stores the taps.
        later: queues a function for the UI thread; callable from any thread.
        on_failed: called on the UI thread when a tap could not be stored; it stays open in memory.
    """

    def __init__(
        self,
        journal: Journal,
        later: Callable[[Callable[[], None]], None],
        on_failed: Callable[[], None],
    ) -> None:
        self._journal = journal
        self._later = later
        self._on_failed = on_failed
        self._open: dict[str, PupilTap] = {}
        self._not_stored: dict[UUID, PupilTap] = {}

    def all(self) -> tuple[PupilTap, ...]:
        """Every open tap."""
        return tuple(self._open.values())

    def of(self, pupil_id: str) -> PupilTap | None:
        """The pupil's open tap; `None` without one."""
        return self._open.get(pupil_id)

    def first_reading(self, pupil_id: str, reading: Reading) -> Reading:
        """That of the pupil's open tap, if it was before this one."""
        tap = self.of(pupil_id)
        return tap.reading if tap is not None and _is_before(tap.reading, reading) else reading

    def keep(self, tap: PupilTap) -> PupilTap:
        """Store the pupil's tap, unless there is an earlier one. Returns the one that counts."""
        if (first := self._open.get(tap.pupil.id)) is not None:
            return first
        self._open[tap.pupil.id] = tap
        self._store(tap)
        return tap

    def replace(self, tap: PupilTap) -> None:
        """Store what is known of the pupil's tap now. The id and the instant of the first one stay."""
        first = self._open.get(tap.pupil.id, tap)
        self._open[tap.pupil.id] = tap._replace(id=first.id, reading=first.reading)
        self._store(self._open[tap.pupil.id])

    def hold(self, tap: PupilTap) -> None:
        """Keep a tap in memory only: it is on the disk already, or its entry is being tried again."""
        self._open.setdefault(tap.pupil.id, tap)

    def settle(self, entry: UUID) -> None:
        """Forget a tap that has become the entry with its id."""
        self._open = {pupil: tap for pupil, tap in self._open.items() if tap.id != entry}
        self._not_stored.pop(entry, None)

    def drop(self, tap: PupilTap) -> None:
        """Forget a tap that is not an arrival after all, also on the disk."""
        self.settle(tap.id)
        self._journal.drop_tap(tap.id).add_done_callback(_log_failure)

    @property
    def not_stored(self) -> PupilTap | None:
        """A tap that the disk could not take; `None` without one."""
        return next(iter(self._not_stored.values()), None)

    def store_again(
        self, tap: PupilTap, on_stored: Callable[[], None], on_failed: Callable[[BaseException], None]
    ) -> None:
        """Try again to store a tap that the disk could not take."""

        def take(error: BaseException | None) -> None:
            if error is None:
                self._not_stored.pop(tap.id, None)
                on_stored()
            else:
                on_failed(error)

        self._write(tap, take)

    def _store(self, tap: PupilTap) -> None:
        def take(error: BaseException | None) -> None:
            if error is None:
                return
            log.error("tap.not_stored", error=type(error).__name__)
            if self._open.get(tap.pupil.id) == tap:
                self._not_stored[tap.id] = tap
            self._on_failed()

        self._write(tap, take)

    def _write(self, tap: PupilTap, take: Callable[[BaseException | None], None]) -> None:
        typed = typed_name(tap.pupil)
        stored = self._journal.keep_tap(StoredTap(tap.id, tap.pupil.id, tap.reading, typed, tap.brought_by))
        stored.add_done_callback(lambda done: self._later(lambda: take(done.exception())))


def recovered_tap(stored: StoredTap, roster: Roster) -> PupilTap:
    """The tap that was on the disk when the kiosk started."""
    if stored.unlisted is not None:
        pupil = unlisted_pupil(stored.pupil, stored.unlisted)
    else:
        pupil = roster.by_id(stored.pupil) or _departed_pupil(stored.pupil)
    return PupilTap(stored.id, pupil, stored.reading, stored.brought_by)


def _departed_pupil(pupil_id: str) -> Pupil:
    """A pupil who tapped and has left the roster since: only the id is known, and no year, so that the rule
    leaves the arrival to the office."""
    return Pupil(id=pupil_id, first=pupil_id, last="", form="", year="")


def _is_before(first: Reading, second: Reading) -> bool:
    """Whether the first reading was taken before the second; by the monotonic clock within a boot."""
    if first.boot_id == second.boot_id:
        return first.monotonic_ns < second.monotonic_ns
    return first.at < second.at


def on_the_way_out(out: SignOut, reading: Reading) -> bool:
    """Whether a card at that reading is the tap of a pupil who is just leaving."""
    same_boot = out.reading.boot_id == reading.boot_id
    return same_boot and reading.monotonic_ns - out.reading.monotonic_ns < ON_THE_WAY_NS


def _log_failure(drop: Future[None]) -> None:
    if (error := drop.exception()) is not None:  # the next start finds the tap, and its pupil in already
        log.error("tap.not_dropped", error=type(error).__name__)
