"""A proxy between a kiosk and the register that injects the faults of networks and servers."""

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
    """A fault injected into one exchange."""

    DROPPED_BEFORE = "dropped before"
    """The register never sees it."""
    DROPPED_AFTER = "dropped after commit"
    """The register has committed, and its answer is lost."""
    TRUNCATED = "truncated"
    """The answer breaks off in the middle."""
    DUPLICATED = "duplicated"
    """The register gets the request twice."""
    DELAYED = "delayed"
    SERVER_ERROR = "500"
    """Either after the commit or without one."""
    BUSY = "429"
    REORDERED = "reordered"
    """The request arrives after the next one, when the kiosk has abandoned it."""


def dice(seed: int) -> random.Random:
    """A random source that repeats with its seed."""
    return random.Random(seed)  # noqa: S311  not a secret


class Answer(NamedTuple):
    """An answer to the kiosk, cut after `send` bytes."""

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
"""Answers to the kiosk when the request does not reach the register now; `None` closes the connection."""


class FaultyProxy:
    """Passes exchanges on, and injects each armed fault into one. Safe to use from any thread."""

    def __init__(self, rng: random.Random) -> None:
        self.target = ""
        self.url = ""
        self.done: Counter[Fault] = Counter()
        """The faults injected so far."""
        self._rng = rng
        self._lock = threading.Lock()
        self._armed: deque[tuple[str, Fault]] = deque()
        self._held: list[tuple[str, str, bytes, dict[str, str]]] = []

    def arm(self, fault: Fault, path: str = "/entries") -> None:
        """Inject the fault into the next exchange whose path ends with `path`."""
        with self._lock:
            self._armed.append((path, fault))

    def disarm(self) -> None:
        """Drop every armed fault and send the requests held back."""
        with self._lock:
            self._armed.clear()
        self._release_held()

    @property
    def armed(self) -> int:
        """The number of faults not yet injected."""
        with self._lock:
            return len(self._armed)

    def exchange(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer | None:
        """The answer to the kiosk; `None` closes the connection without one."""
        fault = self._fault_for(path)
        if fault is None:
            answer = self._pass_on(method, path, body, headers)
            if path.endswith("/entries"):
                self._release_held()
            return answer
        with self._lock:
            self.done[fault] += 1
        return self._inject(fault, method, path, body, headers)

    def _inject(
        self, fault: Fault, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> Answer | None:
        uncommitted = fault is Fault.SERVER_ERROR and self._rng.random() < 0.5
        if fault is Fault.REORDERED:
            with self._lock:
                self._held.append((method, path, body, headers))
        if fault in _UNSEEN or uncommitted:
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
            for at, (ending, fault) in enumerate(self._armed):
                if path.endswith(ending):
                    del self._armed[at]
                    return fault
        return None

    def _release_held(self) -> None:
        with self._lock:
            held, self._held = self._held, []
        for each in held:
            self._pass_on(*each)

    def _pass_on(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer | None:
        try:
            response = requests.request(method, self.target + path, data=body, headers=headers, timeout=60)
        except requests.RequestException:  # the register is down
            return None
        headers_kept = {
            key: value for key, value in response.headers.items() if key.lower() not in _HOP_BY_HOP
        }
        return Answer(response.status_code, headers_kept, response.content)


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
            except OSError:  # the kiosk was killed
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
            """Log nothing: it would clutter the tests' output."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_args: object) -> None:
            """Ignore connections that a killed kiosk has left."""

    server = Server(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
