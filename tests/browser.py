"""A real Chromium for the office page."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect, sync_playwright

PATIENCE_MS = 60_000
"""How long a busy machine may take; nothing waits longer than it has to."""

expect.set_options(timeout=PATIENCE_MS)

_QUIET = [
    "--no-sandbox",  # the tests may run as root in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, with nothing kept from before."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_QUIET)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def chromium_page(width: int = 1440, height: int = 900) -> Iterator[Page]:
    """One page of a browser of its own."""
    with chromium() as browser:
        yield browser.new_page(viewport={"width": width, "height": height})


@contextmanager
def minding_its_policy(page: Page, only: str | None = None) -> Iterator[None]:
    """Fails if the page broke its own policy or asked for an address beyond `only`."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Policy" in said.text else None)
    if only is not None:
        page.on("request", lambda asked: None if asked.url.startswith(only) else complaints.append(asked.url))
    yield
    assert complaints == []


def log_in(page: Page, url: str, login: str, password: str) -> None:
    page.goto(url)
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def log_out(page: Page) -> None:
    """Log out, and wait for the page that follows: to go on sooner would interrupt the way there."""
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
