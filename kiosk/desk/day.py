"""Today's entries at this kiosk: which stand, which were voided, and who is in or out according to them.

Built only from the journal's entries, so a restart rebuilds it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from hardware.clock.clock import Reading
from kiosk.desk.visits import Key, SignIn, SignOut
from sync.wire import Trust

SAME_VISIT_NS = 2 * 3600 * 1_000_000_000
"""How long a sign-in counts for the same session while the clock is not trusted: two hours of the monotonic
clock. After that the pupil may sign in again: a duplicate entry is better than a missing pupil."""
SAME_DAY_NS = 12 * 3600 * 1_000_000_000
"""How long an entry counts as today's while the clock is not trusted: twelve hours of the monotonic clock."""


@dataclass(frozen=True, slots=True)
class DayEntry:
    """An entry as the staff screen lists it."""

    visit: SignIn | SignOut
    undone: bool
    """Whether the entry was voided."""


class DayLog:
    """The recent entries. They must be added in the order of the journal."""

    def __init__(self) -> None:
        self._visits: dict[UUID, SignIn | SignOut] = {}
        self._voided: set[UUID] = set()
        self._corrected: set[UUID] = set()

    def __contains__(self, entry: UUID) -> bool:
        return entry in self._visits or entry in self._corrected

    def add(self, visit: SignIn | SignOut, corrects: UUID | None = None) -> None:
        """Add an entry; `corrects` names the entry with an untrusted time that it replaces."""
        if visit.clock_trusted:  # the date of an untrusted clock must not discard entries
            self._forget_before(visit.at.date() - timedelta(days=1))
        if corrects is not None:
            self._corrected.add(corrects)
        if corrects in self._visits:
            # The pupil came or left when the first entry was made, so the correction takes its place in the
            # order.
            self._visits = {
                (visit.entry if known == corrects else known): (visit if known == corrects else other)
                for known, other in self._visits.items()
            }
        else:
            self._visits[visit.entry] = visit

    def void(self, entry: UUID) -> None:
        """Mark an entry as voided."""
        self._voided.add(entry)

    def is_void(self, entry: UUID) -> bool:
        """Whether the entry was voided."""
        return entry in self._voided

    def get(self, entry: UUID) -> SignIn | SignOut | None:
        """The sign-in or sign-out with that entry id; `None` when it is not known here."""
        return self._visits.get(entry)

    def entries(self, now: Reading, today: date) -> tuple[DayEntry, ...]:
        """Today's entries, newest first.

        Args:
            now: the current reading of the clock.
            today: its date in the school's time zone.
        """
        of_today = [each for each in self._visits.values() if _is_of_today(each, now, today)]
        return tuple(DayEntry(each, self.is_void(each.entry)) for each in reversed(of_today))

    def whereabouts(self, now: Reading, today: date) -> dict[str, SignIn | SignOut]:
        """Each pupil's last standing entry of today, by pupil id: with a sign-out the pupil is out."""
        return {
            each.pupil.id: each
            for each in self._standing()
            if _is_of_today(each, now, today)  # a later entry replaces an earlier one
        }

    def out_since(self, pupil_id: str, now: Reading, today: date) -> SignOut | None:
        """The sign-out of a pupil who left today and has not returned; otherwise `None`."""
        last = self.whereabouts(now, today).get(pupil_id)
        return last if isinstance(last, SignOut) else None

    def departure_for(self, request: UUID) -> SignOut | None:
        """The standing departure that a release of that request led to; `None` without one."""
        departures = (each for each in self._standing() if isinstance(each, SignOut))
        return next((each for each in departures if each.detail.request == request), None)

    def already_in(self, key: Key, now: Reading) -> SignIn | None:
        """The pupil's latest return in that session, or else the arrival; `None` without either."""
        latest = self._arrival(key)
        if latest is None or latest.clock_trusted:
            return latest
        # With an untrusted time neither date nor session is certain. Only a sign-in shortly before, by the
        # monotonic clock of the same boot, is certainly the same arrival.
        return latest if _ticks_since(latest, now, SAME_VISIT_NS) else None

    def trusted_keys(self) -> set[Key]:
        """The keys of all standing sign-ins with a trusted time."""
        return {each.key for each in self._sign_ins() if each.clock_trusted}

    def _arrival(self, key: Key) -> SignIn | None:
        latest: SignIn | None = None
        for each in self._sign_ins():
            if each.key != key:
                continue
            if latest is None or not latest.clock_trusted or each.returning or each.at <= latest.at:
                latest = each
        return latest

    def _sign_ins(self) -> Iterable[SignIn]:
        return (each for each in self._standing() if isinstance(each, SignIn))

    def _standing(self) -> Iterable[SignIn | SignOut]:
        return (each for each in self._visits.values() if each.entry not in self._voided)

    def _forget_before(self, oldest: date) -> None:
        self._visits = {
            entry: each
            for entry, each in self._visits.items()
            if each.at.date() >= oldest or not each.clock_trusted
        }


def _is_of_today(visit: SignIn | SignOut, now: Reading, today: date) -> bool:
    if visit.clock_trusted and now.trust != Trust.UNKNOWN:
        return visit.at.date() == today
    return _ticks_since(visit, now, SAME_DAY_NS)


def _ticks_since(visit: SignIn | SignOut, now: Reading, most_ns: int) -> bool:
    """Whether the entry was made less than `most_ns` ago, by the monotonic clock of the same boot."""
    same_boot = visit.reading.boot_id == now.boot_id
    return same_boot and now.monotonic_ns - visit.reading.monotonic_ns < most_ns
