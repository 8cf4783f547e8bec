"""The kiosk's end of the wire against a real HTTP server on loopback that does as each test says."""

import json
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sync.uplink.errors import NoAnswerError, RefusedError
from sync.uplink.http import RegisterClient, enrol
from sync.uplink.uplink import Uplink, UplinkState
from sync.wire import ClockReading, EntryResult, EntryStatus, Heartbeat, QueueState, Trust

ENOUGH_S = 60.0


class NoWaiting(random.Random):
    """Jitter that is always the shortest."""

    def uniform(self, a, _b):
        return a


class FakeOutbox:
    """An outbox in memory, with entries that are only an id."""

    def __init__(self, *ids):
        self.entries = {entry_id: json.dumps({"id": entry_id}) for entry_id in ids}
        self.settled: dict[str, EntryStatus] = {}
        self.bundles: list[str] = []
        self.refuses_bundle = False
        self.fault: Exception | None = None
        self.changed = threading.Condition()

    def waiting(self, limit):
        if self.fault:
            fault, self.fault = self.fault, None
            raise fault
        return [item for item in self.entries.items() if item[0] not in self.settled][:limit]

    def settle(self, results):
        with self.changed:
            self.settled.update({result.id: result.status for result in results})
            self.changed.notify_all()

    def send_again(self, missing):
        with self.changed:
            numbered = dict(enumerate(self.entries, start=1))
            wanted = {seq for each in missing for seq in range(each.first, each.last + 1)}
            again = [numbered[seq] for seq in wanted & set(numbered) if numbered[seq] in self.settled]
            for entry_id in again:
                del self.settled[entry_id]
            return len(again)

    def vitals(self):
        return Heartbeat(
            queue=QueueState(waiting=len(self.entries) - len(self.settled)),
            clock=ClockReading(trust=Trust.SYNCED, boot_id="b", monotonic_ns=1),
            version="0",
            uptime_s=1,
            last_seq=len(self.entries),
        )

    def bundle_etag(self):
        return f'"{self.bundles[-1]}"' if self.bundles else None

    def keep_bundle(self, bundle, _etag):
        if self.refuses_bundle:
            raise ValueError("its policy cannot be understood")
        self.bundles.append(bundle.version)


class Server:
    """Answers by `on_entries`; other calls as a good register does."""

    def __init__(self):
        self.on_entries: Callable[[list[str]], tuple] = accept
        self.on_heartbeat: Callable[[], bool] = lambda: True
        self.bundle_version = "v1"
        self.missing: list[dict[str, int]] = []
        self.bundle: dict | None = None
        self.refusal: dict | list | bytes = {}
        self.requests: list[tuple[str, object, dict]] = []
        self.waits: list[tuple[Callable[[], bool], Future]] = []

    def told(self):
        return sum(name == "heartbeat" for name, *_ in self.requests)


def accept(ids, status="accepted"):
    results = [{"id": entry_id, "status": status, "detail": None} for entry_id in ids]
    return 200, {"results": results, "server_time": "2026-11-24T09:07:00Z"}


@contextmanager
def serving():
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer(body)

        def do_GET(self):
            self.answer(None)

        def answer(self, body):
            name = self.path.rsplit("/", 1)[-1]
            server.requests.append((name, body, dict(self.headers)))
            headers = {}
            if name == "entries":
                status, said, *more = server.on_entries([entry["id"] for entry in body["entries"]])
                headers = more[0] if more else {}
            elif name == "heartbeat":
                status = 200 if server.on_heartbeat() else None
                said = {"server_time": "2026-11-24T09:07:00Z", "bundle_version": server.bundle_version}
                said |= {"missing": server.missing}
            elif name == "bundle":
                status, said = 200, server.bundle or bundle_of(server.bundle_version)
                headers = {"ETag": f'"{server.bundle_version}"'}
            else:
                status, said = 403, server.refusal
            if status is None:  # the answer is lost: the register has done its part
                self.close_connection = True
                return
            text = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(headers.get("Content-Length", len(text))))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_args):
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    server.url = f"http://127.0.0.1:{http.server_port}"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


def bundle_of(version):
    return {"version": version, "school": {"id": "s", "name": "S"}, "policy": {}, "cards": {"key": "00"}}


class LittleWaiting(random.Random):
    """Jitter that is always a hundredth of the longest."""

    def uniform(self, a, b):
        return a + (b - a) / 100


@contextmanager
def uplink(server, outbox, rng=None):
    states: list[UplinkState] = []
    times: list[datetime] = []
    seen = threading.Condition()

    def on_state(state):
        with seen:
            states.append(state)
            seen.notify_all()

    link = Uplink(
        RegisterClient(server.url),
        "secret-token",
        outbox,
        on_state=on_state,
        on_settled=lambda _results: None,
        on_server_time=times.append,
        rng=rng or NoWaiting(),
        monotonic=time.monotonic,
    )
    link.states, link.seen, link.times = states, seen, times
    link.start()
    try:
        yield link
    finally:
        link.stop()


def idle(server, rng):
    """An uplink that is not started."""
    return Uplink(
        RegisterClient(server.url),
        "t",
        FakeOutbox(),
        on_state=print,
        on_settled=print,
        on_server_time=print,
        rng=rng,
        monotonic=time.monotonic,
    )


@pytest.fixture
def server():
    with serving() as running:
        yield running


def settled(outbox, *ids):
    with outbox.changed:
        assert outbox.changed.wait_for(lambda: set(ids) <= set(outbox.settled), ENOUGH_S), outbox.settled
    return outbox.settled


def entered(link, state):
    with link.seen:
        assert link.seen.wait_for(lambda: state in link.states, ENOUGH_S), link.states


def wait_until(condition):
    """Wait for what no other thread announces."""
    end, quiet = time.monotonic() + ENOUGH_S, threading.Event()
    while not condition():
        assert time.monotonic() < end
        quiet.wait(0.01)


def in_turn(*answers):
    """Each call is answered by the next; the last one answers all that follow."""
    waiting = list(answers)

    def answer(*asked):
        this = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return this(*asked)

    return answer


def test_what_waits_is_sent_in_order_and_settled_by_the_registers_word(server):
    outbox = FakeOutbox("a", "b", "c")
    with uplink(server, outbox) as link:
        assert settled(outbox, "a", "b", "c") == dict.fromkeys("abc", EntryStatus.ACCEPTED)
        entered(link, UplinkState.CONNECTED)
    sent = next(body for name, body, _ in server.requests if name == "entries")
    assert [entry["id"] for entry in sent["entries"]] == ["a", "b", "c"]


def test_a_token_travels_in_the_header_alone(server):
    outbox = FakeOutbox("a")
    with uplink(server, outbox):
        settled(outbox, "a")
    for _, body, headers in server.requests:
        assert headers["Authorization"] == "Bearer secret-token"
        assert "secret-token" not in json.dumps(body)


def test_a_lost_answer_leaves_the_entries_queued_and_they_are_sent_again(server):
    server.on_entries = in_turn(lambda _ids: (None, {}), lambda ids: accept(ids, "duplicate"))
    outbox = FakeOutbox("a", "b")
    with uplink(server, outbox):
        assert settled(outbox, "a", "b") == dict.fromkeys("ab", EntryStatus.DUPLICATE)


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
    ids=["500", "503", "408", "429", "cut short", "not ours", "empty", "elsewhere", "connection lost"],
)
def test_no_good_answer_settles_nothing(server, bad, monkeypatch):
    monkeypatch.setattr("sync.uplink.http.TIMEOUT_S", (1.0, 1.0))
    settled_by_then = []

    def good(ids):
        settled_by_then.append(dict(outbox.settled))
        return accept(ids)

    server.on_entries = in_turn(bad, good)
    outbox = FakeOutbox("a")
    with uplink(server, outbox) as link:
        assert settled(outbox, "a") == {"a": EntryStatus.ACCEPTED}
        entered(link, UplinkState.OFFLINE)
        entered(link, UplinkState.CONNECTED)
    assert settled_by_then == [{}]


def test_the_registers_wish_to_wait_is_honoured(server):
    link = idle(server, NoWaiting())
    assert link._wait_after(1, NoAnswerError("429", 17.0)) == 17.0


def test_waits_grow_with_full_jitter_up_to_a_minute(server):
    class Longest(NoWaiting):
        def uniform(self, _a, b):
            return b

    link = idle(server, Longest())
    waits = [link._wait_after(n, NoAnswerError("no answer")) for n in range(1, 9)]
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_a_rejected_entry_does_not_hold_up_the_others(server):
    def answer(ids):
        said = accept(ids)
        said[1]["results"][0].update(status="rejected", detail="pupil: missing")
        return said

    server.on_entries = answer
    outbox = FakeOutbox("bad", "good")
    with uplink(server, outbox):
        assert settled(outbox, "bad", "good") == {"bad": EntryStatus.REJECTED, "good": EntryStatus.ACCEPTED}


def test_an_answer_of_a_later_version_leaves_its_entry_waiting_and_no_other(server):
    def answer(ids):
        said = accept(ids)
        said[1]["results"][0]["status"] = "of tomorrow"
        return said

    server.on_entries = in_turn(answer, accept)
    outbox = FakeOutbox("a", "b")
    with uplink(server, outbox):
        assert settled(outbox, "a", "b") == dict.fromkeys("ab", EntryStatus.ACCEPTED)


def test_batches_grow_again_after_one_was_too_large(server):
    server.on_entries = in_turn(lambda _ids: (413, {}), accept)
    outbox = FakeOutbox(*"abcdefgh")
    with uplink(server, outbox) as link:
        settled(outbox, *"abcdefgh")
        entered(link, UplinkState.CONNECTED)
    sizes = [len(body["entries"]) for name, body, _ in server.requests if name == "entries"]
    assert sizes == [8, 4, 4]
    assert link._batch == 16


def test_a_bundle_that_is_none_does_not_take_the_kiosk_offline(server):
    server.bundle = {"version": "v1", "of": "tomorrow"}
    outbox = FakeOutbox("a")
    with uplink(server, outbox) as link:
        settled(outbox, "a")
        entered(link, UplinkState.CONNECTED)
    assert UplinkState.OFFLINE not in link.states
    assert outbox.bundles == []


def test_a_batch_that_is_too_large_is_halved_until_it_fits(server):
    server.on_entries = lambda ids: (413, {}) if len(ids) > 2 else accept(ids)
    outbox = FakeOutbox(*"abcdefgh")
    with uplink(server, outbox):
        settled(outbox, *"abcdefgh")
    sizes = [len(body["entries"]) for name, body, _ in server.requests if name == "entries"]
    assert sizes[:3] == [8, 4, 2]


def test_an_entry_too_large_by_itself_becomes_a_dead_letter_and_the_others_go_on(server):
    server.on_entries = lambda ids: (413, {}) if "huge" in ids else accept(ids)
    outbox = FakeOutbox("huge", "a")
    with uplink(server, outbox):
        assert settled(outbox, "huge", "a") == {"huge": EntryStatus.REJECTED, "a": EntryStatus.ACCEPTED}


@pytest.mark.parametrize("status", [401, 403])
def test_a_kiosk_that_is_refused_keeps_its_queue_and_says_so(server, status):
    server.on_entries = lambda _ids: (status, {})
    outbox = FakeOutbox("a")
    with uplink(server, outbox) as link:
        entered(link, UplinkState.REFUSED)
    assert outbox.settled == {}


def test_a_result_for_another_entry_settles_nothing(server):
    server.on_entries = in_turn(lambda _ids: accept(["z"]), accept)
    outbox = FakeOutbox("a")
    with uplink(server, outbox):
        assert settled(outbox, "a") == {"a": EntryStatus.ACCEPTED}


def test_the_office_hears_at_once_of_what_it_should_see(server):
    with uplink(server, FakeOutbox()) as link:
        entered(link, UplinkState.CONNECTED)
        with link.seen:
            before = len(link.times)
        link.report()
        wait_until(lambda: link.report() or len(link.times) > before)


def test_a_new_bundle_is_fetched_when_the_heartbeat_tells_of_it(server):
    outbox = FakeOutbox()
    with uplink(server, outbox) as link:
        entered(link, UplinkState.CONNECTED)
    assert outbox.bundles == ["v1"]


def test_what_a_register_has_lost_is_sent_again_and_once(server):
    outbox = FakeOutbox("a", "b", "c")
    with uplink(server, outbox) as link:
        settled(outbox, "a", "b", "c")
        server.missing = [{"first": 2, "last": 3}]
        asked = [["a", "b", "c"], ["b", "c"]]
        link.report()
        wait_until(lambda: sent(server) == asked)
        settled(outbox, "b", "c")
        heard_once_more(server, link)  # it still says so: it could not take them
        server.missing.append({"first": 1, "last": 1})
        link.report()
        asked.append(["a"])
        wait_until(lambda: sent(server) == asked)
        settled(outbox, "a")
        server.missing = []
        heard_once_more(server, link)
        server.missing = [{"first": 1, "last": 1}]  # put back once more
        link.report()
        wait_until(lambda: sent(server) == [*asked, ["a"]])


def sent(server):
    """The ids of each batch."""
    return [
        [entry["id"] for entry in body["entries"]] for name, body, _ in server.requests if name == "entries"
    ]


def heard_once_more(server, link):
    """Wait until the kiosk has the answer to a heartbeat that began after this: the one after it is there."""
    told = server.told()
    wait_until(lambda: link.report() or server.told() >= told + 2)


def test_the_registers_time_is_passed_on_with_each_heartbeat(server):
    with uplink(server, FakeOutbox()) as link:
        entered(link, UplinkState.CONNECTED)
    assert link.times == [datetime(2026, 11, 24, 9, 7, tzinfo=UTC)]


def test_a_bundle_that_cannot_be_used_leaves_the_one_in_use(server):
    outbox = FakeOutbox("a")
    outbox.refuses_bundle = True
    with uplink(server, outbox) as link:
        entered(link, UplinkState.CONNECTED)
    assert outbox.bundles == []


def test_a_bundle_that_is_held_back_is_told_of_at_once_and_fetched_once(server):
    outbox = FakeOutbox()
    outbox.refuses_bundle = True
    with uplink(server, outbox) as link:
        entered(link, UplinkState.CONNECTED)
        for heard in (3, 4):
            link.report()
            wait_until(lambda heard=heard: len(link.times) >= heard)
        asked = [name for name, *_ in server.requests]
        assert asked[:3] == ["heartbeat", "bundle", "heartbeat"]
        assert asked.count("bundle") == 1
        outbox.refuses_bundle, server.bundle_version = False, "v2"
        link.report()
        wait_until(lambda: outbox.bundles == ["v2"])


def test_a_fault_on_this_side_does_not_end_the_sending(server):
    outbox = FakeOutbox("a")
    outbox.fault = OSError(28, "No space left on device")
    with uplink(server, outbox):
        settled(outbox, "a")


def test_a_commit_is_sent_at_once_not_at_the_next_heartbeat(server):
    outbox = FakeOutbox()
    with uplink(server, outbox) as link:
        entered(link, UplinkState.CONNECTED)
        outbox.entries["late"] = '{"id": "late"}'
        link.wake()
        settled(outbox, "late")


def test_the_office_hears_soon_that_a_queue_is_empty_again(server):
    server.on_entries = in_turn(lambda _ids: (500, {}), accept)
    outbox = FakeOutbox("a")
    with uplink(server, outbox) as link:
        entered(link, UplinkState.CONNECTED)
    told = [body["queue"]["waiting"] for name, body, _ in server.requests if name == "heartbeat"]
    assert told[0] == 1
    assert told[-1] == 0


def test_a_code_that_is_refused_is_told_in_the_registers_own_words(server):
    server.refusal = {"detail": "the code is wrong, used or expired; ask the office for a new one"}
    with pytest.raises(RefusedError, match=r"\(403\): the code is wrong, used or expired; ask the office"):
        enrol(RegisterClient(server.url), "wrong", "Reception")


@pytest.mark.parametrize(
    "page",
    [
        b"<html>Forbidden by the filter</html>",
        {"detail": "x" * 301},
        {"detail": "two\nlines"},
        {"detail": ["no", "sentence"]},
        {"error": "blocked"},
        ["blocked"],
        b"",
    ],
)
def test_what_something_in_between_says_is_not_told_as_the_registers(server, page):
    server.refusal = page
    with pytest.raises(RefusedError, match=r"^the register refused this kiosk \(403\)$"):
        enrol(RegisterClient(server.url), "wrong", "Reception")


def test_nothing_there_is_one_sentence():
    with pytest.raises(NoAnswerError, match="no answer from the register"):
        enrol(RegisterClient("http://127.0.0.1:9"), "code", "Reception")


@pytest.mark.parametrize("url", ["http://register.example", "register.example", "ftp://127.0.0.1", ""])
def test_names_are_never_sent_unencrypted_over_a_network(url):
    with pytest.raises(ValueError, match=r"https|web address"):
        RegisterClient(url)


def test_results_carry_what_the_wire_says():
    assert EntryResult(id="a", status=EntryStatus.REVIEW).status == "review"


def test_a_bundle_that_says_another_version_of_itself_is_held_back_without_end_of_asking(server):
    """It has changed between the heartbeat and the fetch, or its version was kept by an older register."""
    server.bundle = bundle_of("another")
    outbox = FakeOutbox()
    outbox.refuses_bundle = True
    with uplink(server, outbox) as link:
        entered(link, UplinkState.CONNECTED)
        for heard in (3, 4):
            link.report()
            wait_until(lambda heard=heard: len(link.times) >= heard)
    assert [name for name, *_ in server.requests].count("bundle") == 1
