"""Drops what a kiosk no longer needs of its bundle: why a child was away stays on no disk longer than used.

A past appointment is only read for an arrival whose untrusted time is corrected to an earlier day.
"""

from datetime import date, timedelta

from sync.wire import Bundle

KEEP_APPOINTMENTS = timedelta(days=7)
"""How long an appointment is kept after its day: as long as an entry, so longer than any correction takes."""


def without_past(bundle: Bundle, today: date) -> Bundle:
    """The bundle without appointments of days long past."""
    first = today - KEEP_APPOINTMENTS
    kept = [each for each in bundle.appointments if each.date >= first]
    return (
        bundle if len(kept) == len(bundle.appointments) else bundle.model_copy(update={"appointments": kept})
    )
