"""Before a PIN releases a pupil, the kiosk asks whether the office must: one bit, audited."""

import uuid
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from sync.register.departures import release as departures
from sync.register.schools.schools import ContactRecord, load_school
from sync.register.storage.models import AuditRow, DepartureRow
from tests.sync.register.departures.test_release import OFFICER, ask, request_body, withdraw
from tests.sync.register.support import Clock, Kiosk, Running, school_record

pytestmark = pytest.mark.both_databases

FATHER_AND_SON = [
    ContactRecord(id="C1", pupil="P1", name="John Smith", relationship="father", may_collect=False),
    ContactRecord(id="C2", pupil="P1", name="John Smith", relationship="brother", may_collect=True),
]
"""Two contacts share a name, and one of them may not collect."""


def check(kiosk: Kiosk, departure: str, **changes: Any) -> httpx.Response:
    return kiosk.post(f"/departures/{departure}/release-by-pin", request_body(**changes))


@pytest.fixture
def departure() -> str:
    return str(uuid.uuid4())


@pytest.mark.parametrize(
    ("collector", "may"),
    [
        ("Aunt May", True),
        ("Somebody Else", True),
        ("Barred Person", False),
        ("PERSON, Barred", False),
        ("Bared Person", False),
    ],
)
def test_the_answer_is_one_bit(kiosk: Kiosk, departure: str, collector: str, may: bool) -> None:
    ask(kiosk, departure, collector=collector)
    answer = check(kiosk, departure, collector=collector)
    assert (answer.status_code, answer.json()) == (200, {"may": may})


@pytest.mark.parametrize("relationship", ["father", "brother", "other", None])
def test_a_shared_name_is_for_the_office_whoever_the_adult_says_they_are(
    register: Running, kiosk: Kiosk, departure: str, relationship: str | None
) -> None:
    with register.database.write() as session:
        load_school(session, school_record(contacts=FATHER_AND_SON))
    answer = check(kiosk, departure, collector="John Smith", relationship=relationship)
    assert answer.json() == {"may": False}


def test_the_list_is_compared_when_the_kiosk_asks(register: Running, kiosk: Kiosk, departure: str) -> None:
    assert check(kiosk, departure, collector="John Smith").json() == {"may": True}
    with register.database.write() as session:
        load_school(session, school_record(contacts=FATHER_AND_SON))
    assert check(kiosk, departure, collector="John Smith").json() == {"may": False}


def test_no_pin_releases_a_pupil_whom_the_office_has_refused(
    register: Running, kiosk: Kiosk, departure: str
) -> None:
    ask(kiosk, departure)
    with register.database.write() as session:
        departures.refuse(session, uuid.UUID(departure), OFFICER, "rang the mother", now=register.clock())
    assert check(kiosk, departure).json() == {"may": False}


def test_asking_again_does_not_get_past_a_refusal_of_today(
    register: Running, kiosk: Kiosk, departure: str, clock: Clock
) -> None:
    again, next_day = str(uuid.uuid4()), str(uuid.uuid4())
    ask(kiosk, departure)
    with register.database.write() as session:
        departures.refuse(
            session, uuid.UUID(departure), OFFICER, "mother rang: not today", now=register.clock()
        )
    ask(kiosk, again)
    assert check(kiosk, again).json() == {"may": False}
    clock.forward(days=1)
    assert check(kiosk, next_day).json() == {"may": True}


def test_a_release_to_another_adult_does_not_end_a_refusal(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    def answer(*, release: bool, **adult: str) -> None:
        asked, now = str(uuid.uuid4()), register.clock()
        ask(kiosk, asked, **adult)
        with register.database.write() as session:
            if release:
                departures.release(session, uuid.UUID(asked), OFFICER, why="rang the mother", now=now)
            else:
                departures.refuse(session, uuid.UUID(asked), OFFICER, "mother rang", now=now)
        clock.forward(minutes=1)

    def may(**adult: str) -> bool:
        return bool(check(kiosk, str(uuid.uuid4()), **adult).json()["may"])

    father = {"collector": "Jonathan Smith", "relationship": "father"}
    answer(release=False, **father)
    assert not may(collector="Aunt May"), "the last answer about the pupil was a refusal"
    answer(release=True, collector="Aunt May", relationship="aunt")
    assert may(collector="Aunt May", relationship="aunt")
    assert not may(**father), "the refusal of this adult stands"
    assert not may(**father | {"relationship": "uncle"})
    assert not may(**father | {"collector": "Jonathon Smyth"})
    answer(release=True, **father)
    assert may(**father)


def test_a_withdrawn_request_can_still_be_checked(kiosk: Kiosk, departure: str) -> None:
    ask(kiosk, departure)
    withdraw(kiosk, departure)
    assert check(kiosk, departure).json() == {"may": True}
    assert kiosk.get(f"/departures/{departure}").json()["state"] == "withdrawn"


def test_the_question_alone_puts_the_request_before_the_office(
    register: Running, kiosk: Kiosk, departure: str
) -> None:
    check(kiosk, departure)
    ask(kiosk, departure)
    with register.database.read() as session:
        assert [
            str(each.id) for each in departures.open_requests(session, "oak-lane", now=register.clock())
        ] == [departure]


def test_an_id_used_for_another_request_is_409(kiosk: Kiosk, departure: str) -> None:
    ask(kiosk, departure)
    assert check(kiosk, departure, collector="Barred Person").status_code == 409


@pytest.mark.parametrize("may", [True, False])
def test_question_and_answer_are_audited_and_kept_with_the_request(
    register: Running, kiosk: Kiosk, departure: str, may: bool
) -> None:
    collector, family = ("Aunt May", "may collect") if may else ("Barred Person", "barred")
    check(kiosk, departure, collector=collector)
    with register.database.read() as session:
        [row] = session.scalars(select(AuditRow).where(AuditRow.action == "PIN release checked"))
        assert (row.name, row.position, row.subject, row.at) == (
            "Main reception",
            "kiosk",
            "P1",
            register.clock(),
        )
        assert row.detail == {
            "departure": departure,
            "collector": collector,
            "relationship": "aunt",
            "family": family,
            "listed": "Aunt May (aunt)" if may else "Barred Person (other)",
            "may": may,
        }
        kept = session.get_one(DepartureRow, ("oak-lane", uuid.UUID(departure)))
        assert (kept.pin_asked_at, kept.pin_may) == (register.clock(), may)


@pytest.mark.parametrize("token", [None, "not a token"])
def test_only_an_enrolled_kiosk_may_ask(
    register: Running, kiosk: Kiosk, departure: str, token: str | None
) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{kiosk.url}/api/v1/departures/{departure}/release-by-pin"
    assert httpx.post(url, json=request_body(), headers=headers).status_code == 401
    with register.database.read() as session:
        assert session.get(DepartureRow, ("oak-lane", uuid.UUID(departure))) is None
