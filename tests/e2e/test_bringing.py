"""An adult brings two late children: a real window, real touches, a real register and its page."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import chromium_page, log_in
from tests.e2e.hand import Hand, find, hand
from tests.e2e.running import until

CHILDREN = ("Amelia", "Niamh")
ADULT = "Ruth Okane"


def bring(walking: Hand) -> None:
    """Sign in the children with the adult’s name and one reason."""
    walking.touch("I’m bringing a child")
    walking.running.screen("name")
    walking.type(ADULT.upper())
    walking.touch("Next")
    for number, child in enumerate(CHILDREN, 1):
        walking.running.screen("find", times=number)
        find(walking, child)
        walking.running.screen("bring", times=number)
        if number < len(CHILDREN):
            walking.touch("Add another child")
    walking.touch("Traffic")
    walking.touch(f"Sign in {len(CHILDREN)} children")
    walking.running.screen("brought")
    walking.wait_for_text(f"Brought by {ADULT}")
    walking.touch("Done")


@pytest.mark.timeout(300)
def test_an_adult_signs_in_two_children_and_the_office_sees_who_brought_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand(tmp_path, monkeypatch, (800, 480)) as walking, chromium_page() as page:
        running = walking.running
        touched = datetime.now().astimezone()
        bring(walking)
        until(lambda: len(running.entries()) == len(CHILDREN))
        entries = running.entries()
        assert {entry.pupil for entry in entries} == {running.pupil_id(name) for name in CHILDREN}
        assert {(entry.kind, entry.reason) for entry in entries} == {("arrival", "traffic")}
        (instant,) = {entry.at for entry in entries}
        assert abs(instant - running.ahead - touched) < timedelta(seconds=5)
        log_in(page, running.url, running.access.login, running.access.password)
        rows = page.get_by_role("row").filter(has_text=f"brought by {ADULT}")
        expect(rows).to_have_count(len(CHILDREN))
