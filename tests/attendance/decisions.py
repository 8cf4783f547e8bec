"""Run as a program: the locale and the time zone that it has, and one word that stands for very many
decisions, findings, versions and sentences. On any machine, in any time zone and locale, it is the same word.

It fails where the locale that the environment names cannot be set.
"""

import hashlib
import locale
import sys
import time
from datetime import datetime, timedelta

from attendance.explain import for_office, for_pupil
from attendance.policy.check import check
from attendance.policy.files import available, load
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import AgreedAppointment, Arrival, Decision, Departure, decide, leave

DAYS = ("2026-03-29", "2026-10-25", "2026-11-24")
"""Both changes of the clocks in London, and no change."""


def digest() -> str:
    """The word."""
    said = hashlib.sha256()
    for name in available():
        policy = load(name)
        said.update(f"{policy.version} {check(policy)}".encode())
        for number, year in enumerate(policy.years):
            for day in DAYS:
                for second in range(number, 24 * 3600, 4409):
                    at = datetime.fromisoformat(day) + timedelta(seconds=second)
                    reason = list(Reason)[second % len(Reason)]
                    agreed = AgreedAppointment(
                        kind=AppointmentKind.MEDICAL, until=at.replace(minute=30).time()
                    )
                    arrival = Arrival(at=at, year=year, reason=reason, agreed=agreed if second % 2 else None)
                    said.update(_in_full(decide(policy, arrival, school_day=True)))
                    departure = Departure(at=at, year=year, reason=reason)
                    said.update(_in_full(leave(policy, departure, school_day=True)))
    return said.hexdigest()


def _in_full(decision: Decision) -> bytes:
    """The decision, and what is said of it to the pupil, to the office, and where the clock is doubted."""
    said = (for_pupil(decision), for_office(decision), for_office(decision.doubted()))
    return f"{decision.model_dump_json()} {said}".encode()


if __name__ == "__main__":
    set_to = locale.setlocale(locale.LC_ALL, "")
    time.tzset()
    november = datetime.fromisoformat("2026-11-24").strftime("%B")  # in the words of the locale
    sys.stdout.write(f"{set_to} {november} {time.timezone} {digest()}\n")
