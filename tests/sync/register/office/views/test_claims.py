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
from tests.sync.register.office.pages.test_leaving import content, press, state
from tests.sync.register.support import LOGIN, PASSWORD, Clock, Kiosk, Running


@pytest.fixture
def browser(register: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=register.url, follow_redirects=True) as client:
        client.post("/login", data={"login": LOGIN, "password": PASSWORD})
        yield client


@pytest.fixture
def departure() -> str:
    return str(uuid.uuid4())


def test_a_claim_that_differs_is_never_one_press_and_is_shown_everywhere(
    kiosk: Kiosk, browser: httpx.Client, clock: Clock, departure: str
) -> None:
    """The office page showed a green tick and one press where the adult said father, and the list mother."""
    ask(kiosk, departure, relationship="father")
    today, page = content(browser.get("/").text), content(browser.get("/leaving").text)
    assert "Aunt May says: <strong>father</strong>. The family’s list says: <strong>aunt</strong>." in today
    assert "<dt>Aunt May says</dt><dd>father</dd>" in page
    assert "<dt>The family’s list says</dt><dd>aunt</dd>" in page
    for shown in (today, page):
        assert "circle-check" not in shown.split('class="panel leaver')[1].split("</section>")[0]
        assert 'name="why" maxlength="500" autocomplete="off" placeholder' in shown
        assert '<button type="submit" class="release">' not in shown
        assert '<button type="submit" class="release outlined">' in shown
    refused = press(browser, f"/leaving/{departure}/release")
    assert (refused.status_code, state(kiosk, departure)) == (409, "waiting")
    assert "The adult says father, and the family’s list says Aunt May (aunt); nothing" in refused.text
    press(browser, f"/leaving/{departure}/release", why="rang the mother", back_to="today")
    assert state(kiosk, departure) == "released"
    shown = content(browser.get("/leaving").text)
    answered = shown.split('id="answered-title"')[1]
    assert "asked for by Aunt May (father) · The family’s list had Aunt May (aunt) · Released by" in answered
    assert "(Attendance officer): rang the mother" in answered
    out = shown.split('id="out"')[1].split('id="answered-title"')[0]
    assert "Aunt May (father)" in out
    assert '<span class="chip late">Says father; the family’s list says aunt</span>' in out
    assert "How the office knew: rang the mother" in out
    for name in ("/leaving/answered.csv", "/leaving/out.csv"):
        file = browser.get(name).text
        assert "Aunt May (father)" in file
        assert "rang the mother" in file
    clock.forward(minutes=2)
    by_office = {"released_by": "J. Office", "released_position": "Attendance officer"}
    detail = {"request": departure, "relationship": "father"} | by_office
    left = leaves(at="2026-11-24T09:34:00Z", departure=detail)
    kiosk.send(left)
    entry_page = content(browser.get(f"/entries/{left['id']}").text)
    for words in (
        "Aunt May (father)",
        "Says father; the family’s list says aunt",
        "The family’s list had Aunt May (aunt)",
        "rang the mother",
    ):
        assert words in entry_page
    assert "How the office knew: rang the mother" in content(browser.get("/leaving").text)
    assert "with Aunt May (father)" in browser.get("/on-site").text
    for page, file in (("/", "/today.csv"), ("/pupil?id=P1", "/pupil.csv?id=P1")):
        shown, line = content(browser.get(page).text), browser.get(file).text
        assert "with Aunt May (father)" in shown
        assert '<span class="chip late">The family’s list had Aunt May (aunt)</span>' in shown
        assert "How the office knew: rang the mother" in shown
        assert (
            "with Aunt May (father); The family’s list had Aunt May (aunt); how the office knew: rang the"
            in line
        )


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
