"""The Leaving page: the waiting requests, the office's answers, and the pupils who are out."""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from sync.register.office.views.leaving import leaving
from sync.register.permissions import Role
from sync.register.storage.models import AuditRow, ContactRow, SchoolRow, StaffRow
from tests.sync.register.departures.test_release import ask, withdraw
from tests.sync.register.departures.test_whereabouts import comes_back, leaves
from tests.sync.register.support import LOGIN, PASSWORD, Clock, Kiosk, Running, entry


@pytest.fixture
def browser(register: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=register.url, follow_redirects=True) as client:
        client.post("/login", data={"login": LOGIN, "password": PASSWORD})
        yield client


@pytest.fixture
def departure() -> str:
    return str(uuid.uuid4())


def content(page: str) -> str:
    """The page's main content, with runs of blanks joined."""
    return " ".join(page.split('id="content"')[1].split())


def press(browser: httpx.Client, path: str, **typed: str) -> httpx.Response:
    """Send the page's form to that address, with its hidden fields."""
    token = re.search(r'name="form_token" value="([^"]+)"', browser.get("/leaving").text)
    assert token
    return browser.post(path, data={"form_token": token[1], **typed})


def state(kiosk: Kiosk, departure: str) -> str:
    answered: dict[str, Any] = kiosk.get(f"/departures/{departure}").json()
    return str(answered["state"])


def test_a_request_is_shown_with_all_its_details(kiosk: Kiosk, browser: httpx.Client, departure: str) -> None:
    ask(kiosk, departure)
    text = content(browser.get("/leaving").text)
    for words in (
        "Amelia Kaur, 7B",
        "At Main reception since 09:33",
        "<dd>Aunt May (aunt)</dd>",
        "<dd>Medical appointment</dd>",
        "about 12:00",
        "<dd>card</dd>",
        "On the family’s list: aunt",
    ):
        assert words in text
    assert "<title>(1) Leaving" in browser.get("/leaving").text
    assert 'id="leaving-count" class="count">1<' in browser.get("/needs").text


@pytest.mark.parametrize(
    ("collector", "expected"),
    [
        ("aunt MAY", ("On the family’s list: aunt", "ok")),
        ("May, Aunt (says father)", ("Says father; the family’s list says aunt", "late")),
        ("Ant May", ("Perhaps on the family’s list, spelt differently: Aunt May (aunt)", "late")),
        ("Somebody Else", ("Not on the family’s list: ring the family", "late")),
        ("Barred Person", ("May NOT collect: Barred Person (other)", "closed")),
        ("Bared Person", ("Perhaps may NOT collect: the name is like Barred Person (other)", "closed")),
    ],
)
def test_the_familys_list_is_shown_in_words_not_only_in_colour(
    register: Running, kiosk: Kiosk, departure: str, collector: str, expected: tuple[str, str]
) -> None:
    name, _, says = collector.partition(" (says ")
    ask(kiosk, departure, collector=name, relationship=says.rstrip(")") or "aunt")
    with register.database.read() as session:
        shown = leaving(session, session.get_one(SchoolRow, "oak-lane"), now=register.clock())
    [[card]] = shown.families
    assert (card.headline, card.tone) == expected
    assert expected[0] in shown.summary


@pytest.mark.parametrize(
    ("collector", "expected", "listed"),
    [
        ("Aunt May", "On the family’s list", "may collect"),
        ("Barred Person", "May NOT collect: Barred Person", "Barred Person, may NOT collect"),
    ],
)
def test_a_contact_without_a_relationship_is_shown_by_name(
    register: Running, kiosk: Kiosk, collector: str, expected: str, listed: str
) -> None:
    with register.database.write() as session:
        for contact in session.scalars(select(ContactRow)):
            contact.relationship = ""
    departure = str(uuid.uuid4())
    ask(kiosk, departure, collector=collector)
    with register.database.read() as session:
        [[card]] = leaving(session, session.get_one(SchoolRow, "oak-lane"), now=register.clock()).families
    assert card.headline == expected
    assert card.list_says == listed


def test_a_pupil_without_contacts_means_ringing_the_family(
    kiosk: Kiosk, browser: httpx.Client, departure: str
) -> None:
    ask(kiosk, departure, pupil="P3")
    assert "The family has listed no one who may collect: ring the family" in browser.get("/leaving").text


def test_a_release_reaches_the_kiosk_and_stays_listed(
    register: Running, kiosk: Kiosk, browser: httpx.Client, departure: str
) -> None:
    ask(kiosk, departure)
    text = content(press(browser, f"/leaving/{departure}/release").text)
    assert state(kiosk, departure) == "released"
    assert "No one is waiting to leave." in text
    assert "Released by J. Office (Attendance officer)" in text
    assert "released; no sign-out received yet" in text


def test_a_refusal_needs_a_reason_that_only_the_office_sees(
    kiosk: Kiosk, browser: httpx.Client, departure: str
) -> None:
    ask(kiosk, departure)
    refused = press(browser, f"/leaving/{departure}/refuse", why=" ")
    assert (refused.status_code, state(kiosk, departure)) == (409, "waiting")
    assert "A refusal needs a reason" in refused.text
    text = content(press(browser, f"/leaving/{departure}/refuse", why="rang her mother").text)
    assert "Refused by J. Office (Attendance officer): rang her mother" in text
    assert "mother" not in kiosk.get(f"/departures/{departure}").text


def test_a_release_to_a_barred_contact_takes_more_than_one_press(
    register: Running, kiosk: Kiosk, browser: httpx.Client, departure: str
) -> None:
    ask(kiosk, departure, collector="Barred Person")
    for page in ("/leaving", "/"):
        text = content(browser.get(page).text)
        assert "May NOT collect: Barred Person (other)" in text
        assert '<button type="submit" class="release">' not in text
    for half in ({}, {"sure": "true"}, {"why": "a letter"}):
        refused = press(browser, f"/leaving/{departure}/release", **half)
        assert (refused.status_code, state(kiosk, departure)) == (409, "waiting")
    assert "may not collect; nothing was changed" in refused.text
    press(browser, f"/leaving/{departure}/release", sure="true", why="a letter of the court")
    assert state(kiosk, departure) == "released"
    with register.database.read() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "release")).one()
    assert (row.login, row.detail["why"]) == (LOGIN, "a letter of the court")


def test_a_release_to_an_unlisted_adult_needs_a_reason(
    register: Running, kiosk: Kiosk, browser: httpx.Client, departure: str
) -> None:
    ask(kiosk, departure, collector="Somebody Else")
    assert "How do you know that Somebody Else may collect" in content(browser.get("/leaving").text)
    assert '<button type="submit" class="release">' not in content(browser.get("/").text)
    refused = press(browser, f"/leaving/{departure}/release")
    assert (refused.status_code, state(kiosk, departure)) == (409, "waiting")
    assert "The family has not named this person; nothing was changed" in refused.text
    press(browser, f"/leaving/{departure}/release", why="rang her mother")
    assert state(kiosk, departure) == "released"
    with register.database.read() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "release")).one()
    assert (row.login, row.detail["why"]) == (LOGIN, "rang her mother")


def test_an_adult_who_may_not_collect_is_refused_by_one_press_on_today(
    kiosk: Kiosk, browser: httpx.Client, departure: str
) -> None:
    ask(kiosk, departure, collector="Barred Person", relationship="father")
    today = content(browser.get("/").text)
    assert "Barred Person says: <strong>father</strong>." in today
    assert f'action="/leaving/{departure}/refuse"' in today
    assert f'action="/leaving/{departure}/release"' not in today
    press(browser, f"/leaving/{departure}/refuse", back_to="today")
    assert state(kiosk, departure) == "refused"
    assert "by the family’s list, Barred Person (other) may not collect" in browser.get("/leaving").text


def test_the_second_answer_names_the_user_who_was_first(
    kiosk: Kiosk, browser: httpx.Client, departure: str
) -> None:
    ask(kiosk, departure)
    press(browser, f"/leaving/{departure}/release")
    second = press(browser, f"/leaving/{departure}/refuse", why="not today")
    assert second.status_code == 409
    assert "J. Office has released this already; nothing was changed." in second.text
    assert state(kiosk, departure) == "released"


def test_a_withdrawn_request_disappears_and_cannot_be_released(
    kiosk: Kiosk, browser: httpx.Client, departure: str
) -> None:
    ask(kiosk, departure)
    withdraw(kiosk, departure)
    assert "Withdrawn at Main reception" in browser.get("/leaving").text
    late = press(browser, f"/leaving/{departure}/release")
    assert "The request was withdrawn at Main reception" in late.text


def test_the_requests_of_one_family_are_grouped(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    other = register.enrol("Infants entrance")
    with register.database.write() as session:
        session.add(
            ContactRow(
                school_id="oak-lane",
                id="C3",
                pupil="P5",
                name="Aunt May",
                relationship="aunt",
                may_collect=True,
            )
        )
    ask(kiosk, str(uuid.uuid4()))
    clock.forward(seconds=5)
    ask(other, str(uuid.uuid4()), pupil="P2")
    clock.forward(minutes=2)
    ask(kiosk, str(uuid.uuid4()), pupil="P3", collector="Somebody Else")
    clock.forward(seconds=5)
    ask(kiosk, str(uuid.uuid4()), pupil="P5", collector="may, aunt")
    with register.database.read() as session:
        shown = leaving(session, session.get_one(SchoolRow, "oak-lane"), now=clock())
    names = [[card.name for card in family] for family in shown.families]
    assert names == [["Amelia Kaur", "Grace O’Neil"], ["Leo Price"], ["Yusuf Ahmed"]]
    assert [family[0].kiosk for family in shown.families] == [
        "Main reception",
        "Infants entrance",
        "Main reception",
    ]


def test_a_silent_kiosk_has_a_warning_beside_its_request(
    kiosk: Kiosk, browser: httpx.Client, clock: Clock, departure: str
) -> None:
    ask(kiosk, departure)
    assert "go there and tell them" not in browser.get("/leaving").text
    clock.forward(minutes=3)
    assert "Main reception has not been in contact since 09:33" in browser.get("/leaving").text


def test_an_administrator_does_not_see_barred_contacts(
    register: Running, kiosk: Kiosk, browser: httpx.Client, departure: str
) -> None:
    ask(kiosk, departure, collector="Barred Person")
    with register.database.write() as session:
        session.get_one(StaffRow, LOGIN).role = Role.ADMINISTRATOR.value
    assert browser.get("/leaving").status_code == 403
    assert browser.get("/leaving/live").status_code == 403
    today = browser.get("/").text
    assert "Barred" not in today
    assert 'href="/leaving' not in today


def test_an_answer_needs_the_sessions_token_and_a_request_of_the_school(
    kiosk: Kiosk, browser: httpx.Client, departure: str
) -> None:
    ask(kiosk, departure)
    assert browser.post(f"/leaving/{departure}/release").status_code == 403
    assert press(browser, f"/leaving/{uuid.uuid4()}/release").status_code == 404
    assert press(browser, f"/leaving/out/{uuid.uuid4()}/back").status_code == 404
    assert state(kiosk, departure) == "waiting"


@pytest.fixture
def out(kiosk: Kiosk, clock: Clock) -> dict[str, Any]:
    """Maja is signed out at ten and due back at half past eleven; it is a quarter past."""
    clock.instant = datetime(2026, 11, 24, 11, 15, tzinfo=UTC)
    sent = leaves(1, pupil="P4")
    kiosk.send(sent)
    return sent


def test_a_pupil_who_is_out_is_shown_with_collector_start_and_return_time(
    out: dict[str, Any], browser: httpx.Client
) -> None:
    text = content(browser.get("/leaving").text)
    for words in ("Maja Wójcik", "9A", "10:00", "Aunt May (aunt)", "11:30", "J. Office", "Mark as back"):
        assert words in text.split('id="out"')[1]


def test_every_page_names_an_overdue_pupil_at_once(
    out: dict[str, Any], kiosk: Kiosk, browser: httpx.Client, clock: Clock
) -> None:
    sentence = "Maja W. (9A) was due back at 11:30"
    assert sentence not in browser.get("/").text
    clock.instant = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
    for page in ("/", "/needs", "/leaving", "/on-site", "/kiosks"):
        assert sentence in browser.get(page).text
    assert sentence in browser.get("/today/live").headers["HX-Trigger"]
    clock.forward(minutes=12)
    assert "11:30, 12 min late" in browser.get("/leaving").text
    kiosk.send(comes_back(2, pupil="P4", at="2026-11-24T11:41:00Z"))
    assert sentence not in browser.get("/").text
    assert "No one is signed out" in browser.get("/leaving").text


def test_the_office_marks_a_pupil_as_back_and_undoes_it(
    out: dict[str, Any], register: Running, browser: httpx.Client, clock: Clock
) -> None:
    clock.instant = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)
    text = content(press(browser, f"/leaving/out/{out['id']}/back").text)
    assert "seen by J. Office, 11:40" in text
    assert 'role="alert" hidden' in text.split('id="overdue"')[1][:60]
    assert "Signed out, but seen by the office" in browser.get("/needs").text
    assert press(browser, f"/leaving/out/{out['id']}/back").status_code == 409
    text = content(press(browser, f"/leaving/out/{out['id']}/still-out").text)
    assert "11:30, 10 min late" in text
    with register.database.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == "resolution")).all()
    assert [row.detail["choice"] for row in rows] == ["back", "out"]


def test_a_pupil_who_left_alone_has_no_collector(kiosk: Kiosk, browser: httpx.Client) -> None:
    alone = {"collector": "self", "relationship": None, "released_by": None, "released_at": None}
    gone = leaves(departure=alone)
    kiosk.send(gone)
    out = content(browser.get("/leaving").text)
    assert "on their own" in out
    entry_page = content(browser.get(f"/entries/{gone['id']}").text)
    assert "on their own" in entry_page
    for page in (out, entry_page):
        assert ">self<" not in page
        assert "family’s list" not in page


def test_a_late_arrival_is_not_out(kiosk: Kiosk, browser: httpx.Client) -> None:
    kiosk.send(entry())
    assert "No one is signed out" in browser.get("/leaving").text


def test_text_from_a_kiosk_is_escaped(kiosk: Kiosk, browser: httpx.Client, departure: str) -> None:
    ask(kiosk, departure, collector="<b>x</b>", evidence="<script>alert(1)</script>")
    for page in ("/leaving", "/"):
        assert "<script>alert" not in browser.get(page).text
        assert "<b>x</b>" not in browser.get(page).text


def test_a_release_without_a_sign_out_has_its_time_a_warning_and_a_button(
    register: Running, kiosk: Kiosk, browser: httpx.Client, departure: str, clock: Clock
) -> None:
    ask(kiosk, departure, expected_back="2026-11-24T09:45:00Z")
    press(browser, f"/leaving/{departure}/release")
    clock.forward(minutes=5)
    out = content(browser.get("/leaving").text).split('id="out"')[1]
    assert "released; no sign-out received yet" in out
    assert "09:45" in out
    assert "Medical" in out
    assert "not today" not in out
    clock.forward(minutes=10)
    assert "09:45, 3 min late" in content(browser.get("/leaving").text)
    settled = press(browser, f"/leaving/released/{departure}/here")
    assert "seen by J. Office, 09:48" in content(settled.text)
    assert "min late" not in content(settled.text)
    decided = content(browser.get("/needs").text).split("Decided today")[1]
    assert "Amelia Kaur, 7B" in decided
    again = press(browser, f"/leaving/released/{departure}/here")
    assert (again.status_code, "has recorded already that they are back" in again.text) == (409, True)
    back = press(browser, f"/leaving/released/{departure}/gone")
    assert "09:45, 3 min late" in content(back.text)
    assert press(browser, f"/leaving/released/{uuid.uuid4()}/here").status_code == 404
