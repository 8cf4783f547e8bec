"""What a kiosk says when the register does not answer, and how long it then waits."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from sync.uplink import http
from sync.uplink.errors import NoAnswerError
from sync.uplink.http import RegisterClient, enrol
from sync.uplink.obstacles import of_failure
from tests.sync.register.server.test_server import free_port


def sentence(url: str) -> str:
    with pytest.raises(NoAnswerError) as caught:
        enrol(RegisterClient(url), "code", "Reception")
    return str(caught.value)


def test_a_machine_without_a_register_refuses_the_connection() -> None:
    assert sentence(f"http://127.0.0.1:{free_port()}").endswith(
        "refused the connection; is the register running?"
    )


def test_an_unknown_name_has_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "no address was found for its name" in sentence("https://register.invalid")


def test_a_silent_register_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIMEOUT_S", (1.0, 0.1))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert sentence(f"http://127.0.0.1:{silent.getsockname()[1]}").endswith(": it timed out")


def test_a_connection_that_ends_in_the_middle_broke_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as hasty:

        def hang_up() -> None:
            hasty.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        assert sentence(f"http://127.0.0.1:{hasty.getsockname()[1]}").endswith(": the connection broke off")


def test_no_network_at_all_is_no_route(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_args: object, **_more: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)
    assert "there is no route to its machine" in sentence("http://127.0.0.1:9")


def test_an_error_without_a_sentence_is_named() -> None:
    found = of_failure(requests.exceptions.InvalidHeader())
    assert found.sentence == "no answer from the register: the exchange failed (InvalidHeader)"


NOW = "Tue, 24 Nov 2026 09:07:00 GMT"


@pytest.mark.parametrize(
    ("header", "waits"),
    [
        ("17", 17.0),
        ("Tue, 24 Nov 2026 09:07:42 GMT", 42.0),
        ("Tue, 24 Nov 2026 09:06:00 GMT", 0.0),
        ("Wed, 25 Nov 2026 09:07:00 GMT", 600.0),
        ("3600", 600.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("²", 0.0),
        (None, 0.0),
    ],
)
def test_retry_after_may_hold_seconds_or_an_instant_by_the_registers_clock(
    header: str | None, waits: float
) -> None:
    class Busy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response_only(503)
            self.send_header("Date", NOW)
            if header is not None:
                self.send_header("Retry-After", header.encode().decode("latin-1"))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        with pytest.raises(NoAnswerError) as caught:
            enrol(RegisterClient(f"http://127.0.0.1:{server.server_port}"), "code", "Reception")
    assert (caught.value.retry_after_s, caught.value.busy) == (waits, True)
