"""Asking for a pupil's release, against the register itself on a real port."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from sync.register.departures import release
from sync.register.permissions import Person
from sync.uplink.http import RegisterClient
from sync.uplink.releases import ReleaseRequests, RequestStage
from sync.wire import DepartureRequest, DepartureState
from tests.e2e.faults import Fault, dice, faulty_proxy
from tests.sync.register.server.test_server import free_port
from tests.sync.register.support import Clock, running

ENOUGH_S = 60.0
OFFICER = Person("office", "J. Office", "Attendance officer", "oak-lane")
REQUEST = DepartureRequest(pupil="P1", collector="Aunt May", relationship="aunt", reason="medical")


class Heard:
    """What the kiosk's screen is told."""

    def __init__(self):
        self.answers = {}
        self.states = {}
        self.changed = threading.Condition()

    def answered(self, request_id, answer):
        with self.changed:
            assert request_id not in self.answers
            self.answers[request_id] = answer
            self.changed.notify_all()

    def asking(self, request_id, state):
        with self.changed:
            self.states.setdefault(request_id, []).append(state)
            self.changed.notify_all()

    def answer(self, request_id):
        with self.changed:
            assert self.changed.wait_for(lambda: request_id in self.answers, ENOUGH_S), self.states
            return self.answers[request_id]

    def until(self, request_id, state):
        with self.changed:
            assert self.changed.wait_for(lambda: state in self.states.get(request_id, []), ENOUGH_S)


@pytest.fixture
def register(tmp_path):
    with running(f"sqlite:///{tmp_path / 'register.db'}", Clock()) as it:
        yield it


@contextmanager
def asking(url, token):
    heard = Heard()
    releases = ReleaseRequests(RegisterClient(url), token, heard.answered, on_stage=heard.asking, rng=dice(1))
    try:
        yield releases, heard
    finally:
        releases.stop()


def settle(register, do, request_id, *more):
    with register.database.write() as session:
        do(session, request_id, OFFICER, *more, now=datetime(2026, 11, 24, 9, 40, tzinfo=UTC), address="")
    register.register.notifier.changed("oak-lane")


def waiting(register):
    with register.database.read() as session:
        return {each.id for each in release.waiting(session, "oak-lane")}


def test_the_offices_answer_comes_at_once_with_who_gave_it(register):
    request_id = uuid4()
    with asking(register.url, register.enrol().token) as (releases, heard):
        releases.ask(request_id, REQUEST)
        heard.until(request_id, RequestStage.WAITING)
        settle(register, release.release, request_id)
        answer = heard.answer(request_id)
    assert (answer.state, answer.released_by) == (DepartureState.RELEASED, "J. Office")
    assert heard.states[request_id] == [RequestStage.SENDING, RequestStage.WAITING]


def test_several_wait_at_once_and_each_gets_its_own_answer(register):
    first, second = uuid4(), uuid4()
    with asking(register.url, register.enrol().token) as (releases, heard):
        for request_id in (first, second, first):
            releases.ask(request_id, REQUEST)
        for request_id in (first, second):
            heard.until(request_id, RequestStage.WAITING)
        assert waiting(register) == {first, second}
        settle(register, release.refuse, second, "not on the list")
        assert heard.answer(second).state is DepartureState.REFUSED
        settle(register, release.release, first)
        assert heard.answer(first).state is DepartureState.RELEASED
    assert "not on the list" not in repr(heard.answers)


def test_a_withdrawal_is_told_to_the_office_while_the_answer_is_waited_for(register):
    request_id = uuid4()
    with asking(register.url, register.enrol().token) as (releases, heard):
        releases.ask(request_id, REQUEST)
        heard.until(request_id, RequestStage.WAITING)
        releases.withdraw(request_id)
        assert heard.answer(request_id).state is DepartureState.WITHDRAWN
    assert waiting(register) == set()


def test_a_release_that_crossed_the_withdrawal_is_told_as_what_it_is(register):
    request_id = uuid4()
    token = register.enrol().token
    with asking(register.url, token) as (releases, heard):
        releases.ask(request_id, REQUEST)
        heard.until(request_id, RequestStage.WAITING)
        with register.database.write() as session:  # and nobody is notified: the kiosk still waits
            release.release(session, request_id, OFFICER, now=register.clock(), address="")
        releases.withdraw(request_id)
        assert heard.answer(request_id).state is DepartureState.RELEASED


def test_without_a_register_it_says_so_and_nothing_was_asked(register):
    request_id = uuid4()
    with asking(f"http://127.0.0.1:{free_port()}", "t") as (releases, heard):
        releases.ask(request_id, REQUEST)
        heard.until(request_id, RequestStage.OFFLINE)
        assert heard.answers == {}


def test_a_request_made_offline_reaches_a_register_that_comes_back(register):
    request_id, port = uuid4(), free_port()
    token = register.enrol().token
    with asking(f"http://127.0.0.1:{port}", token) as (releases, heard):
        releases.ask(request_id, REQUEST)
        heard.until(request_id, RequestStage.OFFLINE)
        with faulty_proxy(dice(1), int(port)) as proxy:
            proxy.target = register.url
            heard.until(request_id, RequestStage.WAITING)
            settle(register, release.release, request_id)
            assert heard.answer(request_id).state is DepartureState.RELEASED


def test_one_whose_answer_was_lost_is_withdrawn_for_certain(register):
    request_id, token = uuid4(), register.enrol().token
    with faulty_proxy(dice(1)) as proxy, asking(proxy.url, token) as (releases, heard):
        proxy.target = register.url
        proxy.arm(Fault.DROPPED_AFTER, "/request")
        releases.ask(request_id, REQUEST)
        heard.until(request_id, RequestStage.OFFLINE)
        releases.withdraw(request_id)
        assert heard.answer(request_id).state is DepartureState.WITHDRAWN
    assert waiting(register) == set()


def test_a_kiosk_that_is_not_known_is_told_that_nobody_can_answer(register):
    request_id = uuid4()
    with asking(register.url, "not a token") as (releases, heard):
        releases.ask(request_id, REQUEST)
        assert heard.answer(request_id) is None


def test_nothing_is_told_after_it_was_stopped(register):
    request_id = uuid4()
    with asking(register.url, register.enrol().token) as (releases, heard):
        releases.ask(request_id, REQUEST)
        heard.until(request_id, RequestStage.WAITING)
        releases.stop()
        settle(register, release.release, request_id)
        releases.ask(uuid4(), REQUEST)
    assert heard.answers == {}
