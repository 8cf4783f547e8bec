"""The office page in a real Chromium."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sync.register.office.pages.router import navigation
from sync.register.office.web.navigation import entries_for
from sync.register.permissions import Role
from tests import browser
from tests.sync.register.support import (
    LOGIN,
    PASSWORD,
    Clock,
    Kiosk,
    Running,
    entry,
    heartbeat,
    running,
)


def log_in(page: Page, register: Running) -> None:
    browser.log_in(page, register.url, LOGIN, PASSWORD)
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def mark_document(page: Page) -> None:
    """Set a mark on the document that a reload would remove."""
    page.evaluate("document.body.dataset.before = 'yes'")


def test_an_arrival_appears_without_reloading(page: Page, kiosk: Kiosk) -> None:
    expect(page.get_by_text("No one has signed in yet today.")).to_be_visible()
    mark_document(page)
    kiosk.send(entry())
    row = page.get_by_role("row").filter(has_text="Amelia K.")
    expect(row).to_contain_text("in the register")
    expect(row).to_contain_text("09:07:42")
    expect(row.get_by_role("rowheader")).to_have_text("Amelia K.")
    expect(page.locator("#page-summary")).to_contain_text("1 late today")
    assert page.evaluate("document.body.dataset.before") == "yes"


def test_a_heartbeat_shows_the_entries_waiting_on_the_kiosk(page: Page, kiosk: Kiosk) -> None:
    kiosk.post("/heartbeat", heartbeat(waiting=3, last_seq=3))
    expect(page.get_by_text("3 sign-ins waiting on Main reception, oldest 09:29")).to_be_visible()
    expect(page.get_by_text("Hold first-day calls.")).to_be_visible()


def test_a_silent_kiosk_is_shown_without_any_event(page_with_clock: Page, kiosk: Kiosk, clock: Clock) -> None:
    page = page_with_clock
    page.clock.install()  # the browser's timers, so that the test does not wait half a minute
    page.reload()
    expect(page.get_by_text("live · 0 waiting")).to_be_visible()
    clock.forward(minutes=2)
    page.clock.fast_forward(31_000)
    expect(page.get_by_text("silent since 09:33")).to_be_visible()


def test_the_clock_ticks_with_the_registers_time(page: Page) -> None:
    clock = page.locator("#clock")
    expect(clock).to_contain_text("09:33:")
    shown = clock.text_content()
    assert shown is not None
    expect(clock).not_to_have_text(shown)


def test_the_page_says_when_it_has_lost_the_register_and_catches_up(
    tabs: BrowserContext, database_url: str, clock: Clock
) -> None:
    with browser.tab_of(tabs) as page:
        with running(database_url, clock) as register:
            log_in(page, register)
        expect(page.get_by_text("Not up to date since 09:33.")).to_be_visible()


def test_a_session_that_has_ended_goes_to_the_login_page(page: Page, kiosk: Kiosk, clock: Clock) -> None:
    clock.forward(hours=13)
    kiosk.post("/heartbeat", heartbeat())
    page.wait_for_url("**/login")


def test_a_kiosk_is_enrolled_from_the_page(page: Page, register: Running) -> None:
    page.get_by_role("link", name="Kiosks").click()
    page.get_by_role("button", name="Make an enrolment code").click()
    code = page.locator("code").text_content()
    assert code
    register.code = code
    mark_document(page)
    register.enrol("Infants entrance")
    expect(page.get_by_role("row").filter(has_text="Infants entrance")).to_contain_text("live")
    assert page.evaluate("document.body.dataset.before") == "yes"


def test_a_half_typed_decision_survives_a_refresh(page: Page, kiosk: Kiosk) -> None:
    undecided = {"outcome": "review", "code": None, "suggested": "/", "needs_office": True}
    kiosk.send(entry(1), entry(2, decision={"code": "U"}), entry(3, pupil="P3", decision=undecided))
    page.goto(page.url.rstrip("/") + "/needs")
    page.get_by_label("Reason").first.fill("rang home")
    kiosk.send(entry(4, pupil="P2", decision=undecided))
    expect(page.get_by_role("heading", name="Leo Price")).to_be_visible()
    expect(page.locator("#needs-count")).to_have_text("3")
    expect(page.get_by_label("Reason").first).to_have_value("rang home")
    expect(page.locator(".question form")).to_have_count(3)
    expect(page.locator("body > :not(main, header, a) form")).to_have_count(0)
    page.get_by_role("button", name="Change L to U").click()
    expect(page.get_by_text("Decided today by J. Office")).to_be_visible()


def test_every_control_is_reached_with_the_keyboard(page: Page) -> None:
    pages = [each.label for each in entries_for(Role.OFFICE, navigation)]
    expected = ["Skip to the content", *pages, "J. Office", "Log out"]
    names = []
    for _ in expected:
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.innerText.trim()").split("\n")[0])
    assert names == expected


CUT_OFF = """
    [...document.querySelectorAll("td, th, dd, .panel")]
        .filter((box) => box.scrollWidth > box.clientWidth + 1)
        .map((box) => box.innerText)
"""


@pytest.mark.parametrize("width", [390, 768, 1024, 1440, 1920])
def test_no_text_is_cut_off_at_any_width(page: Page, kiosk: Kiosk, width: int) -> None:
    kiosk.send(entry(1, reason="school-transport", decision={"suggested": "/", "needs_office": True}))
    kiosk.post("/heartbeat", heartbeat(waiting=3, last_seq=9))
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/", "/needs", "/kiosks"):
        page.goto(page.url.rsplit("/", 1)[0] + path)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(CUT_OFF) == []


def test_a_demo_clock_is_announced(tabs: BrowserContext, database_url: str, clock: Clock) -> None:
    with running(database_url, clock, demo_clock=True) as register, browser.tab_of(tabs) as page:
        log_in(page, register)
        expect(page.get_by_text("Demo clock: this is not the real time.")).to_be_visible()
