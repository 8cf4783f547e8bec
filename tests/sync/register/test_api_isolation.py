"""A kiosk learns nothing about another school, and nothing about who may not collect, by any route."""

import json
import uuid
from collections.abc import Iterator
from functools import reduce
from typing import Any

import httpx
import pytest

from sync.register.actor import Actor
from sync.register.departures import release
from sync.register.kiosks.kiosks import make_enrolment_code
from sync.register.permissions import Role
from sync.register.schools.schools import ContactRecord, load_school, refresh_bundle
from sync.register.storage.models import EntryRow, KioskStaffRow
from sync.wire import BundleSchool, Pupil
from tests.sync.register.departures.test_collectors import collected
from tests.sync.register.departures.test_release import ask, request_body
from tests.sync.register.support import Kiosk, Running, entry, heartbeat, school_record, void

pytestmark = pytest.mark.both_databases

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
SECRETS = [
    "Zebedee",
    "Quartermaine",
    "Elm Hall",
    "elm-hall",
    "Nobody Atall",
    "ee" * 32,
    "Elm reception",
    "Q. Elm",
]
"""Texts that only the other school has."""


@pytest.fixture
def other(register: Running, kiosk: Kiosk) -> Kiosk:
    """A kiosk of another school in the same register, with an entry and a request to leave."""
    record = school_record(
        school=BundleSchool(id="elm-hall", name="Elm Hall"),
        card_key="ee" * 32,
        pupils=[Pupil(id="P1", first="Zebedee", last="Quartermaine", year="7", form="7E")],
        cards={"dd" * 32: "P1"},
        contacts=[
            ContactRecord(id="C1", pupil="P1", name="Nobody Atall", relationship="other", may_collect=True)
        ],
        appointments=[],
    )
    with register.database.write() as session:
        load_school(session, record)
        session.add(
            KioskStaffRow(school_id="elm-hall", id="theirs", name="Q. Elm", position="Head", pin_hash="x")
        )
        refresh_bundle(session, "elm-hall")
        register.code = make_enrolment_code(session, "elm-hall", now=register.clock()).code
    return register.enrol("Elm reception")


def bodies(theirs: dict[str, Any], departure: str) -> dict[str, Any]:
    """The bodies that a malicious kiosk sends to each route."""
    return {
        "/api/v1/enrol": {"code": "WRONG-WRONG", "name": "x"},
        "/api/v1/entries": {"entries": [theirs, void(theirs, 1), entry(2, corrects=theirs["id"])]},
        "/api/v1/heartbeat": heartbeat(),
        "/api/v1/departures/{departure_id}/request": request_body(),
        "/api/v1/departures/{departure_id}/release-by-pin": request_body(),
        "/api/v1/cards/{card}": {"pupil": "P1", "by": "theirs", "instead_of": "P1"},
        "/api/v1/pupils/{pupil}/cards/revoke": {"by": "theirs"},
    }


def every_answer(
    kiosk: Kiosk, theirs: dict[str, Any], departure: str
) -> Iterator[tuple[str, httpx.Response]]:
    document = httpx.get(f"{kiosk.url}/openapi.json").json()
    for path, operations in document["paths"].items():
        for method in sorted(METHODS & set(operations)):
            known = {"{departure_id}": departure, "{card}": "dd" * 32, "{pupil}": "P1"}
            url = kiosk.url + reduce(lambda text, each: text.replace(*each), known.items(), path)
            assert "{" not in url, f"{path} has a parameter that this test does not know"
            body = None
            if "requestBody" in operations[method]:
                body = bodies(theirs, departure)[path]
            answer = httpx.request(method, url, json=body, headers=kiosk.headers, timeout=30)
            assert answer.status_code < 500, (path, method, answer.text)
            yield f"{method} {path}", answer


def test_a_token_of_one_school_sees_nothing_of_another(register: Running, kiosk: Kiosk, other: Kiosk) -> None:
    theirs, departure = entry(1, pupil="P1"), str(uuid.uuid4())
    other.send(theirs)
    ask(other, departure, collector="Nobody Atall")
    seen = dict(every_answer(kiosk, theirs, departure))
    assert len(seen) >= 6
    for route, answer in seen.items():
        content = answer.text + json.dumps(dict(answer.headers))
        assert [secret for secret in SECRETS if secret in content] == [], route
    # By then it had made a request of its own with that id, so the answer is about that one.
    assert seen["get /api/v1/departures/{departure_id}"].json()["state"] in ("waiting", "withdrawn")
    assert seen["put /api/v1/cards/{card}"].status_code == 403
    assert seen["post /api/v1/pupils/{pupil}/cards/revoke"].status_code == 403
    results = seen["post /api/v1/entries"].json()["results"]
    assert [each["status"] for each in results] == ["rejected", "review", "accepted"]


def test_another_schools_departure_is_as_unknown_as_a_nonexistent_one(
    register: Running, kiosk: Kiosk, other: Kiosk
) -> None:
    departure, unknown = str(uuid.uuid4()), str(uuid.uuid4())
    ask(other, departure, collector="Nobody Atall")
    for method in ("GET", "DELETE"):
        theirs, none = (
            httpx.request(method, f"{kiosk.url}/api/v1/departures/{each}", headers=kiosk.headers)
            for each in (departure, unknown)
        )
        assert (theirs.status_code, theirs.content) == (none.status_code, none.content)
        assert theirs.status_code == 404
    assert other.get(f"/departures/{departure}").json()["state"] == "waiting"
    officer = Actor("Q. Elm", "Head", "elm-hall", "elm", Role.OFFICE)
    with register.database.write() as session:
        release.release(session, uuid.UUID(departure), officer, why="rang", now=register.clock())
    assert kiosk.get(f"/departures/{departure}").status_code == 404
    assert ask(kiosk, departure).json()["state"] == "waiting", "an own request, though the id is theirs too"
    assert kiosk.get(f"/departures/{departure}").json()["released_by"] is None
    assert other.get(f"/departures/{departure}").json()["released_by"] == "Q. Elm"


def test_what_one_school_does_changes_nothing_of_another(
    register: Running, kiosk: Kiosk, other: Kiosk
) -> None:
    theirs, departure = entry(1, pupil="P1"), str(uuid.uuid4())
    other.send(theirs)
    ask(other, departure, collector="Nobody Atall")
    before = other.get("/bundle").content, other.get(f"/departures/{departure}").content
    for _ in every_answer(kiosk, theirs, departure):
        pass
    assert (other.get("/bundle").content, other.get(f"/departures/{departure}").content) == before
    with register.database.read() as session:
        row = session.get_one(EntryRow, uuid.UUID(theirs["id"]))
        assert (row.taken_back, row.school_id) == (False, "elm-hall")
    assert other.statuses(theirs) == ["duplicate"]


def test_contacts_who_may_not_collect_are_in_no_answer_to_a_kiosk(register: Running, kiosk: Kiosk) -> None:
    departure = str(uuid.uuid4())
    ask(kiosk, departure, collector="Barred Person")
    kiosk.send(collected(2))  # which becomes a work item
    for route, answer in every_answer(kiosk, entry(1), departure):
        content = answer.text.replace('"code":"C2"', "") + json.dumps(dict(answer.headers))  # a plan's code
        for secret in ("Barred", "barred", "C2", "may_collect", "collect"):
            assert secret not in content.replace("Barred Person", "", 1 if "request" in route else 0), route
