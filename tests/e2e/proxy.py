"""A proxy between kiosk and register that loses answers at a test's request."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

_HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "host", "date", "server"}


class LosingProxy:
    """Passes exchanges on, but loses the requested number of answers."""

    def __init__(self) -> None:
        self.target = ""
        self.url = ""
        self.answers_to_lose = 0
        self.entries_unavailable = False
        """Whether `/entries` answers 503 while every other path works."""
        self.lost: list[tuple[str, int]] = []
        """Path and status of each lost answer."""

    def between(self, url: str) -> str:
        """Forward to the register at `url`; returns the proxy's address, for the kiosk."""
        self.target = url
        return self.url


@contextmanager
def losing_proxy() -> Iterator[LosingProxy]:
    """A proxy on a free port of this machine."""
    proxy = LosingProxy()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.pass_on()

        def do_GET(self) -> None:
            self.pass_on()

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path.endswith("/entries") and proxy.entries_unavailable:
                self.send_response(503)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP_BY_HOP}
            answer = requests.request(
                self.command, proxy.target + self.path, data=body, headers=headers, timeout=30
            )
            if self.path.endswith("/entries") and len(proxy.lost) < proxy.answers_to_lose:
                proxy.lost.append((self.path, answer.status_code))
                self.close_connection = True
                return
            self.send_response(answer.status_code)
            for key, value in answer.headers.items():
                if key.lower() not in _HOP_BY_HOP:
                    self.send_header(key, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_args: object) -> None:
            """Log nothing: it would clutter the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
