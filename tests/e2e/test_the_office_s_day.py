"""A morning with a browser in the office and a kiosk's window at reception.

No page is reloaded, and nothing is written to the register or the kiosk except by touches, cards and clicks.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser import chromium_page, log_in, log_out
from tests.e2e.hand import Hand, hand
from tests.e2e.running import PICTURES, Product

SIZE = (1280, 800)
OFFICER = "Jo Office (Attendance officer)"
NEARLY_TEN = "09:51"
"""After registers close; until 10:05 the first return time on offer is 10:15."""
COLLECTOR = "Orla Kowalska"


@dataclass
class Reception:
    """Actions of pupils and adults at the kiosk."""

    hand: Hand

    def arrive_late(self, name: str) -> None:
        """A pupil taps their card and says that they overslept."""
        running = self.hand.running
        asked, done = running.times_shown("reason"), running.times_shown("done")
        running.tap(name)
        running.screen("reason", asked + 1)
        self.hand.touch("Overslept")
        running.screen("done", done + 1)
        self.hand.touch("Done")

    def ask_for_amelia(self) -> None:
        """Her mother collects her for an appointment and shows the letter."""
        self.hand.touch("Collecting a pupil")
        self.hand.type("AME")
        self.hand.wait_for_text("AME")
        self.hand.touch("Amelia K.")
        self.hand.running.screen("name")
        self.hand.type(COLLECTOR.upper())
        for answer in ("Next", "Mother", "Medical appointment", "10:15", "Letter"):
            self.hand.touch(answer)
        self.hand.running.screen("release")


def log_in_with_a_code(page: Page, running: Product) -> None:
    """Set an authenticator app up at the first login; use its code at the second."""
    log_in(page, running.url, running.access.login, running.access.password)
    secret = page.locator(".key code").text_content()
    assert secret
    app = pyotp.TOTP(secret.replace(" ", ""))
    now = running.now()
    page.get_by_label("Six-digit code").fill(app.at(now))
    page.get_by_role("button", name="Confirm and log in").click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
    log_out(page)
    log_in(page, running.url, running.access.login, running.access.password)
    next_code = app.at(now + timedelta(seconds=app.interval))  # a code works once; phones' clocks differ
    page.get_by_label("Six-digit code").fill(next_code)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def amend(page: Page, code: str, reason: str, minutes: str = "") -> None:
    """Fill in the form below a mark."""
    form = page.get_by_role("region", name="Amend the mark")
    form.get_by_label("Code").select_option(code)
    form.get_by_label("Minutes late").fill(minutes)
    form.get_by_label("Reason", exact=True).fill(reason)
    form.get_by_role("button", name="Amend").click()
    expect(page.get_by_role("region", name="The mark", exact=True)).to_contain_text(reason)


def resolve_a_conflict(page: Page, running: Product, reception: Reception) -> None:
    """Leo was seen in class and then taps his card: the office's mark stands until a person decides."""
    leo = running.pupil_id("Leo Penhale")
    page.goto(f"{running.url}/mark?pupil={leo}&on=2026-11-24&half=AM")
    amend(page, "/", "seen in class")
    page.get_by_role("link", name="Needs a decision").click()
    expect(page.locator(".question")).to_have_count(0)
    reception.arrive_late("Leo Penhale")
    question = page.get_by_role("region", name="Leo Penhale, 10C")
    expect(question).to_contain_text("/ – Present in the morning")
    expect(question).to_contain_text(re.compile(r"U, \d+ min late · Overslept"))
    assert running.marks()[leo].code == "/"
    question.get_by_label("Reason", exact=True).fill("he was there")
    question.get_by_role("button", name="Keep /").click()
    decided = page.get_by_role("region", name="Decided today")
    expect(decided).to_contain_text(f"Decided today by {OFFICER}")
    expect(page.locator(".question")).to_have_count(0)
    assert running.marks()[leo].code == "/"


def amend_with_history(page: Page, running: Product, reception: Reception) -> None:
    """Yusuf's bus broke down: the kiosk's mark is kept beside the office's."""
    page.get_by_role("link", name="Today", exact=True).click()
    reception.arrive_late("Yusuf Awan")
    page.get_by_role("link", name=re.compile(r"^Yusuf A")).click()
    expect(page.get_by_role("heading", name="Yusuf Awan, 8A")).to_be_visible()
    amend(page, "L", "his bus broke down", "25")
    page.get_by_role("link", name="Changes").click()
    row = page.get_by_role("row").filter(has_text="his bus broke down")
    cells = row.get_by_role("cell")
    expect(row.get_by_role("rowheader")).to_contain_text("Yusuf Awan")
    expect(cells.nth(1)).to_have_text(re.compile(r"^U, \d+ min$"))  # original
    expect(cells.nth(2)).to_have_text("L, 25 min")
    expect(cells.nth(4)).to_have_text(OFFICER)
    expect(cells.nth(5)).to_contain_text("Tuesday 24 November 2026, ")
    mark = running.marks()[running.pupil_id("Yusuf Awan")]
    assert (mark.code, mark.minutes_late) == ("L", 25)


def release_amelia(page: Page, running: Product, reception: Reception) -> None:
    """Amelia's mother waits at reception until the office releases Amelia."""
    page.get_by_role("link", name="Leaving").click()
    expect(page.get_by_text("No one is waiting to leave.", exact=True)).to_be_visible()
    reception.ask_for_amelia()
    card = page.get_by_role("region", name="Amelia Kowalska, 7B")
    expect(card).to_contain_text(re.compile(rf"{COLLECTOR} says\s*mother"))
    expect(card).to_contain_text(re.compile(r"The family’s list says\s*mother, may collect", re.IGNORECASE))
    expect(card).to_contain_text("letter")
    running.picture("5-waiting")
    page.screenshot(path=PICTURES / "office-leaving.png")
    assert running.times_shown("left") == 0
    card.get_by_role("button", name="Release Amelia Kowalska").click()
    running.screen("left")
    running.picture("6-signed-out")
    out = page.get_by_role("region", name="Out now").get_by_role("row").filter(has_text="Amelia K")
    for words in ("7B", f"{COLLECTOR} (mother)", "Medical", "10:15", "Jo Office"):
        expect(out).to_contain_text(words)
    expect(out).not_to_contain_text("the sign-out has not come")


def print_the_evacuation_list(page: Page, paper: Path) -> None:
    """The paper has no buttons, and marks who is not on site."""
    page.get_by_role("link", name="On site now").click()
    page.get_by_role("link", name="Evacuation list").click()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    line = page.get_by_role("listitem").filter(has_text="Kowalska, Amelia")
    expect(line.filter(has_text="NOT ON SITE")).to_be_visible()
    expect(page.get_by_text("NOT ON SITE")).to_have_count(1)
    assert page.pdf(path=paper, format="A4").startswith(b"%PDF")


@pytest.mark.timeout(300)  # four processes and a browser, on a machine that may be busy
def test_a_morning_in_the_office_with_a_kiosk_at_reception(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        hand(tmp_path, monkeypatch, SIZE, at=NEARLY_TEN, totp=True) as finger,
        chromium_page() as page,
    ):
        running, reception = finger.running, Reception(finger)
        PICTURES.mkdir(parents=True, exist_ok=True)
        log_in_with_a_code(page, running)
        resolve_a_conflict(page, running, reception)
        amend_with_history(page, running, reception)
        release_amelia(page, running, reception)
        print_the_evacuation_list(page, PICTURES / "evacuation-list.pdf")
        entry = running.entries()[-1]
        assert (entry.kind, entry.pupil) == ("departure", running.pupil_id("Amelia"))
        departure = json.loads(entry.raw)["departure"]
        assert (departure["collector"], departure["released_by"]) == (COLLECTOR, "Jo Office")
        assert datetime.fromisoformat(departure["released_at"]) <= entry.at
