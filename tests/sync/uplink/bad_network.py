"""A network that answers in the register's place, on loopback: login page, filter, proxy, trickle, bomb."""

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.sync.uplink.fakes import Answer

Play = Callable[[socket.socket], None]
"""Answers one request on its connection."""

PAGE = b"<!doctype html><title>Log in</title><p>Accept the terms of this network."
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_JSON = {"Content-Type": "application/json"}
_LOGIN = _HTML | {"Location": "http://portal.example/login?from=register"}

_PROBLEM = b'{"type": "about:blank", "title": "Blocked", "detail": "Blocked by policy"}'
"""The form of errors in RFC 9457, which many gateways and services use."""

STRANGERS: dict[str, Answer] = {
    **{f"portal {status}": (status, PAGE, _LOGIN) for status in (301, 302, 303, 307, 308)},
    "portal 200": (200, PAGE, _HTML),
    "portal 200 without a type": (200, PAGE),
    "portal 201": (201, PAGE, _HTML),
    "portal 204": (204, b""),
    "portal 304": (304, b"", {"ETag": '"page"'}),
    "portal 511": (511, PAGE, _HTML),
    "filter 401": (401, PAGE, _HTML | {"WWW-Authenticate": 'Basic realm="filter"'}),
    **{f"filter {status}": (status, PAGE, _HTML) for status in (400, 403, 404, 409, 413, 422, 451)},
    "filter 403 in JSON": (403, b'{"error": "blocked", "category": "unknown"}', _JSON),
    "filter 403 without a body": (403, b""),
    "proxy 407": (407, PAGE, _HTML | {"Proxy-Authenticate": "Basic"}),
    **{f"proxy {status}": (status, PAGE, _HTML) for status in (500, 502, 504)},
    "proxy 503": (503, PAGE, _HTML | {"Retry-After": "0"}),
    "portal without an address": (302, PAGE, _HTML | {"Location": "http://[portal"}),
    "portal in Latin-1": (302, PAGE, _HTML | {"Location": "http://caf\xe9.example/"}),
    **{f"gateway {status}": (status, _PROBLEM, _JSON) for status in (401, 403, 404, 409, 413, 422)},
    "gateway with a list": (403, b'{"detail": ["blocked"]}', _JSON),
    "half a character": (403, b'{"detail": "\\ud800"}', _JSON),
    "another service": (200, b'{"status": "ok"}', _JSON),
    "a list": (200, b"[]", _JSON),
    "nothing": (200, b"", _JSON),
    "half an answer": (200, b'{"results": [{"id": "a", "sta', _JSON),
}
"""Whole answers that are not the register's."""


def say(content: bytes) -> Play:
    """Send these bytes and hang up."""
    return lambda connection: connection.sendall(content)


def trickle(first: bytes, rest: bytes = b"x") -> Play:
    """Send these bytes, then the rest again and again, one at a time, for as long as they are taken."""

    def play(connection: socket.socket) -> None:
        connection.sendall(first)
        pause = threading.Event()
        while not pause.wait(0.02):
            connection.sendall(rest)

    return play


def pour(first: bytes, rest: bytes = b"x" * 65536) -> Play:
    """Send these bytes, then the rest again and again, as fast as they are taken."""

    def play(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(rest)

    return play


JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BOMB = gzip.compress(bytes(300_000_000), compresslevel=9)
"""300 MB of nothing in 300 kB."""
GZIPPED = JSON + b"Content-Encoding: gzip\r\n"
BOMBS: dict[str, Play] = {
    "gzip": say(GZIPPED + b"Content-Length: %d\r\n\r\n" % len(BOMB) + BOMB),
    "endless": pour(JSON + b"\r\n"),
    "endless in chunks": pour(
        JSON + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n"
    ),
    "as long as a disk": pour(JSON + b"Content-Length: 1000000000000\r\n\r\n"),
}
TRICKLES: dict[str, Play] = {
    "status line": trickle(b"HTTP/1.1 200 "),
    "headers": trickle(JSON, b"X-Wait: a\r\n"),
    "body": trickle(JSON + b"Content-Length: 100000\r\n\r\n{"),
    "body without a length": trickle(JSON + b"\r\n{"),
    "chunks": trickle(JSON + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
}


@contextmanager
def playing(
    play: Play, *, tls: ssl.SSLContext | None = None, waits: bool = True, keeps: bool = False
) -> Iterator[str]:
    """A server that answers every request so; yields its address as `host:port`.

    Args:
        play: answers on the connection.
        tls: the certificate that it presents; `None` for no encryption.
        waits: whether it takes the request first.
        keeps: whether it takes further requests on the same connection.
    """
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=handle, args=(connection,), daemon=True).start()

    def handle(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            whole = tls.wrap_socket(connection, server_side=True) if tls else connection
            if waits:
                _take_request(whole)
            play(whole)
            while keeps and _take_request(whole):
                play(whole)
            whole.shutdown(socket.SHUT_WR)
            whole.recv(1)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def _take_request(connection: socket.socket) -> bool:
    """Take a whole request; `False` when there is none any more."""
    head = b""
    while b"\r\n\r\n" not in head:
        more = connection.recv(65536)
        if not more:
            return False
        head += more
    head, _, body = head.partition(b"\r\n\r\n")
    lengths = [
        line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    ]
    left = int(lengths[0]) - len(body) if lengths else 0
    while left > 0 and (more := connection.recv(65536)):
        left -= len(more)
    return True
