"""What a kiosk drops of its bundle."""

from datetime import date

import pytest

from kiosk.school.past import without_past
from sync.wire import Appointment
from tests.kiosk.reception import bundle

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("day", "kept"), [("2026-11-16", False), ("2026-11-17", True), ("2026-11-24", True), ("2027-03-01", True)]
)
def test_an_appointment_is_kept_until_a_week_after_its_day(day: str, kept: bool) -> None:
    dentist = Appointment(pupil="P5", date=date.fromisoformat(day), kind="medical")
    before = bundle(appointments=[dentist])
    after = without_past(before, TODAY)
    assert after.appointments == ([dentist] if kept else [])
    assert (after.pupils, after.version) == (before.pupils, before.version)
