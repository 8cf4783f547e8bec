"""Asking the register before a PIN releases a pupil: may, may not, or not answered."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from sync.uplink.http import PinReleaseCheck, RegisterClient
from sync.wire import DepartureRequest
from tests.e2e.faults import Fault, dice, faulty_proxy
from tests.sync.register.server.test_server import free_port
from tests.sync.register.support import Clock, Running, running
from tests.sync.uplink.fakes import Answer, serving

FRIEND = DepartureRequest(pupil="P1", collector="Aunt May", relationship="aunt", reason="medical")
BARRED = DepartureRequest(pupil="P1", collector="Barred Person", reason="medical")


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Running]:
    with running(f"sqlite:///{tmp_path / 'register.db'}", Clock()) as register:
        yield register


@pytest.mark.parametrize(
    ("request_", "check"), [(FRIEND, PinReleaseCheck.MAY), (BARRED, PinReleaseCheck.MAY_NOT)]
)
def test_the_register_answers(register: Running, request_: DepartureRequest, check: PinReleaseCheck) -> None:
    token = register.enrol().token
    assert RegisterClient(register.url).may_release_by_pin(token, uuid4(), request_) is check


def test_an_unreachable_register_has_not_answered() -> None:
    client = RegisterClient(f"http://127.0.0.1:{free_port()}")
    assert client.may_release_by_pin("t", uuid4(), FRIEND) is PinReleaseCheck.NOT_ANSWERED


@pytest.mark.parametrize("fault", [Fault.DROPPED_BEFORE, Fault.DROPPED_AFTER, Fault.TRUNCATED])
def test_a_lost_answer_is_no_answer_and_the_question_can_be_asked_again(
    register: Running, fault: Fault
) -> None:
    token, request_id = register.enrol().token, uuid4()
    with faulty_proxy(dice(1)) as proxy:
        proxy.target = register.url
        proxy.arm(fault, "/release-by-pin")
        client = RegisterClient(proxy.url)
        assert client.may_release_by_pin(token, request_id, BARRED) is PinReleaseCheck.NOT_ANSWERED
        assert client.may_release_by_pin(token, request_id, BARRED) is PinReleaseCheck.MAY_NOT


def test_an_unknown_token_and_other_content_under_the_same_id_have_no_answer(register: Running) -> None:
    client, request_id, token = RegisterClient(register.url), uuid4(), register.enrol().token
    assert client.may_release_by_pin("not a token", request_id, FRIEND) is PinReleaseCheck.NOT_ANSWERED
    assert client.may_release_by_pin(token, request_id, FRIEND) is PinReleaseCheck.MAY
    assert client.may_release_by_pin(token, request_id, BARRED) is PinReleaseCheck.NOT_ANSWERED


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>Log in to the school's network</html>"),
        (204, b""),
        (302, b"", {"Location": "https://portal.example"}),
        (304, b""),
        (200, {"may": None}),
        (200, {"state": "waiting"}),
        (404, {"detail": "Not Found"}),
        (500, {"may": True}),
    ],
    ids=str,
)
def test_an_answer_that_is_not_the_registers_is_no_answer(answer: Answer) -> None:
    """A portal, a filter, or a register of an older version."""
    with serving() as server:
        server.pin_release = answer
        check = RegisterClient(server.url).may_release_by_pin("t", uuid4(), FRIEND)
    assert check is PinReleaseCheck.NOT_ANSWERED
