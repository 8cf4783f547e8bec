"""A register on loopback with answers that each test sets, an outbox in memory, and an uplink between."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

from sync.uplink.http import RegisterClient
from sync.uplink.uplink import Uplink, UplinkState
from sync.wire import (
    Bundle,
    ClockReading,
    EntryResult,
    EntryStatus,
    Heartbeat,
    QueueState,
    SeqRange,
    Trust,
)

ENOUGH_S = 60.0

Answer = tuple[Any, ...]
"""A status (`None` when the answer is lost), a body as JSON or bytes, and headers if there are any."""
ResultT = TypeVar("ResultT")


class NoWaiting(random.Random):
    """Jitter that is always the shortest."""

    def uniform(self, a: float, b: float) -> float:
        return a


class LittleWaiting(random.Random):
    """Jitter that is always a hundredth of the longest."""

    def uniform(self, a: float, b: float) -> float:
        return a + (b - a) / 100


class FakeOutbox:
    """An outbox in memory. Unless a test adds more, an entry is only an id."""

    def __init__(self, *ids: str) -> None:
        self.entries = {entry_id: json.dumps({"id": entry_id}) for entry_id in ids}
        self.settled: dict[str, EntryStatus] = {}
        self.bundles: list[str] = []
        self.refuses_bundle = False
        self.fault: Exception | None = None
        self.changed = threading.Condition()

    def waiting(self, limit: int) -> list[tuple[str, str]]:
        if self.fault:
            fault, self.fault = self.fault, None
            raise fault
        return [item for item in self.entries.items() if item[0] not in self.settled][:limit]

    def settle(self, results: Sequence[EntryResult]) -> None:
        with self.changed:
            self.settled.update({str(result.id): result.status for result in results})
            self.changed.notify_all()

    def send_again(self, missing: Sequence[SeqRange]) -> int:
        with self.changed:
            numbered = dict(enumerate(self.entries, start=1))
            wanted = {seq for each in missing for seq in range(each.first, each.last + 1)}
            again = [numbered[seq] for seq in wanted & set(numbered) if numbered[seq] in self.settled]
            for entry_id in again:
                del self.settled[entry_id]
            return len(again)

    def vitals(self) -> Heartbeat:
        return Heartbeat(
            queue=QueueState(waiting=len(self.entries) - len(self.settled)),
            clock=ClockReading(trust=Trust.SYNCED, boot_id="b", monotonic_ns=1),
            version="0",
            uptime_s=1,
            last_seq=len(self.entries),
        )

    def bundle_etag(self) -> str | None:
        return f'"{self.bundles[-1]}"' if self.bundles else None

    def keep_bundle(self, bundle: Bundle, _etag: str) -> None:
        if self.refuses_bundle:
            raise ValueError("its policy cannot be read")
        self.bundles.append(bundle.version)


def accept(ids: Sequence[str], status: str = "accepted") -> Answer:
    """The answer to a batch in which every entry is accepted."""
    results = [{"id": entry_id, "status": status, "detail": None} for entry_id in ids]
    return 200, {"results": results, "server_time": "2026-11-24T09:07:00Z"}


def bundle_of(version: str) -> dict[str, Any]:
    return {"version": version, "school": {"id": "s", "name": "S"}, "policy": {}, "cards": {"key": "00"}}


@dataclass
class Server:
    """A register that answers batches with `on_entries`, and other calls correctly."""

    url: str = ""
    on_entries: Callable[[list[str]], Answer] = accept
    on_heartbeat: Callable[[], bool] = lambda: True
    bundle_version: str = "v1"
    missing: list[dict[str, int]] = field(default_factory=list)
    bundle: dict[str, Any] | None = None
    pin_release: Answer = (200, {"may": True})
    on_site: Answer = (200, {"at": "2026-11-24T09:07:00Z", "pupils": []})
    refusal: object = field(default_factory=dict)
    stranger: Answer | None = None
    """What something else answers in the register's place, to every call."""
    requests: list[tuple[str, Any, dict[str, str]]] = field(default_factory=list)
    """Each request: the call's name, its body and its headers."""

    def heartbeats(self) -> int:
        """The number of heartbeats."""
        return sum(name == "heartbeat" for name, *_ in self.requests)

    def batches(self) -> list[list[str]]:
        """The ids of each batch."""
        return [
            [entry["id"] for entry in body["entries"]] for name, body, _ in self.requests if name == "entries"
        ]

    def answer(self, name: str, body: Any) -> Answer:
        return self.stranger or self._own_answer(name, body)

    def _own_answer(self, name: str, body: Any) -> Answer:
        if name == "entries":
            return self.on_entries([entry["id"] for entry in body["entries"]])
        if name == "heartbeat":
            answer = {"server_time": "2026-11-24T09:07:00Z", "bundle_version": self.bundle_version}
            return (200 if self.on_heartbeat() else None), answer | {"missing": self.missing}
        if name == "bundle":
            bundle = self.bundle or bundle_of(self.bundle_version)
            return 200, bundle, {"ETag": f'"{self.bundle_version}"'}
        if name == "release-by-pin":
            return self.pin_release
        if name == "on-site":
            return self.on_site
        return 403, self.refusal


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def do_PUT(self) -> None:
            self.do_POST()

        def do_GET(self) -> None:
            self.reply(None)

        def do_DELETE(self) -> None:
            self.do_GET()

        def reply(self, body: Any) -> None:
            name = self.path.rsplit("/", 1)[-1]
            server.requests.append((name, body, dict(self.headers)))
            status, content, *more = server.answer(name, body)
            headers = more[0] if more else {}
            if status is None:  # the answer is lost: the register has done its part
                self.close_connection = True
                return
            text = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(headers.get("Content-Length", len(text))))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    server.url = f"http://127.0.0.1:{http.server_port}"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


class Link(Uplink):
    """An uplink that keeps its states and the register's times."""

    def __init__(self, server: Server, outbox: FakeOutbox, rng: random.Random) -> None:
        self.states: list[UplinkState] = []
        self.times: list[datetime] = []
        self.seen = threading.Condition()
        super().__init__(
            RegisterClient(server.url),
            "secret-token",
            outbox,
            on_state=self._keep,
            on_settled=lambda _results: None,
            on_server_time=self.times.append,
            rng=rng,
            monotonic=time.monotonic,
        )

    def _keep(self, state: UplinkState) -> None:
        with self.seen:
            self.states.append(state)
            self.seen.notify_all()


@contextmanager
def uplink(server: Server, outbox: FakeOutbox, rng: random.Random | None = None) -> Iterator[Link]:
    link = Link(server, outbox, rng or NoWaiting())
    link.start()
    try:
        yield link
    finally:
        link.stop()


def wait_until_settled(outbox: FakeOutbox, *ids: str) -> dict[str, EntryStatus]:
    """Wait until these entries are settled; return every settled entry's status."""
    with outbox.changed:
        assert outbox.changed.wait_for(lambda: set(ids) <= set(outbox.settled), ENOUGH_S), outbox.settled
    return outbox.settled


def wait_for_state(link: Link, state: UplinkState) -> None:
    """Wait until the uplink has been in that state."""
    with link.seen:
        assert link.seen.wait_for(lambda: state in link.states, ENOUGH_S), link.states


def wait_until(condition: Callable[[], object]) -> None:
    """Wait for a condition that no thread announces."""
    end, quiet = time.monotonic() + ENOUGH_S, threading.Event()
    while not condition():
        assert time.monotonic() < end
        quiet.wait(0.01)


def report_until(link: Link, condition: Callable[[], object]) -> None:
    """Send heartbeats until the condition holds."""

    def report() -> object:
        link.report()
        return condition()

    wait_until(report)


def in_turn(*answers: Callable[..., ResultT]) -> Callable[..., ResultT]:
    """Each call is answered by the next; the last one answers all that follow."""
    left = list(answers)

    def answer(*arguments: object) -> ResultT:
        this = left.pop(0) if len(left) > 1 else left[0]
        return this(*arguments)

    return answer
