"""A roster that has shrunk: what the kiosks hold back becomes one work item."""

from typing import Any

import httpx
import pytest

from sync.register import audit
from sync.register.storage.models import AuditRow, SchoolRow
from sync.register.worklist.resolve import Choice, OfficeDecision, resolve
from tests.sync.register.api.test_entries import work
from tests.sync.register.office.pages.test_needs import Press, browser, press  # noqa: F401  fixtures
from tests.sync.register.support import Kiosk, Running, heartbeat
from tests.sync.register.worklist.test_resolve import OFFICER, item_of

HELD = {"version": "v2", "pupils": 300, "before": 600}
ASKED = [("roster", {"pupils": 300, "before": 600})]


def says(kiosk: Kiosk, held: dict[str, Any] | None = None) -> str:
    answer = kiosk.post("/heartbeat", heartbeat(held_back=held))
    assert answer.status_code == 200, answer.text
    version: str = answer.json()["bundle_version"]
    return version


def agreed(register: Running) -> int | None:
    with register.database.read() as session:
        return session.get_one(SchoolRow, "oak-lane").agreed_pupils


def decide(register: Running, choice: Choice) -> None:
    item = item_of(register, "roster")
    with register.database.write() as session:
        resolve(session, item, OfficeDecision(choice), OFFICER, reason="asked the head", now=register.clock())


def test_the_office_is_asked_once_however_many_kiosks_and_versions_there_are(
    register: Running, kiosk: Kiosk
) -> None:
    second = register.enrol("Infants")
    for _ in range(2):
        says(kiosk, HELD)
        says(second, HELD | {"version": "v3"})
    assert work(register) == ASKED


def test_agreement_reaches_the_kiosks_with_a_new_bundle_and_is_recorded(
    register: Running, kiosk: Kiosk
) -> None:
    before = says(kiosk, HELD)
    decide(register, Choice.AGREE)
    assert agreed(register) == 300
    after = says(kiosk, HELD)
    assert after != before
    assert kiosk.get("/bundle").json()["agreed_pupils"] == 300
    assert work(register) == []
    with register.database.read() as session:
        assert [row.action for row in session.query(AuditRow) if row.action == "resolution"] == ["resolution"]


def test_refusal_keeps_the_old_roster_and_the_same_numbers_are_not_asked_again(
    register: Running, kiosk: Kiosk
) -> None:
    says(kiosk, HELD)
    decide(register, Choice.DISAGREE)
    says(kiosk)
    says(kiosk, HELD | {"version": "v3"})
    assert (agreed(register), work(register)) == (None, [])
    says(kiosk, HELD | {"pupils": 200})
    assert work(register) == [("roster", {"pupils": 200, "before": 600})]


def test_the_same_numbers_are_asked_again_once_after_another_import(register: Running, kiosk: Kiosk) -> None:
    imported(register)
    says(kiosk, HELD)
    decide(register, Choice.DISAGREE)
    register.clock.forward(minutes=1)
    says(kiosk, HELD | {"version": "v3"})
    assert work(register) == []
    imported(register)
    says(kiosk, HELD | {"version": "v4"})
    says(kiosk, HELD | {"version": "v5"})
    assert work(register) == ASKED


def imported(register: Running) -> None:
    with register.database.write() as session:
        audit.note(session, OFFICER, audit.Action.ROSTER_IMPORT, now=register.clock())


def test_other_numbers_replace_the_earlier_ones(register: Running, kiosk: Kiosk) -> None:
    says(kiosk, HELD)
    says(kiosk, HELD | {"pupils": 250})
    assert work(register) == [("roster", {"pupils": 250, "before": 600})]


def test_the_item_settles_once_no_kiosk_holds_a_roster_back(register: Running, kiosk: Kiosk) -> None:
    second = register.enrol("Infants")
    says(kiosk, HELD)
    says(second, HELD)
    says(kiosk)
    assert work(register) == ASKED
    says(second)
    assert work(register) == []


@pytest.mark.parametrize(
    ("label", "number"), [("Yes, use the new roster", 300), ("No, keep the old roster", None)]
)
def test_the_page_shows_both_numbers_and_asks(
    register: Running,
    kiosk: Kiosk,
    browser: httpx.Client,  # noqa: F811
    press: Press,  # noqa: F811
    *,
    label: str,
    number: int | None,
) -> None:
    says(kiosk, HELD)
    text = browser.get("/needs").text
    assert "has 300 pupils now and had 600" in text
    assert "300 pupils now and had 600" in browser.get("/").text
    after = press(label, reason="the sixth form has left")
    assert after.status_code == 200
    assert agreed(register) == number
    assert work(register) == []
    assert "the sixth form has left" in browser.get("/needs").text
