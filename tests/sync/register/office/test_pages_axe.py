"""axe finds no serious problem on any page of the office, in a real Chromium."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # has no types
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from sync.register import pins
from sync.register.accounts import totp
from sync.register.actor import Actor
from sync.register.office.pages import router
from sync.register.permissions import ALLOWED, Role
from sync.register.storage.models import KioskStaffRow, StaffRow
from tests.sync.register.pages import Office, office
from tests.sync.register.support import LOGIN, PASSWORD, Clock, Kiosk, Running, entry, heartbeat, running
from tests.sync.register.test_permissions import OPEN, SIGNED_IN, TAKES, addresses

BAD = {"serious", "critical"}
WITH = {
    "/mark": "?pupil=P1&on=2026-11-24&half=AM",
    "/pupil": "?id=P1",
    "/punctuality": "?period=year",
    "/": "?day=2026-11-24",
}
"""The queries that some addresses need."""
NO_PAGE = re.compile(r"/live$|\.csv$|/progress$")
"""Parts of pages, files and streams: axe checks whole pages."""
PHONE = "/on-site/evacuation/phone"
"""The address of the copy, which a browser saves."""
AFTER_PASSWORD = {"/login/set-up", "/login/code"}
"""The pages between password and code, which a register without codes never shows."""
EACH = sorted(
    path
    for method, path in addresses(router.router)
    if method == "GET" and not NO_PAGE.search(path) and path not in {PHONE, *AFTER_PASSWORD}
)


@dataclass
class School:
    """A school with something on every page, and a browser."""

    url: str
    page: Page
    named: dict[str, str]
    """The value of each `{name}` in an address."""


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[School]:
    """On SQLite only: the appearance of a page does not depend on the database."""
    folder = tmp_path_factory.mktemp("axe")
    with (
        running(f"sqlite:///{folder / 'register.db'}", Clock()) as register,
        office(register, "office-one", Role.OFFICE),
        office(register, "senior", Role.SENIOR) as senior,
        office(register, "administrator", Role.ADMINISTRATOR),
        chromium.new_context() as context,  # axe violates the page's CSP
    ):
        yield School(register.url, context.new_page(), a_day(register, register.enrol(), senior))


def a_day(register: Running, kiosk: Kiosk, senior: Office) -> dict[str, str]:
    """Sign-ins of every kind, an open decision, a waiting request and an uploaded roster."""
    first = entry(1)
    undecided = {"outcome": "review", "code": None, "suggested": "/", "needs_office": True}
    left = {"outcome": "absent_pm", "code": "M", "minutes_late": None}
    kiosk.send(
        first,
        entry(2, pupil="P2", decision={"outcome": "after_close", "code": "U", "minutes_late": 46}),
        entry(3, pupil="P3", decision=undecided),
        entry(4, pupil="P999"),
        entry(
            5,
            pupil="P4",
            kind="departure",
            session="PM",
            decision=left,
            departure={"collector": "Aunt May", "expected_back": "2026-11-24T09:20:00Z"},
        ),
    )
    kiosk.post("/heartbeat", heartbeat(waiting=2, last_seq=7))
    request = {"pupil": "P1", "collector": "Barred Person", "reason": "medical"}
    kiosk.post("/departures/0193a000-0000-7000-8000-000000000001/request", request)
    who = Actor("test", "test", "oak-lane", None, address="cli")
    pins.give(
        register.database,
        who,
        school="oak-lane",
        name="T. Teacher",
        position="Teacher",
        now=register.clock(),
    )
    with register.database.read() as session:
        holder = session.scalars(select(KioskStaffRow.id)).one()
    roster = "id,first name,last name,year,form\nP1,Amelia,Kaur,7,7B\n"
    handed_in = senior.client.post(
        "/roster", data={"form_token": senior.token}, files={"files": ("roster.csv", roster)}
    )
    return {
        "{entry}": first["id"],
        "{kiosk}": kiosk.id,
        "{login}": "office-one",
        "{holder_id}": holder,
        "{import_id}": handed_in.url.path.rpartition("/")[2],
    }


def log_in_as(school: School, path: str) -> None:
    """Log in as a user who may open the page; log out for the login page."""
    page = school.page
    page.context.clear_cookies()
    if ("GET", path) in OPEN:
        return
    takes = TAKES.get(("GET", path), set())
    assert takes or ("GET", path) in SIGNED_IN
    role = next(role for role in (Role.SENIOR, Role.ADMINISTRATOR, Role.OFFICE) if takes <= ALLOWED[role])
    login = {Role.OFFICE: "office-one"}.get(role, role.value)
    with Office(school.url) as browser:
        browser.log_in(login, PASSWORD)
        page.context.add_cookies(
            [
                {"name": name, "value": value, "url": school.url}
                for name, value in browser.client.cookies.items()
            ]
        )


def violations(page: Page) -> list[dict[str, Any]]:
    """The serious violations that axe finds on the current page."""
    found = Axe().run(page).response["violations"]
    return [
        {"rule": each["id"], "where": [node["html"][:200] for node in each["nodes"]]}
        for each in found
        if each["impact"] in BAD
    ]


WIDE, NARROW = 1440, 390
ON_A_PHONE = {"/", "/leaving", "/needs", "/on-site", "/on-site/evacuation", "/pupil", "/login"}
"""The pages that staff open on a phone; the others are checked at narrow widths in `make test-slow`."""


def at_each_width() -> Iterator[ParameterSet]:
    for path in EACH:
        yield pytest.param(path, WIDE)
        yield pytest.param(path, NARROW, marks=[] if path in ON_A_PHONE else pytest.mark.slow)


def test_every_page_for_a_phone_exists() -> None:
    assert set(EACH) >= ON_A_PHONE


@pytest.mark.parametrize(("path", "width"), list(at_each_width()))
def test_axe_finds_nothing_serious(school: School, path: str, width: int) -> None:
    log_in_as(school, path)
    address = path
    for name, value in school.named.items():
        address = address.replace(name, value)
    assert "{" not in address, f"say in a_day() what stands for the name in {path}"
    school.page.set_viewport_size({"width": width, "height": 900})
    answer = school.page.goto(school.url + address + WITH.get(path, ""))
    assert answer is not None
    assert answer.status == 200, f"{address} answered {answer.status}"
    assert school.page.url.endswith(address + WITH.get(path, "")), "somewhere else was shown"
    assert violations(school.page) == []


def test_axe_finds_nothing_serious_in_the_saved_copy(school: School) -> None:
    with Office(school.url) as browser:
        browser.log_in("senior")
        copy = browser.get(PHONE).text
    school.page.set_content(copy)
    assert violations(school.page) == []


@pytest.mark.parametrize("path", sorted(AFTER_PASSWORD))
def test_axe_finds_nothing_serious_between_the_password_and_the_code(
    tmp_path: Path, school: School, path: str
) -> None:
    page = school.page
    page.context.clear_cookies()
    with running(f"sqlite:///{tmp_path / 'register.db'}", Clock(), totp=True) as register:
        if path == "/login/code":
            with register.database.write() as session:
                totp.set_up(session, LOGIN)
                session.get_one(StaffRow, LOGIN).totp_confirmed_at = register.clock()
        page.goto(f"{register.url}/login")
        page.get_by_label("User name").fill(LOGIN)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"**{path}")
        assert violations(page) == []


def test_axe_finds_a_deliberate_violation(school: School) -> None:
    log_in_as(school, "/login")
    school.page.goto(f"{school.url}/login")
    school.page.evaluate("document.querySelector('label[for=login]').remove()")
    assert [each["rule"] for each in violations(school.page)] == ["label"]
