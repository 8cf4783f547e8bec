"""“My name isn’t here”, in the product's own window, with a real register and a real office page."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import chromium_page, log_in
from tests.e2e.hand import hand
from tests.e2e.running import PICTURES, until


def test_a_pupil_who_is_not_listed_gets_the_rules_mark_once_the_office_finds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand(tmp_path, monkeypatch, (800, 480)) as pupil, chromium_page() as page:
        running = pupil.running
        before = running.now()
        pupil.touch("I’m late")
        running.screen("find")
        first_touch = running.now()
        pupil.type("A")
        pupil.touch("My name isn’t here")
        running.screen("unlisted")
        pupil.type("JAMIE NOLAN")
        pupil.touch("Next")
        pupil.type("7B")
        pupil.touch("Next")
        running.screen("reason")
        pupil.touch("Traffic")
        running.screen("done")
        pupil.wait_for_text("The office will find your name on its list.")
        (entry,) = until(running.entries)
        assert entry.status == "review"
        assert before <= entry.at <= first_touch
        assert running.marks() == {}

        log_in(page, running.url, running.access.login, running.access.password)
        page.goto(f"{running.url}/needs")
        expect(page.get_by_role("heading", name="Jamie Nolan, 7B")).to_be_visible()
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / "office-not-listed.png")
        amelia = running.pupil_id("Amelia")
        page.get_by_label("Pupil").fill(amelia)
        page.get_by_label("Reason").fill("registered as Amelia")
        page.get_by_role("button", name="Assign to this pupil").click()
        expect(page.get_by_text("assigned to a pupil: registered as Amelia")).to_be_visible()
        mark = until(running.marks)[amelia]
        assert (mark.code, mark.source) == ("L", "person")
