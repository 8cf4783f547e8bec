"""The check before a PIN release: off the UI thread, and its answer through the inbox."""

import threading
from queue import SimpleQueue
from uuid import UUID, uuid4

import pytest

from kiosk.app.inbox import ReleaseChecked
from kiosk.app.release_checks import ReleaseChecks
from sync.uplink.http import PinReleaseCheck, RegisterClient
from sync.wire import DepartureRequest

REQUEST = DepartureRequest(pupil="P5", collector="Ruth Okafor")


Asked = list[tuple[str, UUID, DepartureRequest, str]]
"""Token, request, its content and the thread that asked."""


@pytest.mark.parametrize(
    ("answer", "may"),
    [(PinReleaseCheck.MAY, True), (PinReleaseCheck.MAY_NOT, False), (PinReleaseCheck.NOT_ANSWERED, None)],
)
def test_the_registers_answer_reaches_the_step_that_asked(
    monkeypatch: pytest.MonkeyPatch, answer: PinReleaseCheck, may: bool | None
) -> None:
    asked: Asked = []

    def may_release(
        _client: RegisterClient, token: str, request: UUID, content: DepartureRequest
    ) -> PinReleaseCheck:
        asked.append((token, request, content, threading.current_thread().name))
        return answer

    monkeypatch.setattr(RegisterClient, "may_release_by_pin", may_release)
    inbox: SimpleQueue[ReleaseChecked] = SimpleQueue()
    checks = ReleaseChecks(RegisterClient("http://127.0.0.1:1"), "token", inbox.put)
    results: list[bool | None] = []
    request = uuid4()
    checks.check(request, REQUEST, results.append)
    message = inbox.get(timeout=30)
    assert results == [], "the step is called on the UI thread, by the inbox"
    message.on_result(message.may)
    assert results == [may]
    [(token, asked_about, content, thread)] = asked
    assert (token, asked_about, content) == ("token", request, REQUEST)
    assert thread != threading.current_thread().name
    checks.close()
