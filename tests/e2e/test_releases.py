"""Releases with the real window, real touches, a real register and a real office page: an adult whose claim
differs from the family's list, or who may not collect; and a PIN that does not help."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import chromium_page, log_in
from tests.e2e.hand import Hand, find, hand, wait_for_commit
from tests.e2e.running import PICTURES, until

SIZE = (1280, 800)
SEAT = "Thank you. Please take a seat; the office will call you."
MUST = "The office must release this pupil."
BARRED_FROM = "Jerome"
"""A pupil of the demo school with a contact who may not collect."""
RANG = "Rang the family on a number we hold; they agreed"


def collect(hand: Hand, first: str, adult: str, relationship: str) -> None:
    """An adult asks to collect a pupil, up to the request."""
    before = hand.running.times_shown("name"), hand.running.times_shown("release")
    hand.touch("Collecting a pupil")
    find(hand, first)
    hand.running.screen("name", times=before[0] + 1)
    hand.type(adult.upper())
    for answer in ("Next", relationship, "Medical appointment", "Not back today", "Letter"):
        hand.touch(answer)
    hand.running.screen("release", times=before[1] + 1)


def card_on_today(page: Page, pupil: str) -> Locator:
    """The waiting request on Today: amber, with two outlined buttons, and in need of an answer."""
    page.get_by_role("link", name="Today", exact=True).click()
    card = page.get_by_role("region", name=re.compile(f"^{pupil}, .*is waiting$"))
    expect(card).to_have_class(re.compile(r"\blate\b"))
    for button in (
        card.get_by_role("button", name="Release"),
        card.get_by_role("link", name="Do not release"),
    ):
        expect(button).to_have_class(re.compile(r"\boutlined\b"))
        expect(button).to_be_enabled()
    assert "circle-check" not in card.inner_html()
    return card


def release_with_an_answer(page: Page, card: Locator, screenshot: str) -> None:
    """Release does nothing without an answer to “How do you know?”; the user reads what will be kept."""
    release, known = card.get_by_role("button", name="Release"), card.get_by_label("How do you know?")
    release.click()
    expect(known).to_be_focused()
    assert known.evaluate("field => !field.validity.valid")
    known.select_option(label=RANG)
    expect(card.get_by_text("Kept:")).to_contain_text(f"How the office knew: {RANG}.")
    page.screenshot(path=PICTURES / f"office-{screenshot}.png")
    release.click()
    expect(card).to_have_count(0)


def claim_is_shown_everywhere(page: Page, *words: str) -> None:
    """Every page says what was claimed, how it differed and how the office knew."""
    for place in ("Today", "Leaving"):
        page.get_by_role("link", name=place, exact=place == "Today").first.click()
        for each in words:
            expect(page.get_by_text(re.compile(each)).first).to_be_visible()
    page.get_by_role("link", name="Today", exact=True).click()
    page.get_by_role("link", name="Amelia K.").click()
    for each in words:
        expect(page.get_by_text(re.compile(each)).first).to_be_visible()
    page.get_by_role("link", name="The pupil's record").click()
    left = page.get_by_role("region", name="Signed out")
    for each in words:
        expect(left).to_contain_text(re.compile(each))


@pytest.mark.timeout(300)
def test_an_adult_whose_claim_differs_sits_down_until_the_office_says_how_it_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand(tmp_path, monkeypatch, SIZE) as at_kiosk, chromium_page() as page:
        running = at_kiosk.running
        PICTURES.mkdir(parents=True, exist_ok=True)
        collect(at_kiosk, "Amelia", "Orla Kowalska", "Father")  # the family's list says mother
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
        log_in(page, running.url, running.access.login, running.access.password)
        card = card_on_today(page, "Amelia Kowalska")
        expect(card).to_contain_text("Orla Kowalska says: father. The family’s list says: Mother.")
        release_with_an_answer(page, card, "claim-differs")
        at_kiosk.wait_for_text("Amelia is signed out")
        wait_for_commit(at_kiosk, "departure")
        kinds = until(lambda: found if len(found := [each.kind for each in running.entries()]) == 2 else None)
        assert kinds == ["arrival", "departure"]
        claim_is_shown_everywhere(
            page, r"Orla Kowalska \(father\)", "Orla Kowalska \\(Mother\\)", re.escape(RANG)
        )
        at_kiosk.touch("Done")
        collect(at_kiosk, "Niamh", "Gethin Morgen", "Father")  # the list has Gethin Morgan
        card = card_on_today(page, "Niamh Morgan")
        expect(card).to_contain_text("The family’s list says: Gethin Morgan (Father), a similar name.")
        page.screenshot(path=PICTURES / "office-near-name.png")
        card.get_by_role("link", name="Do not release").click()
        page.get_by_text("Do not release Niamh Morgan").click()
        page.get_by_label("Why not?").fill("could not reach the family")
        page.get_by_role("button", name="Refuse", exact=True).click()
        at_kiosk.wait_for_text("Please speak to the office")


@pytest.mark.timeout(300)
def test_no_pin_releases_to_a_contact_who_may_not_collect_nor_to_one_who_shares_a_name_with_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand(tmp_path, monkeypatch, SIZE) as at_kiosk, chromium_page() as page:
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
        shown = " ".join(at_kiosk.texts())
        assert not re.search("may not|list|court|barred", shown, re.IGNORECASE), shown
        at_kiosk.touch("Done")

        log_in(page, running.url, running.access.login, running.access.password)
        name_shared_with_one_who_may_not(page, running.url, running.pupil_id("Amelia"))
        collect(at_kiosk, "Amelia", "Alfie Kowalska", "Father")
        at_kiosk.touch("Done")
        at_kiosk.touch("2 waiting")
        at_kiosk.touch_first("Amelia K. is waiting")
        at_kiosk.touch("Staff: release here with a PIN")
        at_kiosk.wait_for_text(MUST)
        at_kiosk.touch("Done")
        card = card_on_today(page, "Amelia Kowalska")
        expect(card).to_contain_text("Alfie Kowalska (Uncle), may NOT collect")
        release_with_an_answer(page, card, "shared-name")
        at_kiosk.wait_for_text("Amelia is signed out")
        wait_for_commit(at_kiosk, "departure")
        at_kiosk.touch("Done")

        left = running.times_shown("left")
        running.register.stop()
        at_kiosk.touch(chip.replace(" is waiting", ": please ask a member of staff"))
        at_kiosk.touch("Staff: release here with a PIN")
        at_kiosk.wait_for_text(MUST)
        at_kiosk.touch("Done")
        assert (running.times_shown("left"), running.times_shown("releaseyes")) == (left, 0)
        assert len([line for line in running.kiosk.lines() if "kind=departure" in line]) == 1


def name_shared_with_one_who_may_not(page: Page, url: str, pupil: str) -> None:
    """The office adds a contact of the same name as the father, who may not collect."""
    page.goto(f"{url}/pupil?id={pupil}")
    page.get_by_text("Add a person").click()
    form = page.locator('form[action="/pupil/contacts"]')
    form.get_by_label("Name").fill("Alfie Kowalska")
    form.get_by_label("Relationship").fill("Uncle")
    form.get_by_label("Collecting").select_option(label="may NOT collect")
    form.get_by_role("button", name="Add").click()
    expect(page.get_by_text("may NOT collect").first).to_be_visible()
