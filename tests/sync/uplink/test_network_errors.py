"""What a kiosk says where the register gave no answer, and how long it then waits."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from sync.uplink import http
from sync.uplink.errors import NoAnswerError
from sync.uplink.http import RegisterClient, enrol
from sync.uplink.network_errors import why
from tests.sync.register.server.test_server import free_port


def said(url):
    with pytest.raises(NoAnswerError) as caught:
        enrol(RegisterClient(url), "code", "Reception")
    return str(caught.value)


def test_a_machine_on_which_no_register_runs_refuses():
    assert said(f"http://127.0.0.1:{free_port()}").endswith("refused the connection; does the register run?")


def test_a_name_that_nobody_knows_is_not_found(monkeypatch):
    def nobody(*_args, **_more):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert "no address was found for its name" in said("https://register.invalid")


def test_a_register_that_says_nothing_timed_out(monkeypatch):
    monkeypatch.setattr(http, "TIMEOUT_S", (1.0, 0.1))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert said(f"http://127.0.0.1:{silent.getsockname()[1]}").endswith(": it timed out")


def test_a_connection_that_ends_in_the_middle_broke_off():
    with socket.create_server(("127.0.0.1", 0)) as hasty:

        def hang_up():
            hasty.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        assert said(f"http://127.0.0.1:{hasty.getsockname()[1]}").endswith(": the connection broke off")


def test_no_network_at_all_is_no_route(monkeypatch):
    def unreachable(*_args, **_more):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)
    assert "there is no route to its machine" in said("http://127.0.0.1:9")


def test_what_has_no_words_of_its_own_is_named():
    assert why(requests.exceptions.InvalidHeader()) == "the exchange failed (InvalidHeader)"


NOW = "Tue, 24 Nov 2026 09:07:00 GMT"


@pytest.mark.parametrize(
    ("asked", "waits"),
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
def test_the_registers_wish_to_wait_is_read_as_seconds_and_as_an_instant_of_its_own_clock(asked, waits):
    class Busy(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response_only(503)
            self.send_header("Date", NOW)
            if asked is not None:
                self.send_header("Retry-After", asked.encode().decode("latin-1"))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args):
            pass

    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        with pytest.raises(NoAnswerError) as caught:
            enrol(RegisterClient(f"http://127.0.0.1:{server.server_port}"), "code", "Reception")
    assert (caught.value.retry_after_s, caught.value.not_now) == (waits, True)
