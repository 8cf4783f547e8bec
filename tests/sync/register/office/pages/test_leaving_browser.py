"""Leaving and the evacuation list in a real Chromium: live, by keyboard, on paper and on a phone."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.sync.register.departures.test_release import ask, withdraw
from tests.sync.register.departures.test_whereabouts import comes_back, leaves
from tests.sync.register.support import Clock, Kiosk, Running

TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def shortly_before_half_past_eleven(clock: Clock) -> None:
    clock.instant = datetime(2026, 11, 24, 11, 29, tzinfo=UTC)


@pytest.fixture
def departure() -> str:
    return str(uuid.uuid4())


def state(kiosk: Kiosk, departure: str) -> object:
    return kiosk.get(f"/departures/{departure}").json()["state"]


def test_a_request_appears_on_today_without_a_reload_and_is_released_there(
    page: Page, kiosk: Kiosk, departure: str
) -> None:
    ask(kiosk, departure)
    expect(page.get_by_text("Amelia Kaur, 7B, is waiting")).to_be_visible()
    expect(page).to_have_title("(1) Today · Latebook")
    expect(page.locator("#leaving-count")).to_have_text("1")
    page.get_by_role("button", name="Release Amelia Kaur", exact=True).click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(page.get_by_text("Amelia Kaur, 7B, is waiting")).to_have_count(0)
    assert state(kiosk, departure) == "released"


def test_a_withdrawn_requests_card_disappears_without_a_reload(
    page: Page, register: Running, kiosk: Kiosk, departure: str
) -> None:
    page.goto(f"{register.url}/leaving")
    ask(kiosk, departure)
    expect(page.get_by_role("heading", name="Amelia Kaur, 7B")).to_be_visible()
    expect(page.locator("#page-summary")).to_contain_text("1 waiting for you: Amelia Kaur, 7B, with Aunt May")
    withdraw(kiosk, departure)
    expect(page.get_by_text("No one is waiting to leave.", exact=True)).to_be_visible()
    expect(page).to_have_title("Leaving · Latebook")


def test_a_half_typed_reason_survives_the_next_request(
    page: Page, register: Running, kiosk: Kiosk, clock: Clock, departure: str
) -> None:
    ask(kiosk, departure)
    page.goto(f"{register.url}/leaving")
    page.get_by_text("Do not release Amelia Kaur").click()
    page.get_by_label("Why not?").fill("her mother said no")
    clock.forward(seconds=5)
    ask(kiosk, str(uuid.uuid4()), pupil="P2", collector="Somebody Else")
    expect(page.get_by_role("heading", name="Leo Price, 10C")).to_be_visible()
    expect(page.get_by_label("Why not?").first).to_have_value("her mother said no")
    page.get_by_role("button", name="Refuse", exact=True).first.click()
    expect(page.get_by_text("Refused by J. Office (Attendance officer): her mother said no")).to_be_visible()
    assert state(kiosk, departure) == "refused"


def test_a_release_to_a_barred_contact_takes_a_tick_and_a_reason_with_the_keyboard_too(
    page: Page, register: Running, kiosk: Kiosk, departure: str
) -> None:
    ask(kiosk, departure, collector="Barred Person")
    page.goto(f"{register.url}/leaving")
    expect(page.get_by_role("button", name="Release Amelia Kaur", exact=True)).to_have_count(0)
    page.get_by_text("Release all the same").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Release Amelia Kaur", exact=True).focus()
    page.keyboard.press("Enter")
    tick = page.get_by_label("I have checked that Barred Person may collect Amelia Kaur today.")
    expect(tick).to_be_focused()  # the browser asks for it first
    assert state(kiosk, departure) == "waiting"
    page.keyboard.press("Space")
    expect(tick).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("a letter of the court")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Released by J. Office (Attendance officer)")).to_be_visible()
    assert state(kiosk, departure) == "released"


@pytest.mark.usefixtures("shortly_before_half_past_eleven")
def test_an_overdue_pupil_is_shown_without_any_event(page: Page, kiosk: Kiosk, clock: Clock) -> None:
    kiosk.send(leaves(pupil="P4"))
    expect(page.get_by_role("rowheader", name="Maja W.")).to_be_visible()
    expect(page.locator("#overdue")).to_be_hidden()
    clock.forward(minutes=2)
    expect(page.locator("#overdue")).to_contain_text("Maja W. (9A) was due back at 11:30")
    kiosk.send(comes_back(2, pupil="P4", at="2026-11-24T11:30:30Z"))
    expect(page.locator("#overdue")).to_be_hidden()


@pytest.mark.usefixtures("shortly_before_half_past_eleven")
def test_the_printed_evacuation_list_has_no_buttons(
    page: Page, register: Running, kiosk: Kiosk, tmp_path: Path
) -> None:
    kiosk.send(leaves())
    page.get_by_role("link", name="Evacuation list").click()
    expect(page.get_by_role("heading", name="Evacuation list")).to_be_visible()
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes' }")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("document.body.dataset.printed") == "yes"
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.get_by_text("NOT ON SITE")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Kaur, Amelia")).to_be_visible()
    paper = page.pdf(path=tmp_path / "list.pdf", format="A4")
    assert paper.startswith(b"%PDF")


def test_the_saved_copy_opens_without_a_network(
    page: Page, register: Running, kiosk: Kiosk, tmp_path: Path
) -> None:
    page.goto(f"{register.url}/on-site/evacuation")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save to this phone").click()
    copy = tmp_path / download.value.suggested_filename
    download.value.save_as(copy)
    assert page.context.browser
    phone = page.context.browser.new_page(
        viewport={"width": 390, "height": 844}, offline=True, java_script_enabled=False
    )
    phone.goto(copy.as_uri())
    expect(phone.locator(".made strong")).to_have_text("09:33")
    size = phone.evaluate("parseFloat(getComputedStyle(document.querySelector('.made strong')).fontSize)")
    assert size >= 40
    phone.get_by_role("checkbox", name="Kaur, Amelia").check()
    assert not phone.evaluate(TOO_WIDE)


@pytest.mark.parametrize("path", ["/", "/leaving", "/on-site", "/on-site/evacuation"])
def test_no_text_is_cut_off_on_a_phone(page: Page, register: Running, kiosk: Kiosk, path: str) -> None:
    ask(kiosk, str(uuid.uuid4()), collector="Barred Person", evidence="x" * 60)
    kiosk.send(leaves(pupil="P4", at="2026-11-24T09:00:00Z", departure={"collector": "y" * 60}))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(register.url + path)
    assert not page.evaluate(TOO_WIDE)
