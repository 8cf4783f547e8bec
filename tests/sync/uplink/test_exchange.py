"""Answers that never end, and answers without end, on real connections."""

import gzip
import json
import socket
import time
import tracemalloc

import pytest

from sync.uplink.errors import NoAnswerError
from sync.uplink.exchange import exchange
from sync.uplink.http import RegisterClient, enrol
from sync.uplink.obstacles import Obstacle
from sync.uplink.probe import probe
from tests.sync.uplink.bad_network import BOMBS, GZIPPED, JSON, TRICKLES, Play, playing, say, trickle

TOTAL_S = 0.4
NEVER = (60.0, 60.0)
"""Time limits for each part that the test would not outlive."""


def get(host: str, scheme: str = "http") -> str | None:
    """The reason in the answer of a server that is given little time."""
    url = f"{scheme}://{host}/"
    with RegisterClient(url).open() as session:
        return exchange(session, "GET", url, timeout_s=NEVER, total_s=TOTAL_S).reason


@pytest.mark.parametrize("play", TRICKLES.values(), ids=TRICKLES)
def test_an_answer_that_trickles_ends_with_the_time_for_the_whole(play: Play) -> None:
    began = time.monotonic()
    with playing(play) as host, pytest.raises(NoAnswerError, match=r"took over 0\.4 s") as caught:
        get(host)
    assert time.monotonic() - began < NEVER[1]
    assert caught.value.obstacle is Obstacle.SILENCE


def test_a_tls_handshake_that_trickles_ends_too() -> None:
    server_hello = b"\x16\x03\x03\x40\x00"  # announces 16 kB
    with (
        playing(trickle(server_hello), waits=False) as host,
        pytest.raises(NoAnswerError, match="took over"),
    ):
        get(host, "https")


def test_a_kept_connection_that_trickles_ends_too() -> None:
    answers = iter([say(JSON + b"Content-Length: 2\r\n\r\n{}"), TRICKLES["body"]])

    def play(connection: socket.socket) -> None:
        next(answers)(connection)

    with playing(play, keeps=True) as host:
        url = f"http://{host}/"
        with RegisterClient(url).open() as session:
            exchange(session, "GET", url, timeout_s=NEVER, total_s=TOTAL_S)
            with pytest.raises(NoAnswerError, match="took over"):
                exchange(session, "GET", url, timeout_s=NEVER, total_s=TOTAL_S)


def test_the_time_for_the_whole_is_twice_that_for_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.uplink.exchange.TIMEOUT_S", (0.1, 0.1))
    with (
        playing(TRICKLES["body"]) as host,
        RegisterClient(f"http://{host}").open() as session,
        pytest.raises(NoAnswerError, match=r"took over 0\.4 s"),
    ):
        exchange(session, "GET", f"http://{host}/")


@pytest.mark.parametrize("play", BOMBS.values(), ids=BOMBS)
def test_an_answer_without_end_is_refused_at_the_limit_and_takes_little_memory(play: Play) -> None:
    with playing(play) as host, RegisterClient(f"http://{host}").open() as session:
        tracemalloc.start()
        try:
            with pytest.raises(NoAnswerError, match="the answer is larger than 4 MB"):
                exchange(session, "GET", f"http://{host}/", timeout_s=NEVER)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 16 * 1024 * 1024


def compressed(coding: str, body: bytes) -> bytes:
    head = JSON + f"Content-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return head + body


def test_a_compressed_answer_is_read() -> None:
    assert GZIPPED in compressed("gzip", b"")
    with playing(say(compressed("gzip", gzip.compress(b'{"detail": "no"}')))) as host:
        assert get(host) == "no"


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip"])
def test_damaged_or_unknown_compression_is_no_answer(coding: str) -> None:
    with (
        playing(say(compressed(coding, b"not compressed"))) as host,
        pytest.raises(NoAnswerError, match="compress"),
    ):
        get(host)


def test_a_chunk_of_a_negative_length_is_no_answer() -> None:
    content = JSON + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n{}\r\n0\r\n\r\n"
    with playing(say(content)) as host, pytest.raises(NoAnswerError, match="broke off"):
        get(host)


@pytest.mark.parametrize("token", ["", "two words", "a\r\nHost: b", "caf\xe9", "a" * 1_000])
def test_a_token_that_no_header_can_carry_is_not_taken(token: str) -> None:
    body = json.dumps({"kiosk_id": "k", "token": token}).encode()
    answer = JSON + b"Content-Length: %d\r\n\r\n" % len(body) + body
    with playing(say(answer)) as host, pytest.raises(NoAnswerError, match="another service"):
        enrol(RegisterClient(f"http://{host}"), "code", "Reception")


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 -2359", "99999999999999999999", "yesterday"])
def test_a_date_that_is_none_gives_no_time(date: str) -> None:
    body = b'{"version": "1", "school": {"id": "s", "name": "S"}}'
    answer = JSON + b"Date: %s\r\nContent-Length: %d\r\n\r\n" % (date.encode(), len(body)) + body
    with playing(say(answer)) as host, pytest.raises(NoAnswerError, match="no date that can be read"):
        probe(RegisterClient(f"http://{host}"), "token")
