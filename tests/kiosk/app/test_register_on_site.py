"""The staff screen's question who is on site, against the register itself."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app.inbox import OnSiteAnswered
from kiosk.app.register_on_site import RegisterOnSite
from sync.uplink.http import RegisterClient
from sync.wire import OnSiteResponse
from tests.sync.register.server.test_server import free_port
from tests.sync.register.support import Clock, Running, entry, running

ENOUGH_S = 60


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Running]:
    with running(f"sqlite:///{tmp_path / 'register.db'}", Clock()) as register:
        yield register


def ask(site: RegisterOnSite, inbox: "queue.SimpleQueue[OnSiteAnswered]") -> OnSiteResponse | None:
    """Ask, and take the answer out of the inbox as the UI thread does."""
    found: list[OnSiteResponse | None] = []
    site.ask(found.append)
    answered = inbox.get(timeout=ENOUGH_S)
    assert found == [], "the answer is delivered on the UI thread"
    answered.deliver()
    return found[0]


def test_the_list_comes_through_the_inbox_and_is_kept_while_it_does_not_change(register: Running) -> None:
    kiosk = register.enrol()
    kiosk.send(entry())
    inbox: queue.SimpleQueue[OnSiteAnswered] = queue.SimpleQueue()
    site = RegisterOnSite(RegisterClient(register.url), kiosk.token, inbox.put)
    try:
        first, second = ask(site, inbox), ask(site, inbox)
        assert first is not None
        assert [each.pupil for each in first.pupils] == ["P1"]
        assert second is first, "304: the kiosk has it"
    finally:
        site.close()


def test_without_a_register_there_is_no_list(register: Running) -> None:
    inbox: queue.SimpleQueue[OnSiteAnswered] = queue.SimpleQueue()
    for url, token in ((f"http://127.0.0.1:{free_port()}", "t"), (register.url, "not a token")):
        site = RegisterOnSite(RegisterClient(url), token, inbox.put)
        try:
            assert ask(site, inbox) is None
        finally:
            site.close()
