"""A late bus, in the product's own window, with a real register and a real office page."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import chromium_page, log_in
from tests.e2e.hand import find, hand
from tests.e2e.running import until

FIRST, SECOND, WITHOUT_CARD = "Amelia Kowalska", "Amelie", "Niamh"


@pytest.mark.timeout(300)
def test_staff_sign_in_a_late_bus_and_the_office_reads_its_route(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand(tmp_path, monkeypatch, (800, 480)) as staff, chromium_page() as page:
        running = staff.running
        staff.hold("door", "pin")
        staff.type(running.access.pin)
        staff.touch("OK")
        running.screen("staff")
        staff.touch("Late bus")
        running.screen("bustyped")
        staff.type("27")
        staff.touch("Next")
        running.screen("bus")
        for count, name in enumerate((FIRST, SECOND), start=1):
            running.tap(name)
            staff.wait_for_text(f"{count} signed in from this bus")
        staff.touch("No card: find by name")
        running.screen("find")
        find(staff, WITHOUT_CARD)
        staff.wait_for_text("3 signed in from this bus")
        until(lambda: len(running.entries()) == 3)
        entries = running.entries()
        assert {entry.pupil for entry in entries} == {
            running.pupil_id(name) for name in (FIRST, SECOND, WITHOUT_CARD)
        }
        assert {entry.reason for entry in entries} == {"school-transport"}
        assert running.taps_on_disk() == []
        staff.touch("Finish")
        running.screen("home", times=2)
        running.tap(FIRST)  # her card is her own again: she is signed in already
        running.screen("done")
        log_in(page, running.url, running.access.login, running.access.password)
        page.goto(running.url)
        expect(page.get_by_text("School transport was late · bus 27")).to_have_count(3)
