"""“My name isn’t here”, in the product's own window, with a real register and a real office page."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import chromium_page, log_in
from tests.e2e.hand import Hand, hand
from tests.e2e.running import PICTURES, until


def a_kiosk_that_dies_keeps_a_confirmed_name(pupil: Hand) -> None:
    """Sam has confirmed the name and is asked for the form when the kiosk is killed."""
    running = pupil.running
    before = running.now()
    pupil.touch("I’m late")
    running.screen("find")
    first_touch = running.now()
    pupil.touch("My name isn’t here")
    running.screen("unlisted")
    pupil.type("SAM HALE")
    pupil.touch("Next")
    until(lambda: len(running.taps_on_disk()) == 1)
    running.kiosk.kill()
    lines = len(running.kiosk.lines())
    running.kiosk.start()
    running.kiosk.wait_for("entry.settled", after=lines)
    (entry,) = until(running.entries)
    sent = json.loads(entry.raw)
    assert (sent["kind"], sent["unlisted"]["name"], sent["reason"]) == ("arrival", "Sam Hale", None)
    assert before <= entry.at <= first_touch
    assert running.taps_on_disk() == []
    running.screen("home", times=2)


def test_a_pupil_who_is_not_listed_gets_the_rules_mark_once_the_office_finds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand(tmp_path, monkeypatch, (800, 480)) as pupil, chromium_page() as page:
        running = pupil.running
        a_kiosk_that_dies_keeps_a_confirmed_name(pupil)
        before = running.now()
        pupil.touch("I’m late")
        running.screen("find", times=2)
        first_touch = running.now()
        pupil.type("A")
        pupil.touch("My name isn’t here")
        running.screen("unlisted", times=2)
        pupil.type("JAMIE NOLAN")
        pupil.touch("Next")
        pupil.type("7B")
        pupil.touch("Next")
        running.screen("reason")
        pupil.touch("Traffic")
        running.screen("done")
        pupil.wait_for_text("The office will find your name on its list.")
        _kept, entry = until(lambda: found if len(found := running.entries()) == 2 else None)
        assert entry.status == "review"
        assert before <= entry.at <= first_touch
        assert running.marks() == {}

        log_in(page, running.url, running.access.login, running.access.password)
        page.goto(f"{running.url}/needs")
        expect(page.get_by_role("heading", name="Jamie Nolan, 7B")).to_be_visible()
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / "office-not-listed.png")
        amelia = running.pupil_id("Amelia")
        item = page.get_by_role("region", name="Jamie Nolan, 7B")
        item.get_by_label("Pupil").fill(amelia)
        item.get_by_label("Reason", exact=True).fill("registered as Amelia")
        item.get_by_role("button", name="Assign to this pupil").click()
        expect(page.get_by_text("assigned to a pupil: registered as Amelia")).to_be_visible()
        mark = until(running.marks)[amelia]
        assert (mark.code, mark.source) == ("L", "person")
