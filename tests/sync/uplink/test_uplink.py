"""The kiosk's end of the wire against a real HTTP server on loopback with answers that each test sets."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sync.uplink.errors import NoAnswerError, RefusedError
from sync.uplink.http import RegisterClient, enrol
from sync.uplink.uplink import UplinkState
from sync.wire import EntryResult, EntryStatus
from tests.sync.uplink.fakes import (
    Answer,
    FakeOutbox,
    Link,
    NoWaiting,
    Server,
    accept,
    bundle_of,
    in_turn,
    report_until,
    serving,
    uplink,
    wait_for_state,
    wait_until,
    wait_until_settled,
)

TOO_LARGE = {"detail": "at most 2 entries in one batch; halve it"}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def test_waiting_entries_are_sent_in_order_and_settled_by_the_registers_answer(server: Server) -> None:
    outbox = FakeOutbox("a", "b", "c")
    with uplink(server, outbox) as link:
        assert wait_until_settled(outbox, "a", "b", "c") == dict.fromkeys("abc", EntryStatus.ACCEPTED)
        wait_for_state(link, UplinkState.CONNECTED)
    assert server.batches()[0] == ["a", "b", "c"]


def test_the_token_is_sent_in_the_header_only(server: Server) -> None:
    outbox = FakeOutbox("a")
    with uplink(server, outbox):
        wait_until_settled(outbox, "a")
    for _, body, headers in server.requests:
        assert headers["Authorization"] == "Bearer secret-token"
        assert "secret-token" not in json.dumps(body)


def test_a_lost_answer_leaves_the_entries_queued_and_they_are_sent_again(server: Server) -> None:
    server.on_entries = in_turn(lambda _ids: (None, {}), lambda ids: accept(ids, "duplicate"))
    outbox = FakeOutbox("a", "b")
    with uplink(server, outbox):
        assert wait_until_settled(outbox, "a", "b") == dict.fromkeys("ab", EntryStatus.DUPLICATE)


@pytest.mark.parametrize(
    "bad",
    [
        lambda _ids: (500, {}),
        lambda _ids: (503, {}),
        lambda _ids: (408, {}),
        lambda _ids: (429, {}, {"Retry-After": "0"}),
        lambda ids: (200, json.dumps(accept(ids)[1]).encode()[:-9]),
        lambda _ids: (200, b"<html>a captive portal</html>"),
        lambda _ids: (200, {"results": [], "server_time": "2026-11-24T09:07:00Z"}),
        lambda _ids: (302, {}, {"Location": "http://127.0.0.1:9/"}),
        lambda ids: (200, accept(ids)[1], {"Content-Length": 9999}),
    ],
    ids=["500", "503", "408", "429", "cut short", "another page", "empty", "elsewhere", "connection lost"],
)
def test_a_bad_answer_settles_nothing(server: Server, bad: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.uplink.http.TIMEOUT_S", (1.0, 1.0))
    settled_by_then: list[dict[str, EntryStatus]] = []

    def good(ids: list[str]) -> Answer:
        settled_by_then.append(dict(outbox.settled))
        return accept(ids)

    server.on_entries = in_turn(bad, good)
    outbox = FakeOutbox("a")
    with uplink(server, outbox) as link:
        assert wait_until_settled(outbox, "a") == {"a": EntryStatus.ACCEPTED}
        wait_for_state(link, UplinkState.OFFLINE)
        wait_for_state(link, UplinkState.CONNECTED)
    assert settled_by_then == [{}]


def test_the_wait_is_as_long_as_the_register_asks(server: Server) -> None:
    link = Link(server, FakeOutbox(), NoWaiting())
    assert link._wait_after(1, NoAnswerError("429", 17.0)) == 17.0


def test_waits_grow_with_full_jitter_up_to_a_minute(server: Server) -> None:
    class Longest(NoWaiting):
        def uniform(self, a: float, b: float) -> float:
            return b

    link = Link(server, FakeOutbox(), Longest())
    waits = [link._wait_after(n, NoAnswerError("no answer")) for n in range(1, 9)]
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_a_rejected_entry_does_not_hold_up_the_others(server: Server) -> None:
    def answer(ids: list[str]) -> Answer:
        accepted = accept(ids)
        accepted[1]["results"][0].update(status="rejected", detail="pupil: missing")
        return accepted

    server.on_entries = answer
    outbox = FakeOutbox("bad", "good")
    with uplink(server, outbox):
        assert wait_until_settled(outbox, "bad", "good") == {
            "bad": EntryStatus.REJECTED,
            "good": EntryStatus.ACCEPTED,
        }


def test_an_answer_of_a_later_version_leaves_its_entry_waiting_and_no_other(server: Server) -> None:
    def answer(ids: list[str]) -> Answer:
        accepted = accept(ids)
        accepted[1]["results"][0]["status"] = "of tomorrow"
        return accepted

    server.on_entries = in_turn(answer, accept)
    outbox = FakeOutbox("a", "b")
    with uplink(server, outbox):
        assert wait_until_settled(outbox, "a", "b") == dict.fromkeys("ab", EntryStatus.ACCEPTED)


def test_batches_grow_again_after_one_was_too_large(server: Server) -> None:
    server.on_entries = in_turn(lambda _ids: (413, TOO_LARGE), accept)
    outbox = FakeOutbox(*"abcdefgh")
    with uplink(server, outbox) as link:
        wait_until_settled(outbox, *"abcdefgh")
        wait_for_state(link, UplinkState.CONNECTED)
    sizes = [len(batch) for batch in server.batches()]
    assert sizes == [8, 4, 4]
    assert link._sender._most == 16


def test_an_invalid_bundle_does_not_take_the_kiosk_offline(server: Server) -> None:
    server.bundle = {"version": "v1", "of": "tomorrow"}
    outbox = FakeOutbox("a")
    with uplink(server, outbox) as link:
        wait_until_settled(outbox, "a")
        wait_for_state(link, UplinkState.CONNECTED)
    assert UplinkState.OFFLINE not in link.states
    assert outbox.bundles == []


def test_a_batch_that_is_too_large_is_halved_until_it_fits(server: Server) -> None:
    server.on_entries = lambda ids: (413, TOO_LARGE) if len(ids) > 2 else accept(ids)
    outbox = FakeOutbox(*"abcdefgh")
    with uplink(server, outbox):
        wait_until_settled(outbox, *"abcdefgh")
    sizes = [len(batch) for batch in server.batches()]
    assert sizes[:3] == [8, 4, 2]


def test_an_entry_too_large_by_itself_becomes_a_dead_letter_and_the_others_go_on(server: Server) -> None:
    server.on_entries = lambda ids: (413, TOO_LARGE) if "huge" in ids else accept(ids)
    outbox = FakeOutbox("huge", "a")
    with uplink(server, outbox):
        assert wait_until_settled(outbox, "huge", "a") == {
            "huge": EntryStatus.REJECTED,
            "a": EntryStatus.ACCEPTED,
        }


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_kiosk_keeps_its_queue_and_reports_the_refusal(server: Server, status: int) -> None:
    server.on_entries = lambda _ids: (status, {"detail": "no"})
    outbox = FakeOutbox("a")
    with uplink(server, outbox) as link:
        wait_for_state(link, UplinkState.REFUSED)
    assert outbox.settled == {}


def test_a_result_for_another_entry_settles_nothing(server: Server) -> None:
    server.on_entries = in_turn(lambda _ids: accept(["z"]), accept)
    outbox = FakeOutbox("a")
    with uplink(server, outbox):
        assert wait_until_settled(outbox, "a") == {"a": EntryStatus.ACCEPTED}


def test_a_report_sends_a_heartbeat_at_once(server: Server) -> None:
    with uplink(server, FakeOutbox()) as link:
        wait_for_state(link, UplinkState.CONNECTED)
        with link.seen:
            before = len(link.times)
        link.report()
        report_until(link, lambda: len(link.times) > before)


def test_a_new_bundle_is_fetched_when_the_heartbeat_names_it(server: Server) -> None:
    outbox = FakeOutbox()
    with uplink(server, outbox) as link:
        wait_for_state(link, UplinkState.CONNECTED)
    assert outbox.bundles == ["v1"]


def test_entries_that_the_register_lost_are_sent_again_once(server: Server) -> None:
    outbox = FakeOutbox("a", "b", "c")
    with uplink(server, outbox) as link:
        wait_until_settled(outbox, "a", "b", "c")
        server.missing = [{"first": 2, "last": 3}]
        asked = [["a", "b", "c"], ["b", "c"]]
        link.report()
        wait_until(lambda: server.batches() == asked)
        wait_until_settled(outbox, "b", "c")
        wait_for_another_answer(server, link)  # it still lacks them: it could not accept them
        server.missing.append({"first": 1, "last": 1})
        link.report()
        asked.append(["a"])
        wait_until(lambda: server.batches() == asked)
        wait_until_settled(outbox, "a")
        server.missing = []
        wait_for_another_answer(server, link)
        server.missing = [{"first": 1, "last": 1}]  # restored from a backup once more
        link.report()
        wait_until(lambda: server.batches() == [*asked, ["a"]])


def wait_for_another_answer(server: Server, link: Link) -> None:
    """Wait for the answer to a heartbeat that begins after this: then the next one has arrived too."""
    before = server.heartbeats()
    report_until(link, lambda: server.heartbeats() >= before + 2)


def test_the_registers_time_is_passed_on_with_each_heartbeat(server: Server) -> None:
    with uplink(server, FakeOutbox()) as link:
        wait_for_state(link, UplinkState.CONNECTED)
    assert link.times == [datetime(2026, 11, 24, 9, 7, tzinfo=UTC)]


def test_a_bundle_that_cannot_be_used_leaves_the_one_in_use(server: Server) -> None:
    outbox = FakeOutbox("a")
    outbox.refuses_bundle = True
    with uplink(server, outbox) as link:
        wait_for_state(link, UplinkState.CONNECTED)
    assert outbox.bundles == []


def test_a_bundle_that_is_held_back_is_reported_at_once_and_fetched_once(server: Server) -> None:
    outbox = FakeOutbox()
    outbox.refuses_bundle = True
    with uplink(server, outbox) as link:
        wait_for_state(link, UplinkState.CONNECTED)
        for answers in (3, 4):
            link.report()
            wait_until(lambda answers=answers: len(link.times) >= answers)  # type: ignore[misc]  # mypy infers no type for a lambda with a default
        asked = [name for name, *_ in server.requests]
        assert asked[:3] == ["heartbeat", "bundle", "heartbeat"]
        assert asked.count("bundle") == 1
        outbox.refuses_bundle, server.bundle_version = False, "v2"
        link.report()
        wait_until(lambda: outbox.bundles == ["v2"])


def test_a_fault_on_the_kiosk_does_not_end_sending(server: Server) -> None:
    outbox = FakeOutbox("a")
    outbox.fault = OSError(28, "No space left on device")
    with uplink(server, outbox):
        wait_until_settled(outbox, "a")


def test_a_new_entry_is_sent_at_once_not_at_the_next_heartbeat(server: Server) -> None:
    outbox = FakeOutbox()
    with uplink(server, outbox) as link:
        wait_for_state(link, UplinkState.CONNECTED)
        outbox.entries["late"] = '{"id": "late"}'
        link.wake()
        wait_until_settled(outbox, "late")


def test_the_office_soon_sees_that_a_queue_is_empty_again(server: Server) -> None:
    server.on_entries = in_turn(lambda _ids: (500, {}), accept)
    outbox = FakeOutbox("a")
    with uplink(server, outbox) as link:
        wait_for_state(link, UplinkState.CONNECTED)
    queues = [body["queue"]["waiting"] for name, body, _ in server.requests if name == "heartbeat"]
    assert queues[0] == 1
    assert queues[-1] == 0


def test_a_refused_code_is_explained_with_the_registers_reason(server: Server) -> None:
    server.refusal = {"detail": "the code is wrong, used or expired; ask the office for a new one"}
    with pytest.raises(RefusedError, match=r"\(403\): the code is wrong, used or expired; ask the office"):
        enrol(RegisterClient(server.url), "wrong", "Reception")


@pytest.mark.parametrize(
    "page",
    [
        b"<html>Forbidden by the filter</html>",
        {"detail": "x" * 301},
        {"detail": "two\nlines"},
        {"error": "blocked"},
        ["blocked"],
        b"",
    ],
)
def test_a_proxys_error_page_is_not_the_registers_refusal(server: Server, page: Any) -> None:
    server.refusal = page
    with pytest.raises(
        NoAnswerError, match=r"^a web filter or proxy answers in the register's place \(403\)"
    ):
        enrol(RegisterClient(server.url), "wrong", "Reception")


def test_an_unreachable_register_is_reported_in_one_sentence() -> None:
    with pytest.raises(NoAnswerError, match="no answer from the register"):
        enrol(RegisterClient("http://127.0.0.1:9"), "code", "Reception")


@pytest.mark.parametrize("url", ["http://register.example", "register.example", "ftp://127.0.0.1", ""])
def test_names_are_never_sent_unencrypted_over_a_network(url: str) -> None:
    with pytest.raises(ValueError, match=r"https|web address"):
        RegisterClient(url)


def test_a_result_has_the_status_of_the_wire() -> None:
    assert EntryResult(id="a", status=EntryStatus.REVIEW).status == "review"


def test_a_bundle_with_another_version_than_announced_is_not_fetched_again_and_again(server: Server) -> None:
    """It changed between the heartbeat and the fetch, or an older register stored its version."""
    server.bundle = bundle_of("another")
    outbox = FakeOutbox()
    outbox.refuses_bundle = True
    with uplink(server, outbox) as link:
        wait_for_state(link, UplinkState.CONNECTED)
        for answers in (3, 4):
            link.report()
            wait_until(lambda answers=answers: len(link.times) >= answers)  # type: ignore[misc]  # mypy infers no type for a lambda with a default
    assert [name for name, *_ in server.requests].count("bundle") == 1
