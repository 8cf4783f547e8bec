"""Releases with the real window and a real register: an adult who sits down, and a PIN that does not help."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chromium_page, log_in
from tests.e2e.hand import Hand, find, hand, wait_for_commit
from tests.e2e.running import until

SIZE = (1280, 800)
SEAT = "Thank you. Please take a seat; the office will call you."
MUST = "The office must release this pupil."
BARRED_FROM = "Jerome"
"""A pupil of the demo school with a contact who may not collect."""


def collect(hand: Hand, first: str, adult: str, relationship: str) -> None:
    """An adult asks to collect a pupil, up to the request."""
    hand.touch("Collecting a pupil")
    find(hand, first)
    hand.running.screen("name")
    hand.type(adult.upper())
    for answer in ("Next", relationship, "Medical appointment", "Not back today", "Letter"):
        hand.touch(answer)
    hand.running.screen("release")


def release(page: Page, hand: Hand, pupil: str) -> None:
    """The office releases a pupil on its page."""
    running = hand.running
    log_in(page, running.url, running.access.login, running.access.password)
    page.get_by_role("link", name="Leaving").click()
    page.get_by_role("button", name=f"Release {pupil}").click()
    expect(page.get_by_role("region", name="Out now")).to_contain_text(pupil)


@pytest.mark.timeout(300)
def test_an_adult_sits_down_while_others_use_the_kiosk_until_the_office_releases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand(tmp_path, monkeypatch, SIZE) as at_kiosk, chromium_page() as page:
        running = at_kiosk.running
        collect(at_kiosk, "Amelia", "Orla Kowalska", "Mother")
        at_kiosk.wait_for_text(SEAT)
        running.picture("14-take-a-seat")
        at_kiosk.touch("Done")
        running.tap("Leo Penhale")  # a late pupil is not held up
        at_kiosk.touch("Traffic")
        wait_for_commit(at_kiosk, "arrival")
        at_kiosk.touch("Done")
        running.picture("14-chip")
        at_kiosk.touch("Amelia K. is waiting")
        at_kiosk.wait_for_text("Please take a seat; the office will call you.")
        at_kiosk.touch("Done")
        release(page, at_kiosk, "Amelia Kowalska")
        at_kiosk.wait_for_text("Amelia is signed out")
        wait_for_commit(at_kiosk, "departure")
        kinds = until(lambda: found if len(found := [each.kind for each in running.entries()]) == 2 else None)
        assert kinds == ["arrival", "departure"]


@pytest.mark.timeout(300)
def test_no_pin_releases_to_a_contact_who_may_not_collect_also_when_the_link_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand(tmp_path, monkeypatch, SIZE) as at_kiosk:
        running = at_kiosk.running
        pupil = running.school.find_by_name(BARRED_FROM)
        barred = next(
            each for each in running.school.contacts if each.pupil == pupil.id and not each.may_collect
        )
        chip = f"{pupil.first} {pupil.last[0]}. is waiting"
        collect(at_kiosk, BARRED_FROM, barred.name, barred.relationship)
        at_kiosk.touch("Done")
        at_kiosk.touch(chip)
        at_kiosk.touch("Staff: release here with a PIN")
        at_kiosk.wait_for_text(MUST)
        running.picture("16-office-must-release")
        at_kiosk.touch("Done")
        running.register.stop()
        at_kiosk.touch(chip.replace(" is waiting", ": please ask a member of staff"))
        at_kiosk.touch("Staff: release here with a PIN")
        at_kiosk.wait_for_text(MUST)
        at_kiosk.touch("Done")
        assert running.times_shown("left") == running.times_shown("releaseyes") == 0
        assert not [line for line in running.kiosk.lines() if "kind=departure" in line]
