"""Who is on site by the register, as a kiosk's staff screen asks for it."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sync.register.departures import release, returns
from sync.register.storage.models import KioskRow
from tests.sync.register.departures.test_release import OFFICER, ask
from tests.sync.register.departures.test_whereabouts import comes_back, leaves
from tests.sync.register.support import Clock, Kiosk, Running, entry, void

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def at_noon(clock: Clock) -> None:
    clock.instant = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def listed(kiosk: Kiosk) -> dict[str, tuple[str, str]]:
    answer = kiosk.get("/on-site")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert set(body) == {"at", "pupils"}
    assert body["at"] == "2026-11-24T12:00:00.000Z"
    return {each["pupil"]: (each["state"], each["since"]) for each in body["pupils"]}


def test_every_kiosks_pupils_are_listed_with_their_state(register: Running, kiosk: Kiosk) -> None:
    assert listed(kiosk) == {}
    gate = register.enrol("Side gate")
    gate.send(entry(1), leaves(2, pupil="P2"), leaves(3, pupil="P3"), comes_back(4, pupil="P3"))
    kiosk.send(entry(1, pupil="P4"), leaves(2, pupil="P4", at="2026-11-24T11:00:00Z"))
    assert listed(kiosk) == {
        "P1": ("in", "2026-11-24T09:07:42.120Z"),
        "P2": ("out", "2026-11-24T10:00:00.000Z"),
        "P3": ("in", "2026-11-24T11:20:00.000Z"),
        "P4": ("out", "2026-11-24T11:00:00.000Z"),
    }


def test_what_is_uncertain_is_to_be_checked(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    departure = uuid.uuid4()
    ask(kiosk, str(departure))
    with register.database.write() as session:
        release.release(session, departure, OFFICER, now=clock())
    doubted = {"at": "1970-01-01T00:01:00Z", "date": "1970-01-01", "clock": {"trust": "unknown"}}
    kiosk.send(leaves(1, pupil="P2", **doubted))
    assert {pupil: state for pupil, (state, _) in listed(kiosk).items()} == {"P1": "check", "P2": "check"}


def test_the_offices_records_and_voids_count(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    left, undone = leaves(1, pupil="P2"), leaves(2, pupil="P3")
    kiosk.send(left, undone, void(undone, 3))
    with register.database.write() as session:
        returns.record_return(session, uuid.UUID(left["id"]), OFFICER, why="seen", now=clock())
    assert listed(kiosk) == {"P2": ("in", "2026-11-24T12:00:00.000Z")}


def test_the_answer_has_no_name_and_no_contact(kiosk: Kiosk) -> None:
    kiosk.send(entry(1), leaves(2, departure={"collector": "Barred Person"}))
    text = json.dumps(kiosk.get("/on-site").json())
    for secret in ("Amelia", "Kaur", "Barred", "Aunt", "medical"):
        assert secret not in text


def test_nothing_new_is_304_whatever_the_time(kiosk: Kiosk, clock: Clock) -> None:
    kiosk.send(entry(1))
    etag = kiosk.get("/on-site").headers["ETag"]
    clock.forward(minutes=5)
    again = kiosk.get("/on-site", **{"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    kiosk.send(leaves(2))
    changed = kiosk.get("/on-site", **{"If-None-Match": etag})
    assert (changed.status_code, changed.json()["pupils"][0]["state"]) == (200, "out")


def test_only_an_enrolled_kiosk_may_ask(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    url = f"{kiosk.url}/api/v1/on-site"
    assert httpx.get(url).status_code == 401
    assert httpx.get(url, headers={"Authorization": "Bearer x"}).status_code == 401
    with register.database.write() as session:
        session.get_one(KioskRow, uuid.UUID(kiosk.id)).revoked_at = clock()
    assert kiosk.get("/on-site").status_code == 403
