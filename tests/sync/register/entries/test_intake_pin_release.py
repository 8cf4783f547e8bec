"""A pupil whom a PIN released without the register's consent is put before the office at once."""

import uuid
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sync.register.permissions import Role
from sync.register.schools.schools import load_school
from sync.register.storage.models import StaffRow
from tests.sync.register.api.test_entries import work
from tests.sync.register.departures.test_collectors import after_asking, collected, page
from tests.sync.register.departures.test_requests_pin_release import FATHER_AND_SON
from tests.sync.register.support import LOGIN, Clock, Kiosk, Running, school_record, void

FRIEND = {"match": "may collect", "listed": "Aunt May (aunt)"}
NOT_ASKED = {"why": "not asked"} | FRIEND


@pytest.fixture(autouse=True)
def shortly_after_ten(clock: Clock) -> None:
    clock.instant = datetime(2026, 11, 24, 10, 3, tzinfo=UTC)


def by_aunt_may(seq: int = 1, /, **changes: Any) -> dict[str, Any]:
    return collected(seq, collector="Aunt May", departure={"relationship": "aunt"}, **changes)


def items(register: Running) -> list[dict[str, Any]]:
    return [detail for kind, detail in work(register) if kind == "pin_release"]


def test_a_release_while_the_kiosk_was_offline_was_not_checked(
    register: Running, kiosk: Kiosk, office: httpx.Client
) -> None:
    left = by_aunt_may()
    assert kiosk.send(left) == [{"id": left["id"], "status": "accepted", "detail": None}]
    assert work(register) == [("pin_release", NOT_ASKED)]
    needs = page(office, "/needs")
    for words in (
        "Released with a PIN while the family’s list was not checked.",
        "Aunt May (aunt) has taken Amelia Kaur, 7B, away: Tuesday 24 November, 10:00:00, at Main reception. "
        "Released at the kiosk by J. Office (Receptionist).",
        "The family’s list had Aunt May (aunt), who may collect.",
        "Release checked",
    ):
        assert words in needs
    today = page(office, "/")
    assert "decide: check the release" in today
    assert "1 release to check" in today
    assert "while the family’s list was not checked" in office.get("/needs.csv").text


def test_a_checked_release_needs_no_one(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(after_asking(kiosk, by_aunt_may()))
    assert work(register) == []


def test_a_release_that_the_register_did_not_allow(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    left = after_asking(kiosk, collected(collector="John Smith"))
    with register.database.write() as session:
        load_school(session, school_record(contacts=FATHER_AND_SON))
    refused = after_asking(kiosk, collected(2, collector="John Smith", departure={"relationship": "brother"}))
    with register.database.write() as session:
        load_school(session, school_record(contacts=[]))
    kiosk.send(left, refused)
    assert items(register) == [{"why": "may not", "match": "unknown", "listed": None}]


def test_a_shared_name_is_for_ringing_the_family(
    register: Running, kiosk: Kiosk, office: httpx.Client
) -> None:
    with register.database.write() as session:
        load_school(session, school_record(contacts=FATHER_AND_SON))
    kiosk.send(collected(collector="John Smith", departure={"relationship": "sibling"}))
    shared = {"match": "shared name", "name": "John Smith", "relationship": "father"}
    assert work(register) == [("collector", shared)]
    needs = page(office, "/needs")
    assert "Shares a name with a person who may NOT collect: John Smith (father)." in needs
    assert "John Smith (brother or sister) has taken Amelia Kaur" in needs


@pytest.mark.parametrize(
    "other",
    [{"collector": "Somebody Else"}, {"request": str(uuid.uuid4())}, {"request": None}],
    ids=["another adult", "another request", "no request"],
)
def test_the_answer_is_for_that_adult_and_that_request(
    register: Running, kiosk: Kiosk, other: dict[str, Any]
) -> None:
    left = after_asking(kiosk, by_aunt_may())
    kiosk.send(left | {"departure": left["departure"] | other})
    assert [each["why"] for each in items(register)] == ["not asked"]


def test_the_answer_is_for_that_pupil_and_that_kiosk(register: Running, kiosk: Kiosk) -> None:
    left = after_asking(kiosk, by_aunt_may())
    kiosk.send(left | {"pupil": "P2"})
    register.enrol("Side gate").send(left | {"id": str(uuid.uuid4())})
    assert [each["why"] for each in items(register)] == ["not asked", "not asked"]


@pytest.mark.parametrize("together", [True, False])
def test_a_voided_sign_out_settles_it(register: Running, kiosk: Kiosk, together: bool) -> None:
    left = by_aunt_may()
    undone = void(left, 2, at="2026-11-24T10:01:00Z")
    for batch in [[left, undone]] if together else [[left], [undone]]:
        kiosk.send(*batch)
    assert work(register) == []


def test_a_user_who_may_not_release_sees_no_details(
    register: Running, kiosk: Kiosk, office: httpx.Client
) -> None:
    kiosk.send(by_aunt_may())
    with register.database.write() as session:
        session.get_one(StaffRow, LOGIN).role = Role.ADMINISTRATOR.value
    needs = page(office, "/needs")
    assert "Released with a PIN" in needs
    assert "Aunt May" not in needs
