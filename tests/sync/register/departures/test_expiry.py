"""A kiosk that no longer polls: the office sees it, and the request lapses in the end."""

import uuid
from datetime import timedelta

import httpx
import pytest

from sync.register.departures.expiry import (
    LAPSES_AFTER,
    RECORDED_EVERY,
    SHOWN_SILENT_AFTER,
    TAKEN_UP_WITHIN,
)
from sync.register.errors import AlreadyAnsweredError
from sync.register.storage.models import DepartureRow, KioskRow
from tests.sync.register.departures.test_release import answer, ask
from tests.sync.register.office_client import Office, at_the_office, content
from tests.sync.register.support import Clock, Kiosk, Running, heartbeat

pytestmark = pytest.mark.both_databases

MOMENT = timedelta(seconds=1)


@pytest.fixture
def departure() -> str:
    return str(uuid.uuid4())


def state(kiosk: Kiosk, departure: str) -> str:
    current: str = kiosk.get(f"/departures/{departure}").json()["state"]
    return current


def row_of(register: Running, departure: str) -> DepartureRow:
    with register.database.read() as session:
        return session.get_one(DepartureRow, ("oak-lane", uuid.UUID(departure)))


def waits(register: Running, departure: str) -> bool:
    """Whether the request waits; unlike a poll, this does not count as the kiosk's."""
    return row_of(register, departure).state == "waiting"


def press(office: Office, path: str) -> httpx.Response:
    return office.submit(path)


def test_the_register_records_polls_at_intervals(
    register: Running, kiosk: Kiosk, departure: str, clock: Clock
) -> None:
    polled_at = clock()
    ask(kiosk, departure)
    clock.instant = polled_at + RECORDED_EVERY - MOMENT
    state(kiosk, departure)
    assert row_of(register, departure).heard_at == polled_at
    clock.instant = polled_at + RECORDED_EVERY
    state(kiosk, departure)
    assert row_of(register, departure).heard_at == clock()


def test_a_poll_updates_when_the_kiosk_was_last_seen(
    register: Running, kiosk: Kiosk, departure: str, clock: Clock
) -> None:
    def seen() -> object:
        with register.database.read() as session:
            return session.get_one(KioskRow, uuid.UUID(kiosk.id)).last_seen_at

    for _ in range(2):
        clock.forward(minutes=2)
        ask(kiosk, departure)
        assert seen() == clock()
    clock.forward(minutes=2)
    state(kiosk, departure)
    assert seen() == clock()


def test_the_office_sees_since_when_a_kiosk_has_been_silent(
    register: Running, kiosk: Kiosk, departure: str, clock: Clock
) -> None:
    ask(kiosk, departure)
    warning = "The kiosk last asked at 09:33. The adult may have gone."
    with at_the_office(register) as office:
        clock.instant += SHOWN_SILENT_AFTER
        assert warning not in content(office.get("/leaving"))
        clock.instant += MOMENT
        assert warning in content(office.get("/leaving"))
        state(kiosk, departure)
        assert "they may have gone" not in content(office.get("/leaving"))


def test_a_request_lapses_without_polls_and_the_office_sees_why(
    register: Running, kiosk: Kiosk, departure: str, clock: Clock
) -> None:
    ask(kiosk, departure)
    with at_the_office(register) as office:
        clock.instant += LAPSES_AFTER
        assert "Amelia Kaur, 7B" in content(office.get("/leaving")).split("Out now")[0]
        clock.instant += MOMENT
        shown = content(office.get("/leaving"))
        assert "No one is waiting to leave." in shown
        assert "Lapsed: the kiosk had not asked since 09:33" in shown
        assert "Aunt May" not in content(office.get("/"))


@pytest.mark.parametrize("asks_how", ["looks", "asks again"])
def test_a_kiosk_that_polls_after_the_lapse_gets_withdrawn(
    register: Running, kiosk: Kiosk, departure: str, clock: Clock, asks_how: str
) -> None:
    ask(kiosk, departure)
    clock.instant += LAPSES_AFTER + MOMENT
    answer = state(kiosk, departure) if asks_how == "looks" else ask(kiosk, departure).json()["state"]
    assert answer == "withdrawn"
    assert state(kiosk, departure) == "withdrawn"


def test_a_request_that_is_polled_never_lapses(kiosk: Kiosk, departure: str, clock: Clock) -> None:
    ask(kiosk, departure)
    for _ in range(30):
        clock.forward(seconds=25)
        assert state(kiosk, departure) == "waiting"


def test_a_lapsed_request_cannot_be_released_from_an_old_page(
    register: Running, kiosk: Kiosk, departure: str, clock: Clock
) -> None:
    ask(kiosk, departure)
    clock.instant += LAPSES_AFTER + MOMENT
    with pytest.raises(AlreadyAnsweredError, match="for 10 minutes, so the request has lapsed"):
        answer(register, departure, release=True)
    with at_the_office(register) as office:
        response = press(office, f"/leaving/{departure}/release")
        assert (response.status_code, "the request has lapsed" in response.text) == (409, True)
        again = press(office, f"/leaving/{departure}/release")
        assert "the request has lapsed" in again.text
    assert row_of(register, departure).state == "withdrawn"


def test_a_heartbeat_of_any_kiosk_withdraws_the_schools_lapsed_requests(
    register: Running, kiosk: Kiosk, departure: str, clock: Clock
) -> None:
    ask(kiosk, departure)
    other = register.enrol("Infants")
    clock.instant += LAPSES_AFTER + MOMENT
    other.post("/heartbeat", heartbeat())
    assert row_of(register, departure).state == "withdrawn"


def test_a_request_without_a_recorded_poll_lapses_by_its_own_time(
    register: Running, kiosk: Kiosk, departure: str, clock: Clock
) -> None:
    ask(kiosk, departure)
    with register.database.write() as session:
        session.get_one(DepartureRow, ("oak-lane", uuid.UUID(departure))).heard_at = None
    clock.instant += LAPSES_AFTER
    assert state(kiosk, departure) == "waiting"
    assert row_of(register, departure).heard_at == clock()


def test_a_request_that_a_restarted_kiosk_does_not_take_up_lapses_after_two_minutes(
    register: Running, kiosk: Kiosk, departure: str, clock: Clock
) -> None:
    ask(kiosk, departure)
    clock.forward(seconds=TAKEN_UP_WITHIN.total_seconds())
    kiosk.post("/heartbeat", heartbeat(uptime_s=3600))
    assert waits(register, departure)  # the request was made after the start
    kiosk.post("/heartbeat", heartbeat(uptime_s=118))
    assert waits(register, departure)  # the kiosk may still be connecting
    clock.forward(seconds=1)
    kiosk.post("/heartbeat", heartbeat(uptime_s=119))
    assert state(kiosk, departure) == "withdrawn"
    row = row_of(register, departure)
    assert (row.answered_by, row.answered_at) == ("the register", clock())


def test_a_request_that_a_restarted_kiosk_takes_up_waits_on(
    register: Running, kiosk: Kiosk, departure: str, clock: Clock
) -> None:
    ask(kiosk, departure)
    clock.forward(seconds=30)
    ask(kiosk, departure)  # taken up: the same request under the same id
    clock.forward(seconds=TAKEN_UP_WITHIN.total_seconds())
    kiosk.post("/heartbeat", heartbeat(uptime_s=int(TAKEN_UP_WITHIN.total_seconds()) + 5))
    assert waits(register, departure)
