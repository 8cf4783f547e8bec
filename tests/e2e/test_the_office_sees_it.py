"""What happens at the kiosk appears on the office page, in a real browser that is never reloaded."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser import chromium_page, log_in
from tests.e2e.proxy import losing_proxy
from tests.e2e.running import PICTURES, product

FIRST_REASON = (0.18, 0.36)


def test_a_tap_becomes_a_row_on_the_office_page_without_reloading(tmp_path: Path) -> None:
    with product(tmp_path, at="09:07") as running, chromium_page() as page:
        log_in(page, running.url, running.seeded.login, running.seeded.password)
        expect(page.get_by_role("heading", name="Today")).to_be_visible()
        page.evaluate("window.neverReloaded = true")
        running.tap("Amelia")
        running.screen("reason")
        running.touch(*FIRST_REASON)
        row = page.get_by_role("row").filter(has_text="Amelia K.")
        expect(row).to_be_visible()
        for words in ("7B", "L", "22 min", "Overslept", "in the register"):
            expect(row).to_contain_text(words)
        assert page.evaluate("window.neverReloaded") is True
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / "office-today.png")


def test_the_office_sees_that_a_mark_waits_on_the_kiosk_and_then_that_it_arrives(tmp_path: Path) -> None:
    with (
        losing_proxy() as proxy,
        product(tmp_path, at="09:07", through=proxy.between) as running,
        chromium_page() as page,
    ):
        log_in(page, running.url, running.seeded.login, running.seeded.password)
        expect(page.get_by_text("Hold first-day calls")).to_have_count(0)
        proxy.entries_unavailable = True
        running.tap("Amelia")
        running.screen("reason")
        running.touch(*FIRST_REASON)
        expect(page.get_by_text("1 sign-in waiting on Main reception")).to_be_visible()
        expect(page.get_by_text("Hold first-day calls")).to_be_visible()
        page.screenshot(path=PICTURES / "office-waiting.png")
        proxy.entries_unavailable = False
        expect(page.get_by_role("row").filter(has_text="Amelia K.")).to_be_visible()
        expect(page.get_by_text("Hold first-day calls")).to_have_count(0)
