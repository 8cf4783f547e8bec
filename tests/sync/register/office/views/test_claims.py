"""The claim behind a departure, wherever the departure is shown."""

import uuid
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from sync.register.permissions import Role
from sync.register.storage.models import MarkChangeRow, StaffRow
from tests.sync.register.departures.test_release import ask
from tests.sync.register.departures.test_whereabouts import leaves
from tests.sync.register.office.pages.test_leaving import content, press
from tests.sync.register.support import LOGIN, PASSWORD, Clock, Kiosk, Running


@pytest.fixture
def browser(register: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=register.url, follow_redirects=True) as client:
        client.post("/login", data={"login": LOGIN, "password": PASSWORD})
        yield client


@pytest.fixture
def departure() -> str:
    return str(uuid.uuid4())


def test_the_changes_page_shows_the_claim_of_the_departure_that_a_mark_is_about(
    register: Running, kiosk: Kiosk, browser: httpx.Client, clock: Clock, departure: str
) -> None:
    ask(kiosk, departure, relationship="father")
    press(browser, f"/leaving/{departure}/release", how="telephoned")
    clock.forward(minutes=2)
    detail = {"request": departure, "relationship": "father", "released_by": "J. Office"}
    kiosk.send(leaves(at="2026-11-24T09:34:00Z", session="PM", departure=detail))
    with register.database.write() as session:
        change = MarkChangeRow(
            school_id="oak-lane",
            pupil="P1",
            date=date(2026, 11, 24),
            session="PM",
            amended={"code": "M", "minutes_late": None},
            reason="appointment agreed",
            at=clock(),
            name="J. Office",
            position="Attendance officer",
        )
        session.add(change)
    known = "Rang the family on a number we hold; they agreed"
    shown, file = content(browser.get("/changes").text), browser.get("/changes.csv").text
    assert "with Aunt May (father)" in shown
    assert "The family’s list had Aunt May (aunt)" in shown
    assert f"How the office knew: {known}" in shown
    assert (
        f"with Aunt May (father); The family’s list had Aunt May (aunt); how the office knew: {known}" in file
    )


def test_a_user_who_may_not_release_reads_no_claim_on_today(
    register: Running, kiosk: Kiosk, browser: httpx.Client, departure: str
) -> None:
    ask(kiosk, departure, relationship="father")
    press(browser, f"/leaving/{departure}/release", how="known")
    kiosk.send(leaves(at="2026-11-24T09:34:00Z", departure={"request": departure, "relationship": "father"}))
    assert "Aunt May" in content(browser.get("/").text)
    with register.database.write() as session:
        session.get_one(StaffRow, LOGIN).role = Role.ADMINISTRATOR.value
    assert "Aunt May" not in browser.get("/").text
