"""Asking the register who is on site, against the register itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.uplink.errors import NoAnswerError, RefusedError
from sync.uplink.http import RegisterClient
from sync.wire import SiteState
from tests.sync.register.server.test_server import free_port
from tests.sync.register.support import Clock, Running, entry, running
from tests.sync.uplink.fakes import serving


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Running]:
    with running(f"sqlite:///{tmp_path / 'register.db'}", Clock()) as register:
        yield register


def test_the_list_is_fetched_once_and_again_when_it_has_changed(register: Running) -> None:
    kiosk = register.enrol()
    kiosk.send(entry())
    client = RegisterClient(register.url)
    first = client.on_site(kiosk.token)
    assert first.on_site is not None
    assert [(each.pupil, each.state) for each in first.on_site.pupils] == [("P1", SiteState.IN)]
    assert client.on_site(kiosk.token, first.etag).on_site is None
    kiosk.send(entry(2, pupil="P2"))
    changed = client.on_site(kiosk.token, first.etag)
    assert changed.on_site is not None
    assert [each.pupil for each in changed.on_site.pupils] == ["P1", "P2"]


def test_without_a_register_there_is_no_answer(register: Running) -> None:
    with pytest.raises(NoAnswerError):
        RegisterClient(f"http://127.0.0.1:{free_port()}").on_site("t")
    with pytest.raises(RefusedError):
        RegisterClient(register.url).on_site("not a token")


@pytest.mark.parametrize(
    "answer", [(304, b""), (204, b""), (200, b"<html></html>"), (200, {"state": "in"}), (404, {})], ids=str
)
def test_an_answer_that_is_not_the_registers_is_no_answer(answer: tuple[int, object]) -> None:
    with serving() as server:
        server.on_site = answer
        with pytest.raises(NoAnswerError):
            RegisterClient(server.url).on_site("t")
