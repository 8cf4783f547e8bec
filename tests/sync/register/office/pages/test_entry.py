"""The pages of one entry and one mark: their content, amending and undoing."""

import re
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from sync.register.storage.models import AuditRow
from tests.sync.register.api.test_entries import marks
from tests.sync.register.departures.test_whereabouts import leaves
from tests.sync.register.support import Kiosk, Running, entry


def hidden(text: str) -> dict[str, str]:
    """A page's hidden fields; for a name in several forms, the value in the first."""
    found: dict[str, str] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text):
        found.setdefault(name, value)
    return found


@pytest.fixture
def sent(kiosk: Kiosk) -> dict[str, Any]:
    it = entry(note="via the side gate", decision={"paragraph": "Punctuality, p. 9"})
    kiosk.send(it)
    return it


def test_an_entry_shows_what_the_kiosk_sent_and_what_the_rule_decided(
    office: httpx.Client, sent: dict[str, Any]
) -> None:
    text = office.get(f"/entries/{sent['id']}").text
    for words in (
        "Amelia Kaur, 7B",
        "Tuesday 24 November 2026, 09:07:42",
        "Main reception, its entry 1",
        "via the side gate",
        "opens 08:45, late from 08:45, closes 09:15, U from 09:15",
        "Punctuality, p. 9",
        "oak-lane, version abc123",
        "not possible:",
        "L, 22 min",
        "arrival at a kiosk",
        "Main reception (kiosk)",
    ):
        assert words in text


def test_an_entry_names_the_adult_who_brought_the_pupil(office: httpx.Client, kiosk: Kiosk) -> None:
    brought, alone = entry(brought_by="Ruth Okafor"), entry(2, pupil="P2")
    kiosk.send(brought, alone)
    text = office.get(f"/entries/{brought['id']}").text
    assert "<dt>Brought by</dt><dd>Ruth Okafor</dd>" in text
    assert "Brought by" not in office.get(f"/entries/{alone['id']}").text


def test_an_entry_shows_the_late_bus_only_if_there_was_one(
    office: httpx.Client, kiosk: Kiosk, sent: dict[str, Any]
) -> None:
    by_bus = entry(2, pupil="P2", reason="school-transport", route="Bus 27")
    kiosk.send(by_bus)
    assert "<dt>Late bus</dt><dd>Bus 27</dd>" in office.get(f"/entries/{by_bus['id']}").text
    assert "Late bus" not in office.get(f"/entries/{sent['id']}").text


def test_viewing_an_entry_is_audited(office: httpx.Client, register: Running, sent: dict[str, Any]) -> None:
    office.get(f"/entries/{sent['id']}")
    office.get("/mark", params={"pupil": "P1", "on": "2026-11-24", "half": "AM"})
    with register.database.read() as session:
        looks = session.scalars(select(AuditRow).where(AuditRow.action == "pupil's record seen")).all()
    assert [look.subject for look in looks] == ["P1", "P1"]


def test_a_mark_is_amended_on_the_entrys_page_which_shows_its_history(
    office: httpx.Client, register: Running, sent: dict[str, Any]
) -> None:
    page = office.get(f"/entries/{sent['id']}")
    data = {**hidden(page.text), "code": "U", "minutes": "46", "reason": "the clock was an hour slow"}
    text = office.post("/mark", data=data).text
    assert marks(register) == [("P1", "U", 46, "person")]
    assert "U, 46 min" in text
    assert "the clock was an hour slow" in text
    assert "J. Office (Attendance officer)" in text


def test_an_outdated_form_changes_nothing_and_keeps_the_input(
    office: httpx.Client, register: Running, sent: dict[str, Any]
) -> None:
    old = hidden(office.get(f"/entries/{sent['id']}").text)
    assert office.post("/mark", data={**old, "code": "M", "reason": "dentist"}).status_code == 200
    answer = office.post("/mark", data={**old, "code": "/", "reason": "seen in class"})
    assert answer.status_code == 409
    assert "has changed this mark since it was shown to you, and it is M now" in answer.text
    assert 'value="seen in class"' in answer.text
    assert [mark[1] for mark in marks(register)] == ["M"]
    again = office.post("/mark", data={**hidden(answer.text), "code": "/", "reason": "seen in class"})
    assert again.status_code == 200
    assert [mark[1] for mark in marks(register)] == ["/"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"code": "", "reason": "x"}, "Choose a code."),
        ({"code": "M", "reason": " "}, "A reason is needed"),
        ({"code": "M", "minutes": "3", "reason": "x"}, "Minutes late belong to L and U"),
    ],
)
def test_a_missing_field_is_named(
    office: httpx.Client, sent: dict[str, Any], typed: dict[str, str], words: str
) -> None:
    data = {**hidden(office.get(f"/entries/{sent['id']}").text), **typed}
    answer = office.post("/mark", data=data)
    assert answer.status_code == 409
    assert words in answer.text


def test_an_empty_mark_is_set_without_an_entry(office: httpx.Client, register: Running) -> None:
    place = {"pupil": "P3", "on": "2026-11-24", "half": "PM"}
    page = office.get("/mark", params=place)
    assert "This pupil has no mark in this register." in page.text
    answer = office.post("/mark", data={**hidden(page.text), "code": "M", "reason": "dentist"})
    assert "Yusuf Ahmed, 8A" in answer.text
    assert [mark[:2] for mark in marks(register)] == [("P3", "M")]


def test_an_entry_is_undone_on_its_page(
    office: httpx.Client, register: Running, sent: dict[str, Any]
) -> None:
    page = office.get(f"/entries/{sent['id']}")
    data = {**hidden(page.text), "reason": "it was her sister"}
    text = office.post(f"/entries/{sent['id']}/take-back", data=data).text
    assert "This entry was undone" in text
    assert "taken back: it was her sister" in text
    assert marks(register) == []
    assert office.post(f"/entries/{sent['id']}/take-back", data=data).status_code == 409


def test_a_form_without_the_sessions_token_amends_nothing(
    office: httpx.Client, register: Running, sent: dict[str, Any]
) -> None:
    data = {**hidden(office.get(f"/entries/{sent['id']}").text), "code": "U", "reason": "x", "form_token": ""}
    assert office.post("/mark", data=data).status_code == 403
    assert office.post(f"/entries/{sent['id']}/take-back", data=data).status_code == 403
    assert marks(register) == [("P1", "L", 22, "kiosk")]


@pytest.mark.parametrize(
    "path",
    [
        "/entries/0193a000-0000-7000-8000-000000000000",
        "/mark?pupil=P999&on=2026-11-24&half=AM",
    ],
)
def test_an_unknown_entry_or_mark_is_404(office: httpx.Client, path: str) -> None:
    assert office.get(path).status_code == 404


def test_an_unknown_pupils_entry_is_shown_and_cannot_be_amended(office: httpx.Client, kiosk: Kiosk) -> None:
    it = entry(pupil="P999")
    kiosk.send(it)
    text = office.get(f"/entries/{it['id']}").text
    assert "Not on the roll" in text
    assert "This needs a decision." in text
    assert "Amend the mark" not in text


def test_the_releaser_is_shown_with_their_position(office: httpx.Client, kiosk: Kiosk) -> None:
    detail = {"released_by": "J. Office", "released_position": "Attendance officer"}
    left = leaves(1, departure=detail)
    kiosk.send(left)
    text = office.get(f"/entries/{left['id']}").text
    assert "J. Office, Attendance officer, Tuesday 24 November 2026, 09:59:00" in text
