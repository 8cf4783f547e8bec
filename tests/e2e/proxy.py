"""A proxy between kiosk and register that loses what a test tells it to lose."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

_HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "host", "date", "server"}


class Losing:
    """Passes everything on, but for the answers that are to be lost."""

    def __init__(self) -> None:
        self.target = ""
        self.url = ""
        self.answers_to_lose = 0
        self.entries_away = False
        """Whether `/entries` answers 503 while everything else goes on."""
        self.lost: list[tuple[str, int]] = []
        """What was lost: the path, and the status that the register had answered with."""

    def between(self, url: str) -> str:
        """Stand between a kiosk and the register at `url`; returns the address for the kiosk."""
        self.target = url
        return self.url


@contextmanager
def losing_proxy() -> Iterator[Losing]:
    """A proxy on a free port of this machine."""
    proxy = Losing()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.pass_on()

        def do_GET(self) -> None:
            self.pass_on()

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path.endswith("/entries") and proxy.entries_away:
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
            """The tests' output is not a log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
