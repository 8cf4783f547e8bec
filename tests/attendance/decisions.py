"""A program that prints the locale, the time zone and a digest of thousands of decisions, findings, versions
and sentences. The digest must be the same on any machine, in any time zone and locale.

It fails if the environment's locale cannot be set.
"""

import hashlib
import locale
import sys
import time
from datetime import datetime, timedelta

from attendance.explain import for_office, for_pupil
from attendance.plans import DayPlan, PlanCode
from attendance.policy.check import check
from attendance.policy.files import available, load
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import AgreedAppointment, Arrival, Decision, Departure, decide, leave

DAYS = ("2026-03-29", "2026-10-25", "2026-11-24")
"""London: clocks go forward, clocks go back, and an ordinary day."""


def digest() -> str:
    """The digest."""
    digest = hashlib.sha256()
    for name in available():
        policy = load(name)
        digest.update(f"{policy.version} {check(policy)}".encode())
        for number, year in enumerate(policy.years):
            for day in DAYS:
                for second in range(number, 24 * 3600, 4409):
                    at = datetime.fromisoformat(day) + timedelta(seconds=second)
                    reason = list(Reason)[second % len(Reason)]
                    agreed = AgreedAppointment(
                        kind=AppointmentKind.MEDICAL, until=at.replace(minute=30).time()
                    )
                    plan = DayPlan(code=PlanCode.PART_TIME, due_in=at.replace(minute=20, second=0).time())
                    arrival = Arrival(
                        at=at,
                        year=year,
                        reason=reason,
                        agreed=agreed if second % 2 else None,
                        plan=plan if second % 3 else None,
                    )
                    digest.update(_in_full(decide(policy, arrival, school_day=True)))
                    departure = Departure(at=at, year=year, reason=reason)
                    digest.update(_in_full(leave(policy, departure, school_day=True)))
    return digest.hexdigest()


def _in_full(decision: Decision) -> bytes:
    """The decision with its sentences for the pupil, for the office, and for an untrusted clock."""
    sentences = (for_pupil(decision), for_office(decision), for_office(decision.with_untrusted_clock()))
    return f"{decision.model_dump_json()} {sentences}".encode()


if __name__ == "__main__":
    set_to = locale.setlocale(locale.LC_ALL, "")
    time.tzset()
    november = datetime.fromisoformat("2026-11-24").strftime("%B")  # in the language of the locale
    sys.stdout.write(f"{set_to} {november} {time.timezone} {digest()}\n")
