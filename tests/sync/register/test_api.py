"""Enrolment, tokens, the bundle and heartbeats, on a real port."""

import uuid
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from sync.register.actor import Actor
from sync.register.kiosks.kiosks import make_enrolment_code, revoke
from sync.register.schools.schools import load_school
from sync.register.server.app import create_app
from sync.register.server.upgrade import bring_up_to_date
from sync.register.storage.database import Database
from sync.register.storage.models import AuditRow, EnrolmentCodeRow, KioskRow, SchoolRow
from sync.wire import Bundle
from tests.sync.register.support import Clock, Kiosk, Running, entry, heartbeat, school_record, seed


def enrol(register: Running, code: str, name: str = "Main reception") -> httpx.Response:
    return httpx.post(f"{register.url}/api/v1/enrol", json={"code": code, "name": name})


def test_a_code_works_once(register: Running) -> None:
    first = enrol(register, register.code)
    assert first.status_code == 201
    assert set(first.json()) == {"kiosk_id", "token"}
    assert enrol(register, register.code).status_code == 403


def test_a_code_may_be_typed_in_lower_case_without_its_hyphen(register: Running) -> None:
    assert enrol(register, register.code.lower().replace("-", " ")).status_code == 201


@pytest.mark.parametrize(("minutes", "status"), [(14.9, 201), (15, 403)])
def test_a_code_works_for_fifteen_minutes(
    register: Running, clock: Clock, minutes: float, status: int
) -> None:
    clock.forward(minutes=minutes)
    assert enrol(register, register.code).status_code == status


def test_five_wrong_codes_in_a_minute_must_wait_even_with_the_right_one(
    register: Running, clock: Clock
) -> None:
    for _ in range(5):
        assert enrol(register, "WRONG-WRONG").status_code == 403
        clock.forward(seconds=2)
    answer = enrol(register, register.code)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "50")
    clock.forward(seconds=50)
    assert enrol(register, register.code).status_code == 201


def test_neither_code_nor_token_is_stored(register: Running, kiosk: Kiosk) -> None:
    code = register.new_code()
    with register.database.read() as session:
        kept = [
            *session.scalars(select(EnrolmentCodeRow.hash)),
            *session.scalars(select(KioskRow.token_hash)),
        ]
    assert len(kept) == 3
    assert not {code, code.replace("-", ""), kiosk.token} & set(kept)
    assert len(kiosk.token) >= 43  # 256 bits in base 64


@pytest.mark.parametrize("authorization", [None, "Bearer x", "Bearer", "Basic eDp5", "Bearer é"])
def test_an_unknown_token_is_401_everywhere(register: Running, authorization: str | None) -> None:
    headers = {b"Authorization": authorization.encode()} if authorization else {}
    for method, path in (("POST", "/entries"), ("GET", "/bundle"), ("POST", "/heartbeat")):
        answer = httpx.request(method, f"{register.url}/api/v1{path}", headers=headers, json={})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_revoked_kiosk_is_403_everywhere(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    with register.database.write() as session:
        revoke(session, uuid.UUID(kiosk.id), now=clock())
    assert kiosk.post("/entries", {"entries": []}).status_code == 403
    assert kiosk.post("/heartbeat", heartbeat()).status_code == 403
    assert kiosk.get("/bundle").status_code == 403


def test_enrolling_and_revoking_are_audited(register: Running, clock: Clock) -> None:
    office = Actor("J. Office", "Attendance officer", "oak-lane", "office", address="192.0.2.7")
    with register.database.write() as session:
        register.code = make_enrolment_code(session, "oak-lane", now=clock(), by=office).code
    kiosk = uuid.UUID(register.enrol().id)
    with register.database.write() as session:
        with pytest.raises(NoResultFound):
            revoke(session, kiosk, now=clock(), by=replace(office, school="elm"))
        for _ in range(2):
            revoke(session, kiosk, now=clock(), by=office)
    with register.database.read() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    assert [(row.action, row.login, row.name, row.subject) for row in rows] == [
        ("enrolment code made", "office", "J. Office", None),
        ("kiosk enrolled", None, "Main reception", str(kiosk)),
        ("kiosk revoked", "office", "J. Office", str(kiosk)),
    ]


def test_the_bundle_is_complete_and_has_no_contact(register: Running, kiosk: Kiosk) -> None:
    answer = kiosk.get("/bundle")
    bundle = Bundle.model_validate_json(answer.content)
    record = school_record()
    pupils = [pupil.without_past_plans(register.clock().date()) for pupil in record.pupils]
    assert (bundle.school, bundle.policy, bundle.pupils) == (record.school, record.policy, pupils)
    assert (bundle.cards.key, bundle.cards.pupils) == (record.card_key, record.cards)
    assert bundle.appointments == record.appointments
    assert answer.json()["contacts"] == []
    for contact in record.contacts:
        assert contact.name not in answer.text
    assert answer.headers["etag"] == f'"{bundle.version}"'


def test_a_bundle_that_the_kiosk_has_is_304_until_it_changes(register: Running, kiosk: Kiosk) -> None:
    etag = kiosk.get("/bundle").headers["etag"]
    for tags in (etag, f'W/{etag}, "other"', "*"):
        again = kiosk.get("/bundle", **{"If-None-Match": tags})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    with register.database.write() as session:
        load_school(session, school_record())
    assert kiosk.get("/bundle", **{"If-None-Match": etag}).status_code == 304
    with register.database.write() as session:
        load_school(session, school_record(cards={"cc" * 32: "P3"}))
    changed = kiosk.get("/bundle", **{"If-None-Match": etag})
    assert (changed.status_code, changed.json()["cards"]["pupils"]) == (200, {"cc" * 32: "P3"})


def test_an_appointment_is_sent_until_a_week_after_its_day_under_the_same_version(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    first = kiosk.get("/bundle")
    assert first.json()["appointments"] != []
    for days, sent in ((7, True), (1, False)):
        clock.forward(minutes=days * 24 * 60)
        later = kiosk.get("/bundle")
        assert (later.json()["appointments"] == first.json()["appointments"]) is sent
        assert later.headers["etag"] == first.headers["etag"]
        told = kiosk.post("/heartbeat", heartbeat()).json()["bundle_version"]
        assert f'"{told}"' == first.headers["etag"], "or the kiosk would fetch it again without end"
    assert later.json()["appointments"] == []


@pytest.mark.parametrize("may_collect", [True, False])
def test_a_contact_does_not_even_change_the_version(
    register: Running,
    kiosk: Kiosk,
    may_collect: bool,
) -> None:
    etag = kiosk.get("/bundle").headers["etag"]
    contacts = [contact for contact in school_record().contacts if contact.may_collect is may_collect]
    with register.database.write() as session:
        load_school(session, school_record(contacts=contacts))
    assert kiosk.get("/bundle").headers["etag"] == etag


def test_a_heartbeat_is_stored_and_answered_with_time_and_bundle_version(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    clock.forward(minutes=1)
    sent = heartbeat(waiting=3, last_seq=7)
    answer = kiosk.post("/heartbeat", sent)
    assert answer.json() == {
        "server_time": "2026-11-24T09:34:00.000Z",
        "bundle_version": kiosk.get("/bundle").json()["version"],
    }
    with register.database.read() as session:
        row = session.scalars(select(KioskRow)).one()
        assert (row.last_seen_at, row.heartbeat and row.heartbeat["queue"]["waiting"]) == (clock(), 3)


def test_an_invalid_heartbeat_is_422(kiosk: Kiosk) -> None:
    assert kiosk.post("/heartbeat", heartbeat(uptime_s=-1)).status_code == 422


def test_openapi_describes_every_call_and_an_entry(register: Running) -> None:
    document: dict[str, Any] = httpx.get(f"{register.url}/openapi.json").json()
    assert set(document["paths"]) == {
        f"/api/v1/{name}"
        for name in (
            "enrol",
            "entries",
            "bundle",
            "heartbeat",
            "departures/{departure_id}",
            "departures/{departure_id}/release-by-pin",
            "departures/{departure_id}/request",
            "on-site",
            "cards/{card}",
            "pupils/{pupil}/cards/revoke",
        )
    }
    schemas = document["components"]["schemas"]
    assert {"Entry", "EntriesResponse", "Bundle", "Heartbeat"} <= set(schemas)
    assert set(_references(document)) <= {f"#/components/schemas/{name}" for name in schemas}
    statuses = document["paths"]["/api/v1/entries"]["post"]["responses"]
    assert {"200", "401", "403", "413", "422"} <= set(statuses)


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if "$ref" in part else []
        return own + [found for value in part.values() for found in _references(value)]
    return [found for value in part for found in _references(value)] if isinstance(part, list) else []


EXTREME = "9999-12-31T23:59:59-12:00"


def test_an_instant_at_the_end_of_the_calendar_is_refused_in_every_field(kiosk: Kiosk) -> None:
    queue = {"waiting": 1, "oldest_at": EXTREME, "dead": 0}
    for body in (heartbeat(queue=queue), heartbeat(at="0001-01-01T00:00:00+05:00")):
        assert kiosk.post("/heartbeat", body).status_code == 422
    request = {"pupil": "P1", "collector": "Aunt May", "expected_back": EXTREME}
    assert kiosk.post(f"/departures/{uuid.uuid4()}/request", request).status_code == 422


def test_an_entry_with_an_impossible_instant_is_rejected_alone(
    kiosk: Kiosk,
) -> None:
    detail = {"collector": "Aunt May", "expected_back": EXTREME}
    results = kiosk.send(
        entry(1, at="0001-01-01T00:00:00Z"),
        entry(2, kind="departure", departure=detail),
        entry(3, pupil="P2"),
    )
    assert [(each["status"], each["detail"]) for each in results] == [
        ("rejected", "at"),
        ("rejected", "departure.expected_back"),
        ("accepted", None),
    ]


def test_a_version_with_a_larger_bundle_makes_kiosks_fetch_it_again(register: Running, kiosk: Kiosk) -> None:
    has = kiosk.get("/bundle").headers["ETag"]
    with register.database.write() as session:  # as an older version left it
        session.get_one(SchoolRow, "oak-lane").bundle_version = "of before"
    assert kiosk.get("/bundle", **{"If-None-Match": '"of before"'}).status_code == 304
    bring_up_to_date(register.database)
    fetched = kiosk.get("/bundle", **{"If-None-Match": '"of before"'})
    assert (fetched.status_code, fetched.headers["ETag"]) == (200, has)
    assert kiosk.post("/heartbeat", heartbeat()).json()["bundle_version"] == has.strip('"')


def test_a_starting_register_refreshes_the_bundles(database_url: str, clock: Clock) -> None:
    database = Database(database_url)
    database.migrate()
    seed(database, clock)
    with database.write() as session:
        right = session.get_one(SchoolRow, "oak-lane").bundle_version
        session.get_one(SchoolRow, "oak-lane").bundle_version = "of before"
    started = create_app(database_url, now=clock).state.register
    started.notifier.close()
    started.database.close()
    with database.read() as session:
        assert session.get_one(SchoolRow, "oak-lane").bundle_version == right
    database.close()


@pytest.mark.parametrize("wrong", ["5", " 5 ", True, 1.0, 2**63, -1])
@pytest.mark.parametrize("field", ["waiting", "uptime_s", "last_seq"])
def test_a_count_must_be_a_json_integer(kiosk: Kiosk, field: str, wrong: object) -> None:
    body = heartbeat()
    (body["queue"] if field == "waiting" else body)[field] = wrong
    assert kiosk.post("/heartbeat", body).status_code == 422


@pytest.mark.parametrize("wrong", [0, 1764000000, "1764000000", "2026-11-24", "2026-11-24T09:07Z", "now"])
def test_an_instant_must_be_a_text_and_not_a_number(kiosk: Kiosk, wrong: object) -> None:
    assert kiosk.post("/heartbeat", heartbeat(at=wrong)).status_code == 422
    assert kiosk.post("/heartbeat", heartbeat(at="2026-11-24T09:33:00.5+00:00")).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b'{"queue": NaN}',
        b'{"queue": "\\ud800"}',
        b'{"queue": [' + b"1," * 300_000 + b"1]}",
        b"[" * 200_000,
        b'{"queue": ' * 20_000,
        b'{"queue": ' + b"9" * 5_000 + b"}",
        b"\xff\xfe",
        b"",
    ],
    ids=[
        "NaN",
        "half a pair",
        "a long list",
        "deep lists",
        "deep objects",
        "a long number",
        "no UTF-8",
        "nothing",
    ],
)
def test_an_invalid_message_gets_a_short_answer_that_does_not_repeat_it(kiosk: Kiosk, body: bytes) -> None:
    answer = httpx.post(
        f"{kiosk.url}/api/v1/heartbeat",
        content=body,
        headers={"Authorization": f"Bearer {kiosk.token}", "Content-Type": "application/json"},
        timeout=60,
    )
    assert answer.status_code in (400, 422)
    assert len(answer.content) < 10_000
    assert "input" not in answer.text
