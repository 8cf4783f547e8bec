"""A form that would take long to read is refused before it is read, also from a user who is not logged in."""

import time
from collections.abc import Iterator

import httpx
import pytest

from tests.sync.register.support import LOGIN, PASSWORD, Running

FIELDS = {"Content-Type": "application/x-www-form-urlencoded"}
PUNYCODE = b"a" * 500_000 + b"-" + b"b" * 500_000


def in_parts(charset: str) -> dict[str, str]:
    return {"Content-Type": f"multipart/form-data; boundary=b{charset}"}


def part(name: str, text: bytes) -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + text + b"\r\n"


BOMBS = {
    "Punycode": ("/login", part("login", PUNYCODE) + b"--b--", in_parts(";charset=punycode")),
    "no encoding": ("/login", part("login", b"x") + b"--b--", in_parts(";charset=undefined")),
    "no name": ("/login", part("login", b"x") + b"--b--", in_parts(";charset=\xa0")),
    "many fields": ("/roster", b"&" * 33_000_000, FIELDS),
    "a long field": ("/roster", b"a=" + b"%41" * 11_000_000, FIELDS),
}
WORDS = {
    413: "It is larger than this page accepts.",
    415: "A form must be in UTF-8, as every browser sends it.",
}


@pytest.mark.parametrize(("path", "content", "headers"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_with_a_page(
    register: Running, path: str, content: bytes, headers: dict[str, str]
) -> None:
    raw = [(name.encode(), text.encode("latin-1")) for name, text in headers.items()]
    began = time.process_time()
    page = httpx.post(f"{register.url}{path}", content=content, headers=raw)
    assert page.status_code == (413 if headers is FIELDS else 415)
    assert WORDS[page.status_code] in page.text
    assert time.process_time() - began < 1.0
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("charset", ["", ";charset=utf-8", ';charset="UTF-8"', ";charset=utf8"])
def test_a_form_in_utf8_is_read(register: Running, charset: str) -> None:
    content = part("login", LOGIN.encode()) + part("password", PASSWORD.encode()) + b"--b--"
    page = httpx.post(f"{register.url}/login", content=content, headers=in_parts(charset))
    assert page.status_code == 303


def test_fields_without_an_announced_length_are_refused(register: Running) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"login=a"

    page = httpx.post(f"{register.url}/login", content=pieces(), headers=FIELDS)
    assert page.status_code == 413


def test_a_kiosks_message_has_no_such_limits(register: Running) -> None:
    headers = {"Content-Type": "application/json; charset=latin-1"}
    answer = httpx.post(f"{register.url}/api/v1/enrol", content=b'{"code":"A","name":"B"}', headers=headers)
    assert answer.status_code == 403
