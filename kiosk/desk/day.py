"""The day at this kiosk: what was entered, what has been taken back, and who is in and out by it.

Made of the journal's entries alone, so a restart makes it again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from hardware.clock.clock import Reading
from kiosk.desk.visits import Key, SignIn, SignOut
from sync.wire import Trust

SAME_VISIT_NS = 2 * 3600 * 1_000_000_000
"""While the clock is not to be trusted: how long a pupil who signed in is in already, two hours of ticks.
After that it may be another session, and an entry too many is better than a child nobody knows of."""
SAME_DAY_NS = 12 * 3600 * 1_000_000_000
"""While the clock is not to be trusted: how long something has happened today, twelve hours of ticks."""


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry of today."""

    visit: SignIn | SignOut
    undone: bool
    """A void has taken it back."""


class Day:
    """What has been entered lately. Entries are noted in the order in which they are in the journal."""

    def __init__(self) -> None:
        self._visits: dict[UUID, SignIn | SignOut] = {}
        self._voided: set[UUID] = set()
        self._corrected: set[UUID] = set()

    def __contains__(self, entry: UUID) -> bool:
        return entry in self._visits or entry in self._corrected

    def note(self, visit: SignIn | SignOut, corrects: UUID | None = None) -> None:
        """Something has been entered; `corrects` names the entry made in doubt that it takes the place of."""
        if visit.clock_trusted:  # an untrusted clock's day is no reason to forget anybody
            self._forget_before(visit.at.date() - timedelta(days=1))
        if corrects is not None:
            self._corrected.add(corrects)
        if corrects in self._visits:
            # It happened when the first of the two was entered, so it stands in that one's place.
            self._visits = {
                (visit.entry if known == corrects else known): (visit if known == corrects else other)
                for known, other in self._visits.items()
            }
        else:
            self._visits[visit.entry] = visit

    def void(self, entry: UUID) -> None:
        """An entry has been taken back."""
        self._voided.add(entry)

    def is_void(self, entry: UUID) -> bool:
        """Whether it has been taken back."""
        return entry in self._voided

    def get(self, entry: UUID) -> SignIn | SignOut | None:
        """One of them."""
        return self._visits.get(entry)

    def noted(self, now: Reading, today: date) -> tuple[Noted, ...]:
        """All of today, the newest first.

        Args:
            now: the clock.
            today: the date on the school's wall by it.
        """
        of_today = [each for each in self._visits.values() if _is_of_today(each, now, today)]
        return tuple(Noted(each, self.is_void(each.entry)) for each in reversed(of_today))

    def whereabouts(self, now: Reading, today: date) -> dict[str, SignIn | SignOut]:
        """The last that stands of each pupil today: somebody whose last is a sign-out is out."""
        return {
            each.pupil.id: each
            for each in self._standing()
            if _is_of_today(each, now, today)  # a later one takes the place of one before
        }

    def out_since(self, pupil_id: str, now: Reading, today: date) -> SignOut | None:
        """How that pupil was signed out today and has not come back."""
        last = self.whereabouts(now, today).get(pupil_id)
        return last if isinstance(last, SignOut) else None

    def already_in(self, key: Key, now: Reading) -> SignIn | None:
        """How a pupil signed in for that session, if they did: the return that came last, or the arrival."""
        known = self._arrival(key)
        if known is None or known.clock_trusted:
            return known
        # Of a doubted time neither date nor session is known: only what happened shortly before, by the
        # ticks of the same boot, is surely the same arrival.
        return known if _ticks_since(known, now, SAME_VISIT_NS) else None

    def trusted_keys(self) -> set[Key]:
        """What pupils are in for, by a clock that was to be trusted."""
        return {each.key for each in self._sign_ins() if each.clock_trusted}

    def _arrival(self, key: Key) -> SignIn | None:
        known: SignIn | None = None
        for each in self._sign_ins():
            if each.key != key:
                continue
            if known is None or not known.clock_trusted or each.returning or each.at <= known.at:
                known = each
        return known

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
    """Whether it happened shortly before, by the ticks of the same boot."""
    same_boot = visit.reading.boot_id == now.boot_id
    return same_boot and now.monotonic_ns - visit.reading.monotonic_ns < most_ns
