"""When the register hangs, the page shows that it is out of date and stops claiming that all is well."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from demo.programs import Program, database_url, register_program
from sync.register.storage.database import Database
from tests.browser import log_in, tab_of
from tests.sync.register.support import LOGIN, PASSWORD, Clock, seed

QUICK_MS = 2400


@contextmanager
def hanging(part: Program) -> Iterator[None]:
    """The process accepts connections but answers nothing."""
    os.kill(part.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(part.pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("hangs")
    database = Database(database_url(folder))
    database.migrate()
    seed(database, Clock())
    database.close()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    part = register_program(folder, port, 0)
    part.start()
    try:
        part.wait_for("register.listening")
        yield part
    finally:
        part.stop()


@pytest.fixture
def page(part: Program, tabs: BrowserContext) -> Iterator[Page]:
    port = part.wait_for("register.listening").split("port=")[1].split()[0]
    with tab_of(tabs) as page:
        log_in(page, f"http://127.0.0.1:{port}", LOGIN, PASSWORD)
        expect(page.get_by_role("heading", name="Today")).to_be_visible()
        page.evaluate(f"document.body.dataset.staleAfterMs = '{QUICK_MS}'")
        yield page


def test_a_hanging_register_makes_the_page_stale_until_it_answers_again(page: Page, part: Program) -> None:
    expect(page.get_by_text("everything has arrived")).to_have_count(0)  # there is no kiosk yet
    expect(page.get_by_text("nothing to decide")).to_be_visible()
    with hanging(part):
        banner = page.get_by_role("alert")
        expect(banner).to_contain_text("Not up to date since")
        expect(banner).to_contain_text("Marks may be missing: hold first-day calls.")
        expect(page.get_by_text("nothing to decide")).to_be_hidden()
        expect(page.locator(".cards .if-stale").first).to_contain_text("as of ")
    expect(banner).to_be_hidden()
    expect(page.get_by_text("nothing to decide")).to_be_visible()
    expect(page.locator(".cards .if-stale").first).to_be_hidden()


@pytest.mark.parametrize("path", ["/needs", "/kiosks"])
def test_every_live_page_shows_that_it_is_stale(page: Page, part: Program, path: str) -> None:
    page.goto(page.url.rstrip("/") + path)
    page.evaluate(f"document.body.dataset.staleAfterMs = '{QUICK_MS}'")
    with hanging(part):
        expect(page.get_by_role("alert")).to_contain_text("Not up to date since")
        expect(page.get_by_text("Nothing to decide.")).to_have_count(1 if path == "/needs" else 0)
        expect(page.locator(".if-fresh:visible")).to_have_count(0)


def test_a_page_that_gets_answers_stays_fresh_without_events(page: Page) -> None:
    with page.expect_response("**/today/live"), page.expect_response("**/today/live"):
        pass
    with page.expect_response("**/today/live"):
        pass
    expect(page.get_by_role("alert")).to_have_count(0)
