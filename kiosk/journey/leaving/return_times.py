"""The times offered for “back at about”."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from kiosk.journey.session import Session
from sync.wire import Pupil, Trust

MOST = 16
"""How many times fit on a screen."""
SOONEST = timedelta(minutes=10)
"""The shortest absence worth offering."""
_QUARTER = timedelta(minutes=15)
_QUARTERS = 4
"""The first hour is offered in quarters; after it come half hours, or hours when the day is long."""


def back_times(session: Session, pupils: Sequence[Pupil]) -> tuple[time, ...]:
    """The times offered now, until the first of the pupils goes home.

    Empty when the school day is almost over, or when the clock is not trusted.
    """
    reading = session.desk.reading()
    if reading.trust == Trust.UNKNOWN:
        return ()
    pm = session.school.policy.pm
    return times_between(session.wall(reading), min(pm.end_for(pupil.year) for pupil in pupils))


def times_between(now: datetime, ends: time) -> tuple[time, ...]:
    """The times to offer on that day after `now` and before `ends`."""
    quarters = _from(now, ends, _QUARTER)
    first, rest = quarters[:_QUARTERS], quarters[_QUARTERS:]
    for minutes in (30, 60):
        later = [at for at in rest if (at.hour * 60 + at.minute) % minutes == 0]
        if len(first) + len(later) <= MOST:
            break
    return (*first, *later[: MOST - len(first)])


def _from(now: datetime, ends: time, step: timedelta) -> list[time]:
    midnight = datetime.combine(now.date(), time())
    at = midnight + -(-(now + SOONEST - midnight) // step) * step  # rounded up
    times = []
    while at.date() == now.date() and at.time() < ends:
        times.append(at.time())
        at += step
    return times
