"""A real Chromium for the office page."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

PATIENCE_MS = 60_000
"""Time limit for a busy machine; a wait ends as soon as its condition holds."""

SIZE = ViewportSize(width=1440, height=900)

expect.set_options(timeout=PATIENCE_MS)

_QUIET = [
    "--no-sandbox",  # the tests may run as root in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages of one context share a renderer process, whose start costs more than most tests do in it.
    "--renderer-process-limit=1",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium with an empty profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_QUIET)
        try:
            yield browser
        finally:
            browser.close()


def new_context(browser: Browser) -> BrowserContext:
    """A browser context without cookies, storage or cache of another one."""
    return browser.new_context(viewport=SIZE)


@contextmanager
def page_of(browser: Browser, only: str | None = None) -> Iterator[Page]:
    """A page of a new browser context; fails if the page broke its own content policy or requested an address
    that does not begin with `only`."""
    with new_context(browser) as context, tab_of(context, only) as page:
        yield page


@contextmanager
def tab_of(context: BrowserContext, only: str | None = None) -> Iterator[Page]:
    """A new page of an open browser context; fails as `page_of` does."""
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
    page.on(
        "request",
        lambda request: complaints.append(request.url) if is_foreign(request.url, only) else None,
    )
    try:
        yield page
    finally:
        page.close()
    assert complaints == [], complaints


def is_foreign(url: str, only: str | None) -> bool:
    return only is not None and not url.startswith(only)


@contextmanager
def chromium_page() -> Iterator[Page]:
    """One page in its own browser; fails if it broke its own content policy."""
    with chromium() as browser, page_of(browser) as page:
        yield page


def log_in(page: Page, url: str, login: str, password: str) -> None:
    page.goto(url)
    page.get_by_label("User name").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def log_out(page: Page) -> None:
    """Log out, and wait for the login page: another navigation before that would interrupt this one."""
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
