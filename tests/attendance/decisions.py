"""Run as a program: one line that stands for very many decisions, findings, versions and sentences.

On any machine, in any time zone and locale, it is the same line.
"""

import hashlib
import locale
import sys
import time
from contextlib import suppress
from datetime import datetime, timedelta

from kiosk.attendance.check import check
from kiosk.attendance.decide import Agreed, Arrival, Departure, decide, leave
from kiosk.attendance.policy import available, load
from kiosk.attendance.reasons import AppointmentKind, Reason

DAYS = ("2026-03-29", "2026-10-25", "2026-11-24")
"""Both changes of the clocks in London, and no change."""


def digest() -> str:
    """The line."""
    said = hashlib.sha256()
    for name in available():
        policy = load(name)
        said.update(f"{policy.version} {check(policy)}".encode())
        for number, year in enumerate(policy.years):
            for day in DAYS:
                for second in range(number, 24 * 3600, 1511):
                    at = datetime.fromisoformat(day) + timedelta(seconds=second)
                    reason = list(Reason)[second % len(Reason)]
                    agreed = Agreed(kind=AppointmentKind.MEDICAL, until=at.replace(minute=30).time())
                    arrival = Arrival(at=at, year=year, reason=reason, agreed=agreed if second % 2 else None)
                    said.update(decide(policy, arrival, school_day=True).model_dump_json().encode())
                    departure = Departure(at=at, year=year, reason=reason)
                    said.update(leave(policy, departure, school_day=True).model_dump_json().encode())
    return said.hexdigest()


if __name__ == "__main__":
    with suppress(locale.Error):  # a locale that this machine does not have
        locale.setlocale(locale.LC_ALL, "")
    time.tzset()
    sys.stdout.write(f"{time.timezone} {digest()}\n")
