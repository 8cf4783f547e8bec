"""The times that are offered for “back at about”."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from kiosk.journey.session import Core
from sync.wire import Pupil, Trust

MOST = 16
"""Times on one screen."""
SOONEST = timedelta(minutes=10)
"""Nobody goes out for less."""
_QUARTER = timedelta(minutes=15)
_QUARTERS = 4
"""The first hour in quarters; after that in half hours, or hours where the day is long."""


def back_times(core: Core, pupils: Sequence[Pupil]) -> tuple[time, ...]:
    """What is offered now: up to the end of the day of whoever goes home first.

    None where there is nothing left of the day, or where nobody knows what time it is.
    """
    reading = core.desk.reading()
    if reading.trust == Trust.UNKNOWN:
        return ()
    pm = core.school.policy.pm
    return steps(core.wall(reading), min(pm.end_for(pupil.year) for pupil in pupils))


def steps(now: datetime, ends: time) -> tuple[time, ...]:
    """Times after `now` and before `ends`, on that day."""
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
