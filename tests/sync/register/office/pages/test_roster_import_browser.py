"""Importing a roster and finding pupils, in a real Chromium."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sync.register.permissions import Role
from sync.register.roster import uploads
from sync.register.storage.models import StaffRow
from tests.sync.register.roster.support import upn
from tests.sync.register.support import LOGIN, Running

PUPILS = 12_000
HEADING = "Adm No,UPN,Surname,Forename,NC Year,Reg Group\n"


@pytest.fixture
def senior(page: Page, register: Running) -> Page:
    with register.database.write() as session:
        session.get_one(StaffRow, LOGIN).role = Role.SENIOR.value
    return page


def file_of(folder: Path, number: int) -> Path:
    file = folder / f"{number}.csv"
    rows = (f"{n:05d},{upn(n)},Bell{n},Ida,7,7B\n" for n in range(1, number + 1))
    file.write_text(HEADING + "".join(rows))
    return file


def test_a_large_roster_is_uploaded_previewed_and_applied(
    senior: Page, register: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "STEPS", 10_000)  # so that the progress is visible on any machine
    values: list[int] = []
    senior.on(
        "response",
        lambda answer: (
            values.extend(map(int, re.findall(r'max="\d+" value="(\d+)"', answer.text())))
            if answer.url.endswith("/progress")
            else None
        ),
    )
    senior.goto(register.url + "/pupils")
    senior.get_by_role("link", name="Import a roster").click()
    senior.get_by_label("File, or the files of one export").set_input_files(file_of(tmp_path, PUPILS))
    senior.get_by_role("button", name="Upload").click()
    expect(senior.get_by_role("heading", name="Is this right?")).to_be_visible()
    assert values == sorted(values)
    assert values, "the bar was asked for"
    expect(senior.get_by_text("6 → 12000 pupils, 6 gone")).to_be_visible()
    senior.get_by_role("button", name="Apply these changes").click()
    expect(senior.get_by_role("heading", name="Is this right?")).to_be_visible()  # the tick is required
    senior.get_by_label("yes, this is right").check()
    senior.get_by_role("button", name="Apply these changes").click()
    expect(senior.get_by_text("Done: 12,000 new, 0 changed, 6 gone")).to_be_visible()


def test_pupils_are_found_while_typing_with_the_keyboard_alone(senior: Page, register: Running) -> None:
    senior.get_by_role("link", name="Find a pupil").click()
    expect(senior.get_by_label("Find a pupil")).to_be_focused()
    senior.evaluate("document.body.dataset.before = 'yes'")
    senior.keyboard.type("wojc")
    expect(senior.get_by_role("heading", name="1 pupil")).to_be_visible()
    expect(senior.get_by_role("row").filter(has_text="Wójcik, Maja")).to_be_visible()
    expect(senior.get_by_label("Find a pupil")).to_be_focused()
    assert senior.evaluate("document.body.dataset.before") == "yes"
    for _ in range(6):  # year, form, the tick box, the button and the export come before the first pupil
        senior.keyboard.press("Tab")
    expect(senior.get_by_role("link", name="Wójcik, Maja")).to_be_focused()
    with senior.expect_navigation():
        senior.keyboard.press("Enter")
    expect(senior.get_by_role("heading", name="Maja Wójcik")).to_be_visible()
    senior.get_by_text("Add a person").focus()
    senior.keyboard.press("Enter")
    for text in ("Uncle Zed", "uncle"):
        senior.keyboard.press("Tab")
        senior.keyboard.type(text)
    senior.keyboard.press("Enter")
    expect(senior.get_by_role("listitem").filter(has_text="Uncle Zed")).to_contain_text("may collect")


@pytest.mark.parametrize("width", [1440, 390])
def test_no_page_is_wider_than_its_window(senior: Page, register: Running, width: int) -> None:
    senior.set_viewport_size({"width": width, "height": 844})
    for path in ("/pupils", "/pupil?id=P1", "/roster", "/settings"):
        senior.goto(register.url + path)
        assert senior.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
