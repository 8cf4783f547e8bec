"""Only an answer of the register's own form counts, for every call and every answer of something else."""

import threading
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from sync.uplink.cards import NOT_REACHED, assign, revoke
from sync.uplink.errors import CardError, CardTakenError, NoAnswerError
from sync.uplink.http import PinReleaseCheck, RegisterClient, enrol
from sync.uplink.obstacles import Obstacle
from sync.uplink.probe import probe
from sync.uplink.releases import ReleaseRequests, RequestStage
from sync.uplink.uplink import UplinkState
from sync.wire import CardAssignment, CardRevocation, DepartureRequest, EntryStatus
from tests.sync.uplink.bad_network import STRANGERS
from tests.sync.uplink.fakes import (
    ENOUGH_S,
    Answer,
    FakeOutbox,
    NoWaiting,
    Server,
    serving,
    uplink,
    wait_for_state,
    wait_until,
    wait_until_settled,
)

REQUEST = DepartureRequest(pupil="P1", collector="Aunt May")
ID = UUID(int=7)
ONE_OF_EACH_KIND = {
    name: STRANGERS[name]
    for name in (
        "portal 302",
        "portal 200",
        "portal 204",
        "filter 401",
        "filter 403",
        "filter 413",
        "portal without an address",
        "gateway 403",
        "gateway 413",
        "proxy 407",
        "proxy 502",
        "another service",
        "half an answer",
    )
}
ONE_STRANGER_OF_EACH_KIND = pytest.mark.parametrize(
    "stranger", ONE_OF_EACH_KIND.values(), ids=ONE_OF_EACH_KIND
)
EVERY_STRANGER = pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS)


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def server(shared: Server) -> Iterator[Server]:
    yield shared
    shared.stranger = None
    shared.requests.clear()


CALLS: dict[str, Callable[[RegisterClient], object]] = {
    "enrol": lambda register: enrol(register, "code", "Reception"),
    "doctor": lambda register: probe(register, "token"),
    "doctor before enrolment": lambda register: probe(register, None),
    "on site": lambda register: register.on_site("token"),
    "on site again": lambda register: register.on_site("token", '"etag"'),
}


@EVERY_STRANGER
def test_a_strangers_answer_is_no_answer_to_any_question(server: Server, stranger: Answer) -> None:
    server.stranger = stranger
    register = RegisterClient(server.url)
    for name, call in CALLS.items():
        with pytest.raises(NoAnswerError) as caught:
            call(register)
        assert caught.value.obstacle is not None, name
        assert "in the register's place" in str(caught.value) or "proxy asks for a login" in str(caught.value)
    assert register.may_release_by_pin("token", ID, REQUEST) is PinReleaseCheck.NOT_ANSWERED
    with pytest.raises(CardError, match=NOT_REACHED) as refused:
        assign(register, "token", "cd" * 32, CardAssignment(pupil="P3", by="S1"))
    assert not isinstance(refused.value, CardTakenError)
    with pytest.raises(CardError, match=NOT_REACHED):
        revoke(register, "token", "P3", CardRevocation(by="S1"))


@ONE_STRANGER_OF_EACH_KIND
def test_a_strangers_answer_settles_nothing_revokes_nothing_and_all_is_sent_once_it_has_gone(
    server: Server, stranger: Answer
) -> None:
    server.stranger = stranger
    outbox = FakeOutbox("a", "b", "c")
    with uplink(server, outbox) as link:
        wait_for_state(link, UplinkState.OFFLINE)
        wait_until(lambda: len(server.requests) > 3)
        assert outbox.settled == {}
        assert outbox.bundles == []
        assert link.times == [], "only the register sets the time"
        server.stranger = None
        assert wait_until_settled(outbox, "a", "b", "c") == dict.fromkeys("abc", EntryStatus.ACCEPTED)
    assert UplinkState.REFUSED not in link.states


@ONE_STRANGER_OF_EACH_KIND
def test_a_filter_that_blocks_entries_alone_makes_no_dead_letter(server: Server, stranger: Answer) -> None:
    outbox = FakeOutbox("a", "b", "c")
    server.on_entries = lambda _ids: stranger
    with uplink(server, outbox) as link:
        wait_until(lambda: len(server.batches()) > 6)
        assert outbox.settled == {}
    assert UplinkState.REFUSED not in link.states


@ONE_STRANGER_OF_EACH_KIND
def test_a_request_for_release_outlasts_a_strangers_answers(server: Server, stranger: Answer) -> None:
    server.stranger = stranger
    answers, stages, seen = [], [], threading.Event()

    def on_stage(_request: UUID, stage: RequestStage) -> None:
        stages.append(stage)
        if stage is RequestStage.OFFLINE:
            seen.set()

    requests = ReleaseRequests(
        RegisterClient(server.url),
        "token",
        lambda _request, answer: answers.append(answer),
        on_stage=on_stage,
        rng=NoWaiting(),
    )
    requests.ask(ID, REQUEST)
    assert seen.wait(ENOUGH_S)
    requests.stop()
    assert answers == []
    assert RequestStage.WAITING not in stages


@pytest.mark.parametrize(
    ("name", "obstacle", "words"),
    [
        ("portal 302", Obstacle.PORTAL, "leads to portal.example"),
        ("portal 200", Obstacle.PORTAL, "a web page answers"),
        ("portal 511", Obstacle.PORTAL, "login page"),
        ("filter 403", Obstacle.FILTER, "web filter"),
        ("proxy 407", Obstacle.PROXY, "(407)"),
        ("proxy 502", Obstacle.PROXY, "(502): is the register running"),
        ("another service", Obstacle.OTHER_SERVICE, "check [uplink] url"),
    ],
)
def test_what_stands_between_is_named(server: Server, name: str, obstacle: Obstacle, words: str) -> None:
    server.stranger = STRANGERS[name]
    with pytest.raises(NoAnswerError) as caught:
        enrol(RegisterClient(server.url), "code", "Reception")
    assert caught.value.obstacle is obstacle
    assert words in str(caught.value)


def test_a_304_that_was_not_asked_for_is_no_answer(server: Server) -> None:
    server.stranger = (304, b"", {"ETag": '"etag"'})
    with pytest.raises(NoAnswerError):
        probe(RegisterClient(server.url), "token")
    assert RegisterClient(server.url).on_site("token", '"etag"').on_site is None
