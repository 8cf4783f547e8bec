"""Logging in with a code, and the pages about people, in a real Chromium."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sync.register.accounts.sessions import add_staff
from sync.register.permissions import Role
from tests.browser import log_out, tab_of
from tests.sync.register.office.pages.test_today_browser import CUT_OFF
from tests.sync.register.support import LOGIN, PASSWORD, Clock, Running, entry

WIDTHS = [390, 768, 1440]


@pytest.fixture
def page(tabs: BrowserContext) -> Iterator[Page]:
    """Logged out."""
    with tab_of(tabs) as it:
        yield it


def password_step(page: Page, url: str, login: str = LOGIN) -> None:
    page.goto(url)
    page.get_by_label("User name").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def code_step(page: Page, code: str) -> None:
    page.get_by_label("Six-digit code").fill(code)
    page.keyboard.press("Enter")


def whole(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(CUT_OFF) == []


def test_a_user_sets_up_an_app_and_logs_in_with_it(page: Page, strict: Running, clock: Clock) -> None:
    password_step(page, strict.url)
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    for width in WIDTHS:
        whole(page, width)
    secret = page.locator(".key code").text_content()
    assert secret
    app = pyotp.TOTP(secret.replace(" ", ""))
    code_step(page, app.at(clock()))
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    log_out(page)
    clock.forward(minutes=1)

    password_step(page, strict.url)
    expect(page.get_by_label("Six-digit code")).to_be_focused()
    for width in WIDTHS:
        whole(page, width)
    code_step(page, "000000" if app.at(clock()) != "000000" else "000001")
    expect(page.get_by_role("alert")).to_contain_text("Wrong code, or a code that was already used")
    code_step(page, app.at(clock()))
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


@pytest.fixture
def admin(page: Page, register: Running) -> Page:
    """An administrator, logged in."""
    with register.database.write() as session:
        add_staff(
            session,
            school="oak-lane",
            login="admin",
            name="A. Admin",
            position="Network manager",
            password=PASSWORD,
            role=Role.ADMINISTRATOR,
        )
    password_step(page, register.url, "admin")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    return page


def test_an_account_is_added_with_the_keyboard_and_its_user_chooses_a_password(
    admin: Page, register: Running
) -> None:
    admin.get_by_role("link", name="People").click()
    admin.get_by_text("Add an account").press("Enter")
    accounts = admin.get_by_role("region", name="Accounts")
    accounts.get_by_label("Name", exact=True).fill("S. New")
    accounts.get_by_label("Position").fill("Receptionist")
    accounts.get_by_label("User name").fill("sam")
    accounts.get_by_label("User name").press("Enter")
    password = admin.locator("code").text_content()
    assert password
    log_out(admin)
    admin.get_by_label("User name").fill("sam")
    admin.get_by_label("Password").fill(password)
    admin.keyboard.press("Enter")
    expect(admin.get_by_text("Choose your own password first.")).to_be_visible()
    admin.get_by_label("Current password").fill(password)
    admin.get_by_label("New password at least").fill("three words of mine")
    admin.get_by_label("New password again").fill("three words of mine")
    admin.keyboard.press("Enter")
    expect(admin.get_by_role("heading", name="Today")).to_be_visible()


def test_a_pin_is_assigned_and_ended_with_a_tick(admin: Page, register: Running) -> None:
    admin.goto(f"{register.url}/people")
    pins = admin.get_by_role("region", name="PINs for the kiosk")
    pins.get_by_label("Name", exact=True).fill("R. Front")
    pins.get_by_label("Position").fill("Receptionist")
    pins.get_by_role("button", name="Give the PIN").click()
    expect(admin.locator("code")).to_have_text(re.compile(r"^[0-9]{6}$"))
    admin.get_by_role("link", name="Back to People").click()
    admin.get_by_role("link", name="Change the PIN of R. Front").click()
    admin.get_by_role("button", name="End the PIN").click()
    expect(admin.get_by_role("heading", name="R. Front")).to_be_visible()  # nothing happens without the tick
    admin.get_by_label("End the PIN of R. Front").check()
    admin.get_by_role("button", name="End the PIN").click()
    expect(admin.get_by_text("The PIN has ended.")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_on_the_people_pages_is_cut_off_at_any_width(
    admin: Page, register: Running, width: int
) -> None:
    register.enrol().send(entry())
    for path in ("/account", "/people", f"/people/accounts/{LOGIN}", "/people/accounts/admin", "/audit"):
        admin.goto(register.url + path)
        admin.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        whole(admin, width)
