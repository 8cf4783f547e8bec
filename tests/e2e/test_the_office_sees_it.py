"""What happens at the kiosk appears on the office page, in a real browser that is never reloaded."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser import chromium_page, log_in
from tests.e2e.proxy import losing_proxy
from tests.e2e.running import PICTURES, product

FIRST_REASON = (0.37, 0.315)


def test_a_mark_that_waits_on_the_kiosk_and_its_arrival_are_seen_without_reloading(tmp_path: Path) -> None:
    with (
        losing_proxy() as proxy,
        product(tmp_path, at="09:07", through=proxy.between) as running,
        chromium_page() as page,
    ):
        log_in(page, running.url, running.access.login, running.access.password)
        expect(page.get_by_role("heading", name="Today")).to_be_visible()
        expect(page.get_by_text("Hold first-day calls")).to_have_count(0)
        page.evaluate("window.neverReloaded = true")
        proxy.entries_unavailable = True
        running.tap("Amelia")
        running.screen("reason")
        running.touch(*FIRST_REASON)
        expect(page.get_by_text("1 sign-in waiting on Main reception")).to_be_visible()
        expect(page.get_by_text("Hold first-day calls")).to_be_visible()
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / "office-waiting.png")
        proxy.entries_unavailable = False
        row = page.get_by_role("row").filter(has_text="Amelia K.")
        expect(row).to_be_visible()
        for words in ("7B", "L", "22 min", "Overslept", "in the register"):
            expect(row).to_contain_text(words)
        expect(page.get_by_text("Hold first-day calls")).to_have_count(0)
        assert page.evaluate("window.neverReloaded") is True
        page.screenshot(path=PICTURES / "office-today.png")
