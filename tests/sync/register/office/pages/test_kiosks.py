"""The Kiosks page: faults are shown, and a kiosk can be removed."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.sync.register.support import LOGIN, PASSWORD, Kiosk, Running, entry, heartbeat


@pytest.fixture
def browser(register: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=register.url, follow_redirects=True) as client:
        client.post("/login", data={"login": LOGIN, "password": PASSWORD})
        yield client


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("absent", "not found: is it plugged in?"),
        ("babbling", "sends unreadable data"),
        ("busy", "in use by another program"),
        ("forbidden", "no permission to open it"),
    ],
)
def test_a_faulty_reader_has_a_warning_and_no_tick(
    browser: httpx.Client, kiosk: Kiosk, state: str, words: str
) -> None:
    kiosk.post("/heartbeat", heartbeat(readers={"front": state}))
    for path in ("/", "/kiosks"):
        text = browser.get(path).text.split('id="content"')[1]
        assert words in text
        assert "lucide-triangle-alert" in text
        assert "lucide-circle-check" not in text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("no_paper", "no paper"),
        ("paper_low", "paper low"),
        ("cover_open", "cover open"),
        ("absent", "unplugged"),
        ("busy", "not answering"),
    ],
)
def test_a_printer_fault_is_shown_on_today_and_kiosks(
    browser: httpx.Client, kiosk: Kiosk, state: str, words: str
) -> None:
    kiosk.post("/heartbeat", heartbeat(printer=state))
    for path in ("/", "/kiosks"):
        text = browser.get(path).text.split('id="content"')[1]
        assert words in text
        assert "lucide-triangle-alert" in text


def test_a_kiosk_without_a_printer_has_no_fault(browser: httpx.Client, kiosk: Kiosk) -> None:
    kiosk.post("/heartbeat", heartbeat())
    text = browser.get("/kiosks").text.split('id="content"')[1]
    assert 'data-label="Slip printer">none<' in text
    assert "lucide-triangle-alert" not in text


@pytest.mark.parametrize(
    ("trust", "words"),
    [
        ("synced", "set by the network"),
        ("held", "running since it was last set"),
        ("unknown", "do not trust its times"),
    ],
)
def test_the_clocks_trust_is_shown(browser: httpx.Client, kiosk: Kiosk, trust: str, words: str) -> None:
    kiosk.post("/heartbeat", heartbeat(clock={"trust": trust, "boot_id": "b", "monotonic_ns": 1}))
    text = browser.get("/kiosks").text.split('id="content"')[1]
    assert words in text
    assert ("lucide-triangle-alert" in text) is (trust == "unknown")


@pytest.mark.parametrize(
    ("disk", "words", "fine"),
    [
        ({"free": 81_200_000_000}, "81 GB free", True),
        ({"free": 1_520_000_000}, "1.5 GB free", True),
        ({"free": 500_000_000}, "nearly full: have it cleared", False),
        ({"free": 5}, "full: have it cleared today", False),
        ({"free": 5_000_000_000, "read_only": True}, "read-only: nothing can be saved", False),
        ({"free": 5_000_000_000, "errors": 2}, "failing: have it changed this week", False),
        ({"free": 5_000_000_000, "life_used": 90}, "worn: have it changed in the holidays", False),
        (
            {
                "free": 5_000_000_000,
                "put_aside": {"file": "journal.db.damaged-1", "at": "2026-11-23T09:07:00Z", "saved": 12},
            },
            "damaged on Monday 23 November, 12 entries saved",
            False,
        ),
    ],
)
def test_the_storage_is_shown_with_what_to_do(
    browser: httpx.Client, kiosk: Kiosk, disk: dict[str, object], words: str, fine: bool
) -> None:
    kiosk.post("/heartbeat", heartbeat(disk=disk))
    text = browser.get("/kiosks").text.split('id="content"')[1]
    assert words in text
    assert ("lucide-triangle-alert" in text) is not fine
    assert (words in browser.get("/").text) is not fine


def test_a_kiosk_is_removed_after_a_confirmation(
    browser: httpx.Client, register: Running, kiosk: Kiosk
) -> None:
    kiosk.post("/heartbeat", heartbeat(waiting=2, last_seq=2))
    confirmation = browser.get(f"/kiosks/{kiosk.id}/revoke").text
    assert "2 sign-ins are still waiting on it" in confirmation
    assert kiosk.statuses(entry()) == ["accepted"]
    token = re.search(r'name="form_token" value="([0-9a-f]+)"', confirmation)
    assert token
    path = f"/kiosks/{kiosk.id}/revoke"
    assert browser.post(path, data={}).status_code == 403
    assert "removed" in browser.post(path, data={"form_token": token[1]}).text
    assert kiosk.post("/entries", {"entries": []}).status_code == 403
