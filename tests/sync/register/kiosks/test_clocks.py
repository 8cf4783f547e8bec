"""A kiosk's clock that disagrees with the register's becomes one work item."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from sync.register.kiosks.clocks import REOPENED_AFTER
from sync.register.storage.models import WorkItemRow
from sync.register.worklist.resolve import Choice, OfficeDecision, resolve
from tests.sync.register.api.test_entries import work
from tests.sync.register.office_client import at_the_office, content
from tests.sync.register.support import Clock, Kiosk, Running, heartbeat
from tests.sync.register.worklist.test_resolve import OFFICER, item_of

Tell = Callable[..., httpx.Response]


@pytest.fixture
def tell(register: Running, kiosk: Kiosk, clock: Clock) -> Tell:
    """Send a heartbeat of a kiosk whose clock is so many seconds ahead."""

    def do(ahead_s: float | None, trust: str = "synced") -> httpx.Response:
        at = None if ahead_s is None else (clock() + timedelta(seconds=ahead_s)).isoformat()
        reading = {"trust": trust, "boot_id": "boot", "monotonic_ns": 1}
        answer = kiosk.post("/heartbeat", heartbeat(at=at, clock=reading))
        assert answer.status_code == 200, answer.text
        clock.forward(seconds=30)
        return answer

    return do


def resolutions(register: Running) -> list[str | None]:
    with register.database.read() as session:
        return list(session.scalars(select(WorkItemRow.resolution).order_by(WorkItemRow.id)))


@pytest.mark.parametrize("ahead_s", [-180, -31, 31, 7200])
@pytest.mark.parametrize("trust", ["synced", "held"])
def test_a_kiosk_ahead_or_behind_is_one_work_item_however_often_it_reports(
    register: Running, tell: Tell, ahead_s: int, trust: str
) -> None:
    for _ in range(3):
        tell(ahead_s, trust)
    assert work(register) == [("clocks", {"ahead_s": ahead_s})]


@pytest.mark.parametrize("ahead_s", [0, -14, -30, 30])
def test_the_time_that_a_heartbeat_may_take_is_no_difference(
    register: Running, tell: Tell, ahead_s: int
) -> None:
    tell(ahead_s)
    assert work(register) == []


def test_a_kiosk_without_a_time_or_without_trust_in_it_makes_no_work_item(
    register: Running, tell: Tell
) -> None:
    tell(None)
    tell(-7200, "unknown")
    assert work(register) == []


def test_the_item_settles_when_the_clocks_agree_but_not_when_they_nearly_do(
    register: Running, tell: Tell
) -> None:
    tell(-40)
    tell(-25)
    assert work(register) == [("clocks", {"ahead_s": -40})]
    tell(-2)
    assert work(register) == []
    assert resolutions(register) == ["the clocks agree again"]
    tell(-40)
    assert len(work(register)) == 1


def test_another_difference_is_another_work_item(register: Running, tell: Tell) -> None:
    tell(-40)
    tell(-400)
    assert work(register) == [("clocks", {"ahead_s": -400})]
    assert work(register, resolved=True) == [("clocks", {"ahead_s": -40})]


def test_an_item_that_the_office_has_noted_does_not_return_that_day(
    register: Running, tell: Tell, clock: Clock
) -> None:
    tell(-180)
    with register.database.write() as session:
        item = item_of(register, "clocks")
        resolve(
            session, item, OfficeDecision(Choice.NOTED), OFFICER, reason="told the network team", now=clock()
        )
    tell(-180)
    assert work(register) == []
    clock.instant += REOPENED_AFTER
    tell(-180)
    assert work(register) == [("clocks", {"ahead_s": -180})]


def test_each_kiosk_is_compared_by_itself(register: Running, tell: Tell) -> None:
    tell(-180)
    other = register.enrol("Infants")
    assert other.post("/heartbeat", heartbeat(at=register.clock().isoformat())).status_code == 200
    assert work(register) == [("clocks", {"ahead_s": -180})]


def test_the_office_sees_the_difference_and_can_note_it(register: Running, tell: Tell) -> None:
    tell(-200)
    with at_the_office(register) as office:
        assert "3 min behind the register’s; synced" in content(office.get("/kiosks"))
        shown = content(office.get("/needs"))
        assert "Two clocks disagree" in shown
        assert "Main reception: its clock is 3 min behind the register" in shown
        item = item_of(register, "clocks")
        answer = office.submit(f"/needs/{item}", act=f"{item}:noted")
        assert answer.status_code == 200
    assert work(register) == []
