"""A proxy between a kiosk and the register that does to an exchange what networks and servers do."""

import random
import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import requests

_HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "host", "date", "server"}
DELAY_S = 0.15


class Fault(StrEnum):
    """What becomes of one exchange."""

    DROPPED_BEFORE = "dropped before"
    """The register never sees it."""
    DROPPED_AFTER = "dropped after commit"
    """The register has done it, and its answer is lost."""
    TRUNCATED = "truncated"
    """The answer breaks off in the middle."""
    DUPLICATED = "duplicated"
    """The register is sent it twice."""
    DELAYED = "delayed"
    SERVER_ERROR = "500"
    """After the commit or instead of it."""
    BUSY = "429"
    REORDERED = "reordered"
    """It arrives after the next one, when the kiosk has long given it up."""


def dice(seed: int) -> random.Random:
    """Chance that can be had again."""
    return random.Random(seed)  # noqa: S311  no secret comes of it


class Answer(NamedTuple):
    """An answer to be passed on, as far as `send` bytes of it."""

    status: int
    headers: dict[str, str]
    content: bytes
    send: int | None = None


ERROR = Answer(500, {}, b"{}")
_UNSEEN = {
    Fault.DROPPED_BEFORE: None,
    Fault.REORDERED: None,
    Fault.BUSY: Answer(429, {"Retry-After": "0"}, b"{}"),
}
"""What the kiosk is answered where the register does not see it, or not now."""


class FaultyProxy:
    """Passes everything on, but for what a fault is meant for. Safe to use from any thread."""

    def __init__(self, rng: random.Random) -> None:
        self.target = ""
        self.url = ""
        self.done: Counter[Fault] = Counter()
        """The faults that have happened."""
        self._rng = rng
        self._lock = threading.Lock()
        self._meant: deque[tuple[str, Fault]] = deque()
        self._held: list[tuple[str, str, bytes, dict[str, str]]] = []

    def arm(self, fault: Fault, path: str = "/entries") -> None:
        """The next exchange whose path ends so meets that fault."""
        with self._lock:
            self._meant.append((path, fault))

    def disarm(self) -> None:
        """No fault is meant any more; what was held back goes out."""
        with self._lock:
            self._meant.clear()
        self._release_held()

    @property
    def armed(self) -> int:
        """Faults that have met nothing yet."""
        with self._lock:
            return len(self._meant)

    def exchange(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer | None:
        """What the kiosk is answered; None: nothing, and the connection breaks."""
        fault = self._fault_for(path)
        if fault is None:
            answer = self._pass_on(method, path, body, headers)
            if path.endswith("/entries"):
                self._release_held()
            return answer
        with self._lock:
            self.done[fault] += 1
        return self._spoil(fault, method, path, body, headers)

    def _spoil(
        self, fault: Fault, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> Answer | None:
        before = fault is Fault.SERVER_ERROR and self._rng.random() < 0.5
        if fault is Fault.REORDERED:
            with self._lock:
                self._held.append((method, path, body, headers))
        if fault in _UNSEEN or before:
            return _UNSEEN.get(fault, ERROR)
        if fault is Fault.DELAYED:
            threading.Event().wait(self._rng.uniform(0, DELAY_S))
        answer = self._pass_on(method, path, body, headers)
        if fault is Fault.DUPLICATED:
            answer = self._pass_on(method, path, body, headers)
        if answer is not None and fault is Fault.TRUNCATED:
            return answer._replace(send=self._rng.randrange(len(answer.content) or 1))
        return {Fault.DROPPED_AFTER: None, Fault.SERVER_ERROR: ERROR}.get(fault, answer)

    def _fault_for(self, path: str) -> Fault | None:
        with self._lock:
            for at, (ending, fault) in enumerate(self._meant):
                if path.endswith(ending):
                    del self._meant[at]
                    return fault
        return None

    def _release_held(self) -> None:
        with self._lock:
            held, self._held = self._held, []
        for each in held:
            self._pass_on(*each)

    def _pass_on(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer | None:
        try:
            got = requests.request(method, self.target + path, data=body, headers=headers, timeout=60)
        except requests.RequestException:  # there is no register just now
            return None
        kept = {key: value for key, value in got.headers.items() if key.lower() not in _HOP_BY_HOP}
        return Answer(got.status_code, kept, got.content)


@contextmanager
def faulty_proxy(rng: random.Random, port: int = 0) -> Iterator[FaultyProxy]:
    """A proxy on a port of this machine; 0 finds a free one."""
    proxy = FaultyProxy(rng)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP_BY_HOP}
            answer = proxy.exchange(self.command, self.path, body, headers)
            if answer is None:
                self.close_connection = True
                return
            try:
                self._answer(answer)
            except OSError:  # the kiosk has been killed
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = do  # noqa: N815  how http.server names them

        def _answer(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for key, value in answer.headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content[: answer.send])
            self.close_connection = self.close_connection or answer.send is not None

        def log_message(self, *_args: object) -> None:
            """The tests' output is not a log."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_args: object) -> None:
            """A kiosk that was killed has left its connection."""

    server = Server(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
