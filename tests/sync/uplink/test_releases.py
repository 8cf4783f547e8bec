"""Asking for a pupil's release, against the register itself on a real port."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from sync.register.actor import Actor
from sync.register.departures import release
from sync.register.permissions import Role
from sync.uplink.http import RegisterClient
from sync.uplink.releases import ReleaseRequests, RequestStage
from sync.wire import DepartureAnswer, DepartureRequest, DepartureState
from tests.e2e.faults import Fault, dice, faulty_proxy
from tests.sync.register.server.test_server import free_port
from tests.sync.register.support import Clock, Running, running

ENOUGH_S = 60.0
OFFICER = Actor("J. Office", "Attendance officer", "oak-lane", "office", Role.OFFICE)
REQUEST = DepartureRequest(pupil="P1", collector="Aunt May", relationship="aunt", reason="medical")


class Screen:
    """Keeps what the kiosk's screen would show."""

    def __init__(self) -> None:
        self.answers: dict[UUID, DepartureAnswer | None] = {}
        self.stages: dict[UUID, list[RequestStage]] = {}
        self.changed = threading.Condition()

    def on_answer(self, request_id: UUID, answer: DepartureAnswer | None) -> None:
        with self.changed:
            assert request_id not in self.answers
            self.answers[request_id] = answer
            self.changed.notify_all()

    def on_stage(self, request_id: UUID, stage: RequestStage) -> None:
        with self.changed:
            self.stages.setdefault(request_id, []).append(stage)
            self.changed.notify_all()

    def reply(self, request_id: UUID) -> DepartureAnswer | None:
        with self.changed:
            assert self.changed.wait_for(lambda: request_id in self.answers, ENOUGH_S), self.stages
            return self.answers[request_id]

    def answer(self, request_id: UUID) -> DepartureAnswer:
        answer = self.reply(request_id)
        assert answer is not None
        return answer

    def until(self, request_id: UUID, stage: RequestStage) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: stage in self.stages.get(request_id, []), ENOUGH_S)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Running]:
    with running(f"sqlite:///{tmp_path / 'register.db'}", Clock()) as register:
        yield register


@contextmanager
def asking(url: str, token: str) -> Iterator[tuple[ReleaseRequests, Screen]]:
    screen = Screen()
    releases = ReleaseRequests(
        RegisterClient(url), token, screen.on_answer, on_stage=screen.on_stage, rng=dice(1)
    )
    try:
        yield releases, screen
    finally:
        releases.stop()


def settle(register: Running, do: Callable[..., object], request_id: UUID, *more: str) -> None:
    with register.database.write() as session:
        do(session, request_id, OFFICER, *more, now=datetime(2026, 11, 24, 9, 40, tzinfo=UTC))
    register.register.notifier.changed("oak-lane")


def waiting(register: Running) -> set[UUID]:
    with register.database.read() as session:
        return {
            each.id
            for each in release.open_requests(
                session, "oak-lane", now=datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
            )
        }


def test_the_offices_answer_arrives_at_once_with_the_releaser(register: Running) -> None:
    request_id = uuid4()
    with asking(register.url, register.enrol().token) as (releases, screen):
        releases.ask(request_id, REQUEST)
        screen.until(request_id, RequestStage.WAITING)
        settle(register, release.release, request_id)
        answer = screen.answer(request_id)
    assert (answer.state, answer.released_by) == (DepartureState.RELEASED, "J. Office")
    assert screen.stages[request_id] == [RequestStage.SENDING, RequestStage.WAITING]


def test_several_wait_at_once_and_each_gets_its_own_answer(register: Running) -> None:
    first, second = uuid4(), uuid4()
    with asking(register.url, register.enrol().token) as (releases, screen):
        for request_id in (first, second, first):
            releases.ask(request_id, REQUEST)
        for request_id in (first, second):
            screen.until(request_id, RequestStage.WAITING)
        assert waiting(register) == {first, second}
        settle(register, release.release, first)
        assert screen.answer(first).state is DepartureState.RELEASED
        settle(register, release.refuse, second, "not on the list")
        assert screen.answer(second).state is DepartureState.REFUSED
    assert "not on the list" not in repr(screen.answers)


def test_a_withdrawal_reaches_the_office_while_the_kiosk_waits_for_the_answer(register: Running) -> None:
    request_id = uuid4()
    with asking(register.url, register.enrol().token) as (releases, screen):
        releases.ask(request_id, REQUEST)
        screen.until(request_id, RequestStage.WAITING)
        releases.withdraw(request_id)
        assert screen.answer(request_id).state is DepartureState.WITHDRAWN
    assert waiting(register) == set()


def test_a_release_that_crosses_the_withdrawal_is_reported_as_a_release(register: Running) -> None:
    request_id = uuid4()
    token = register.enrol().token
    with asking(register.url, token) as (releases, screen):
        releases.ask(request_id, REQUEST)
        screen.until(request_id, RequestStage.WAITING)
        with register.database.write() as session:  # without a notification: the kiosk still waits
            release.release(session, request_id, OFFICER, now=register.clock())
        releases.withdraw(request_id)
        assert screen.answer(request_id).state is DepartureState.RELEASED


def test_without_a_register_the_request_is_offline_and_unanswered(register: Running) -> None:
    request_id = uuid4()
    with asking(f"http://127.0.0.1:{free_port()}", "t") as (releases, screen):
        releases.ask(request_id, REQUEST)
        screen.until(request_id, RequestStage.OFFLINE)
        assert screen.answers == {}


def test_a_request_made_offline_reaches_a_register_that_comes_back(register: Running) -> None:
    request_id, port = uuid4(), free_port()
    token = register.enrol().token
    with asking(f"http://127.0.0.1:{port}", token) as (releases, screen):
        releases.ask(request_id, REQUEST)
        screen.until(request_id, RequestStage.OFFLINE)
        with faulty_proxy(dice(1), int(port)) as proxy:
            proxy.target = register.url
            screen.until(request_id, RequestStage.WAITING)
            settle(register, release.release, request_id)
            assert screen.answer(request_id).state is DepartureState.RELEASED


def test_a_request_whose_answer_was_lost_is_withdrawn_for_certain(register: Running) -> None:
    request_id, token = uuid4(), register.enrol().token
    with faulty_proxy(dice(1)) as proxy, asking(proxy.url, token) as (releases, screen):
        proxy.target = register.url
        proxy.arm(Fault.DROPPED_AFTER, "/request")
        releases.ask(request_id, REQUEST)
        screen.until(request_id, RequestStage.OFFLINE)
        releases.withdraw(request_id)
        assert screen.answer(request_id).state is DepartureState.WITHDRAWN
    assert waiting(register) == set()


def test_an_unknown_kiosk_gets_no_answer(register: Running) -> None:
    request_id = uuid4()
    with asking(register.url, "not a token") as (releases, screen):
        releases.ask(request_id, REQUEST)
        assert screen.reply(request_id) is None


def test_nothing_is_reported_after_the_stop(register: Running) -> None:
    request_id = uuid4()
    with asking(register.url, register.enrol().token) as (releases, screen):
        releases.ask(request_id, REQUEST)
        screen.until(request_id, RequestStage.WAITING)
        releases.stop()
        settle(register, release.release, request_id)
        releases.ask(uuid4(), REQUEST)
    assert screen.answers == {}
